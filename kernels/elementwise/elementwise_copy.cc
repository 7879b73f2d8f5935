// Copies between dtypes and layouts, and what fills a tensor.
#include "elementwise/elementwise.h"
#include "elementwise/elementwise_loop.h"
#include "common/parallel.h"

namespace myelin::MYELIN_ISA {
namespace {

struct Bool {
  uint8_t value;
};

// x as a U. Floats become integers toward zero; what an int32 cannot hold becomes its smallest value,
// as on x86, on every processor. A uint8 is the low byte of that.
template <class U, class T>
inline U convert(T x) {
  if constexpr (std::is_same_v<U, Bool>) {
    return {uint8_t(x != 0)};
  } else if constexpr (std::is_floating_point_v<T> && std::is_integral_v<U>) {
    const bool fits = x >= T(-2147483648.0) && x < T(2147483648.0);
    return U(fits ? int32_t(x) : INT32_MIN);
  } else {
    return U(x);
  }
}

template <class T, class U>
void convert_core(int64_t n, void* out, const void* a, const void*, const void*, double, double) {
  const T* x = static_cast<const T*>(a);
  U* y = static_cast<U*>(out);
  for (int64_t i = 0; i < n; i++) y[i] = convert<U>(x[i]);
}

template <class T>
Core convert_core_to(int32_t to) {
  switch (to) {
    case kFloat32: return &convert_core<T, float>;
    case kFloat64: return &convert_core<T, double>;
    case kInt32: return &convert_core<T, int32_t>;
    case kUint8: return &convert_core<T, uint8_t>;
    default: return &convert_core<T, Bool>;
  }
}

constexpr int32_t bytes_per_element(int32_t dtype) {
  return dtype == kFloat64 ? 8 : dtype == kUint8 || dtype == kBool ? 1 : 4;
}

constexpr int64_t kShortRow = 16;

template <class T>
inline void copy_run(const T* a, int64_t a_step, T* out, int64_t out_step, int64_t n) {
  if (out_step != 1)
    for (int64_t i = 0; i < n; i++) out[i * out_step] = a[i * a_step];
  else if (a_step == 1 && n >= kShortRow)
    __builtin_memcpy(out, a, size_t(n) * sizeof(T));
  else if (a_step == -1)
    for (int64_t i = 0; i < n; i++) out[i] = a[-i];
  else
    for (int64_t i = 0; i < n; i++) out[i] = a[i * a_step];
}

// ---- Transposing copies: out's rows are columns of the operand ----

// Side of a tile: four cache lines of each row, or as much as the inner cache holds.
template <class T>
constexpr int64_t kTile = sizeof(T) == 8 ? 32 : 64;

// out[i·out_step + j] = a[j·a_step + i] for i < rows, j < columns.
template <class T>
inline void transpose_tile(const T* a, int64_t a_step, T* out, int64_t out_step, int64_t rows, int64_t columns) {
  for (int64_t i = 0; i < rows; i++)
    for (int64_t j = 0; j < columns; j++) out[i * out_step + j] = a[j * a_step + i];
}

// As transpose_tile, 4 × 4 elements at a time in registers.
inline void transpose_tile(const uint32_t* a, int64_t a_step, uint32_t* out, int64_t out_step, int64_t rows,
                           int64_t columns) {
  using Q = Vec<uint32_t, 4>;
  int64_t i = 0;
  for (; i + 4 <= rows; i += 4) {
    int64_t j = 0;
    for (; j + 4 <= columns; j += 4) {
      const uint32_t* from = a + j * a_step + i;
      uint32_t* to = out + i * out_step + j;
      const Q r0 = load<uint32_t, 4>(from), r1 = load<uint32_t, 4>(from + a_step);
      const Q r2 = load<uint32_t, 4>(from + 2 * a_step), r3 = load<uint32_t, 4>(from + 3 * a_step);
      const Q t0 = __builtin_shufflevector(r0, r1, 0, 4, 1, 5), t1 = __builtin_shufflevector(r2, r3, 0, 4, 1, 5);
      const Q t2 = __builtin_shufflevector(r0, r1, 2, 6, 3, 7), t3 = __builtin_shufflevector(r2, r3, 2, 6, 3, 7);
      store<uint32_t, 4>(to, __builtin_shufflevector(t0, t1, 0, 1, 4, 5));
      store<uint32_t, 4>(to + out_step, __builtin_shufflevector(t0, t1, 2, 3, 6, 7));
      store<uint32_t, 4>(to + 2 * out_step, __builtin_shufflevector(t2, t3, 0, 1, 4, 5));
      store<uint32_t, 4>(to + 3 * out_step, __builtin_shufflevector(t2, t3, 2, 3, 6, 7));
    }
    transpose_tile<uint32_t>(a + j * a_step + i, a_step, out + i * out_step + j, out_step, 4, columns - j);
  }
  transpose_tile<uint32_t>(a + i, a_step, out + i * out_step, out_step, rows - i, columns);
}

// A copy whose operand runs along `axis` as out runs along the last: both are cut into tiles, the
// other axes are looped over.
struct Transposition {
  const int32_t* sizes;
  const int32_t* out_strides;
  const int32_t* a_strides;
  int rank, axis;

