#include "recurrent/recurrent_cell.h"
#include "recurrent/recurrent_product.h"

namespace myelin::MYELIN_ISA {
namespace {

// A direction's operands, and its states, which are laid out as RecurrentCut says.
template <class T>
struct Direction {
  RecurrentWeights<const T> weights;
  const T *h0, *c0;
  T *hn, *cn, *out;
  T *gates, *kept;
  T *state[2], *cell, *wide;  // h before and after a step, in turns; c; what is projected
};

template <class T>
class Forward {
 public:
  Forward(const RecurrentPlan& plan, const double* operands)
      : plan_(plan),
        cut_(RecurrentCut::of(plan, T())),
        cell_(cell_of<T>(plan.kind)),
        rows_(plan.rows()),
        stride_(state_stride<T>(plan.outputs())),
        wide_stride_(state_stride<T>(plan.units)),
        panels_(packed(), plan.outputs(), plan.units, plan.gates()),
        projection_(plan.projected > 0 ? packed() : 0, plan.units, plan.outputs(), 1),
        products_(room<T>(cut_.direct ? plan.directions : 0, plan.batch, plan.gate_columns())),
        states_(room<T>(plan.directions, cut_.states(), state_columns())),
        directions_{read(operands, 0), read(operands, plan.directions - 1)},
        chunk_(plan_, reserve_ ? rows_ : kChunkBytes / (plan.gate_columns() * ptrdiff_t(sizeof(T)))),
        chunk_rows_(largest_chunk()),
        unreserved_(room<T>(reserve_ ? 0 : plan.directions, chunk_rows_, plan.gate_columns())) {}

  void run() {
    for (int d = 0; d < plan_.directions; d++) {
      Direction<T>& one = directions_[d];
      if (!reserve_) one.gates = unreserved_.data() + d * chunk_rows_ * plan_.gate_columns();
      start_states(one);
      if (cut_.direct) continue;
      panels_.pack(d, Matrix<T>{one.weights.hh, plan_.outputs(), 1}.transposed());
      if (plan_.projected > 0) projection_.pack(d, Matrix<T>{one.weights.hr, plan_.units, 1}.transposed());
    }
    for (; chunk_.begin() < plan_.steps; chunk_.advance()) {
      for (int d = 0; d < plan_.directions; d++) multiply_inputs(directions_[d], d);
      if (cut_.alone) run_alone();
      else run_together();
    }
    for (int d = 0; d < plan_.directions; d++) end_states(directions_[d], d);
  }

 private:
  static constexpr int kRows = GemmTile<T>::kRows, kCols = GemmTile<T>::kCols;
  static constexpr int64_t kChunkBytes = 1 << 20;

  int64_t largest_chunk() const {
    int64_t largest = 0;
    for (StepChunk chunk = chunk_; chunk.begin() < plan_.steps; chunk.advance())
      largest = chunk.largest() > largest ? chunk.largest() : largest;
    return largest;
  }

  ptrdiff_t state_columns() const { return 2 * stride_ + 2 * wide_stride_; }
  int packed() const { return cut_.direct ? 0 : plan_.directions; }

  Direction<T> read(const double* operands, int d) {
    const ptrdiff_t outputs = plan_.outputs(), units = plan_.units, batch = plan_.batch;
    OperandReader reader{operands};
    T *out = reader.take<T>(), *hn = reader.take<T>(), *cn = reader.take<T>();
    reserve_ = reader.take<T>();
    if (plan_.gates() == 1) reserve_ = nullptr;  // the backward pass reads only the states
    x_ = reader.take<const T>();
    const T *h0 = reader.take<const T>(), *c0 = reader.take<const T>();
    reader.next += 5 * d;
    const int64_t gate_size = rows_ * plan_.gate_columns();
    T* state = states_.data() + d * cut_.states() * state_columns();
    T* cell = state + 2 * cut_.states() * stride_;
    return {RecurrentWeights<const T>(reader),
            offset_or_null(h0, d * batch * outputs),
            offset_or_null(c0, d * batch * units),
            hn + d * batch * outputs,
            offset_or_null(cn, d * batch * units),
            out + d * outputs,
            offset_or_null(reserve_, d * gate_size),
            offset_or_null(reserve_, plan_.directions * gate_size + d * rows_ * units),
            {state, state + cut_.states() * stride_},
            cell,
            cell + cut_.states() * wide_stride_};
  }

