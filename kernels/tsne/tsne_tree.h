// The tree of a Barnes–Hut sum: cells of points, each cut at the middle of its bounding box along every axis. Cells
// are stored in the order of a walk; the points of a cell lie side by side.
#pragma once
#include <limits>

#include "common/memory.h"
#include "reduce/reduce_plan.h"

namespace myelin::MYELIN_ISA {
namespace {

constexpr int32_t kLeafPoints = 8;

template <int D>
struct Cell {
  float center[D];
  float mass;
  float size;         // squared, of the diagonal
  int32_t next;       // the cell after this one and all within it
  int32_t first;      // of its points
  int32_t leaf_size;  // number of points; 0 if the cell is cut further
};

template <int D>
class Tree {
 public:
  // Sorts `order`, which holds the numbers of the points of y (n, D), and the points with it.
  Tree(const float* y, int32_t n, int32_t* order)
      : order_(order), cells_(2 * n), points_(D * n), spare_points_(D * n), spare_order_(n), codes_(n) {
    for (int d = 0; d < D; d++) {
      points[d] = points_.data() + int64_t(d) * n;
      spare_[d] = spare_points_.data() + int64_t(d) * n;
      for (int32_t i = 0; i < n; i++) points[d][i] = y[int64_t(order[i]) * D + d];
    }
    build(0, n);
  }

  const Cell<D>* cells() const { return cells_.data(); }
  int32_t count() const { return count_; }

  float* points[D];  // each axis of the points, in the tree's order

 private:
  static constexpr int kParts = 1 << D;

  void build(int32_t begin, int32_t end) {
    float middle[D];
    const int32_t index = count_++;
    Cell<D>& cell = cells_[index];
    measure(cell, begin, end, middle);
    int32_t sizes[kParts];
    // Points that coincide, or are NaN, stay together.
    if (cell.leaf_size == 0 && cut(begin, end, middle, sizes)) {
      int32_t first = begin;
      for (const int32_t size : sizes) {
        if (size > 0) build(first, first + size);
        first += size;
      }
    } else {
      cell.leaf_size = end - begin;
    }
    cell.next = count_;
  }

  void measure(Cell<D>& cell, int32_t begin, int32_t end, float* middle) const {
    const int32_t n = end - begin;
    float size = 0;
    for (int d = 0; d < D; d++) {
      float low = points[d][begin], high = low;
      double sum = 0;
      for (int32_t i = begin; i < end; i++) {
        const float x = points[d][i];
        low = x < low ? x : low;
        high = x > high ? x : high;
        sum += double(x);
      }
      cell.center[d] = float(sum / n);
      middle[d] = low + (high - low) * 0.5f;
      if (middle[d] <= low) middle[d] = high;  // neighboring numbers
      size += (high - low) * (high - low);
    }
    cell.mass = float(n);
    cell.size = size;
    cell.first = begin;
    cell.leaf_size = n <= kLeafPoints || cell.size == 0 ? n : 0;
  }

  // Sorts the points by the side of the middle on which they lie; false if all lie on one.
  bool cut(int32_t begin, int32_t end, const float* middle, int32_t* sizes) {
    int32_t places[kParts] = {};
    for (int32_t i = begin; i < end; i++) {
      int code = 0;
      for (int d = 0; d < D; d++) code |= int(points[d][i] >= middle[d]) << d;
      codes_[i] = uint8_t(code);
      places[code]++;
    }
    int32_t first = begin;
    for (int part = 0; part < kParts; part++) {
      sizes[part] = places[part];
      if (sizes[part] == end - begin) return false;
      places[part] = first;
      first += sizes[part];
    }
    for (int32_t i = begin; i < end; i++) {
      const int32_t to = places[codes_[i]]++;
      for (int d = 0; d < D; d++) spare_[d][to] = points[d][i];
      spare_order_[to] = order_[i];
    }
    for (int d = 0; d < D; d++)
      __builtin_memcpy(points[d] + begin, spare_[d] + begin, sizeof(float) * size_t(end - begin));
    __builtin_memcpy(order_ + begin, spare_order_.data() + begin, sizeof(int32_t) * size_t(end - begin));
    return true;
  }

  int32_t* order_;
  int32_t count_ = 0;
  float* spare_[D];
  const Scratch<Cell<D>> cells_;
  const Scratch<float> points_, spare_points_;
  const Scratch<int32_t> spare_order_;
  const Scratch<uint8_t> codes_;
};

}  // namespace
}  // namespace myelin::MYELIN_ISA
