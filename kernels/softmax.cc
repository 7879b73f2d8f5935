#include "softmax.h"

#include "memory.h"
#include "parallel.h"
#include "rows.h"

namespace myelin::MYELIN_ISA {
namespace {

constexpr int64_t kTaskElements = 16384;
constexpr int64_t kTile = 256;  // columns taken together where the axis is not the last

template <class T>
constexpr T kLowest = -std::numeric_limits<T>::infinity();

template <class T>
T row_max(const T* x, int64_t n) {
  constexpr int N = kLanes<T>;
  Vec<T> a = splat<T>(kLowest<T>), b = a;
  int64_t i = 0;
  for (; i + 2 * N <= n; i += 2 * N) {
    a = larger(a, load<T>(x + i));
    b = larger(b, load<T>(x + i + N));
  }
  for (; i + N <= n; i += N) a = larger(a, load<T>(x + i));
  if (i < n) b = larger(b, keep<T>(get(x + i, int(n - i)), int(n - i), kLowest<T>));
  return max_of<T>(larger(a, b));
}

// Σ e^(x − max); the terms are kept in `terms` where it is not null.
template <class T>
T row_exp_sum(const T* x, int64_t n, T max, T* terms) {
  return sum_of<T>(sum_vectors<T>(n, [&](int64_t i, auto lanes) {
    const Vec<T> e = vexp(get(x + i, lanes) - max);
    if (terms) put(terms + i, e, lanes);
    return keep<T>(e, lanes);
  }));
}

template <class T>
void softmax_row(bool log_form, const T* x, T* y, int64_t n) {
  const T max = row_max(x, n);
  if (log_form) {
    const T log_sum = log_of_scalar(row_exp_sum(x, n, max, static_cast<T*>(nullptr)));
    for_vectors<T>(n, [&](int64_t i, auto lanes) { put(y + i, get(x + i, lanes) - max - log_sum, lanes); });
    return;
  }
  const T inverse = T(1) / row_exp_sum(x, n, max, y);
  for_vectors<T>(n, [&](int64_t i, auto lanes) { put(y + i, get(y + i, lanes) * inverse, lanes); });
}

// Columns [0, width) of one slice: row r stands at r·inner. max and sum have room for `width`.
template <class T>
void columns_max(const T* x, int64_t n, int64_t inner, int64_t width, T* max) {
  for (int64_t j = 0; j < width; j++) max[j] = kLowest<T>;
  for (int64_t r = 0; r < n; r++)
    for_vectors<T>(width, [&](int64_t j, auto lanes) {
      put(max + j, larger(get(max + j, lanes), get(x + r * inner + j, lanes)), lanes);
    });
}

template <class T>
void columns_exp_sum(const T* x, int64_t n, int64_t inner, int64_t width, const T* max, T* sum, T* terms) {
  for (int64_t j = 0; j < width; j++) sum[j] = 0;
  for (int64_t r = 0; r < n; r++)
    for_vectors<T>(width, [&](int64_t j, auto lanes) {
      const Vec<T> e = vexp(get(x + r * inner + j, lanes) - get(max + j, lanes));
      if (terms) put(terms + r * inner + j, e, lanes);
      put(sum + j, get(sum + j, lanes) + e, lanes);
    });
}

template <class T>
void softmax_columns(bool log_form, const T* x, T* y, int64_t n, int64_t inner, int64_t width) {
  T max[kTile], sum[kTile];
  columns_max(x, n, inner, width, max);
  columns_exp_sum(x, n, inner, width, max, sum, log_form ? nullptr : y);
  for_vectors<T>(width, [&](int64_t j, auto lanes) {
    const Vec<T> s = get(sum + j, lanes);
    put(sum + j, log_form ? vlog(s) : T(1) / s, lanes);
  });
  for (int64_t r = 0; r < n; r++)
    for_vectors<T>(width, [&](int64_t j, auto lanes) {
      const int64_t k = r * inner + j;
      const Vec<T> s = get(sum + j, lanes);
      put(y + k, log_form ? get(x + k, lanes) - get(max + j, lanes) - s : get(y + k, lanes) * s, lanes);
    });
}

template <class T>
void backward_row(bool log_form, const T* g, const T* y, T* dx, int64_t n) {
  const T sum = sum_of<T>(sum_vectors<T>(n, [&](int64_t i, auto lanes) {
    const Vec<T> v = get(g + i, lanes);
    return log_form ? v : v * get(y + i, lanes);
  }));
  if (log_form) {
    for_vectors<T>(n, [&](int64_t i, auto lanes) {
      put(dx + i, get(g + i, lanes) - vexp(get(y + i, lanes)) * sum, lanes);
    });
  } else {
    for_vectors<T>(n, [&](int64_t i, auto lanes) {
      put(dx + i, get(y + i, lanes) * (get(g + i, lanes) - sum), lanes);
    });
  }
}

template <class T>
void backward_columns(bool log_form, const T* g, const T* y, T* dx, int64_t n, int64_t inner, int64_t width) {
  T sum[kTile];
  for (int64_t j = 0; j < width; j++) sum[j] = 0;
  for (int64_t r = 0; r < n; r++)
    for_vectors<T>(width, [&](int64_t j, auto lanes) {
      const Vec<T> v = get(g + r * inner + j, lanes);
      put(sum + j, get(sum + j, lanes) + (log_form ? v : v * get(y + r * inner + j, lanes)), lanes);
    });
  for (int64_t r = 0; r < n; r++)
    for_vectors<T>(width, [&](int64_t j, auto lanes) {
      const int64_t k = r * inner + j;
      const Vec<T> v = get(g + k, lanes), out = get(y + k, lanes), s = get(sum + j, lanes);
      put(dx + k, log_form ? v - vexp(out) * s : out * (v - s), lanes);
    });
}

// row(offset) for each row where the axis is the last, else columns(offset, width) for each tile of
// columns; both offsets count elements. `slice` and `first` say where a tile's result stands.
template <class Row, class Columns>
void for_slices(int64_t outer, int64_t n, int64_t inner, const Row& row, const Columns& columns) {
  if (outer == 0 || inner == 0) return;
  const int64_t tile = lesser(kTile, inner), tiles = (inner + tile - 1) / tile;
  parallel_ranges(outer * tiles, greater(1, kTaskElements / greater(1, n * tile)), [&](int64_t begin, int64_t end) {
    for (int64_t task = begin; task < end; task++) {
      const int64_t slice = task / tiles, first = task % tiles * tile;
      if (inner == 1) row(slice);
      else columns(slice, first, lesser(tile, inner - first));
    }
  });
}

}  // namespace

void softmax(int32_t log_form, int32_t dtype, const void* x, void* y, int32_t outer, int32_t n, int32_t inner) {
  dispatch_float(dtype, [&](auto zero) {
    using T = decltype(zero);
    const T* in = static_cast<const T*>(x);
    T* out = static_cast<T*>(y);
    const int64_t slice_size = int64_t(n) * inner;
    for_slices(
        outer, n, inner, [&](int64_t slice) { softmax_row(log_form != 0, in + slice * n, out + slice * n, n); },
        [&](int64_t slice, int64_t first, int64_t width) {
          const int64_t at = slice * slice_size + first;
          softmax_columns(log_form != 0, in + at, out + at, n, inner, width);
        });
  });
}

void softmax_backward(int32_t log_form, int32_t dtype, const void* g, const void* y, void* dx, int32_t outer, int32_t n,
                      int32_t inner) {
  dispatch_float(dtype, [&](auto zero) {
    using T = decltype(zero);
    const T *grad = static_cast<const T*>(g), *out = static_cast<const T*>(y);
    T* result = static_cast<T*>(dx);
    const int64_t slice_size = int64_t(n) * inner;
    for_slices(
        outer, n, inner,
        [&](int64_t slice) {
          const int64_t at = slice * n;
          backward_row(log_form != 0, grad + at, out + at, result + at, n);
        },
        [&](int64_t slice, int64_t first, int64_t width) {
          const int64_t at = slice * slice_size + first;
          backward_columns(log_form != 0, grad + at, out + at, result + at, n, inner, width);
        });
  });
}

void logsumexp(int32_t dtype, const void* x, void* y, int32_t outer, int32_t n, int32_t inner) {
  dispatch_float(dtype, [&](auto zero) {
    using T = decltype(zero);
    const T* in = static_cast<const T*>(x);
    T* out = static_cast<T*>(y);
    // An infinite maximum is the result; subtracting it would give NaN.
    const auto finite = [](T max) { return max - max == 0 ? max : T(0); };
    for_slices(
        outer, n, inner,
        [&](int64_t slice) {
          const T max = finite(row_max(in + slice * n, n));
          out[slice] = log_of_scalar(row_exp_sum(in + slice * n, n, max, static_cast<T*>(nullptr))) + max;
        },
        [&](int64_t slice, int64_t first, int64_t width) {
          T max[kTile], sum[kTile];
          const T* p = in + slice * n * inner + first;
          columns_max(p, n, inner, width, max);
          for (int64_t j = 0; j < width; j++) max[j] = finite(max[j]);
          columns_exp_sum(p, n, inner, width, max, sum, static_cast<T*>(nullptr));
          for (int64_t j = 0; j < width; j++) out[slice * inner + first + j] = log_of_scalar(sum[j]) + max[j];
        });
  });
}

}  // namespace myelin::MYELIN_ISA