  // gates of the chunk ← x·W_ihᵀ + b_ih + b_hh; of a GRU's n, b_hh belongs to its own product.
  void multiply_inputs(const Direction<T>& one, int d) const {
    const ptrdiff_t columns = plan_.gate_columns(), features = plan_.features;
    const ptrdiff_t both = plan_.kind == k_gru ? columns - plan_.units : columns;
    const T *bih = one.weights.bih, *bhh = one.weights.bhh;
    const Scratch<T> bias(columns);
    for (ptrdiff_t j = 0; j < columns; j++) bias[j] = (bih ? bih[j] : T(0)) + (bhh && j < both ? bhh[j] : T(0));
    const int64_t rows = chunk_.rows(d);
    const bool gathers = !chunk_.is_adjacent();
    const int first = chunk_.first(d);
    const Scratch<T> gathered(room<T>(gathers ? rows : 0, features));
    const T* x = gathers ? gathered.data() : chunk_.is_whole() ? x_ : x_ + plan_.offsets[first] * features;
    if (gathers)
      parallel_for(chunk_.end() - chunk_.begin(), [&](int32_t i) {
        for (int n = 0; n < plan_.batch; n++)
          copy_or_zero(gathered.data() + chunk_.row(d, first + i, n) * features, x_ + plan_.row(first + i, n) * features,
                       features);
      });
    const Matrix<T> weights{one.weights.ih, features, 1};
    product(one.gates, columns, rows, columns, features, {x, features, 1}, weights.transposed(), false, bias.data());
  }

  void start_states(const Direction<T>& one) const {
    for (int n = 0; n < plan_.batch; n++) {
      const ptrdiff_t at = cut_.state(n);
      const T* h0 = offset_or_null(one.h0, ptrdiff_t(n) * plan_.outputs());
      for (T* state : one.state) copy_or_zero(state + at * stride_, h0, plan_.outputs());
      copy_or_zero(one.cell + at * wide_stride_, offset_or_null(one.c0, ptrdiff_t(n) * plan_.units), plan_.units);
    }
  }

  void end_states(const Direction<T>& one, int d) const {
    const ptrdiff_t outputs = plan_.outputs();
    for (int n = plan_.active(0); n < plan_.batch; n++)
      copy_or_zero(one.hn + n * outputs, offset_or_null(one.h0, n * outputs), outputs);
    StepOrder{plan_, d == 1}.for_sequences([&](int n, int, int last) {
      copy_or_zero(one.hn + n * outputs, one.out + plan_.row(last, n) * outputs * plan_.directions, outputs);
    });
    for (int n = 0; n < plan_.batch && one.cn; n++)
      copy_or_zero(one.cn + ptrdiff_t(n) * plan_.units, one.cell + cut_.state(n) * wide_stride_, plan_.units);
  }

  int step_at(int d, int i) const { return StepOrder{plan_, d == 1}.at(i); }

  void run_alone() const {
    parallel_for(plan_.directions * cut_.groups, [&](int32_t task) {
      const int d = task / cut_.groups, group = task % cut_.groups;
      for (int i = chunk_.begin(); i < chunk_.end(); i++) {
        for (int panel = 0; panel < panels_.count(); panel++) step(d, i, group, panel);
        for (int panel = 0; panel < projected_panels(); panel++) project(d, i, group, panel);
      }
    });
  }

  void run_together() const {
    const int panels = panels_.count(), projected = projected_panels();
    for (int i = chunk_.begin(); i < chunk_.end(); i++) {
      if (cut_.direct)
        for (int d = 0; d < plan_.directions; d++) multiply_state(d, i);
      cut_.for_panels(plan_.directions, panels, [&](int d, int panel) { step(d, i, 0, panel); });
      if (projected == 0) continue;
      if (cut_.direct)
        for (int d = 0; d < plan_.directions; d++) project_state(d, i);
      else
        cut_.for_panels(plan_.directions, projected, [&](int d, int panel) { project(d, i, 0, panel); });
    }
  }

  int projected_panels() const { return plan_.projected > 0 ? (plan_.outputs() + kCols - 1) / kCols : 0; }

  T* products(int d) const { return products_.data() + d * plan_.batch * plan_.gate_columns(); }

  void multiply_state(int d, int i) const {
    const Direction<T>& one = directions_[d];
    const Matrix<T> weights{one.weights.hh, plan_.outputs(), 1};
    product(products(d), plan_.gate_columns(), plan_.active(step_at(d, i)), plan_.gate_columns(), plan_.outputs(),
            {one.state[i & 1], stride_, 1}, weights.transposed());
  }

