// What a layer computes, where its rows are, and how its work is cut.
#pragma once
#include "common/memory.h"
#include "common/parallel.h"
#include "common/simd.h"
#include "recurrent/recurrent.h"

namespace myelin::MYELIN_ISA {

#define MYELIN_RECURRENT_KIND(name) k_##name,
enum RecurrentKind : int32_t { RECURRENT_KINDS(MYELIN_RECURRENT_KIND) };
#undef MYELIN_RECURRENT_KIND

struct RecurrentPlan {
  RecurrentKind kind;
  int features, units, projected, directions, batch, steps;
  ptrdiff_t row_step;
  const int32_t *sizes, *offsets;

  RecurrentPlan(const int32_t* plan, const int32_t* layout)
      : kind(RecurrentKind(plan[0])),
        features(plan[1]),
        units(plan[2]),
        projected(plan[3]),
        directions(plan[4]),
        batch(plan[5]),
        steps(plan[6]),
        row_step(plan[7]),
        sizes(layout),
        offsets(layout + plan[6]) {}

  // S, the columns of a state and of a direction's output.
  int outputs() const { return projected > 0 ? projected : units; }
  // Blocks of the weights.
  int gates() const { return kind == k_lstm ? 4 : kind == k_gru ? 3 : 1; }
  // Columns of x·W_ihᵀ.
  ptrdiff_t gate_columns() const { return ptrdiff_t(gates()) * units; }

  int64_t rows() const {
    int64_t sum = 0;
    for (int t = 0; t < steps; t++) sum += sizes[t];
    return sum;
  }
  ptrdiff_t row(int t, int n) const { return offsets[t] + n * row_step; }

  // How many sequences have a step t; none beyond the last.
  int active(int t) const { return t < 0 || t >= steps ? 0 : sizes[t]; }
};

// The steps of a direction in the order in which its states follow one another.
struct StepOrder {
  const RecurrentPlan& plan;
  bool reversed;

  int at(int i) const { return reversed ? plan.steps - 1 - i : i; }
  // How many sequences go on from step t to the next of the order.
  int followed(int t) const {
    const int next = plan.active(reversed ? t - 1 : t + 1);
    return next < plan.sizes[t] ? next : plan.sizes[t];
  }
  // The step before step t in this order of sequence n; -1 for its first.
  int before(int t, int n) const {
    if (!reversed) return t - 1;
    return n < plan.active(t + 1) ? t + 1 : -1;
  }
  // f(n, first, last): the first and last step of each sequence, in this order; sequences without steps are left out.
  template <class F>
  void for_sequences(const F& f) const {
    for (int t = 0; t < plan.steps; t++)
      for (int n = plan.active(t + 1); n < plan.sizes[t]; n++) reversed ? f(n, t, 0) : f(n, 0, t);
  }
};

// The steps whose gates are in memory at once: all if they're kept for the backward pass, else some after the others.
class StepChunk {
 public:
  StepChunk(const RecurrentPlan& plan, int64_t most) : plan_(plan), most_(most), left_{plan.rows(), plan.rows()} {
    advance();
  }

  // Steps begin … end - 1, in the order of each direction.
  int begin() const { return begin_; }
  int end() const { return end_; }
  int64_t rows(int direction) const { return rows_[direction]; }
  int64_t largest() const { return rows_[0] > rows_[1] ? rows_[0] : rows_[1]; }
  bool is_whole() const { return begin_ == 0 && end_ == plan_.steps; }

  void advance() {
    begin_ = end_;
    for (int d = 0; d < 2; d++) left_[d] -= rows_[d], rows_[d] = 0;
    while (end_ < plan_.steps && !is_full()) {
      rows_[0] += plan_.sizes[end_];
      rows_[1] += plan_.sizes[plan_.steps - 1 - end_];
      end_++;
    }
  }

  // The earliest step of a direction.
  int first(int direction) const { return direction == 1 ? plan_.steps - end_ : begin_; }

  // Whether the steps' rows are adjacent in memory.
  bool is_adjacent() const { return is_whole() || plan_.row_step == 1 || plan_.batch == 1; }

  // Where the gates of sequence n at step t are.
  ptrdiff_t row(int direction, int t, int n) const {
    if (is_whole()) return plan_.row(t, n);
    const int from = first(direction);
    return is_adjacent() ? plan_.offsets[t] - plan_.offsets[from] + n : ptrdiff_t(t - from) * plan_.batch + n;
  }

