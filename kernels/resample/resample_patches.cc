// Images cut into patches (im2col) and put together again (col2im).
#include "common/memory.h"
#include "common/parallel.h"
#include "resample/resample.h"
#include "common/simd.h"

namespace myelin::MYELIN_ISA {
namespace {

struct Pair {
  int32_t h, w;
  int64_t area() const { return int64_t(h) * w; }
};

struct PatchWindow {
  Pair in, out, kernel, stride, padding, dilation;
  explicit PatchWindow(const int32_t* meta) { __builtin_memcpy(this, meta, sizeof *this); }
};

// Calls f(input row, column row, first, last, shift) for each kernel position and row of patches: patch
// column j in [first, last) lies at input column j·stride + shift; rows outside the image are null.
template <class T, class F>
inline void for_each_patch_row(const PatchWindow& w, T* image, T* columns, const F& f) {
  for (int32_t a = 0; a < w.kernel.h; a++)
    for (int32_t b = 0; b < w.kernel.w; b++) {
      const int32_t shift = b * w.dilation.w - w.padding.w;
      int32_t first = shift < 0 ? (-shift + w.stride.w - 1) / w.stride.w : 0;
      int32_t last = w.in.w > shift ? (w.in.w - shift + w.stride.w - 1) / w.stride.w : 0;
      if (last > w.out.w) last = w.out.w;
      if (first > last) first = last;
      for (int32_t i = 0; i < w.out.h; i++, columns += w.out.w) {
        const int32_t row = i * w.stride.h - w.padding.h + a * w.dilation.h;
        f(row >= 0 && row < w.in.h ? image + int64_t(row) * w.in.w : nullptr, columns, first, last, shift);
      }
    }
}

template <class T>
void unfold_plane(const PatchWindow& w, const T* x, T* y) {
  for_each_patch_row<T>(w, const_cast<T*>(x), y, [&](const T* row, T* to, int32_t first, int32_t last, int32_t shift) {
    if (!row) {
      __builtin_memset(to, 0, w.out.w * sizeof(T));
      return;
    }
    for (int32_t j = 0; j < first; j++) to[j] = 0;
    if (w.stride.w == 1)
      __builtin_memcpy(to + first, row + first + shift, (last - first) * sizeof(T));
    else
      for (int32_t j = first; j < last; j++) to[j] = row[j * w.stride.w + shift];
    for (int32_t j = last; j < w.out.w; j++) to[j] = 0;
  });
}

template <class T>
void fold_plane(const PatchWindow& w, const T* y, T* x) {
  __builtin_memset(x, 0, w.in.area() * sizeof(T));
  for_each_patch_row<T>(w, x, const_cast<T*>(y), [&](T* row, const T* from, int32_t first, int32_t last, int32_t shift) {
    if (!row) return;
    if (w.stride.w == 1)
      for (int32_t j = first; j < last; j++) row[j + shift] += from[j];
    else
      for (int32_t j = first; j < last; j++) row[j * w.stride.w + shift] += from[j];
  });
}

}  // namespace

void unfold(int32_t dtype, const void* x, void* y, int32_t planes, const int32_t* window) {
  const PatchWindow w(window);
  const int64_t columns = w.kernel.area() * w.out.area();
  dispatch_all(dtype, [&](auto zero) {
    using T = decltype(zero);
    parallel_ranges(planes, 16384 / (columns + 1) + 1, [&](int64_t begin, int64_t end) {
      for (int64_t p = begin; p < end; p++)
        unfold_plane(w, static_cast<const T*>(x) + p * w.in.area(), static_cast<T*>(y) + p * columns);
    });
  });
}

void fold(int32_t dtype, const void* y, void* x, int32_t planes, const int32_t* window) {
  const PatchWindow w(window);
  const int64_t columns = w.kernel.area() * w.out.area();
  dispatch_all(dtype, [&](auto zero) {
    using T = decltype(zero);
    parallel_ranges(planes, 16384 / (columns + 1) + 1, [&](int64_t begin, int64_t end) {
      for (int64_t p = begin; p < end; p++)
        fold_plane(w, static_cast<const T*>(y) + p * columns, static_cast<T*>(x) + p * w.in.area());
    });
  });
}

}  // namespace myelin::MYELIN_ISA
