#include "pad/pad.h"

#include <cstring>

#include "common/parallel.h"

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

  // The rows of all planes, padded and as they are.
  int64_t padded_rows() const { return planes * depth.padded * height.padded; }
  int64_t rows() const { return planes * depth.size * height.size; }

  // The row that a padded row copies, or −1.
  int64_t source_row(int64_t row) const {
    const int64_t h = height.source(row % height.padded), rest = row / height.padded;
    const int64_t d = depth.source(rest % depth.padded);
    return d < 0 || h < 0 ? int64_t(-1) : (rest / depth.padded * depth.size + d) * height.size + h;
  }

  // run(row of the padded plane, row of the plane or −1) over all rows of the first padded plane
  template <class F>
  void each_row(const F& run) const {
    for (int64_t row = 0; row < depth.padded * height.padded; row++) run(row, source_row(row));
  }

  // The padded row where a row stands alone, or −1 if it was cut off.
  int64_t padded_row(int64_t row) const {
    const int64_t h = row % height.size + height.before, rest = row / height.size;
    const int64_t d = rest % depth.size + depth.before;
    const bool there = h >= 0 && h < height.padded && d >= 0 && d < depth.padded;
    return there ? (rest / depth.size * depth.padded + d) * height.padded + h : int64_t(-1);
  }
};

// Planes, or rows, that one task takes.
inline int64_t grain_of(int64_t elements) { return elements < 16384 ? 16384 / (elements + 1) + 1 : 1; }

template <class T>
void pad_rows(const T* x, T* y, const Borders& b, T value) {
  const Axis& w = b.width;
  const int64_t first = w.first(), last = w.last();
  const auto pad_row = [&](int64_t to, int64_t from) {
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
  };
  parallel_ranges(b.padded_rows(), grain_of(w.padded), [&](int64_t begin, int64_t end) {
    for (int64_t row = begin; row < end; row++) pad_row(row, b.source_row(row));
  });
}

// The gradient of a border of constants: what is not border, and zeros for what was cut off.
template <class T>
void cut_rows(const T* dy, T* dx, const Borders& b) {
  const Axis& w = b.width;
  const int64_t first = w.first(), last = w.last();
  parallel_ranges(b.rows(), grain_of(w.size), [&](int64_t begin, int64_t end) {
    for (int64_t to = begin; to < end; to++) {
      const int64_t from = b.padded_row(to);
      T* row = dx + to * w.size;
      if (from < 0 || last - first < w.size) memset(row, 0, size_t(w.size) * sizeof(T));
      if (from >= 0 && last > first)
        memcpy(row + (first - w.before), dy + from * w.padded + first, size_t(last - first) * sizeof(T));
    }
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
    pad_rows(static_cast<const T*>(x), static_cast<T*>(y), b, constant);
  });
}

KERNEL(pad_backward)
void pad_backward(int32_t dtype, const void* dy, void* dx, const int32_t* meta, int32_t mode) {
  const Borders b(meta, mode);
  dispatch_float(dtype, [&](auto zero) {
    using T = decltype(zero);
    if (mode == kConstant) return cut_rows(static_cast<const T*>(dy), static_cast<T*>(dx), b);
    parallel_ranges(b.planes, grain_of(b.padded_size()), [&](int64_t begin, int64_t end) {
      for (int64_t p = begin; p < end; p++) {
        T* plane = static_cast<T*>(dx) + p * b.plane_size();
        memset(plane, 0, size_t(b.plane_size()) * sizeof(T));
        add_plane(static_cast<const T*>(dy) + p * b.padded_size(), plane, b);
      }
    });
  });
}

}  // namespace myelin::MYELIN_ISA
