// Depthwise convolution, one kernel for each channel, for 3 × 3 taps and stride 1 or 2. A plane is staged
// with its padding; a tile is some rows of a vector of targets, whose sources are loaded once.
//
// The input gradient is the same computation with stride 1 and the kernel flipped, over the gradient with
// zeros where the stride left positions out.
#pragma once
#include "conv/conv_pass.h"
#include "conv/conv_stage.h"
#include "gemm/gemm_copy.h"
#include "common/memory.h"
#include "common/parallel.h"

namespace myelin::MYELIN_ISA::conv {

// A plane in memory and what is staged of it: rows × pitch elements, of which (r, q) is element (r − top, q − left) of
// the plane, zero outside. With spread 2 the plane's elements are two apart in both directions, with zeros between.
// With split 2 the even elements of a row come first, from `half` on the odd ones.
struct Border {
  int32_t height, width, top, left, rows, pitch, split, half, spread;
};

// The planes that a task stages, one after the other: what is zero is so for all of them.
template <class T>
class Staged : Border {
 public:
  explicit Staged(const Border& border)
      : Border(border), elements(size_t(rows) * pitch + 2 * kLanes<T>), line(size_t(pitch) + 2 * kLanes<T>),
        begin(left < 0 ? ceil_div(-left, spread) : 0) {
    const int32_t room = pitch - left, fit = room > 0 ? ceil_div(room, spread) : 0;
    count = (fit < width ? fit : width) - begin;
    zero_row(elements.data(), rows * pitch + kLanes<T>);
    zero_row(line.data(), pitch + kLanes<T>);
  }

  const T* operator()(const T* plane) const {
    for (int32_t r = top < 0 ? 0 : top; r < rows; r++) {
      const int32_t y = (r - top) / spread;
      if (y >= height) break;
      if ((r - top) % spread || count <= 0) continue;
      T *to = elements.data() + ptrdiff_t(r) * pitch, *row = (split == 1 ? to : line.data()) + left + begin * spread;
      const T* from = plane + ptrdiff_t(y) * width + begin;
      if (spread == 1) copy_row(row, from, count);
      else
        for (int32_t j = 0; j < count; j++) row[j * spread] = from[j];
      if (split == 1) continue;
      copy_even(to, line.data(), half, pitch);
      copy_even(to + half, line.data() + 1, half, pitch);
    }
    return elements.data();
  }

 private:
  Scratch<T> elements, line;
  int32_t begin, count;  // elements of a row that have a place
};

// A mask with the first n lanes set.
template <class V>
inline MaskOf<V> first_lanes(int n) {
  MaskOf<V> mask{};
  for (int i = 0; i < kLanesOf<V>; i++) mask[i] = i < n ? -1 : 0;
  return mask;
}

template <class T>
class Depthwise {
 public:
  static bool serves(const Geometry& g, Pass) {
    for (int a = 1; a < 3; a++)
      if (g.kernel[a] != kTaps || g.stride[a] != g.stride[1] || g.stride[a] > 2 || g.dilation[a] != 1) return false;
    return g.groups > 1 && g.in_channels == g.groups && g.out_channels == g.groups && g.kernel[0] == 1 && g.in[0] == 1 &&
           g.out[0] == 1 && g.batch > 0 && g.in_volume() > 0 && g.out_volume() > 0;
  }

  Depthwise(int32_t, const Geometry& g) : g(g) {}

  void forward(const T* x, const T* w, const T* bias, T* y, int32_t activation) const {
    const bool relu = activation == 1;
    if (g.stride[1] == 1) planes<1>(input(), x, w, false, bias, y, g.out[1], g.out[2], relu);
    else planes<2>(input(), x, w, false, bias, y, g.out[1], g.out[2], relu);
  }

  void input_gradient(const T* dy, const T* w, const T* bias, T* dx, int32_t activation) const {
    planes<1>(gradient(), dy, w, true, bias, dx, g.in[1], g.in[2], activation == 1);
  }

  void weight_gradient(const T* x, const T* dy, T* dw) const {
    if (g.stride[1] == 1) weights<1>(x, dy, dw);
    else weights<2>(x, dy, dw);
  }

 private:
  static constexpr int kTaps = 3;
  static constexpr int kRows = 4;  // of the target at once

  const Geometry& g;

  // What is staged of x. Its rows are as long as whole vectors of targets read.
  Border input() const {
    const int32_t stride = g.stride[1], half = round_up(g.out[2], kLanes<T>) + kTaps;
    return {g.in[1], g.in[2], g.padding[1], g.padding[2], (g.out[1] - 1) * stride + kTaps, half * stride, stride, half, 1};
  }

  // What is staged of dy.
  Border gradient() const {
    const int32_t last = kTaps - 1, pitch = round_up(g.in[2], kLanes<T>) + kTaps;
    return {g.out[1], g.out[2], last - g.padding[1], last - g.padding[2], g.in[1] + last, pitch, 1, 0, g.stride[1]};
  }