  int64_t offset(int64_t index, const int32_t* strides) const {
    int64_t offset = 0;
    for (int d = rank - 2; d >= 0; d--) {
      if (d == axis) continue;
      offset += index % sizes[d] * strides[d];
      index /= sizes[d];
    }
    return offset;
  }

  template <class T>
  void run(const T* a, T* out) const {
    const int64_t rows = sizes[axis], columns = sizes[rank - 1];
    const int64_t out_step = out_strides[axis], a_step = a_strides[rank - 1];
    int64_t outer = 1;
    for (int d = 0; d < rank - 1; d++)
      if (d != axis) outer *= sizes[d];
    constexpr int64_t kSide = kTile<T>;
    const int64_t strips = (rows + kSide - 1) / kSide;
    const int64_t grain = kGrain / (kSide * columns) + 1;
    parallel_ranges(outer * strips, grain, [&](int64_t begin, int64_t end) {
      // Rows a power of two apart share places in the cache, so each tile is read once, whole, into a buffer.
      alignas(64) T tile[kSide * kSide];
      for (int64_t k = begin; k < end; k++) {
        const int64_t i = k % strips * kSide, height = rows - i < kSide ? rows - i : kSide;
        const T* from = a + offset(k / strips, a_strides) + i;
        T* to = out + offset(k / strips, out_strides) + i * out_step;
        for (int64_t j = 0; j < columns; j += kSide) {
          const int64_t width = columns - j < kSide ? columns - j : kSide;
          for (int64_t row = 0; row < width; row++) copy_run(from + (j + row) * a_step, 1, tile + row * kSide, 1, height);
          transpose_tile(tile, kSide, to + j, out_step, height, width);
        }
      }
    });
  }
};

// ---- Copies of one element size: straight from one layout to the other ----

// Rows of N elements, one after the other.
template <int N, class T>
inline void copy_short_rows(const T* a, int64_t a_row, int64_t a_step, T* out, int64_t out_row, int64_t out_step, int64_t rows) {
  for (int64_t i = 0; i < rows; i++)
    for (int j = 0; j < N; j++) out[i * out_row + j * out_step] = a[i * a_row + j * a_step];
}

struct StridedCopy {
  int rank;
  const int32_t *sizes, *out_strides, *a_strides;

  int64_t offset(int64_t row, int axes, const int32_t* strides) const {
    int64_t offset = 0;
    for (int d = axes - 1; d >= 0; d--) {
      offset += row % sizes[d] * strides[d];
      row /= sizes[d];
    }
    return offset;
  }

  template <class T>
  void run(const T* a, T* out) const {
    const int last = rank - 1;
    const int64_t n = sizes[last];
    int64_t rows = 1;
    for (int d = 0; d < last; d++) rows *= sizes[d];
    if (rows * n == 0) return;
    if (rows == 1)
      return parallel_ranges(n, kGrain, [&](int64_t begin, int64_t end) {
        copy_run(a + begin * a_strides[0], a_strides[0], out + begin * out_strides[0], out_strides[0], end - begin);
      });
    parallel_ranges(rows, n < kGrain ? kGrain / n : 1, [&](int64_t begin, int64_t end) {
      // Runs of rows along the last axis but one.
      const int64_t run_length = sizes[last - 1], a_row = a_strides[last - 1], out_row = out_strides[last - 1];
      while (begin < end) {
        const int64_t run = begin / run_length, first = begin % run_length;
        const int64_t many = run_length - first < end - begin ? run_length - first : end - begin;
        const T* from = a + offset(run, last - 1, a_strides) + first * a_row;
        T* to = out + offset(run, last - 1, out_strides) + first * out_row;
        copy_rows(from, a_row, a_strides[last], to, out_row, out_strides[last], many, n);
        begin += many;
      }
    });
  }