  void project_state(int d, int i) const {
    const Direction<T>& one = directions_[d];
    const int t = step_at(d, i), active = plan_.active(t);
    const Matrix<T> weights{one.weights.hr, plan_.units, 1};
    T* state = one.state[~i & 1];
    product(state, stride_, active, plan_.outputs(), plan_.units, {one.wide, wide_stride_, 1}, weights.transposed());
    for (int n = 0; n < active; n++)
      copy_or_zero(one.out + plan_.row(t, n) * plan_.outputs() * plan_.directions, state + n * stride_, plan_.outputs());
  }

  // Step i of a group, for the units of a panel.
  void step(int d, int i, int group, int panel) const {
    const Direction<T>& one = directions_[d];
    const int t = step_at(d, i), count = cut_.count(plan_.active(t), group), height = gemm_height<T>(count);
    const ptrdiff_t first_state = ptrdiff_t(group) * cut_.most, unit = ptrdiff_t(panel) * kCols;
    T tile[4 * kRows * kCols];
    for (int at = 0; at < count; at += height) {
      const int rows = count - at < height ? count - at : height;
      const T* before = one.state[i & 1] + (first_state + at) * stride_;
      if (!cut_.direct)
        for (int gate = 0; gate < plan_.gates(); gate++)
          panels_.multiply(tile + gate * kRows * kCols, rows, before, stride_, d, panel, gate, 0, plan_.outputs(), false);
      for (int r = 0; r < rows; r++) {
        const int member = at + r;
        const ptrdiff_t row = plan_.row(t, group + member * cut_.groups), state = first_state + member;
        CellRow<T> cell;
        cell.width = panels_.width(panel);
        cell.units = plan_.units;
        cell.product = cut_.direct ? products(d) + member * plan_.gate_columns() + unit : tile + r * kCols;
        cell.product_gate = cut_.direct ? plan_.units : kRows * kCols;
        cell.gates = one.gates + chunk_.row(d, t, group + member * cut_.groups) * plan_.gate_columns() + unit;
        cell.bias = plan_.kind == k_gru ? offset_or_null(one.weights.bhh, 2 * ptrdiff_t(plan_.units) + unit) : nullptr;
        cell.before = one.state[i & 1] + state * stride_ + unit;
        cell.cell = one.cell + state * wide_stride_ + unit;
        cell.kept = offset_or_null(one.kept, row * plan_.units + unit);
        cell.state = plan_.projected > 0 ? one.wide + state * wide_stride_ + unit : one.state[~i & 1] + state * stride_ + unit;
        cell.out = plan_.projected > 0 ? nullptr : one.out + row * plan_.outputs() * plan_.directions + unit;
        cell_(cell);
      }
    }
  }

  // The projection of step i of a group, for the columns of a panel.
  void project(int d, int i, int group, int panel) const {
    const Direction<T>& one = directions_[d];
    const int t = step_at(d, i), count = cut_.count(plan_.active(t), group), height = gemm_height<T>(count);
    const ptrdiff_t first_state = ptrdiff_t(group) * cut_.most, column = ptrdiff_t(panel) * kCols;
    T tile[kRows * kCols];
    for (int at = 0; at < count; at += height) {
      const int rows = count - at < height ? count - at : height;
      projection_.multiply(tile, rows, one.wide + (first_state + at) * wide_stride_, wide_stride_, d, panel, 0, 0, plan_.units,
                           false);
      for (int r = 0; r < rows; r++) {
        const ptrdiff_t row = plan_.row(t, group + (at + r) * cut_.groups);
        const int width = projection_.width(panel);
        copy_run(one.state[~i & 1] + (first_state + at + r) * stride_ + column, tile + r * kCols, width);
        copy_run(one.out + row * plan_.outputs() * plan_.directions + column, tile + r * kCols, width);
      }
    }
  }

  const RecurrentPlan plan_;
  const RecurrentCut cut_;
  const Cell<T> cell_;
  const int64_t rows_;
  const ptrdiff_t stride_, wide_stride_;
  const Panels<T> panels_, projection_;
  const Scratch<T> products_, states_;
  T* reserve_ = nullptr;
  const T* x_ = nullptr;
  Direction<T> directions_[kMostDirections];
  StepChunk chunk_;
  const int64_t chunk_rows_;
  const Scratch<T> unreserved_;
};

}  // namespace

void recurrent_forward(int32_t dtype, const int32_t* plan, const int32_t* layout, const double* operands) {
  dispatch_float(dtype, [&](auto zero) { Forward<decltype(zero)>(RecurrentPlan(plan, layout), operands).run(); });
}

}  // namespace myelin::MYELIN_ISA