 private:
  // So few rows would be multiplied in another way, with other roundings.
  static constexpr int64_t kLeast = 32;

  bool is_full() const {
    bool full = largest() >= most_;
    for (int d = 0; d < 2; d++) full = full && rows_[d] >= kLeast && left_[d] - rows_[d] >= kLeast;
    return full;
  }

  const RecurrentPlan& plan_;
  int64_t most_, left_[2], rows_[2] = {0, 0};
  int begin_ = 0, end_ = 0;
};

// How the recurrent part is cut, by the sizes alone.
//
// * alone: each group of sequences goes through all steps by itself. For weights that stay in a core's cache.
// * together: at each step, all sequences, cut by units; then a core's share of the weights is small.
// * direct: as together, by the general products on the weights as they lie: where packing them doesn't pay.
struct RecurrentCut {
  bool alone = false, direct = false;
  int groups = 1;   // of sequences: group g has those at g, g + groups, …
  int most = 0;     // sequences of the largest group

  template <class T>
  static RecurrentCut of(const RecurrentPlan& plan, T) {
    constexpr int64_t kStaysInCache = 384 << 10;
    constexpr int kSequences = 4;
    RecurrentCut cut;
    const int64_t bytes = int64_t(plan.gate_columns()) * plan.outputs() * int64_t(sizeof(T));
    cut.direct = plan.batch == 1 || plan.steps == 1;
    cut.alone = !cut.direct && bytes <= kStaysInCache;
    if (cut.alone && plan.batch > 0) cut.groups = (plan.batch + kSequences - 1) / kSequences;
    cut.most = plan.batch > 0 ? (plan.batch + cut.groups - 1) / cut.groups : 1;
    return cut;
  }

  // How many of the first `active` sequences are in a group.
  int count(int active, int group) const { return active > group ? (active - group + groups - 1) / groups : 0; }
  // f(direction, panel) for all panels of a step, on the threads.
  template <class F>
  void for_panels(int directions, int panels, const F& f) const {
    constexpr int kWorthATask = 32;  // rows of a panel, if its products are already there
    const int each = direct && most < kWorthATask ? kWorthATask / most : 1;
    parallel_ranges(int64_t(directions) * panels, each, [&](int64_t begin, int64_t end) {
      for (int64_t task = begin; task < end; task++) f(int(task / panels), int(task % panels));
    });
  }
  // Where the states of sequence n are.
  ptrdiff_t state(int n) const { return ptrdiff_t(n % groups) * most + n / groups; }
  ptrdiff_t states() const { return ptrdiff_t(groups) * most; }
};

// Reads a kernel's table of addresses in order.
struct OperandReader {
  const double* next;

  template <class T>
  T* take() {
    return reinterpret_cast<T*>(uintptr_t(*next++));
  }
};

template <class T>
struct RecurrentWeights {
  T *ih, *hh, *bih, *bhh, *hr;

  explicit RecurrentWeights(OperandReader& operands)
      : ih(operands.take<T>()),
        hh(operands.take<T>()),
        bih(operands.take<T>()),
        bhh(operands.take<T>()),
        hr(operands.take<T>()) {}
};

constexpr int kMostDirections = 2;

// Rows of states that are read as tiles start in different cache sets.
template <class T>
ptrdiff_t state_stride(ptrdiff_t columns) {
  constexpr ptrdiff_t kLine = 64 / ptrdiff_t(sizeof(T));
  return (columns + kLine - 1) / kLine / 2 * 2 * kLine + kLine;
}

// How many elements a workspace of count × each × columns has; more than memory can hold stays so, to be refused.
template <class T>
size_t room(int64_t count, int64_t each, int64_t columns = 1) {
  constexpr int64_t kMost = int64_t((SIZE_MAX - (size_t(1) << 20)) / sizeof(T));
  int64_t product;
  const bool fits = !__builtin_mul_overflow(count, each, &product) && !__builtin_mul_overflow(product, columns, &product);
  return size_t(fits && product < kMost ? product : kMost);
}

// An offset from a pointer that may be null.
template <class T>
T* offset_or_null(T* p, ptrdiff_t offset) {
  return p ? p + offset : nullptr;
}

template <class T>
void copy_or_zero(T* to, const T* from, ptrdiff_t count) {
  if (from) __builtin_memcpy(to, from, size_t(count) * sizeof(T));
  else __builtin_memset(to, 0, size_t(count) * sizeof(T));
}

}  // namespace myelin::MYELIN_ISA
