// reduce(): folds over any axes of a strided view. Ways through memory:
//   runs     the last reduced axis is contiguous: vectors along it (full and inner-axis reductions)
//   slices   the same, and kept axes lie between reduced ones (per channel of a batch of images)
//   columns  the last kept axis is contiguous: vectors across outputs (outer-axis reductions)
//   few      a handful of elements an output: vectors across outputs, one element of each after the other
//   gather   neither: elements are collected into a small buffer, which is folded as a run
#include "common/memory.h"
#include "common/parallel.h"
#include "reduce/reduce_fold.h"

namespace myelin::MYELIN_ISA {
namespace {

constexpr int64_t kGather = 1024;  // elements collected at a time

__attribute__((noinline)) double finish(double value, double divisor, double power) {
  if (divisor != 1) value /= divisor;
  return power == 1 ? value : power == 0.5 ? __builtin_sqrt(value) : __builtin_pow(value, power);
}

// T is C, or a byte.
template <class Op, class C, class T>
struct Reducer : Folder<Op, C> {
  using Fold = Folder<Op, C>;
  using Wide = typename Fold::Wide;
  static constexpr int N = kLanes<C>;

  const T* x;
  const C* center;  // per output, or null: then `uniform` everywhere
  C uniform;
  const ReducePlan& plan;

  Reducer(const T* x, const C* center, C uniform, const ReducePlan& plan)
      : x(x), center(center), uniform(uniform), plan(plan) {}

  static Wide merge(Wide a, Wide b) { return Op::merge(a, b); }
  C center_of(int64_t k) const { return center ? center[k] : uniform; }

  // ---- runs ----

  // Positions [begin, end) of the reduced axes for the output at offset `base`.
  __attribute__((noinline)) Wide fold_range(int64_t base, int64_t begin, int64_t end, C c) const {
    const int64_t stride = plan.reduced.last_stride();
    if constexpr (std::is_same_v<T, C>) {
      if (plan.reduced.rank == 1 && stride == 1) return Fold::fold_run(x + base + begin, end - begin, c);
    }
    Wide total = Op::template identity<Wide>();
    plan.reduced.for_runs(begin, end, [&](int64_t offset, int64_t length) {
      const T* p = x + base + offset;
      if constexpr (std::is_same_v<T, C>) {
        if (stride == 1) {
          total = merge(total, Fold::fold_run(p, length, c));
          return;
        }
      }
      C gathered[kGather];
      for (int64_t i = 0; i < length; i += kGather) {
        const int64_t n = lesser(length - i, kGather);
        if (stride == 1) {
          for (int64_t j = 0; j < n; j++) gathered[j] = C(p[i + j]);
        } else {
          for (int64_t j = 0; j < n; j++) {
            stay_scalar();
            gathered[j] = C(p[(i + j) * stride]);
          }
        }
        total = merge(total, Fold::fold_chunk(gathered, n, c));
      }
    });
    return total;
  }

  template <class F>
  void by_runs(const F& emit) const {
    const int64_t outputs = plan.kept.count, n = plan.reduced.count;
    if (outputs < 16 && n >= 2 * kTaskElements) {
      const int64_t parts = (n + kTaskElements - 1) / kTaskElements;
      Scratch<Wide> partial(outputs * parts);
      parallel_for(int32_t(outputs * parts), [&](int32_t block) {
        const int64_t k = block / parts, begin = block % parts * kTaskElements;
        partial[block] = fold_range(plan.kept.offset(k), begin, lesser(begin + kTaskElements, n), center_of(k));
      });
      for (int64_t k = 0; k < outputs; k++) {
        Wide total = partial[k * parts];
        for (int64_t i = 1; i < parts; i++) total = merge(total, partial[k * parts + i]);
        emit(k, total);
      }
      return;
    }
    const int64_t grain = greater(1, kTaskElements / greater(n, 1));
    parallel_ranges(outputs, grain, [&](int64_t begin, int64_t end) {
      int64_t k = begin;
      const int64_t stride = plan.kept.last_stride();
      plan.kept.for_runs(begin, end, [&](int64_t offset, int64_t length) {
        for (int64_t i = 0; i < length; i++, k++) emit(k, fold_range(offset + i * stride, 0, n, center_of(k)));
      });
    });
  }

  // ---- runs of all outputs, slice by slice: the order of memory where reduced axes enclose kept ones ----

  bool encloses() const {
    const Axes& r = plan.reduced;
    return std::is_same_v<T, C> && r.rank > 1 && r.last_stride() == 1 && r.last_size() >= 8 && plan.kept.count > 1 &&
           r.stride[r.rank - 2] > plan.kept.stride[0];
  }

