#include "recurrent/recurrent_cell_backward.h"
#include "recurrent/recurrent_product.h"

namespace myelin::MYELIN_ISA {
namespace {

// A direction's operands, and what goes from step to step, which is laid out as RecurrentCut says.
template <class T>
struct Direction {
  RecurrentWeights<const T> weights;
  RecurrentWeights<T> wanted;
  const T *h0, *c0, *out, *out_gradient, *gates, *kept;
  const T *hn_gradient, *cn_gradient;
  T *h0_gradient, *c0_gradient;
  T* gradients;          // (R, C) of the gates
  T *projected, *wide;   // (R, P) the gradient of the projection, (R, H) what is projected
  T *state[2];           // `gradients` of a step and of the next one, in turns
  T *carry, *cell;       // as in CellGradientRow
  T* narrow;             // the gradient of the projection at a step
  T *product, *wide_product;  // `direct`: products of a step
};

template <class T>
class Backward {
 public:
  Backward(const RecurrentPlan& plan, const double* operands)
      : plan_(plan),
        cut_(RecurrentCut::of(plan, T())),
        cell_(cell_gradient_of<T>(plan.kind)),
        rows_(plan.rows()),
        columns_(plan.gate_columns() + (plan.kind == k_gru ? plan.units : 0)),
        stride_(state_stride<T>(columns_)),
        wide_stride_(state_stride<T>(plan.units)),
        narrow_stride_(state_stride<T>(plan.outputs())),
        panels_(packed(), plan.gate_columns(), plan.outputs(), 1),
        projection_(plan.projected > 0 ? packed() : 0, plan.projected, plan.units, 1),
        rows_memory_(room<T>(plan.directions, rows_, row_columns())),
        states_(room<T>(plan.directions, cut_.states(), state_columns())),
        directions_{read(operands, 0), read(operands, plan.directions - 1)} {}

  void run() {
    for (int d = 0; d < plan_.directions; d++) {
      start_states(directions_[d]);
      if (cut_.direct) continue;
      panels_.pack(d, hidden_weights(directions_[d]));
      if (plan_.projected > 0) projection_.pack(d, projection_weights(directions_[d]));
    }
    if (cut_.alone) run_alone();
    else run_together();
    bool add = false;
    for (int d = 0; d < plan_.directions; d++) {
      const Direction<T>& one = directions_[d];
      end_states(one, d);
      if (x_gradient_) multiply_inputs(one, add);
      add = true;
      multiply_weights(one, d);
    }
  }

 private:
  static constexpr int kRows = GemmTile<T>::kRows, kCols = GemmTile<T>::kCols;

  int packed() const { return cut_.direct ? 0 : plan_.directions; }
  ptrdiff_t row_columns() const { return columns_ + (plan_.projected > 0 ? plan_.projected + plan_.units : 0); }
  ptrdiff_t state_columns() const { return 2 * stride_ + 2 * wide_stride_ + 3 * narrow_stride_; }

  Matrix<T> hidden_weights(const Direction<T>& one) const { return {one.weights.hh, plan_.outputs(), 1}; }
  Matrix<T> projection_weights(const Direction<T>& one) const { return {one.weights.hr, plan_.units, 1}; }

  Direction<T> read(const double* operands, int d) {
    const ptrdiff_t outputs = plan_.outputs(), units = plan_.units, batch = plan_.batch;
    const ptrdiff_t of_h = d * batch * outputs, of_c = d * batch * units, of_gates = d * rows_ * plan_.gate_columns();
    const ptrdiff_t of_kept = plan_.directions * rows_ * plan_.gate_columns() + d * rows_ * units;
    OperandReader reader{operands};
    x_gradient_ = reader.take<T>();
    T *h0_gradient = reader.take<T>(), *c0_gradient = reader.take<T>();
    OperandReader wanted{reader.next + 5 * d};
    reader.next += 5 * plan_.directions;
    const T *out_gradient = reader.take<const T>(), *hn_gradient = reader.take<const T>();
    const T *cn_gradient = reader.take<const T>(), *out = reader.take<const T>(), *reserve = reader.take<const T>();
    x_ = reader.take<const T>();
    const T *h0 = reader.take<const T>(), *c0 = reader.take<const T>();
    OperandReader weights{reader.next + 5 * d};

    T* rows = rows_memory_.data() + d * rows_ * row_columns();
    const auto rows_of = [&](ptrdiff_t columns) {
      T* p = rows;
      rows += rows_ * columns;
      return p;
    };
    T* states = states_.data() + d * cut_.states() * state_columns();
    const auto states_of = [&](ptrdiff_t stride) {
      T* p = states;
      states += cut_.states() * stride;
      return p;
    };
    const bool projects = plan_.projected > 0;
    T* gradients = rows_of(columns_);
    T* projected = projects ? rows_of(outputs) : nullptr;
    T* wide = projects ? rows_of(units) : nullptr;
    T *state0 = states_of(stride_), *state1 = states_of(stride_);
    T *carry = states_of(narrow_stride_), *cell = states_of(wide_stride_), *narrow = states_of(narrow_stride_);
    T *product = states_of(narrow_stride_), *wide_product = states_of(wide_stride_);
    return {RecurrentWeights<const T>(weights),
            RecurrentWeights<T>(wanted),
            offset_or_null(h0, of_h),
            offset_or_null(c0, of_c),
            out + d * outputs,
            offset_or_null(out_gradient, d * outputs),
            reserve + of_gates,
            reserve + of_kept,
            offset_or_null(hn_gradient, of_h),
            offset_or_null(cn_gradient, of_c),
            offset_or_null(h0_gradient, of_h),
            offset_or_null(c0_gradient, of_c),
            gradients,
            projected,
            wide,
            {state0, state1},
            carry,
            cell,
            narrow,
            product,
            wide_product};
  }