  // target[i][j] = act(bias + Σ w[u,v] · staged(i·stride + u, j·stride + v))
  template <int kStride>
  void planes(const Border& border, const T* source, const T* weight, bool turned, const T* bias, T* target,
              int32_t height, int32_t width, bool relu) const {
    const int64_t work = int64_t(height) * width * kTaps * kTaps;
    parallel_ranges(int64_t(g.batch) * g.groups, int64_t(kTaskWork) / work + 1, [&](int64_t begin, int64_t end) {
      const Staged<T> stage(border);
      for (int64_t plane = begin; plane < end; plane++) {
        const int32_t channel = int32_t(plane % g.groups);
        const T* staged = stage(source + plane * border.height * border.width);
        T w[kTaps * kTaps];
        for (int t = 0; t < kTaps * kTaps; t++)
          w[t] = weight[channel * kTaps * kTaps + (turned ? kTaps * kTaps - 1 - t : t)];
        const Vec<T> add = splat<T>(bias ? bias[channel] : T(0));
        T* to = target + plane * height * width;
        int32_t i = 0;
        for (; i + kRows <= height; i += kRows) rows<kStride, kRows>(border, staged, w, add, relu, i, to, width);
        for (; i < height; i++) rows<kStride, 1>(border, staged, w, add, relu, i, to, width);
      }
    });
  }

  // dw[c][u,v] = Σ over images and positions of dy[n,c][i,j] · staged(i·stride + u, j·stride + v)
  template <int kStride>
  void weights(const T* x, const T* dy, T* dw) const {
    const Border border = input();
    const int32_t height = g.out[1], width = g.out[2];
    const int64_t work = int64_t(g.batch) * height * width * kTaps * kTaps;
    parallel_ranges(g.groups, int64_t(kTaskWork) / work + 1, [&](int64_t begin, int64_t end) {
      const Staged<T> stage(border);
      for (int64_t channel = begin; channel < end; channel++) {
        Vec<T> sums[kTaps * kTaps] = {};
        for (int32_t image = 0; image < g.batch; image++) {
          const int64_t plane = int64_t(image) * g.groups + channel;
          const T* staged = stage(x + plane * border.height * border.width);
          add_products<kStride>(border, staged, dy + plane * height * width, height, width, sums);
        }
        for (int t = 0; t < kTaps * kTaps; t++) dw[channel * kTaps * kTaps + t] = sum_lanes<T, kLanes<T>>(sums[t]);
      }
    });
  }

  // Rows [i, i + count) of the target.
  template <int kStride, int count>
  static void rows(const Border& border, const T* staged, const T* w, Vec<T> add, bool relu, int32_t i, T* to,
                   int32_t width) {
    const T* from = staged + ptrdiff_t(i) * kStride * border.pitch;
    for (int32_t j = 0; j < width; j += kLanes<T>) {
      // The last vector overlaps the one before it, or is cut where it is the first.
      const int32_t at = j + kLanes<T> <= width || width < kLanes<T> ? j : width - kLanes<T>;
      Vec<T> sum[count];
      for (int r = 0; r < count; r++) sum[r] = add;
#pragma GCC unroll 16
      for (int r = 0; r < (count - 1) * kStride + kTaps; r++)
#pragma GCC unroll 3
        for (int v = 0; v < kTaps; v++) {
          const Vec<T> x = load(from + r * border.pitch + v % kStride * border.half + v / kStride + at);
#pragma GCC unroll 4
          for (int k = 0; k < count; k++)
            if (r - k * kStride >= 0 && r - k * kStride < kTaps) sum[k] += x * w[(r - k * kStride) * kTaps + v];
        }
      for (int r = 0; r < count; r++) {
        const Vec<T> y = relu ? (sum[r] <= 0 ? Vec<T>{} : sum[r]) : sum[r];
        T* place = to + ptrdiff_t(i + r) * width + at;
        if (width >= kLanes<T>) {
          store(place, y);
        } else {
          T lanes[kLanes<T>];
          store(lanes, y);
          copy_short<T, kLanes<T>>(place, lanes, width);
        }
      }
    }
  }

  template <int kStride>
  static void add_products(const Border& border, const T* staged, const T* dy, int32_t height, int32_t width, Vec<T>* sums) {
    Vec<T> sum[kTaps * kTaps];
    for (int t = 0; t < kTaps * kTaps; t++) sum[t] = sums[t];
    const T* end = dy + ptrdiff_t(height) * width;
    const MaskOf<Vec<T>> rest = first_lanes<Vec<T>>(width % kLanes<T>);
    for (int32_t i = 0; i < height; i++, staged += kStride * border.pitch, dy += width)
      for (int32_t j = 0; j < width; j += kLanes<T>) {
        Vec<T> given;
        if (j + kLanes<T> <= width) given = load(dy + j);
        else if (end - dy - j >= kLanes<T>) given = select(rest, load(dy + j), Vec<T>{});
        else given = load_partial<T>(dy + j, width - j);
#pragma GCC unroll 3
        for (int u = 0; u < kTaps; u++)
#pragma GCC unroll 3
          for (int v = 0; v < kTaps; v++)
            sum[u * kTaps + v] += given * load(staged + u * border.pitch + v % kStride * border.half + v / kStride + j);
      }
    for (int t = 0; t < kTaps * kTaps; t++) sums[t] = sum[t];
  }
};

}  // namespace myelin::MYELIN_ISA::conv