  template <class F>
  void by_slices(const F& emit) const {
    const int64_t outputs = plan.kept.count, run = plan.reduced.last_size(), slices = plan.reduced.count / run;
    const int64_t part = greater(1, kTaskElements / (outputs * run)), parts = (slices + part - 1) / part;
    Scratch<Wide> partial(greater(1, parts) * outputs);
    for (int64_t k = 0; k < outputs; k++) partial[k] = Op::template identity<Wide>();
    parallel_for(int32_t(parts), [&](int32_t block) {
      Wide* total = partial.data() + block * outputs;
      for (int64_t k = 0; k < outputs; k++) total[k] = Op::template identity<Wide>();
      for (int64_t slice = block * part; slice < lesser(slices, (block + 1) * part); slice++) {
        const T* p = x + plan.reduced.offset(slice * run);
        int64_t k = 0;
        plan.kept.for_runs(0, outputs, [&](int64_t offset, int64_t length) {
          for (int64_t i = 0; i < length; i++, k++) {
            const T* q = p + offset + i * plan.kept.last_stride();
            if constexpr (std::is_same_v<T, C>) total[k] = merge(total[k], Fold::fold_run(q, run, center_of(k)));
          }
        });
      }
    });
    for (int64_t k = 0; k < outputs; k++) {
      Wide total = partial[k];
      for (int64_t i = 1; i < parts; i++) total = merge(total, partial[i * outputs + k]);
      emit(k, total);
    }
  }

  // ---- columns ----

  // Narrow contiguous rows are taken several at a time, as one wider row.
  static void fold_packed(const T* p, int64_t rows, int64_t row, int64_t width, const C* centers, Wide* total) {
    const int64_t group = 256 / width;
    if (row != width || width >= 64 || rows < 2 * group) return Fold::fold_rows(p, rows, row, width, centers, total);
    C wide_centers[256];
    Wide wide[256];
    const int64_t packed = group * width;
    for (int64_t j = 0; j < packed; j++) {
      wide_centers[j] = centers[j % width];
      wide[j] = Op::template identity<Wide>();
    }
    Fold::fold_rows(p, rows / group, packed, packed, wide_centers, wide);
    for (int64_t j = 0; j < packed; j++) total[j % width] = merge(total[j % width], wide[j]);
    Fold::fold_rows(p + rows / group * packed, rows % group, row, width, centers, total);
  }

  template <class F>
  void by_columns(const F& emit) const {
    const int64_t width = plan.kept.last_size(), outer = plan.kept.count / width, n = plan.reduced.count;
    const int64_t tiles = (width + kTileColumns - 1) / kTileColumns;
    const int64_t tile = lesser(width, ((width + tiles - 1) / tiles + N - 1) / N * N);
    const int64_t tasks = outer * tiles, task_elements = greater(1, tile * n);

    const auto fold_tile = [&](int64_t task, int64_t begin, int64_t end, Wide* total) {
      const int64_t first = task % tiles * tile, columns = lesser(tile, width - first), k = task / tiles * width + first;
      C centers[kTileColumns];
      for (int64_t j = 0; j < columns; j++) {
        centers[j] = center_of(k + j);
        total[j] = Op::template identity<Wide>();
      }
      const T* p = x + plan.kept.offset(k);
      plan.reduced.for_runs(begin, end, [&](int64_t offset, int64_t rows) {
        fold_packed(p + offset, rows, plan.reduced.last_stride(), columns, centers, total);
      });
      return columns;
    };
    const auto first_output = [&](int64_t task) { return task / tiles * width + task % tiles * tile; };

    if (tasks < 16 && tasks * task_elements >= 2 * kTaskElements) {
      const int64_t rows = greater(kRowChunk, kTaskElements / tile), parts = (n + rows - 1) / rows;
      Scratch<Wide> partial(tasks * parts * tile);
      parallel_for(int32_t(tasks * parts), [&](int32_t block) {
        const int64_t begin = block % parts * rows;
        fold_tile(block / parts, begin, lesser(begin + rows, n), partial.data() + block * tile);
      });
      for (int64_t task = 0; task < tasks; task++) {
        const int64_t k = first_output(task), columns = lesser(tile, width - task % tiles * tile);
        Wide* total = partial.data() + task * parts * tile;
        for (int64_t part = 1; part < parts; part++)
          for (int64_t j = 0; j < columns; j++) total[j] = merge(total[j], total[part * tile + j]);
        for (int64_t j = 0; j < columns; j++) emit(k + j, total[j]);
      }
      return;
    }
    parallel_ranges(tasks, greater(1, kTaskElements / task_elements), [&](int64_t begin, int64_t end) {
      Wide total[kTileColumns];
      for (int64_t task = begin; task < end; task++) {
        const int64_t columns = fold_tile(task, 0, n, total), k = first_output(task);
        for (int64_t j = 0; j < columns; j++) emit(k + j, total[j]);
      }
    });
  }

