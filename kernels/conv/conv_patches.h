// Convolution by patches, for small images and strides: what each position of the output sees is written
// out as a column of a matrix (im2col), row (c, u) for channel c and tap u, and all three kernels are
// matrix products over several images at a time:
//
//   P[c,u][n,i] = x[n, c, i·stride + u·dilation − padding]
//   y = w · P      dx: each element is the sum of its copies in wᵀ · dy      dw = dy · Pᵀ
//
// Vectors then are full, as the columns of all images lie in a row, and a weight is read once for all of them.
#pragma once
#include "conv/conv_geometry.h"
#include "conv/conv_pass.h"
#include "gemm/gemm.h"
#include "gemm/gemm_copy.h"
#include "gemm/gemm_output.h"
#include "common/memory.h"
#include "common/parallel.h"

namespace myelin::MYELIN_ISA::conv {

template <class T>
class Patches {
 public:
  static bool serves(const Geometry& g, Pass pass) {
    if (!fits(g)) return false;
    // Sums as many as these leave the cache where they are not added up tile by tile.
    const double patch = double(g.in_channels) * g.taps();
    return has_few_positions(g.out_volume()) ||
           (pass == Pass::kWeightGradient && patch * g.out_channels * sizeof(T) > kLargeWeight &&
            patch * g.out_volume() * sizeof(T) < kLargeImage);
  }

  Patches(int32_t dtype, const Geometry& g)
      : g(g), dtype(dtype), positions(g.out_volume()), patch(g.in_channels * g.taps()) {
    const int32_t fit = int32_t(kBytes / (double(patch) * positions * sizeof(T)));
    images = fit < 1 ? 1 : fit < g.batch ? fit : g.batch;
  }

  void forward(const T* x, const T* w, const T* bias, T* y, int32_t activation) const {
    const Scratch<T> patches(size_t(patch) * images * positions), result(size_t(g.out_channels) * images * positions);
    each([&](int32_t first, int32_t count) {
      const int32_t columns = count * positions;
      unfold(x, first, count, patches.data());
      T* to = y + ptrdiff_t(first) * g.out_channels * positions;
      product({g.out_channels, columns, patch, patch, 1, columns, 1}, w, patches.data(),
              count == 1 ? to : result.data(), bias, 0, activation);
      if (count > 1)
        lines(count, [&](int32_t image, int32_t channel) {
          copy_run(to + (ptrdiff_t(image) * g.out_channels + channel) * positions,
                   result.data() + ptrdiff_t(channel) * columns + image * positions, positions);
        });
    });
  }

  void input_gradient(const T* dy, const T* w, const T* bias, T* dx, int32_t activation) const {
    const Scratch<T> patches(size_t(patch) * images * positions), given(size_t(g.out_channels) * images * positions);
    each([&](int32_t first, int32_t count) {
      const int32_t columns = count * positions;
      const T* from = together(dy, first, count, given.data());
      product({patch, columns, g.out_channels, 1, patch, columns, 1}, w, from, patches.data(), nullptr, 0, kActNone);
      fold(patches.data(), first, count, bias, dx, activation);
    });
  }

  void weight_gradient(const T* x, const T* dy, T* dw) const {
    const Scratch<T> patches(size_t(patch) * images * positions), given(size_t(g.out_channels) * images * positions);
    each([&](int32_t first, int32_t count) {
      const int32_t columns = count * positions;
      unfold(x, first, count, patches.data());
      const T* from = together(dy, first, count, given.data());
      product({g.out_channels, patch, columns, columns, 1, 1, columns}, from, patches.data(), dw, nullptr, first > 0,
              kActNone);
    });
  }

 private:
  static constexpr double kBytes = 2 << 20;        // of patches at a time, if one image has no more
  static constexpr double kLargeWeight = 2 << 20;  // bytes
  static constexpr double kLargeImage = 8 << 20;   // bytes of patches

  const Geometry& g;
  int32_t dtype, positions, patch;
  int32_t images;  // at a time

  static bool fits(const Geometry& g) {
    return g.groups == 1 && g.batch > 0 && g.in_channels > 0 && g.in_volume() > 0 && g.out_volume() > 0;
  }

  struct Product {
    int32_t m, n, k, a_row, a_k, b_k, b_col;
  };

  void product(const Product& p, const T* a, const T* b, T* c, const T* bias, double beta, int32_t activation) const {
    const int32_t meta[] = {p.m, p.n, p.k, p.a_row, p.a_k, p.b_k, p.b_col, p.n, 0};
    gemm(dtype, meta, a, b, c, bias, nullptr, 1, beta, activation);
  }