  void start_states(const Direction<T>& one) const {
    const ptrdiff_t outputs = plan_.outputs(), units = plan_.units;
    for (int n = 0; n < plan_.batch; n++) {
      const ptrdiff_t at = cut_.state(n);
      copy_or_zero(one.carry + at * narrow_stride_, offset_or_null(one.hn_gradient, n * outputs), outputs);
      copy_or_zero(one.cell + at * wide_stride_, offset_or_null(one.cn_gradient, n * units), units);
    }
  }

  // c ← the rows of `gradients` from a · W_hh. A GRU's n has a gradient of its own for that product.
  void multiply_state(const Direction<T>& one, T* c, ptrdiff_t c_row, int rows, const T* a, ptrdiff_t a_row) const {
    const ptrdiff_t units = plan_.units, outputs = plan_.outputs();
    const Matrix<T> weights = hidden_weights(one);
    if (plan_.kind != k_gru) return product(c, c_row, rows, outputs, columns_, {a, a_row, 1}, weights);
    product(c, c_row, rows, outputs, 2 * units, {a, a_row, 1}, weights);
    product(c, c_row, rows, outputs, units, {a + 3 * units, a_row, 1}, {weights.p + 2 * units * outputs, outputs, 1}, true);
  }

  void end_states(const Direction<T>& one, int d) const {
    const ptrdiff_t outputs = plan_.outputs(), units = plan_.units;
    if (one.h0_gradient) {
      const Scratch<T> first(room<T>(plan_.batch, columns_));
      __builtin_memset(first.data(), 0, size_t(plan_.batch) * columns_ * sizeof(T));
      StepOrder{plan_, d == 1}.for_sequences([&](int n, int step, int) {
        copy_or_zero(first.data() + n * columns_, one.gradients + plan_.row(step, n) * columns_, columns_);
      });
      multiply_state(one, one.h0_gradient, outputs, plan_.batch, first.data(), columns_);
      for (int n = 0; n < plan_.batch; n++)
        for (ptrdiff_t j = 0; j < outputs; j++)
          one.h0_gradient[n * outputs + j] += one.carry[cut_.state(n) * narrow_stride_ + j];
    }
    for (int n = 0; n < plan_.batch && one.c0_gradient; n++)
      copy_or_zero(one.c0_gradient + n * units, one.cell + cut_.state(n) * wide_stride_, units);
  }

  void multiply_inputs(const Direction<T>& one, bool add) const {
    const ptrdiff_t features = plan_.features;
    product(x_gradient_, features, rows_, features, plan_.gate_columns(), {one.gradients, columns_, 1},
            {one.weights.ih, features, 1}, add);
  }

  void multiply_weights(const Direction<T>& one, int d) const {
    const ptrdiff_t features = plan_.features, outputs = plan_.outputs(), units = plan_.units;
    const Matrix<T> gradients = Matrix<T>{one.gradients, columns_, 1}.transposed();
    if (one.wanted.ih)
      product(one.wanted.ih, features, plan_.gate_columns(), features, rows_, gradients, {x_, features, 1});
    if (one.wanted.hh) {
      const Scratch<T> before(room<T>(rows_, outputs));
      read_states_before(one, d, before.data());
      const Matrix<T> states{before.data(), outputs, 1};
      const ptrdiff_t shared = plan_.kind == k_gru ? 2 * units : columns_;
      product(one.wanted.hh, outputs, shared, outputs, rows_, gradients, states);
      if (plan_.kind == k_gru)
        product(one.wanted.hh + shared * outputs, outputs, units, outputs, rows_,
                {gradients.p + 3 * units, gradients.row, gradients.col}, states);
    }
    if (one.wanted.hr)
      product(one.wanted.hr, units, outputs, units, rows_, Matrix<T>{one.projected, outputs, 1}.transposed(),
              {one.wide, units, 1});
    if (!one.wanted.bih && !one.wanted.bhh) return;
    const Scratch<T> ones(rows_), sums(columns_);
    for (int64_t i = 0; i < rows_; i++) ones[i] = 1;
    product(sums.data(), 1, columns_, 1, rows_, gradients, {ones.data(), 1, 1});
    if (one.wanted.bih) copy_or_zero(one.wanted.bih, sums.data(), plan_.gate_columns());
    if (!one.wanted.bhh) return;
    const bool gru = plan_.kind == k_gru;
    copy_or_zero(one.wanted.bhh, sums.data(), gru ? 2 * units : columns_);
    if (gru) copy_or_zero(one.wanted.bhh + 2 * units, sums.data() + 3 * units, units);
  }