  // ---- few: each output has a handful of elements; vectors across outputs ----

  static constexpr int64_t kFew = 8;

  bool few() const {
    return plan.reduced.count <= kFew && plan.kept.last_size() >= 16 && plan.kept.count >= 64;
  }

  template <class F>
  void by_few(const F& emit) const {
    constexpr int64_t kPiece = 512;
    const int64_t n = plan.reduced.count, stride = plan.kept.last_stride();
    int64_t places[kFew];
    for (int64_t r = 0; r < n; r++) places[r] = plan.reduced.offset(r);
    parallel_ranges(plan.kept.count, kTaskElements / greater(n, 1), [&](int64_t begin, int64_t end) {
      int64_t k = begin;
      plan.kept.for_runs(begin, end, [&](int64_t offset, int64_t length) {
        for (int64_t i = 0; i < length; i += kPiece) {
          const int64_t piece = lesser(kPiece, length - i);
          C total[kPiece], centers[kPiece];
          for (int64_t j = 0; j < piece; j++) {
            centers[j] = center_of(k + j);
            total[j] = Op::template identity<C>();
          }
          for (int64_t r = 0; r < n; r++) {
            const T* p = x + offset + i * stride + places[r];
            if (stride == 1)
              for (int64_t j = 0; j < piece; j++) total[j] = Op::step(total[j], C(p[j]), centers[j]);
            else
              for (int64_t j = 0; j < piece; j++) total[j] = Op::step(total[j], C(p[j * stride]), centers[j]);
          }
          for (int64_t j = 0; j < piece; j++, k++) emit(k, Wide(total[j]));
        }
      });
    });
  }

  template <class F>
  void run(const F& emit) const {
    if (plan.kept.count == 0) return;
    if constexpr (std::is_same_v<T, C>) {
      if (few()) return by_few(emit);
    }
    if (plan.reduced.last_stride() != 1 && plan.kept.last_stride() == 1 && plan.kept.last_size() > 1) by_columns(emit);
    else if (encloses()) by_slices(emit);
    else by_runs(emit);
  }
};

// Returns whether an integer result is beyond int32.
template <class Op, class Out, class T>
int32_t reduce_as(const T* x, const void* center, void* out, const ReducePlan& plan, double exponent, double divisor,
               double power) {
  using C = typename Op::template In<T>;
  // int32 is read as the C type of its size
  using Element = std::conditional_t<sizeof(T) == sizeof(C), C, T>;
  const Reducer<Op, C, Element> reducer(reinterpret_cast<const Element*>(x), static_cast<const C*>(center),
                                        C(exponent), plan);
  Out* result = static_cast<Out*>(out);
  int32_t overflows = 0;
  const bool plain = divisor == 1 && power == 1;
  reducer.run([&](int64_t k, auto value) {
    if constexpr (std::is_floating_point_v<Out>) result[k] = plain ? Out(value) : Out(finish(value, divisor, power));
    else if constexpr (std::is_same_v<Out, int32_t>) write_integer(result + k, value, &overflows);
    else result[k] = Out(value);
  });
  return overflows;
}

}  // namespace

int32_t reduce(int32_t op, int32_t dtype, const void* x, const void* center, void* out, const int32_t* meta,
               double exponent, double divisor, double power) {
  const ReducePlan plan(meta);
  return dispatch_all(dtype, [&](auto zero) {
    using T = decltype(zero);
    using Sum = std::conditional_t<std::is_floating_point_v<T>, T, int32_t>;
    const T* input = static_cast<const T*>(x);
    const auto with = [&](auto fold, auto result) {
      return reduce_as<decltype(fold), decltype(result)>(input, center, out, plan, exponent, divisor, power);
    };
    switch (op) {
      case kSum: return with(SumFold{}, Sum{});
      case kProd: return with(ProdFold{}, Sum{});
      case kMax: return with(MaxFold{}, T{});
      case kMin: return with(MinFold{}, T{});
      case kAny: return with(AnyFold{}, uint8_t{});
      case kAll: return with(AllFold{}, uint8_t{});
      case kCountNonzero: return with(CountFold{}, Sum{});
    }
    if constexpr (std::is_floating_point_v<T>) {
      switch (op) {
        case kSumAbs: return with(SumAbsFold{}, T{});
        case kSumSquares: return with(SumSquaresFold{}, T{});
        case kMaxAbs: return with(MaxAbsFold{}, T{});
        case kMinAbs: return with(MinAbsFold{}, T{});
        case kSumPower: return with(SumPowerFold{}, T{});
        case kSumSquaredDiff: return with(SumSquaredDiffFold{}, T{});
        case kSumDiff: return with(SumDiffFold{}, double{});
      }
    }
    return int32_t(0);
  });
}

}  // namespace myelin::MYELIN_ISA
