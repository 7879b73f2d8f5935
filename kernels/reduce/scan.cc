// Running sums, products, maxima and minima along one axis of a contiguous (outer, n, inner) array.
#include <cmath>

#include "reduce/scan.h"

namespace myelin::MYELIN_ISA {
namespace {

template <class Op, class T, class Out>
int32_t scan_as(const T* x, Out* y, int32_t outer, int32_t n, int32_t inner, bool reverse) {
  using Wide = typename Op::template Wide<typename Op::template In<T>>;
  int32_t overflows = 0;
  const auto write = [&](Out* out, Wide value) {
    if constexpr (std::is_same_v<Out, int32_t>) write_integer(out, value, &overflows);
    else *out = Out(value);
  };
  const int64_t start = reverse ? int64_t(n - 1) * inner : 0, row = reverse ? -int64_t(inner) : inner;
  for_columns(outer, n, inner, [&](int64_t first, int64_t columns) {
    const T* p = x + first + start;
    Out* q = y + first + start;
    if (columns == 1) {
      Wide total = Op::template identity<Wide>();
      for (int64_t i = 0; i < n; i++) {
        total = Op::merge(total, Wide(p[i * row]));
        write(q + i * row, total);
      }
      return;
    }
    Wide total[256];
    for (int64_t j = 0; j < columns; j++) total[j] = Op::template identity<Wide>();
    for (int64_t i = 0; i < n; i++, p += row, q += row) {
      for (int64_t j = 0; j < columns; j++) {
        total[j] = Op::merge(total[j], Wide(p[j]));
        write(q + j, total[j]);
      }
    }
  });
  return overflows;
}

template <class T>
void scan_linear_as(const T* a, const T* b, T* y, int32_t outer, int32_t n, int32_t inner, bool reverse) {
  const int64_t start = reverse ? int64_t(n - 1) * inner : 0, row = reverse ? -int64_t(inner) : inner;
  for_columns(outer, n, inner, [&](int64_t first, int64_t columns) {
    const T* factor = a + first + start;  // of the step that leads to the current row
    const T* term = b + first + start;
    T* out = y + first + start;
    for (int64_t j = 0; j < columns; j++) out[j] = term[j];
    for (int64_t i = 1; i < n; i++) {
      if (!reverse) factor += row;
      term += row;
      out += row;
      for (int64_t j = 0; j < columns; j++) out[j] = term[j] + factor[j] * out[j - row];
      if (reverse) factor += row;
    }
  });
}

// log(e^a + e^b); equal infinities stay as they are.
inline double log_add_exp(double a, double b) {
  if (a == b) return a + 0.69314718055994531;
  const double larger = a > b || a != a ? a : b;
  return larger + std::log1p(std::exp(-std::fabs(a - b)));
}

template <class T>
void scan_logsumexp_as(const T* x, T* y, int32_t outer, int32_t n, int32_t inner) {
  for_columns(outer, n, inner, [&](int64_t first, int64_t columns) {
    for (int64_t j = 0; j < columns; j++) {
      double total = -__builtin_inf();
      for (int64_t i = 0, k = first + j; i < n; i++, k += inner) {
        total = log_add_exp(total, double(x[k]));
        y[k] = T(total);
      }
    }
  });
}

template <class Op, class T>
void scan_extreme_as(const T* x, T* values, int32_t* indices, int32_t outer, int32_t n, int32_t inner) {
  for_columns(outer, n, inner, [&](int64_t first, int64_t columns) {
    for (int64_t j = 0; j < columns; j++) {
      stay_scalar();
      T best = x[first + j];
      int32_t at = 0;
      for (int64_t i = 0, k = first + j; i < n; i++, k += inner) {
        const T v = x[k];
        const bool wins = std::is_same_v<Op, MaxFold> ? v >= best : v <= best;  // neither beats a NaN
        const bool taken = wins || v != v;
        best = taken ? v : best;
        at = taken ? int32_t(i) : at;
        values[k] = best;
        indices[k] = at;
      }
    }
  });
}

// The indices of a line don't decrease, so each element's gradients come one after another.
template <class T>
void scan_extreme_backward_as(const T* g, const int32_t* indices, T* d, int32_t outer, int32_t n, int32_t inner) {
  for_columns(outer, n, inner, [&](int64_t first, int64_t columns) {
    for (int64_t i = 0; i < n; i++)
      for (int64_t j = 0; j < columns; j++) d[first + i * inner + j] = 0;
    if (columns == 1) {
      for (int64_t i = 0, k = first; i < n;) {
        const int32_t at = indices[k];
        double sum = 0;
        for (; i < n && indices[k] == at; i++, k += inner) sum += g[k];
        d[first + int64_t(at) * inner] = T(sum);
      }
      return;
    }
    for (int64_t i = 0; i < n; i++)
      for (int64_t j = 0, k = first + i * inner; j < columns; j++, k++) d[first + j + int64_t(indices[k]) * inner] += g[k];
  });
}

}  // namespace

int32_t scan(int32_t op, int32_t dtype, const void* x, void* y, int32_t outer, int32_t n, int32_t inner,
             int32_t reverse) {
  return dispatch_all(dtype, [&](auto zero) {
    using T = decltype(zero);
    using Out = std::conditional_t<std::is_floating_point_v<T>, T, int32_t>;
    const T* input = static_cast<const T*>(x);
    Out* result = static_cast<Out*>(y);
    return op == kProd ? scan_as<ProdFold>(input, result, outer, n, inner, reverse != 0)
                       : scan_as<SumFold>(input, result, outer, n, inner, reverse != 0);
  });
}

void scan_linear(int32_t dtype, const void* a, const void* b, void* y, int32_t outer, int32_t n, int32_t inner,
                 int32_t reverse) {
  dispatch_float(dtype, [&](auto zero) {
    using T = decltype(zero);
    scan_linear_as(static_cast<const T*>(a), static_cast<const T*>(b), static_cast<T*>(y), outer, n, inner,
                   reverse != 0);
  });
}

void scan_logsumexp(int32_t dtype, const void* x, void* y, int32_t outer, int32_t n, int32_t inner) {
  dispatch_float(dtype, [&](auto zero) {
    using T = decltype(zero);
    scan_logsumexp_as(static_cast<const T*>(x), static_cast<T*>(y), outer, n, inner);
  });
}

void scan_extreme(int32_t op, int32_t dtype, const void* x, void* values, int32_t* indices, int32_t outer, int32_t n,
                  int32_t inner) {
  dispatch_all(dtype, [&](auto zero) {
    using T = decltype(zero);
    const T* input = static_cast<const T*>(x);
    T* best = static_cast<T*>(values);
    if (op == kMin) scan_extreme_as<MinFold>(input, best, indices, outer, n, inner);
    else scan_extreme_as<MaxFold>(input, best, indices, outer, n, inner);
  });
}

void scan_extreme_backward(int32_t dtype, const void* g, const int32_t* indices, void* d, int32_t outer, int32_t n,
                           int32_t inner) {
  dispatch_float(dtype, [&](auto zero) {
    using T = decltype(zero);
    scan_extreme_backward_as(static_cast<const T*>(g), indices, static_cast<T*>(d), outer, n, inner);
  });
}

}  // namespace myelin::MYELIN_ISA