  template <class F>
  void each(const F& f) const {
    for (int32_t first = 0; first < g.batch; first += images) f(first, g.batch - first < images ? g.batch - first : images);
  }

  // Calls f(image, output channel), from several threads.
  template <class F>
  void lines(int32_t count, const F& f) const {
    parallel_ranges(int64_t(count) * g.out_channels, 65536 / positions + 1, [&](int64_t begin, int64_t end) {
      for (int64_t line = begin; line < end; line++) f(int32_t(line / g.out_channels), int32_t(line % g.out_channels));
    });
  }

  // Output channels by the positions of some images.
  const T* together(const T* dy, int32_t first, int32_t count, T* to) const {
    dy += ptrdiff_t(first) * g.out_channels * positions;
    if (count == 1) return dy;
    lines(count, [&](int32_t image, int32_t channel) {
      copy_run(to + (ptrdiff_t(channel) * count + image) * positions,
               dy + (ptrdiff_t(image) * g.out_channels + channel) * positions, positions);
    });
    return to;
  }

  // Positions along an axis whose tap meets an element, and where that of position 0 would be.
  struct Reach {
    int32_t begin, end, shift;
  };
  Reach reach(int axis, int32_t tap) const {
    const int32_t shift = tap * g.dilation[axis] - g.padding[axis], step = g.stride[axis];
    const int32_t begin = shift >= 0 ? 0 : ceil_div(-shift, step);
    const int32_t end = shift >= g.in[axis] ? 0 : (g.in[axis] - 1 - shift) / step + 1;
    return {begin, end < g.out[axis] ? end : g.out[axis], shift};
  }

  // Calls f(element of a plane of x, position, how many) for each row of positions that tap u meets.
  template <class F>
  void runs(int32_t u, const F& f) const {
    const Reach depth = reach(0, u / g.kernel[2] / g.kernel[1]), row = reach(1, u / g.kernel[2] % g.kernel[1]);
    const Reach col = reach(2, u % g.kernel[2]);
    if (col.begin >= col.end) return;
    for (int32_t z = depth.begin; z < depth.end; z++)
      for (int32_t i = row.begin; i < row.end; i++)
        f(((z * g.stride[0] + depth.shift) * g.in[1] + i * g.stride[1] + row.shift) * g.in[2] + col.begin * g.stride[2] +
              col.shift,
          (z * g.out[1] + i) * g.out[2] + col.begin, col.end - col.begin);
  }

  void unfold(const T* x, int32_t first, int32_t count, T* patches) const {
    const int32_t columns = count * positions, taps = g.taps(), step = g.stride[2];
    parallel_ranges(patch, 16384 / columns + 1, [&](int64_t begin, int64_t end) {
      for (int64_t k = begin; k < end; k++) {
        T* to = patches + k * columns;
        for (int32_t i = 0; i < columns; i++) to[i] = 0;
        const T* from = x + (ptrdiff_t(first) * g.in_channels + k / taps) * g.in_volume();
        runs(int32_t(k % taps), [&](int32_t element, int32_t position, int32_t length) {
          const T* run = from + element;
          for (T* at = to + position; at < to + columns; at += positions, run += ptrdiff_t(g.in_channels) * g.in_volume())
            if (step == 1)
              copy_run(at, run, length);
            else
              for (int32_t j = 0; j < length; j++) at[j] = run[j * step];
        });
      }
    });
  }

  void fold(const T* patches, int32_t first, int32_t count, const T* bias, T* dx, int32_t activation) const {
    const int32_t columns = count * positions, taps = g.taps(), step = g.stride[2], volume = g.in_volume();
    dx += ptrdiff_t(first) * g.in_channels * volume;
    parallel_ranges(int64_t(count) * g.in_channels, 16384 / (taps * positions) + 1, [&](int64_t begin, int64_t end) {
      for (int64_t plane = begin; plane < end; plane++) {
        const int32_t image = int32_t(plane / g.in_channels), channel = int32_t(plane % g.in_channels);
        T* to = dx + plane * volume;
        for (int32_t i = 0; i < volume; i++) to[i] = bias ? bias[channel] : T(0);
        for (int32_t u = 0; u < taps; u++) {
          const T* from = patches + (ptrdiff_t(channel) * taps + u) * columns + image * positions;
          runs(u, [&](int32_t element, int32_t position, int32_t length) {
            for (int32_t j = 0; j < length; j++) to[element + j * step] += from[position + j];
          });
        }
        if (activation == kActRelu)
          for (int32_t i = 0; i < volume; i++) to[i] = to[i] < 0 ? 0 : to[i];
      }
    });
  }
};

}  // namespace myelin::MYELIN_ISA::conv
