// Staging: a few rows of the source planes, copied with their zero padding (and split by residue of
// the stride) to where every tap of every target is a constant offset from the target's place.
//
// A staged plane is [row slot][column slot][row][pitch]. Target (i, j) of the chunk has place
// i·pitch + j; places between rows are computed as well and dropped. A row's right padding is the
// next row's left padding, so a plane costs little more than its image.
#pragma once
#include <utility>

#include "conv/conv_geometry.h"
#include "common/simd.h"

namespace myelin::MYELIN_ISA::conv {

// Copies n elements without reading or writing past them; what is left of whole vectors is covered
// by a last one that overlaps.
template <class T, int kWidth = kLanes<T>>
inline void copy_row(T* to, const T* from, int n) {
  if (n >= kWidth) {
    for (int i = 0; i + kWidth <= n; i += kWidth) store<T, kWidth>(to + i, load<T, kWidth>(from + i));
    if (n % kWidth) store<T, kWidth>(to + n - kWidth, load<T, kWidth>(from + n - kWidth));
  } else if constexpr (kWidth > 1) {
    copy_row<T, kWidth / 2>(to, from, n);
  }
}

// Zeroes n elements and up to a vector more.
template <class T>
inline void zero_row(T* to, int n) {
  for (int i = 0; i < n; i += kLanes<T>) store(to + i, Vec<T>{});
}

template <class T, int kWidth, int... kLane>
inline Vec<T, kWidth> even_lanes(Vec<T, kWidth> a, Vec<T, kWidth> b, std::integer_sequence<int, kLane...>) {
  return __builtin_shufflevector(a, b, (2 * kLane)...);
}

// to[j] = from[2j] for j < n, of which `readable` elements may be read.
template <class T, int kWidth = kLanes<T>>
inline void copy_even(T* to, const T* from, int n, int readable) {
  int j = 0;
  for (; j + kWidth <= n && 2 * (j + kWidth) <= readable; j += kWidth)
    store<T, kWidth>(to + j, even_lanes<T, kWidth>(load<T, kWidth>(from + 2 * j), load<T, kWidth>(from + 2 * j + kWidth),
                                                   std::make_integer_sequence<int, kWidth>()));
  if constexpr (kWidth > 4) {
    copy_even<T, kWidth / 2>(to + j, from + 2 * j, n - j, readable - 2 * j);
  } else {
    for (; j < n; j++) to[j] = from[2 * j];
  }
}

struct Staging {
  Axis rows, cols;
  int32_t row_slots, col_slots;
  int32_t pitch;

  Staging(const Axis& rows, const Axis& cols)
      : rows(rows), cols(cols), row_slots(rows.slots()), col_slots(cols.slots()) {
    const int32_t width = cols.targets(0);
    const int32_t extent = width + cols.reach();
    pitch = extent;
    if (cols.step == 1) {
      const int32_t left = cols.min_shift < 0 ? -cols.min_shift : 0;
      const int32_t right = extent + cols.min_shift - cols.source;
      pitch -= right < 0 ? 0 : right < left ? right : left;
      if (pitch < width) pitch = width;
    }
    whole_rows_ = rows.step == 1 && cols.step == 1 && rows.min_shift == 0 && cols.min_shift == 0 && pitch == cols.source;
  }

  // Rows and elements of a staged plane that serves `count` rows of targets.
  int32_t plane_rows(int32_t count) const { return count + rows.reach(); }
  int32_t plane_size(int32_t count) const { return row_slots * col_slots * plane_rows(count) * pitch; }
  // The fewest rows of targets that a piece should have: it stages those that its taps reach as well.
  int32_t least_rows() const { return rows.reach() / 8 > 1 ? rows.reach() / 8 : 1; }
  // Elements behind the last plane that may be read.
  int32_t slack() const { return pitch + 64; }

  // Offset of a tap of a phase within a staged plane.
  int32_t offset(int32_t row_phase, int32_t row_tap, int32_t col_phase, int32_t col_tap, int32_t count) const {
    const int32_t r = rows.shift(row_phase, row_tap) - rows.min_shift;
    const int32_t c = cols.shift(col_phase, col_tap) - cols.min_shift;
    const int32_t slot = rows.slot(r % rows.step) * col_slots + cols.slot(c % cols.step);
    return (slot * plane_rows(count) + r / rows.step) * pitch + c / cols.step;
  }

  // Stages `plane` (rows.source × cols.source elements, or null for zeros) for `count` rows of
  // targets from `first` on. Up to a vector behind the staged plane is overwritten.
  template <class T>
  void stage(T* to, const T* plane, int32_t first, int32_t count) const {
    const int32_t staged_rows = plane_rows(count);
    if (whole_rows_ && plane && first + staged_rows <= rows.source)
      return copy_row(to, plane + ptrdiff_t(first) * pitch, staged_rows * pitch);
    for (int32_t a = 0; a < rows.step; a++) {
      if (!rows.used(a)) continue;
      for (int32_t b = 0; b < cols.step; b++) {
        if (!cols.used(b)) continue;
        const int32_t origin = cols.min_shift + b;  // source column of place 0
        const int32_t skip = origin < 0 ? (-origin + cols.step - 1) / cols.step : 0;
        const int32_t begin = skip < pitch ? skip : pitch;
        const int32_t inside = cols.source > origin ? (cols.source - origin + cols.step - 1) / cols.step : 0;
        const int32_t end = inside < begin ? begin : inside < pitch ? inside : pitch;
        for (int32_t q = 0; q < staged_rows; q++, to += pitch) {
          const int32_t row = (first + q) * rows.step + rows.min_shift + a;
          if (!plane || row < 0 || row >= rows.source) {
            zero_row(to, pitch);
            continue;
          }
          const T* from = plane + ptrdiff_t(row) * cols.source + origin;
          zero_row(to, begin);
          copy_columns(to, from, begin, end, cols.source - origin);
          zero_row(to + end, pitch - end);
        }
      }
    }
  }

 private:
  bool whole_rows_;  // a staged plane is its rows of the source as they are

  template <class T>
  void copy_columns(T* to, const T* from, int32_t begin, int32_t end, int32_t readable) const {
    if (cols.step == 1) copy_row(to + begin, from + begin, end - begin);
    else if (cols.step == 2) copy_even(to + begin, from + 2 * begin, end - begin, readable - 2 * begin);
    else
      for (int32_t j = begin; j < end; j++) to[j] = from[ptrdiff_t(cols.step) * j];
  }
};

}  // namespace myelin::MYELIN_ISA::conv
