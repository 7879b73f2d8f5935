// Sampling images at given places: bilinear or nearest. See resample.h.
#include <cmath>

#include "common/parallel.h"
#include "resample/resample.h"
#include "common/simd.h"

namespace myelin::MYELIN_ISA {
namespace {

enum Padding : int32_t { kZeros = 0, kBorder = 1, kReflection = 2 };

// A place on an axis in elements, and its derivative by the coordinate in [-1, 1].
template <class T>
struct Place {
  T at, slope;
};

template <class T>
Place<T> reflect(Place<T> p, T low, T high) {
  const T span = high - low;
  if (span <= 0) return {0, 0};
  T at = p.at - low;
  if (at < 0) at = -at, p.slope = -p.slope;
  // Not at - turns * span, which a fused multiply-add rounds otherwise.
  const T turns = std::floor(at / span), rest = std::fmod(at, span);
  if (std::fmod(turns, T(2)) == 0) return {rest + low, p.slope};
  return {span - rest + low, -p.slope};
}

template <class T>
Place<T> locate(T coordinate, int32_t n, int32_t padding, bool align_corners) {
  const T size = align_corners ? T(n - 1) : T(n);
  // The subtraction comes after an exact step, so that a fused multiply-add rounds nothing otherwise.
  Place<T> p{align_corners ? (coordinate + 1) / 2 * size : (coordinate + 1) * size / 2 - T(0.5), size / 2};
  if (padding == kReflection) p = align_corners ? reflect(p, T(0), T(n - 1)) : reflect(p, T(-0.5), T(n) - T(0.5));
  if (padding != kZeros) {
    if (!(p.at > 0)) p = {0, 0};
    else if (p.at >= T(n - 1)) p = {T(n - 1), 0};
  }
  // Far outside, or no number: a place that no image reaches.
  if (!(p.at > -100 && p.at < T(n) + 100)) p.at = -100;
  return p;
}

// Whether a place is NaN or infinite; a border and a reflection have an element there.
template <class T>
bool unknown(const T* place, int32_t padding) {
  return padding == kZeros && !(std::isfinite(place[0]) && std::isfinite(place[1]));
}

// The four elements around a place, with weights; elements outside the image have index -1.
template <class T>
struct Corners {
  int64_t index[4];
  T weight[4], x_part, y_part;