  // (R, S): the state before each step.
  void read_states_before(const Direction<T>& one, int d, T* to) const {
    const StepOrder order{plan_, d == 1};
    const ptrdiff_t outputs = plan_.outputs();
    parallel_for(plan_.steps, [&](int32_t t) {
      for (int n = 0; n < plan_.sizes[t]; n++)
        copy_or_zero(to + plan_.row(t, n) * outputs, state_before(one, order, t, n), outputs);
    });
  }

  const T* state_before(const Direction<T>& one, const StepOrder& order, int t, int n) const {
    const int step = order.before(t, n);
    return step < 0 ? offset_or_null(one.h0, ptrdiff_t(n) * plan_.outputs())
                    : one.out + plan_.row(step, n) * plan_.outputs() * plan_.directions;
  }

  void run_alone() const {
    parallel_for(plan_.directions * cut_.groups, [&](int32_t task) {
      const int d = task / cut_.groups, group = task % cut_.groups;
      for (int i = plan_.steps - 1; i >= 0; i--) {
        for (int panel = 0; panel < projected_panels(); panel++) unproject(d, i, group, panel);
        for (int panel = 0; panel < unit_panels(); panel++) step(d, i, group, panel);
      }
    });
  }

  void run_together() const {
    const int panels = unit_panels(), projected = projected_panels();
    for (int i = plan_.steps - 1; i >= 0; i--) {
      if (cut_.direct)
        for (int d = 0; d < plan_.directions; d++) multiply_direct(d, i);
      if (projected > 0)
        cut_.for_panels(plan_.directions, projected, [&](int d, int panel) { unproject(d, i, 0, panel); });
      if (projected > 0 && cut_.direct)
        for (int d = 0; d < plan_.directions; d++) unproject_direct(d, i);
      cut_.for_panels(plan_.directions, panels, [&](int d, int panel) { step(d, i, 0, panel); });
    }
  }

  int unit_panels() const { return (plan_.units + kCols - 1) / kCols; }
  int projected_panels() const { return plan_.projected > 0 ? (plan_.outputs() + kCols - 1) / kCols : 0; }

  void multiply_direct(int d, int i) const {
    const Direction<T>& one = directions_[d];
    const StepOrder order{plan_, d == 1};
    multiply_state(one, one.product, narrow_stride_, order.followed(order.at(i)), one.state[~i & 1], stride_);
  }

  void unproject_direct(int d, int i) const {
    const Direction<T>& one = directions_[d];
    product(one.wide_product, wide_stride_, plan_.active(StepOrder{plan_, d == 1}.at(i)), plan_.units, plan_.projected,
            {one.narrow, narrow_stride_, 1}, projection_weights(one));
  }

  // The gradient of the states after step i by way of the next step, for tiles of rows and the columns of a panel:
  // f(row of the group, the products or null).
  template <class F>
  void for_rows(const Direction<T>& one, int d, int i, int group, int panel, const F& f) const {
    const StepOrder order{plan_, d == 1};
    const int t = order.at(i), count = cut_.count(plan_.active(t), group), followed = cut_.count(order.followed(t), group);
    const ptrdiff_t first = ptrdiff_t(group) * cut_.most, units = plan_.units;
    const int height = gemm_height<T>(followed);
    T tile[kRows * kCols];
    for (int at = 0; at < followed; at += height) {
      const int rows = followed - at < height ? followed - at : height;
      if (!cut_.direct) {
        const T* a = one.state[~i & 1] + (first + at) * stride_;
        if (plan_.kind == k_gru) {
          panels_.multiply(tile, rows, a, stride_, d, panel, 0, 0, 2 * units, false);
          panels_.multiply(tile, rows, a + 3 * units, stride_, d, panel, 0, 2 * units, units, true);
        } else {
          panels_.multiply(tile, rows, a, stride_, d, panel, 0, 0, columns_, false);
        }
      }
      for (int r = 0; r < rows; r++)
        f(at + r, cut_.direct ? one.product + (at + r) * narrow_stride_ + ptrdiff_t(panel) * kCols : tile + r * kCols);
    }
    for (int member = followed; member < count; member++) f(member, nullptr);
  }

