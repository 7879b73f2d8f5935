// Embedding tables: their gradient, and bags of rows.
#include "index/index.h"
#include "index/index_meta.h"

#include <cstring>

namespace myelin::MYELIN_ISA {
namespace {

enum BagMode : int32_t { kBagSum, kBagMean, kBagMax };

template <class T>
inline void add_row(T* __restrict to, const T* __restrict from, T scale, int64_t width) {
  for (int64_t j = 0; j < width; j++) to[j] += scale * from[j];
}

// Adds up rows, in the order of the indices: row from[i] of dy, if `from` is not null, or row i.
template <class T>
void add_rows(const T* dy, const int32_t* from, const T* weights, const int32_t* index, T* dw, int64_t count, int64_t width,
              int32_t padding, const int32_t* times) {
  const auto add = [&](int64_t i) {
    const int32_t row = index[i];
    if (row == padding) return;
    const T share = times ? T(1) / T(times[row]) : T(1);
    add_row(dw + row * width, dy + (from ? from[i] : i) * width, weights ? share * weights[i] : share, width);
  };
  if (count * width <= kGrain || width < 16) {
    for (int64_t i = 0; i < count; i++) add(i);
    return;
  }
  for_each_by_owner(index, count, 0, [&](int64_t i, int64_t later) {
    __builtin_prefetch(dw + index[later] * width, 1);
    add(i);
  });
}

template <class T>
struct Bag {
  const T* w;
  const T* weights;
  const int32_t* index;
  int64_t width;
  int32_t mode, padding;

  // Reduces the rows index[begin … end) into y; returns how many counted.
  int32_t reduce(int64_t begin, int64_t end, T* y, int32_t* argmax) const {
    int32_t size = 0;
    for (int64_t j = 0; j < width; j++) y[j] = 0;
    if (mode == kBagMax)
      for (int64_t j = 0; j < width; j++) argmax[j] = 0;
    for (int64_t i = begin; i < end; i++) {
      if (index[i] == padding) continue;
      const T* row = w + index[i] * width;
      if (mode != kBagMax)
        add_row(y, row, weights ? weights[i] : T(1), width);
      else
        for (int64_t j = 0; j < width; j++)
          if (size == 0 || row[j] > y[j] || (row[j] != row[j] && y[j] == y[j])) y[j] = row[j], argmax[j] = index[i];
      size += 1;
    }
    if (mode == kBagMean && size > 0)
      for (int64_t j = 0; j < width; j++) y[j] /= T(size);
    return size;
  }
};

}  // namespace

KERNEL(embedding_grad)
int32_t embedding_grad(int32_t dtype, const void* dy, const int32_t* from, const void* weights, const int32_t* index, void* dw,
                       int32_t count, int32_t rows, int32_t width, int32_t padding, int32_t scale_by_frequency) {
  const int32_t bad = first_bad_index(index, count, rows, false);
  if (bad >= 0) return bad;
  Scratch<int32_t> times(scale_by_frequency ? size_t(rows) : 1);
  if (scale_by_frequency) {
    memset(times.data(), 0, size_t(rows) * sizeof(int32_t));
    for (int64_t i = 0; i < count; i++) times[size_t(index[i])] += 1;
  }
  dispatch_float(dtype, [&](auto zero) {
    using T = decltype(zero);
    T* table = static_cast<T*>(dw);
    parallel_ranges(int64_t(rows) * width, 4 * kGrain,
                    [&](int64_t begin, int64_t end) { memset(table + begin, 0, size_t(end - begin) * sizeof(T)); });
    add_rows(static_cast<const T*>(dy), from, static_cast<const T*>(weights), index, table, count, width, padding,
             scale_by_frequency ? times.data() : nullptr);
  });
  return -1;
}

KERNEL(embedding_bag)
int32_t embedding_bag(int32_t dtype, const void* w, const int32_t* index, const int32_t* offsets, const void* weights, void* y,
                      int32_t* bag_of, int32_t* sizes, int32_t* argmax, int32_t count, int32_t bags, int32_t rows,
                      int32_t width, int32_t mode, int32_t padding) {
  const int32_t bad = first_bad_index(index, count, rows, false);
  if (bad >= 0) return bad;
  for (int32_t b = 0; b < bags; b++)
    if (offsets[b] < (b ? offsets[b - 1] : 0) || offsets[b] > count) return -2 - b;
  for (int32_t i = 0; i < count && (bags == 0 || i < offsets[0]); i++) bag_of[i] = -1;
  dispatch_float(dtype, [&](auto zero) {
    using T = decltype(zero);
    const Bag<T> bag{static_cast<const T*>(w), static_cast<const T*>(weights), index, width, mode, padding};
    const int64_t per_bag = bags > 0 ? int64_t(count) * width / bags + width + 1 : 1;
    parallel_ranges(bags, per_bag < kGrain ? kGrain / per_bag : 1, [&](int64_t from, int64_t to) {
      for (int64_t b = from; b < to; b++) {
        const int64_t begin = offsets[b], end = b + 1 < bags ? offsets[b + 1] : count;
        for (int64_t i = begin; i < end; i++) bag_of[i] = int32_t(b);
        sizes[b] = bag.reduce(begin, end, static_cast<T*>(y) + b * width, argmax ? argmax + b * width : nullptr);
      }
    });
  });
  return -1;
}

}  // namespace myelin::MYELIN_ISA
