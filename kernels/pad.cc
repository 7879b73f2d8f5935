#include "pad.h"

#include <cstring>

#include "parallel.h"

namespace myelin::MYELIN_ISA {
namespace {

enum Mode : int32_t { kConstant, kReflect, kReplicate, kCircular };

struct Axis {
  int64_t size, before, padded;
  int32_t mode;

  Axis(int32_t n, int32_t before_, int32_t after, int32_t mode_)
      : size(n), before(before_), padded(int64_t(n) + before_ + after), mode(mode_) {}

  // The element that stands at position i of the padded axis, −1 for the constant.
  int64_t source(int64_t i) const {
    const int64_t at = i - before;
    if (at >= 0 && at < size) return at;
    switch (mode) {
      case kReflect: return at < 0 ? -at : 2 * (size - 1) - at;
      case kReplicate: return at < 0 ? 0 : size - 1;
      case kCircular: return at < 0 ? at + size : at - size;
      default: return -1;
    }
  }

  // [first, last): the positions of the padded axis where the axis itself stands
  int64_t first() const { return before > 0 ? before : 0; }
  int64_t last() const {
    const int64_t end = before + size < padded ? before + size : padded;
    return end > first() ? end : first();
  }
};

struct Borders {
  int64_t planes;
  Axis depth, height, width;

  Borders(const int32_t* m, int32_t mode)
      : planes(m[0]), depth(m[1], m[8], m[9], mode), height(m[2], m[6], m[7], mode), width(m[3], m[4], m[5], mode) {}

  int64_t plane_size() const { return depth.size * height.size * width.size; }
  int64_t padded_size() const { return depth.padded * height.padded * width.padded; }

  // run(row of the padded plane, row of the plane or −1) over all rows of a padded plane
  template <class F>
  void each_row(const F& run) const {
    for (int64_t d = 0; d < depth.padded; d++) {
      const int64_t from_d = depth.source(d);
      for (int64_t h = 0; h < height.padded; h++) {
        const int64_t from_h = height.source(h);
        run(d * height.padded + h, from_d < 0 || from_h < 0 ? int64_t(-1) : from_d * height.size + from_h);
      }
    }
  }
};

// Planes that one task takes.
inline int64_t plane_grain(int64_t elements) { return elements < 16384 ? 16384 / (elements + 1) + 1 : 1; }

template <class T>
void pad_plane(const T* x, T* y, const Borders& b, T value) {
  const Axis& w = b.width;
  const int64_t first = w.first(), last = w.last();
  b.each_row([&](int64_t to, int64_t from) {
    T* row = y + to * w.padded;
    if (from < 0 || w.size == 0) {
      for (int64_t i = 0; i < w.padded; i++) row[i] = value;
      return;
    }
    const T* source = x + from * w.size;
    auto edge = [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; i++) {
        const int64_t at = w.source(i);
        row[i] = at < 0 ? value : source[at];
      }
    };
    edge(0, first < w.padded ? first : w.padded);
    if (last > first) memcpy(row + first, source + (first - w.before), size_t(last - first) * sizeof(T));
    edge(last, w.padded);
  });
}

template <class T>
void add_plane(const T* dy, T* dx, const Borders& b) {
  const Axis& w = b.width;
  const int64_t first = w.first(), last = w.last();
  b.each_row([&](int64_t from, int64_t to) {
    if (to < 0) return;
    const T* __restrict row = dy + from * w.padded;
    T* __restrict target = dx + to * w.size;
    auto edge = [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; i++) {
        const int64_t at = w.source(i);
        if (at >= 0) target[at] += row[i];
      }
    };
    edge(0, first < w.padded ? first : w.padded);
    for (int64_t i = first; i < last; i++) target[i - w.before] += row[i];
    edge(last, w.padded);
  });
}

}  // namespace

KERNEL(pad)
void pad(int32_t dtype, const void* x, void* y, const int32_t* meta, int32_t mode, double value) {
  const Borders b(meta, mode);
  dispatch_all(dtype, [&](auto zero) {
    using T = decltype(zero);
    const T constant = dtype == kBool ? T(value != 0) : T(value);
    parallel_ranges(b.planes, plane_grain(b.padded_size()), [&](int64_t begin, int64_t end) {
      for (int64_t p = begin; p < end; p++)
        pad_plane(static_cast<const T*>(x) + p * b.plane_size(), static_cast<T*>(y) + p * b.padded_size(), b, constant);
    });
  });
}

KERNEL(pad_backward)
void pad_backward(int32_t dtype, const void* dy, void* dx, const int32_t* meta, int32_t mode) {
  const Borders b(meta, mode);
  dispatch_float(dtype, [&](auto zero) {
    using T = decltype(zero);
    parallel_ranges(b.planes, plane_grain(b.padded_size()), [&](int64_t begin, int64_t end) {
      for (int64_t p = begin; p < end; p++) {
        T* plane = static_cast<T*>(dx) + p * b.plane_size();
        memset(plane, 0, size_t(b.plane_size()) * sizeof(T));
        add_plane(static_cast<const T*>(dy) + p * b.padded_size(), plane, b);
      }
    });
  });
}

}  // namespace myelin::MYELIN_ISA
