// arg_reduce(): which element of a line is the largest or smallest.
#include "common/memory.h"
#include "common/parallel.h"
#include "reduce/reduce_fold.h"

namespace myelin::MYELIN_ISA {
namespace {

template <class C>
struct Best {
  C value;
  int32_t index;
};

// The first of n contiguous elements that equals `value`, which is there; NaN equals NaN.
template <class C>
int32_t find_first(const C* p, int64_t n, C value) {
  constexpr int N = kLanes<C>, U = 8;
  const bool nan = value != value;
  int64_t i = 0;
  for (; i + U * N <= n; i += U * N) {
    decltype(Vec<C>{} == Vec<C>{}) found{};
    for (int u = 0; u < U; u++) {
      const Vec<C> v = load<C>(p + i + u * N);
      found |= nan ? v != v : v == value - Vec<C>{};
    }
    using I = std::conditional_t<sizeof(C) == 8, int64_t, int32_t>;
    Vec<I> bits;
    __builtin_memcpy(&bits, &found, sizeof bits);
    if (fold_lanes<I, N>(bits, [](auto a, auto b) { return a | b; })) break;
  }
  for (; i < n; i++)
    if (nan ? p[i] != p[i] : p[i] == value) return int32_t(i);
  return 0;
}

template <class Op, class C>
Best<C> best_of_row(const C* p, int64_t n) {
  const C value = Folder<Op, C>::fold_run(p, n, C(0));
  return {value, find_first(p, n, value)};
}

// Whether b, which stands behind a, beats it.
template <class Op, class C>
bool beats(C b, C a) {
  if (a != a) return false;
  return b != b || Op::step(a, b, b) != a;
}

template <class Op, class C, class T>
struct ArgReducer {
  static constexpr int N = kLanes<C>;
  using Index = std::conditional_t<sizeof(C) == 8, int64_t, int32_t>;

  const T* x;
  T* values;
  int32_t* indices;
  const ReducePlan& plan;
  int64_t n, stride;

  void emit(int64_t k, Best<C> best) const {
    if (values) values[k] = T(best.value);
    indices[k] = best.index;
  }

  // `row` has room for n elements where they are not C and contiguous already.
  Best<C> reduce_row(const T* p, int64_t length, C* row) const {
    if constexpr (std::is_same_v<T, C>) {
      if (stride == 1) return best_of_row<Op>(p, length);
    }
    for (int64_t i = 0; i < length; i++) row[i] = C(p[i * stride]);
    return best_of_row<Op>(row, length);
  }

  void by_rows() const {
    const bool direct = std::is_same_v<T, C> && stride == 1;
    if (plan.kept.count < 16 && n >= 2 * kTaskElements) {
      const int64_t parts = (n + kTaskElements - 1) / kTaskElements;
      Scratch<Best<C>> partial(plan.kept.count * parts);
      parallel_for(int32_t(plan.kept.count * parts), [&](int32_t block) {
        const int64_t begin = block % parts * kTaskElements, length = lesser(kTaskElements, n - begin);
        Scratch<C> row(direct ? 1 : length);
        partial[block] = reduce_row(x + plan.kept.offset(block / parts) + begin * stride, length, row.data());
        partial[block].index += int32_t(begin);
      });
      for (int64_t k = 0; k < plan.kept.count; k++) {
        Best<C> best = partial[k * parts];
        for (int64_t i = 1; i < parts; i++)
          if (beats<Op>(partial[k * parts + i].value, best.value)) best = partial[k * parts + i];
        emit(k, best);
      }
      return;
    }
    parallel_ranges(plan.kept.count, greater(1, kTaskElements / n), [&](int64_t begin, int64_t end) {
      Scratch<C> row(direct ? 1 : n);
      int64_t k = begin;
      plan.kept.for_runs(begin, end, [&](int64_t offset, int64_t length) {
        for (int64_t i = 0; i < length; i++, k++)
          emit(k, reduce_row(x + offset + i * plan.kept.last_stride(), n, row.data()));
      });
    });
  }

  void by_columns() const {
    constexpr int64_t kTile = 512;
    const int64_t width = plan.kept.last_size(), tiles = (width + kTile - 1) / kTile;
    const int64_t tasks = plan.kept.count / width * tiles;
    parallel_ranges(tasks, greater(1, kTaskElements / (n * lesser(width, kTile))), [&](int64_t begin, int64_t end) {
      C best[kTile], row[kTile];
      Index at[kTile];
      for (int64_t task = begin; task < end; task++) {
        const int64_t first = task % tiles * kTile, columns = lesser(kTile, width - first);
        const int64_t k = task / tiles * width + first;
        const T* p = x + plan.kept.offset(k);
        for (int64_t j = 0; j < columns; j++) {
          best[j] = C(p[j]);
          at[j] = 0;
        }
        for (int64_t r = 1; r < n; r++) {
          const C* q;
          if constexpr (std::is_same_v<T, C>) {
            q = p + r * stride;
          } else {
            for (int64_t j = 0; j < columns; j++) row[j] = C(p[r * stride + j]);
            q = row;
          }
          int64_t j = 0;
          for (; j + N <= columns; j += N) {
            const Vec<C> a = load<C>(best + j), b = load<C>(q + j), c = Op::step(a, b, b);
            const auto keep = (a == c) | (a != a);
            store<C>(best + j, c);
            store<Index>(at + j, keep ? load<Index>(at + j) : Index(r) - Vec<Index>{});
          }
          for (; j < columns; j++) {
            stay_scalar();
            if (!beats<Op>(q[j], best[j])) continue;
            best[j] = q[j];
            at[j] = Index(r);
          }
        }
        for (int64_t j = 0; j < columns; j++) emit(k + j, {best[j], int32_t(at[j])});
      }
    });
  }

  void run() const {
    if (plan.kept.count == 0 || n == 0) return;
    if (stride != 1 && plan.kept.last_stride() == 1 && plan.kept.last_size() > 1) by_columns();
    else by_rows();
  }
};

}  // namespace

void arg_reduce(int32_t op, int32_t dtype, const void* x, void* values, int32_t* indices, const int32_t* meta) {
  const ReducePlan plan(meta);
  const int32_t kept = meta[0];
  const int64_t n = meta[2 + 2 * kept], stride = meta[3 + 2 * kept];
  dispatch_all(dtype, [&](auto zero) {
    using T = decltype(zero);
    using C = Ordered<T>;
    const T* input = static_cast<const T*>(x);
    T* best = static_cast<T*>(values);
    if (op == kMin) ArgReducer<MinFold, C, T>{input, best, indices, plan, n, stride}.run();
    else ArgReducer<MaxFold, C, T>{input, best, indices, plan, n, stride}.run();
  });
}

}  // namespace myelin::MYELIN_ISA