  // Step i of a group, for the units of a panel.
  void step(int d, int i, int group, int panel) const {
    const Direction<T>& one = directions_[d];
    if (plan_.projected == 0)
      return for_rows(one, d, i, group, panel,
                      [&](int member, const T* product) { step_row(one, d, i, group, panel, member, product); });
    const int count = cut_.count(plan_.active(StepOrder{plan_, d == 1}.at(i)), group), height = gemm_height<T>(count);
    const ptrdiff_t first = ptrdiff_t(group) * cut_.most, unit = ptrdiff_t(panel) * kCols;
    T tile[kRows * kCols];
    for (int at = 0; at < count; at += height) {
      const int rows = count - at < height ? count - at : height;
      if (!cut_.direct)
        projection_.multiply(tile, rows, one.narrow + (first + at) * narrow_stride_, narrow_stride_, d, panel, 0, 0,
                             plan_.projected, false);
      for (int r = 0; r < rows; r++)
        step_row(one, d, i, group, panel, at + r,
                 cut_.direct ? one.wide_product + (at + r) * wide_stride_ + unit : tile + r * kCols);
    }
  }

  void step_row(const Direction<T>& one, int d, int i, int group, int panel, int member, const T* product) const {
    const StepOrder order{plan_, d == 1};
    const bool projects = plan_.projected > 0;
    const int t = order.at(i), n = group + member * cut_.groups, before = order.before(t, n);
    const ptrdiff_t row = plan_.row(t, n), state = ptrdiff_t(group) * cut_.most + member, unit = ptrdiff_t(panel) * kCols;
    const ptrdiff_t out_row = row * plan_.outputs() * plan_.directions, units = plan_.units;
    const ptrdiff_t left = units - unit;
    CellGradientRow<T> cell;
    cell.width = int(left < kCols ? left : kCols);
    cell.units = units;
    cell.product = product;
    cell.out_gradient = projects ? nullptr : offset_or_null(one.out_gradient, out_row + unit);
    cell.carry = projects ? nullptr : one.carry + state * narrow_stride_ + unit;
    cell.cell_gradient = one.cell + state * wide_stride_ + unit;
    cell.gates = one.gates + row * plan_.gate_columns() + unit;
    cell.kept = one.kept + row * units + unit;
    cell.cell_before = before < 0 ? offset_or_null(one.c0, n * units + unit) : one.kept + plan_.row(before, n) * units + unit;
    cell.before = offset_or_null(state_before(one, order, t, n), unit);
    cell.after = one.out + out_row + unit;
    cell.gradients = one.gradients + row * columns_ + unit;
    cell.state = one.state[i & 1] + state * stride_ + unit;
    cell.wide = offset_or_null(one.wide, row * units + unit);
    cell_(cell);
  }

  // The gradient of the projection's result at step i, for the columns of a panel.
  void unproject(int d, int i, int group, int panel) const {
    const Direction<T>& one = directions_[d];
    const int t = StepOrder{plan_, d == 1}.at(i), width = panels_.width(panel);
    const ptrdiff_t column = ptrdiff_t(panel) * kCols, outputs = plan_.outputs();
    for_rows(one, d, i, group, panel, [&](int member, const T* product) {
      const ptrdiff_t row = plan_.row(t, group + member * cut_.groups), state = ptrdiff_t(group) * cut_.most + member;
      const T* out_gradient = offset_or_null(one.out_gradient, row * outputs * plan_.directions + column);
      T *carry = one.carry + state * narrow_stride_ + column, *narrow = one.narrow + state * narrow_stride_ + column;
      for (int j = 0; j < width; j++) {
        narrow[j] = (product ? product[j] : T(0)) + (out_gradient ? out_gradient[j] : T(0)) + carry[j];
        carry[j] = 0;
      }
      copy_run(one.projected + row * outputs + column, narrow, width);
    });
  }

  const RecurrentPlan plan_;
  const RecurrentCut cut_;
  const CellGradient<T> cell_;
  const int64_t rows_;
  const ptrdiff_t columns_, stride_, wide_stride_, narrow_stride_;
  const Panels<T> panels_, projection_;
  const Scratch<T> rows_memory_, states_;
  T* x_gradient_ = nullptr;
  const T* x_ = nullptr;
  const Direction<T> directions_[kMostDirections];
};

}  // namespace

void recurrent_backward(int32_t dtype, const int32_t* plan, const int32_t* layout, const double* operands) {
  dispatch_float(dtype, [&](auto zero) { Backward<decltype(zero)>(RecurrentPlan(plan, layout), operands).run(); });
}

}  // namespace myelin::MYELIN_ISA
