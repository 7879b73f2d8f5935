// Elements as unsigned keys in the order of their values, each with its position: comparing items is comparing integers, and as
// no two are equal, every sorting algorithm gives the stable result.
#pragma once
#include <algorithm>
#include <cstring>

#include "common/abi.h"
#include "common/memory.h"

namespace myelin::MYELIN_ISA {

// Negative numbers turn round, the others get the top bit; without branches, for signs come in no order.
inline uint32_t order_key(float x) {
  const float sum = x + 0.0f;  // −0 becomes 0
  uint32_t bits;
  memcpy(&bits, &sum, sizeof bits);
  const uint32_t key = bits ^ (uint32_t(int32_t(bits) >> 31) | 0x80000000u);
  return x == x ? key : ~uint32_t(0);
}
inline uint64_t order_key(double x) {
  const double sum = x + 0.0;
  uint64_t bits;
  memcpy(&bits, &sum, sizeof bits);
  const uint64_t key = bits ^ (uint64_t(int64_t(bits) >> 63) | 0x8000000000000000u);
  return x == x ? key : ~uint64_t(0);
}
inline uint32_t order_key(int32_t x) { return uint32_t(x) ^ 0x80000000u; }
inline uint32_t order_key(uint8_t x) { return x; }

// A 32-bit key shares one word with its position; a 64-bit key has the position beside it.
using NarrowItem = uint64_t;
struct WideItem {
  uint64_t key;
  uint64_t position;
};

inline NarrowItem make_item(uint32_t key, int64_t position) { return uint64_t(key) << 32 | uint64_t(position); }
inline WideItem make_item(uint64_t key, int64_t position) { return {key, uint64_t(position)}; }
inline int32_t position_of(NarrowItem item) { return int32_t(uint32_t(item)); }
inline int32_t position_of(WideItem item) { return int32_t(item.position); }
inline uint64_t key_of(NarrowItem item) { return item >> 32; }
inline uint64_t key_of(WideItem item) { return item.key; }
inline bool before(NarrowItem a, NarrowItem b) { return a < b; }
inline bool before(WideItem a, WideItem b) { return a.key < b.key || (a.key == b.key && a.position < b.position); }

template <class T>
using Item = decltype(make_item(order_key(T{}), 0));

template <class T>
inline void make_items(const T* x, int64_t size, int64_t stride, bool descending, Item<T>* items) {
  using Key = decltype(order_key(T{}));
  const Key flip = descending ? ~Key(0) : Key(0);
  for (int64_t i = 0; i < size; i++) items[i] = make_item(Key(order_key(x[i * stride]) ^ flip), i);
}

template <class I>
inline void sort_small(I* items, int64_t size) {
  std::sort(items, items + size, [](I a, I b) { return before(a, b); });
}

// Least digit first; items come in the order of their positions and keep it among equal keys. Digits that all keys share are
// skipped. spare has room for size items; returns whichever of the two holds the result.
template <int kBits, class I>
I* sort_by_digits(I* items, I* spare, int64_t size) {
  constexpr int kBuckets = 1 << kBits, kKeyBits = sizeof(I) == 8 ? 32 : 64, kPasses = (kKeyBits + kBits - 1) / kBits;
  Scratch<int32_t> histogram(size_t(kPasses) * kBuckets);
  memset(histogram.data(), 0, sizeof(int32_t) * kPasses * kBuckets);
  for (int64_t i = 0; i < size; i++) {
    const uint64_t key = key_of(items[i]);
    for (int pass = 0; pass < kPasses; pass++) histogram[size_t(pass * kBuckets) + (key >> (pass * kBits) & (kBuckets - 1))] += 1;
  }
  for (int pass = 0; pass < kPasses; pass++) {
    int32_t* at = histogram.data() + pass * kBuckets;
    const int shift = pass * kBits;
    if (at[key_of(items[0]) >> shift & (kBuckets - 1)] == size) continue;
    int32_t start = 0;
    for (int b = 0; b < kBuckets; b++) {
      const int32_t n = at[b];
      at[b] = start;
      start += n;
    }
    for (int64_t i = 0; i < size; i++) spare[at[key_of(items[i]) >> shift & (kBuckets - 1)]++] = items[i];
    I* const sorted = spare;
    spare = items;
    items = sorted;
  }
  return items;
}

constexpr int64_t kDigitSortSize = 300;   // from here on counting digits beats comparing
constexpr int64_t kLongDigitSize = 4096;  // and from here on fewer passes are worth more counters

template <class I>
inline I* sort_items(I* items, I* spare, int64_t size) {
  if (size >= kLongDigitSize) return sort_by_digits<11>(items, spare, size);
  if (size >= kDigitSortSize) return sort_by_digits<8>(items, spare, size);
  sort_small(items, size);
  return items;
}

}  // namespace myelin::MYELIN_ISA
