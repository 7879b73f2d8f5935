// Resizing, axis by axis: the weights of an axis are worked out once and used by all planes.
#include "resample/resample.h"

#include <cmath>

#include "common/memory.h"
#include "common/parallel.h"
#include "common/simd.h"

namespace myelin::MYELIN_ISA {
namespace {

constexpr int kMostTaps = 4;

// Output i of an axis is Σ over t of weight[i·taps + t] · input[place[i·taps + t]].
template <class T>
struct Taps {
  int32_t in, out, taps;
  int32_t* place;
  T* weight;

  bool identity() const {
    if (in != out || taps != 1) return false;
    for (int32_t i = 0; i < out; i++)
      if (place[i] != i) return false;
    return true;
  }
};

inline int32_t within(int64_t i, int32_t n) { return int32_t(i < 0 ? 0 : i >= n ? n - 1 : i); }

// Keys' cubic convolution with a = -3/4, at distance |x| from a sample.
inline double cubic_weight(double x) {
  constexpr double a = -0.75;
  x = std::fabs(x);
  return x <= 1 ? ((a + 2) * x - (a + 3)) * x * x + 1 : ((a * x - 5 * a) * x + 8 * a) * x - 4 * a;
}

// Steps in float32 in any dtype, as PyTorch's: on which side of a border a place falls depends on it.
template <class T>
void make_nearest(Taps<T>& axis, double scale, bool exact) {
  const int32_t in = axis.in, out = axis.out;
  const float ratio = scale > 0 ? float(scale) : float(in) / float(out);
  axis.taps = 1;
  for (int32_t i = 0; i < out; i++) {
    axis.place[i] = within(int64_t(std::floor(exact ? (float(i) + 0.5f) * ratio : float(i) * ratio)), in);
    axis.weight[i] = 1;
  }
}

template <class T>
void make_taps(Taps<T>& axis, double scale, int32_t mode, bool align_corners) {
  const int32_t in = axis.in, out = axis.out;
  const bool same = mode >= kLinear && in == out && (mode == kLinear || scale <= 0 || scale == 1);
  if (mode <= kNearestExact || same) {
    make_nearest(axis, same ? 1 : scale, mode == kNearestExact);
    return;
  }
  const T ratio = align_corners ? (out > 1 ? T(in - 1) / T(out - 1) : T(0)) : scale > 0 ? T(scale) : T(in) / T(out);
  axis.taps = mode == kLinear ? 2 : 4;
  for (int32_t i = 0; i < out; i++) {
    int32_t* place = axis.place + i * axis.taps;
    T* weight = axis.weight + i * axis.taps;
    T at = align_corners ? T(i) * ratio : ratio * (T(i) + T(0.5)) - T(0.5);
    if (mode == kLinear && at < 0) at = 0;
    const T whole = std::floor(at), part = at - whole;
    const int64_t first = int64_t(whole);
    if (mode == kLinear) {
      place[0] = within(first, in);
      place[1] = within(first + 1, in);
      weight[0] = 1 - part;
      weight[1] = part;
    } else {
      for (int t = 0; t < 4; t++) {
        place[t] = within(first - 1 + t, in);
        weight[t] = T(cubic_weight(double(part) - (t - 1)));
      }
    }
  }
}

// y (outer, out, inner) from x (outer, in, inner).
template <class T>
void resize_axis(const Taps<T>& axis, const T* x, T* y, int64_t outer, int64_t inner) {
  const int32_t taps = axis.taps;
  for (int64_t o = 0; o < outer; o++, x += axis.in * inner, y += axis.out * inner) {
    if (inner == 1) {
      if (taps == 1)
        for (int32_t i = 0; i < axis.out; i++) y[i] = x[axis.place[i]];
      else if (taps == 2)
        for (int32_t i = 0; i < axis.out; i++)
          y[i] = axis.weight[2 * i] * x[axis.place[2 * i]] + axis.weight[2 * i + 1] * x[axis.place[2 * i + 1]];
      else
        for (int32_t i = 0; i < axis.out; i++) {
          T sum = 0;
          for (int t = 0; t < taps; t++) sum += axis.weight[i * taps + t] * x[axis.place[i * taps + t]];
          y[i] = sum;
        }
      continue;
    }
    for (int32_t i = 0; i < axis.out; i++) {
      T* to = y + i * inner;
      const T* row[kMostTaps];
      for (int t = 0; t < taps; t++) row[t] = x + axis.place[i * taps + t] * inner;
      const T* w = axis.weight + i * taps;
      if (taps == 1)
        __builtin_memcpy(to, row[0], inner * sizeof(T));
      else if (taps == 2)
        for (int64_t j = 0; j < inner; j++) to[j] = w[0] * row[0][j] + w[1] * row[1][j];
      else
        for (int64_t j = 0; j < inner; j++) to[j] = w[0] * row[0][j] + w[1] * row[1][j] + w[2] * row[2][j] + w[3] * row[3][j];
    }
  }
}

// dx (outer, in, inner) from dy (outer, out, inner).
template <class T>
void resize_axis_backward(const Taps<T>& axis, const T* dy, T* dx, int64_t outer, int64_t inner) {
  const int32_t taps = axis.taps;
  __builtin_memset(dx, 0, outer * axis.in * inner * sizeof(T));
  for (int64_t o = 0; o < outer; o++, dx += axis.in * inner, dy += axis.out * inner) {
    if (inner == 1 && taps == 1) {
      // Places do not decrease: each input element gets the sum of a run.
      for (int32_t i = 0; i < axis.out;) {
        const int32_t place = axis.place[i];
        T sum = dy[i++];
        while (i < axis.out && axis.place[i] == place) sum += dy[i++];
        dx[place] = sum;
      }
      continue;
    }
    for (int32_t i = 0; i < axis.out; i++)
      for (int t = 0; t < taps; t++) {
        const T w = axis.weight[i * taps + t];
        T* to = dx + axis.place[i * taps + t] * inner;
        const T* from = dy + i * inner;
        for (int64_t j = 0; j < inner; j++) to[j] += w * from[j];
      }
  }
}

// The axes of a resize with their weights.
template <class T>
class Resize {
 public:
  Resize(const int32_t* sizes, const double* scales, int32_t mode, bool align_corners)
      : places_(tap_count(sizes)), weights_(tap_count(sizes)) {
    int64_t at = 0;
    for (int a = 0; a < 3; a++) {
      axes_[a] = {sizes[a], sizes[3 + a], 1, places_.data() + at, weights_.data() + at};
      make_taps(axes_[a], scales[a], mode, align_corners);
      at += int64_t(kMostTaps) * sizes[3 + a];
      room_ *= sizes[a] > sizes[3 + a] ? sizes[a] : sizes[3 + a];
      in_ *= sizes[a];
      out_ *= sizes[3 + a];
    }
  }