 private:
  template <class T>
  static void copy_rows(const T* a, int64_t a_row, int64_t a_step, T* out, int64_t out_row, int64_t out_step, int64_t rows,
                        int64_t n) {
    switch (n) {
      case 2: return copy_short_rows<2>(a, a_row, a_step, out, out_row, out_step, rows);
      case 3: return copy_short_rows<3>(a, a_row, a_step, out, out_row, out_step, rows);
      case 4: return copy_short_rows<4>(a, a_row, a_step, out, out_row, out_step, rows);
    }
    for (int64_t i = 0; i < rows; i++) copy_run(a + i * a_row, a_step, out + i * out_row, out_step, n);
  }
};

// A copy between elements of one size. An axis that the operand walks backwards in steps of 1 is flipped in both, so that
// it counts as one without gaps.
template <class T>
void copy_layout(const T* a, T* out, const int32_t* layout) {
  const int rank = layout[0];
  const int32_t* sizes = layout + 1;
  int32_t out_strides[kMaxRank], a_strides[kMaxRank];
  for (int d = 0; d < rank; d++) {
    out_strides[d] = layout[1 + rank + d];
    a_strides[d] = layout[1 + 2 * rank + d];
    if (a_strides[d] != -1 || d == rank - 1) continue;
    a -= sizes[d] - 1;
    out += int64_t(sizes[d] - 1) * out_strides[d];
    a_strides[d] = 1;
    out_strides[d] = -out_strides[d];
  }
  const int axis = transposed_axis(rank, sizes, out_strides, a_strides);
  if (axis >= 0) return Transposition{sizes, out_strides, a_strides, rank, axis}.run(a, out);
  StridedCopy{rank, sizes, out_strides, a_strides}.run(a, out);
}

}  // namespace

int transposed_axis(int rank, const int32_t* sizes, const int32_t* out_strides, const int32_t* a_strides) {
  const int last = rank - 1;
  if (rank < 2 || out_strides[last] != 1 || (a_strides[last] >= -1 && a_strides[last] <= 1) || sizes[last] < 4) return -1;
  for (int d = 0; d < last; d++)
    if (a_strides[d] == 1 && sizes[d] >= 4) return d;
  return -1;
}

void copy(int32_t from, int32_t to, const void* a, void* out, const int32_t* layout) {
  if (from == to) {
    switch (bytes_per_element(from)) {
      case 8: return copy_layout(static_cast<const uint64_t*>(a), static_cast<uint64_t*>(out), layout);
      case 4: return copy_layout(static_cast<const uint32_t*>(a), static_cast<uint32_t*>(out), layout);
      default: return copy_layout(static_cast<const uint8_t*>(a), static_cast<uint8_t*>(out), layout);
    }
  }
  dispatch_all(from, [=](auto unit) {
    using T = decltype(unit);
    run_loop(convert_core_to<T>(to), layout, 0, 0, LoopOperand{out, bytes_per_element(to)}, LoopOperand{a, sizeof(T)});
  });
}

namespace {

template <class T>
void fill_core(int64_t n, void* out, const void*, const void*, const void*, double p, double) {
  const T value = convert<T>(p);
  for (int64_t i = 0; i < n; i++) static_cast<T*>(out)[i] = value;
}

}  // namespace

void fill(int32_t dtype, double value, void* out, const int32_t* layout) {
  const Core core = dtype == kBool ? &fill_core<Bool> : dtype == kUint8 ? &fill_core<uint8_t>
                    : dtype == kInt32 ? &fill_core<int32_t> : dtype == kFloat64 ? &fill_core<double>
                                                                              : &fill_core<float>;
  run_loop(core, layout, value, 0, LoopOperand{out, bytes_per_element(dtype)});
}

void ramp(int32_t dtype, double first, double step, double last, int32_t half, int32_t n, void* out) {
  dispatch_all(dtype, [&](auto unit) {
    using T = decltype(unit);
    T* y = static_cast<T*>(out);
    parallel_ranges(n, kGrain, [&](int64_t begin, int64_t end) {
      const int32_t from = int32_t(begin), to = int32_t(end), turn = half < from ? from : half < to ? half : to;
      for (int32_t i = from; i < turn; i++) y[i] = T(first + double(i) * step);
      for (int32_t i = turn; i < to; i++) y[i] = T(last - double(n - 1 - i) * step);
    });
  });
}

}  // namespace myelin::MYELIN_ISA
