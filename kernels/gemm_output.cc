// The rare ways a tile of C is written: partial, transposed, with a beta, with bias and activation.
#include "gemm_output.h"

#include "gemm_copy.h"
#include "math.h"

namespace myelin::MYELIN_ISA {
namespace {

struct Identity {
  template <class V>
  V operator()(V x) const {
    return x;
  }
};

struct Relu {
  template <class V>
  V operator()(V x) const {
    return x < 0 ? V{} : x;  // NaN stays NaN
  }
};

struct Tanh {
  template <class V>
  V operator()(V x) const {
    return vtanh(x);
  }
};

struct Sigmoid {
  template <class V>
  V operator()(V x) const {
    return vsigmoid(x);
  }
};

struct Gelu {
  template <class V>
  V operator()(V x) const {
    using T = Element<V>;
    return x * T(0.5) * (verf(V(x * T(0.70710678118654752440))) + T(1));
  }
};

// c ← f(c + row_bias[i] + col_bias[j])
template <class T, class F>
void finish(T* c, ptrdiff_t stride, int rows, int cols, const T* row_bias, const T* col_bias, const F& f) {
  constexpr int kWidth = kLanes<T>;
  for (int i = 0; i < rows; i++, c += stride) {
    const Vec<T> bias = splat<T>(row_bias ? row_bias[i] : T(0));
    int j = 0;
    for (; j + kWidth <= cols; j += kWidth) {
      Vec<T> x = load(c + j) + bias;
      if (col_bias) x += load(col_bias + j);
      store(c + j, Vec<T>(f(x)));
    }
    if (j < cols) {
      Vec<T> x = load_partial(c + j, cols - j) + bias;
      if (col_bias) x += load_partial(col_bias + j, cols - j);
      store_partial(c + j, Vec<T>(f(x)), cols - j);
    }
  }
}

}  // namespace

template <class T>
void gemm_add_tile(T* c, ptrdiff_t stride, bool transposed, int rows, int cols, T beta, const T* tile) {
  constexpr int kRows = GemmTile<T>::kRows, kCols = GemmTile<T>::kCols, kWidth = kLanes<T>;
  T turned[kCols * kRows];
  int step = kCols;
  if (transposed) {
    for (int i = 0; i < rows; i++)
      for (int j = 0; j < cols; j++) turned[j * kRows + i] = tile[i * kCols + j];
    const int height = rows;
    rows = cols, cols = height, step = kRows, tile = turned;
  }
  for (int i = 0; i < rows; i++, c += stride, tile += step) {
    if (beta == 0) {
      copy_short<T, kWidth>(c, tile, cols);
    } else {
      T sum[kCols];
      copy_short<T, kWidth>(sum, c, cols);
      for (int j = 0; j < cols; j++) sum[j] = tile[j] + beta * sum[j];
      copy_short<T, kWidth>(c, sum, cols);
    }
  }
}
template void gemm_add_tile(float*, ptrdiff_t, bool, int, int, float, const float*);
template void gemm_add_tile(double*, ptrdiff_t, bool, int, int, double, const double*);

template <class T>
void gemm_finish(T* c, ptrdiff_t stride, int rows, int cols, const T* row_bias, const T* col_bias, int32_t activation) {
  switch (activation) {
    case kActNone: return finish(c, stride, rows, cols, row_bias, col_bias, Identity());
    case kActRelu: return finish(c, stride, rows, cols, row_bias, col_bias, Relu());
    case kActTanh: return finish(c, stride, rows, cols, row_bias, col_bias, Tanh());
    case kActSigmoid: return finish(c, stride, rows, cols, row_bias, col_bias, Sigmoid());
    case kActGelu: return finish(c, stride, rows, cols, row_bias, col_bias, Gelu());
  }
}
template void gemm_finish(float*, ptrdiff_t, int, int, const float*, const float*, int32_t);
template void gemm_finish(double*, ptrdiff_t, int, int, const double*, const double*, int32_t);

}  // namespace myelin::MYELIN_ISA