  int64_t in() const { return in_; }
  int64_t out() const { return out_; }
  // What two results between axes take.
  int64_t room() const { return 2 * room_; }

  // One plane, forward W first and D last, backward in reverse: either way the axes before the one at
  // work have their input sizes, those after it their output sizes.
  template <bool kBackward>
  void run(const T* from, T* to, T* memory) const {
    int left = 0;
    for (const Taps<T>& axis : axes_) left += !axis.identity();
    if (left == 0) __builtin_memcpy(to, from, in_ * sizeof(T));
    for (int step = 0; step < 3; step++) {
      const int a = kBackward ? step : 2 - step;
      const Taps<T>& axis = axes_[a];
      if (axis.identity()) continue;
      int64_t outer = 1, inner = 1;
      for (int b = 0; b < a; b++) outer *= axes_[b].in;
      for (int b = a + 1; b < 3; b++) inner *= axes_[b].out;
      T* target = --left == 0 ? to : memory + (left & 1) * room_;
      if constexpr (kBackward) resize_axis_backward(axis, from, target, outer, inner);
      else resize_axis(axis, from, target, outer, inner);
      from = target;
    }
  }

 private:
  Scratch<int32_t> places_;
  Scratch<T> weights_;
  Taps<T> axes_[3];
  int64_t room_ = 1, in_ = 1, out_ = 1;

  static size_t tap_count(const int32_t* sizes) { return size_t(kMostTaps) * (sizes[3] + sizes[4] + sizes[5]); }
};

template <bool kBackward, class T>
void resize_planes(const void* x, void* y, int32_t planes, const int32_t* sizes, const double* scales, int32_t mode,
                   int32_t align_corners) {
  const Resize<T> resize(sizes, scales, mode, align_corners);
  const int64_t from = kBackward ? resize.out() : resize.in(), to = kBackward ? resize.in() : resize.out();
  const int64_t work = resize.in() + resize.out();
  parallel_ranges(planes, work > 16384 ? 1 : 16384 / (work + 1) + 1, [&](int64_t begin, int64_t end) {
    Scratch<T> memory(resize.room());
    for (int64_t p = begin; p < end; p++)
      resize.template run<kBackward>(static_cast<const T*>(x) + p * from, static_cast<T*>(y) + p * to, memory.data());
  });
}

}  // namespace

void resize(int32_t dtype, const void* x, void* y, int32_t planes, const int32_t* sizes, double scale_d, double scale_h,
            double scale_w, int32_t mode, int32_t align_corners) {
  const double scales[3] = {scale_d, scale_h, scale_w};
  dispatch_all(dtype, [&](auto zero) {
    resize_planes<false, decltype(zero)>(x, y, planes, sizes, scales, mode, align_corners);
  });
}

void resize_backward(int32_t dtype, const void* dy, void* dx, int32_t planes, const int32_t* sizes, double scale_d,
                     double scale_h, double scale_w, int32_t mode, int32_t align_corners) {
  const double scales[3] = {scale_d, scale_h, scale_w};
  dispatch_float(dtype, [&](auto zero) {
    resize_planes<true, decltype(zero)>(dy, dx, planes, sizes, scales, mode, align_corners);
  });
}

}  // namespace myelin::MYELIN_ISA
