#include "softmax/softmax.h"

#include "softmax/softmax_rows.h"

namespace myelin::MYELIN_ISA {
namespace {

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
      put(dx + i, get(g + i, lanes) - vexp_negative(get(y + i, lanes)) * sum, lanes);
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
      put(dx + k, log_form ? v - vexp_negative(out) * s : out * (v - s), lanes);
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
    // log Σ e^x of elements `stride` apart whose maximum is infinite: that, or NaN if there is one.
    const auto at_infinity = [](const T* p, int64_t count, int64_t stride, T max) {
      for (int64_t i = 0; i < count; i++)
        if (p[i * stride] != p[i * stride]) return p[i * stride];
      return max;
    };
    for_slices(
        outer, n, inner,
        [&](int64_t slice) {
          const T* p = in + slice * n;
          const T max = row_max(p, n);
          out[slice] = max - max == 0 ? log_of_scalar(row_exp_sum(p, n, max, static_cast<T*>(nullptr))) + max
                                      : at_infinity(p, n, 1, max);
        },
        [&](int64_t slice, int64_t first, int64_t width) {
          T max[kTile], sum[kTile];
          const T* p = in + slice * n * inner + first;
          columns_max(p, n, inner, width, max);
          columns_exp_sum(p, n, inner, width, max, sum, static_cast<T*>(nullptr));
          for (int64_t j = 0; j < width; j++)
            out[slice * inner + first + j] =
                max[j] - max[j] == 0 ? log_of_scalar(sum[j]) + max[j] : at_infinity(p + j, n, inner, max[j]);
        });
  });
}

}  // namespace myelin::MYELIN_ISA
