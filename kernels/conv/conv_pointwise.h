// Pointwise convolution: a kernel of one element without padding, in one group. Every position is then a
// column of a matrix, and all three kernels are matrix products over the images as they lie in memory:
//
//   y[n] = w · x[n]      dx[n] = wᵀ · dy[n]      dw = Σ_n dy[n] · x[n]ᵀ
//
// With a stride, the elements of x that the kernel meets are brought together first.
#pragma once
#include "conv/conv_geometry.h"
#include "conv/conv_pass.h"
#include "gemm/gemm.h"
#include "gemm/gemm_matrix.h"
#include "common/memory.h"
#include "common/parallel.h"

namespace myelin::MYELIN_ISA::conv {

// Channels (rows) by the positions of all images (columns, from image to image), as an operand of the driver.
template <class T>
struct ImageRows {
  const T* p;
  int32_t channels, positions;
  bool copy;  // else rows that lie in one image are read in place

  // Calls f(from, at, length) for what [k, k + depth) has of each image.
  template <class F>
  void runs(int k, int depth, const F& f) const {
    for (int at = 0; at < depth;) {
      const int image = (k + at) / positions, first = (k + at) % positions;
      const int length = positions - first < depth - at ? positions - first : depth - at;
      f(p + ptrdiff_t(image) * channels * positions + first, at, length);
      at += length;
    }
  }

  TileRows<T> operator()(T* buffer, int row, int rows, int k, int depth) const {
    if (!copy && k % positions + depth <= positions)
      return {p + (ptrdiff_t(k / positions) * channels + row) * positions + k % positions, positions, 1};
    runs(k, depth, [&](const T* from, int at, int length) {
      for (int i = 0; i < rows; i++)
        copy_run(buffer + i * kGemmRowStride + at, from + ptrdiff_t(row + i) * positions, length);
    });
    return {buffer, kGemmRowStride, 1};
  }
};

// The transpose: positions are rows, channels columns.
template <class T>
struct ImageCols : ImageRows<T> {
  PanelCols<T> operator()(T* buffer, int col, int cols, int k, int depth) const {
    constexpr int kCols = GemmTile<T>::kCols;
    this->runs(k, depth, [&](const T* from, int at, int length) {
      transpose_panel<T>(buffer + at * kCols, kCols, from + ptrdiff_t(col) * this->positions, this->positions, cols, length);
    });
    return {buffer, kCols};
  }
};

template <class T>
class Pointwise {
 public:
  // Images smaller than a vector do better all at once (conv_patches.h).
  static bool serves(const Geometry& g, Pass) {
    if (g.batch > 1 && g.out_volume() < kLanes<T>) return false;
    for (int a = 0; a < 3; a++)
      if (g.kernel[a] != 1 || g.padding[a] != 0 || (g.out[a] - 1) * g.stride[a] >= g.in[a]) return false;
    return g.groups == 1 && g.batch > 0 && g.out_volume() > 0;
  }

  Pointwise(int32_t dtype, const Geometry& g)
      : g(g), dtype(dtype), positions(g.out_volume()), dense(positions == g.in_volume()) {}

  void forward(const T* x, const T* w, const T* bias, T* y, int32_t activation) const {
    const Scratch<T> met(gathered_size());
    product(g.out_channels, g.in_channels, w, g.in_channels, 1, gather(x, met.data()), bias, y, activation);
  }

  void input_gradient(const T* dy, const T* w, const T* bias, T* dx, int32_t activation) const {
    const Scratch<T> met(gathered_size());
    product(g.in_channels, g.out_channels, w, 1, g.in_channels, dy, bias, dense ? dx : met.data(), activation);
    if (!dense) spread(met.data(), bias, dx, activation);
  }

  void weight_gradient(const T* x, const T* dy, T* dw) const {
    const Scratch<T> met(gathered_size());
    const T* met_x = gather(x, met.data());
    // The columns are transposed, which few rows do not pay for: then the side with fewer channels is.
    const bool swapped = g.out_channels <= 2 * GemmTile<T>::kCols && g.in_channels > 2 * g.out_channels;
    const int32_t m = swapped ? g.in_channels : g.out_channels, n = swapped ? g.out_channels : g.in_channels;
    const ImageRows<T> left{swapped ? met_x : dy, m, positions, n >= 8 * GemmTile<T>::kCols};
    const ImageCols<T> right{{swapped ? dy : met_x, n, positions, true}};
    GemmOutput<T> out{dw, g.in_channels};
    out.transposed = swapped;
    gemm_parallel<T>(m, n, g.batch * positions, left, right, out);
  }

 private:
  const Geometry& g;
  int32_t dtype, positions;
  bool dense;  // the kernel meets every element of x

  size_t gathered_size() const { return dense ? 1 : size_t(g.batch) * g.in_channels * positions; }

  // y[n] = w (rows × depth) · x[n] + bias
  void product(int32_t rows, int32_t depth, const T* w, int32_t row_stride, int32_t depth_stride, const T* x,
               const T* bias, T* y, int32_t activation) const {
    const int32_t meta[] = {rows,      positions, depth, row_stride, depth_stride, positions,
                            1,         positions, 1,     g.batch,    0,            depth * positions,
                            rows * positions};
    gemm(dtype, meta, w, x, y, bias, nullptr, 1, 0, activation);
  }

  // Calls f(element of x, position, step) for every row of positions of a plane.
  template <class F>
  void rows(const F& f) const {
    for (int32_t z = 0, position = 0; z < g.out[0]; z++)
      for (int32_t i = 0; i < g.out[1]; i++, position += g.out[2])
        f((ptrdiff_t(z) * g.stride[0] * g.in[1] + ptrdiff_t(i) * g.stride[1]) * g.in[2], position);
  }

  template <class F>
  void planes(const F& f) const {
    parallel_ranges(int64_t(g.batch) * g.in_channels, 65536 / (g.in_volume() + 1) + 1, [&](int64_t begin, int64_t end) {
      for (int64_t plane = begin; plane < end; plane++) f(plane);
    });
  }

  const T* gather(const T* x, T* met) const {
    if (dense) return x;
    planes([&](int64_t plane) {
      const T* from = x + plane * g.in_volume();
      T* to = met + plane * positions;
      rows([&](ptrdiff_t element, int32_t position) {
        for (int32_t j = 0; j < g.out[2]; j++) to[position + j] = from[element + ptrdiff_t(j) * g.stride[2]];
      });
    });
    return met;
  }

  // Elements of dx that no position meets are what the bias leaves of zero.
  void spread(const T* met, const T* bias, T* dx, int32_t activation) const {
    planes([&](int64_t plane) {
      T rest = bias ? bias[plane % g.in_channels] : T(0);
      if (activation == kActRelu && rest < 0) rest = 0;
      const T* from = met + plane * positions;
      T* to = dx + plane * g.in_volume();
      for (int32_t i = 0; i < g.in_volume(); i++) to[i] = rest;
      rows([&](ptrdiff_t element, int32_t position) {
        for (int32_t j = 0; j < g.out[2]; j++) to[element + ptrdiff_t(j) * g.stride[2]] = from[position + j];
      });
    });
  }
};

}  // namespace myelin::MYELIN_ISA::conv
