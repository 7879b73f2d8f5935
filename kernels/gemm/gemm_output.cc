// The rare ways a tile of C is written: partial, transposed, with a beta, with bias and activation.
#include "gemm/gemm_output.h"

#include "gemm/gemm_copy.h"
#include "common/math.h"

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

template <class T>
void gemm_write_tile(const GemmOutput<T>& out, T* tile, int row, int col, int rows, int cols, T beta, bool last) {
  constexpr int kRows = GemmTile<T>::kRows, kCols = GemmTile<T>::kCols, kWidth = kLanes<T>;
  const ptrdiff_t row_step = out.transposed ? 1 : out.stride, col_step = out.transposed ? out.stride : 1;
  T* c = out.c + row * row_step + col * col_step;
  if (beta != 0)
    for (int i = 0; i < rows; i++)
      for (int j = 0; j < cols; j++) tile[i * kCols + j] += beta * c[i * row_step + j * col_step];
  if (last && out.has_finish()) {
    T col_bias[kCols] = {};
    if (out.col_bias) copy_short<T, kWidth>(col_bias, out.col_bias + col, cols);
    gemm_finish<T>(tile, kCols, rows, cols > kWidth ? kCols : kWidth, out.row_bias ? out.row_bias + row : nullptr,
                   out.col_bias ? col_bias : nullptr, out.activation);
  }
  if (out.transposed) {
    T turned[kCols * kRows];
    for (int i = 0; i < rows; i++)
      for (int j = 0; j < cols; j++) turned[j * kRows + i] = tile[i * kCols + j];
    for (int j = 0; j < cols; j++) copy_short<T, kWidth>(c + j * col_step, turned + j * kRows, rows);
  } else {
    for (int i = 0; i < rows; i++) copy_short<T, kWidth>(c + i * row_step, tile + i * kCols, cols);
  }
}
template void gemm_write_tile(const GemmOutput<float>&, float*, int, int, int, int, float, bool);
template void gemm_write_tile(const GemmOutput<double>&, double*, int, int, int, int, double, bool);

}  // namespace myelin::MYELIN_ISA