  Corners(const Place<T>& px, const Place<T>& py, int32_t h, int32_t w) {
    const T x0 = std::floor(px.at), y0 = std::floor(py.at);
    x_part = px.at - x0;
    y_part = py.at - y0;
    const int32_t left = int32_t(x0), top = int32_t(y0);
    for (int c = 0; c < 4; c++) {
      const int32_t x = left + (c & 1), y = top + (c >> 1);
      index[c] = x >= 0 && x < w && y >= 0 && y < h ? int64_t(y) * w + x : -1;
      weight[c] = (c & 1 ? x_part : 1 - x_part) * (c >> 1 ? y_part : 1 - y_part);
    }
  }
};

template <class T>
int64_t nearest_index(const Place<T>& px, const Place<T>& py, int32_t h, int32_t w) {
  const int32_t x = int32_t(std::nearbyint(px.at)), y = int32_t(std::nearbyint(py.at));
  return x >= 0 && x < w && y >= 0 && y < h ? int64_t(y) * w + x : -1;
}

struct GridSizes {
  int32_t n, c, h, w, out_h, out_w;
  int64_t in() const { return int64_t(h) * w; }
  int64_t out() const { return int64_t(out_h) * out_w; }
};

template <class T>
void sample_image(const GridSizes& s, const T* x, const T* grid, T* y, int32_t mode, int32_t padding, bool align_corners) {
  for (int64_t i = 0; i < s.out(); i++) {
    const auto px = locate(grid[2 * i], s.w, padding, align_corners), py = locate(grid[2 * i + 1], s.h, padding, align_corners);
    if (mode == 1) {
      const int64_t at = nearest_index(px, py, s.h, s.w);
      for (int32_t c = 0; c < s.c; c++) y[c * s.out() + i] = at < 0 ? T(0) : x[c * s.in() + at];
      continue;
    }
    const Corners<T> corners(px, py, s.h, s.w);
    const T nothing = unknown(grid + 2 * i, padding) ? T(NAN) : T(0);
    for (int32_t c = 0; c < s.c; c++) {
      T sum = nothing;
      for (int k = 0; k < 4; k++)
        if (corners.index[k] >= 0) sum += corners.weight[k] * x[c * s.in() + corners.index[k]];
      y[c * s.out() + i] = sum;
    }
  }
}

template <class T>
void sample_image_backward(const GridSizes& s, const T* dy, const T* x, const T* grid, T* dx, T* dgrid, int32_t mode,
                           int32_t padding, bool align_corners) {
  __builtin_memset(dx, 0, s.c * s.in() * sizeof(T));
  for (int64_t i = 0; i < s.out(); i++) {
    const auto px = locate(grid[2 * i], s.w, padding, align_corners), py = locate(grid[2 * i + 1], s.h, padding, align_corners);
    T by_x = mode != 1 && unknown(grid + 2 * i, padding) ? T(NAN) : T(0), by_y = by_x;
    if (mode == 1) {
      const int64_t at = nearest_index(px, py, s.h, s.w);
      for (int32_t c = 0; at >= 0 && c < s.c; c++) dx[c * s.in() + at] += dy[c * s.out() + i];
    } else {
      const Corners<T> corners(px, py, s.h, s.w);
      for (int32_t c = 0; c < s.c; c++) {
        const T g = dy[c * s.out() + i];
        for (int k = 0; k < 4; k++) {
          if (corners.index[k] < 0) continue;
          const int64_t at = c * s.in() + corners.index[k];
          dx[at] += corners.weight[k] * g;
          by_x += (k & 1 ? g : -g) * (k >> 1 ? corners.y_part : 1 - corners.y_part) * x[at];
          by_y += (k >> 1 ? g : -g) * (k & 1 ? corners.x_part : 1 - corners.x_part) * x[at];
        }
      }
    }
    dgrid[2 * i] = by_x * px.slope;
    dgrid[2 * i + 1] = by_y * py.slope;
  }
}

}  // namespace

void grid_sample(int32_t dtype, const void* x, const void* grid, void* y, const int32_t* sizes, int32_t mode, int32_t padding,
                 int32_t align_corners) {
  const GridSizes s{sizes[0], sizes[1], sizes[2], sizes[3], sizes[4], sizes[5]};
  dispatch_float(dtype, [&](auto zero) {
    using T = decltype(zero);
    parallel_for(s.n, [&](int32_t n) {
      sample_image(s, static_cast<const T*>(x) + n * s.c * s.in(), static_cast<const T*>(grid) + n * s.out() * 2,
                   static_cast<T*>(y) + n * s.c * s.out(), mode, padding, align_corners != 0);
    });
  });
}

void grid_sample_backward(int32_t dtype, const void* dy, const void* x, const void* grid, void* dx, void* dgrid,
                          const int32_t* sizes, int32_t mode, int32_t padding, int32_t align_corners) {
  const GridSizes s{sizes[0], sizes[1], sizes[2], sizes[3], sizes[4], sizes[5]};
  dispatch_float(dtype, [&](auto zero) {
    using T = decltype(zero);
    parallel_for(s.n, [&](int32_t n) {
      sample_image_backward(s, static_cast<const T*>(dy) + n * s.c * s.out(), static_cast<const T*>(x) + n * s.c * s.in(),
                            static_cast<const T*>(grid) + n * s.out() * 2, static_cast<T*>(dx) + n * s.c * s.in(),
                            static_cast<T*>(dgrid) + n * s.out() * 2, mode, padding, align_corners != 0);
    });
  });
}

}  // namespace myelin::MYELIN_ISA
