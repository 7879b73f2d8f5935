// How the index kernels read `meta`, walk strided boxes and check indices.
#pragma once
#include <type_traits>

#include "common/abi.h"
#include "common/memory.h"
#include "common/parallel.h"

namespace myelin::MYELIN_ISA {

constexpr int kMaxRank = 16;
constexpr int64_t kGrain = 16384;  // elements a block should at least touch

// Moving elements needs their size only.
template <class F>
inline void dispatch_size(int32_t dtype, F&& f) {
  switch (dtype) {
    case kFloat64: return f(uint64_t{});
    case kFloat32:
    case kInt32: return f(uint32_t{});
    default: return f(uint8_t{});
  }
}

// A strided box with its mergeable axes merged: offset(p) is where its p-th element, in row-major order, lies.
struct Box {
  int rank = 0;
  int64_t count = 1;
  int64_t shape[kMaxRank], strides[kMaxRank];

  Box(int axes, const int32_t* sizes, const int32_t* steps) {
    for (int i = 0; i < axes; i++) {
      count *= sizes[i];
      if (sizes[i] == 1) continue;
      if (rank > 0 && strides[rank - 1] == int64_t(steps[i]) * sizes[i]) {
        shape[rank - 1] *= sizes[i];
        strides[rank - 1] = steps[i];
      } else {
        shape[rank] = sizes[i];
        strides[rank++] = steps[i];
      }
    }
    if (rank == 0) shape[0] = 1, strides[0] = 1, rank = 1;
  }

  int64_t offset(int64_t position) const {
    if (rank == 1) return position * strides[0];
    int64_t at = 0;
    for (int i = rank - 1; i >= 0; i--) {
      at += position % shape[i] * strides[i];
      position /= shape[i];
    }
    return at;
  }
};

struct IndexMeta {
  int64_t count, size, stride;
  bool wrap;
  Box outer, inner;

  explicit IndexMeta(const int32_t* m)
      : count(m[0]), size(m[1]), stride(m[2]), wrap(m[3] != 0), outer(m[4], m + 6, m + 6 + m[4]),
        inner(m[5], m + 6 + 2 * m[4], m + 6 + 2 * m[4] + m[5]) {}

  bool empty() const { return outer.count == 0 || count == 0 || inner.count == 0; }
  bool dense_inner() const { return inner.rank == 1 && inner.strides[0] == 1; }
  int64_t at(int32_t index) const { return (index < 0 ? index + size : index) * stride; }
};

// Where each element of the inner box lies: arithmetic for one axis, a table for several.
class InnerOffsets {
 public:
  explicit InnerOffsets(const Box& box) : stride_(box.strides[0]), table_(box.rank > 1 ? size_t(box.count) : 1) {
    if (box.rank == 1) return;
    tabulated_ = true;
    for (int64_t j = 0; j < box.count; j++) table_[size_t(j)] = int32_t(box.offset(j));
  }
  int64_t operator[](int64_t j) const { return tabulated_ ? table_[size_t(j)] : j * stride_; }

 private:
  int64_t stride_;
  bool tabulated_ = false;
  Scratch<int32_t> table_;
};

// The position of the first index in [first, count) outside [wrap ? −size : 0, size), or −1.
inline int32_t first_bad_index_from(const int32_t* index, int64_t first, int64_t count, int64_t size, bool wrap) {
  const uint32_t shift = wrap ? uint32_t(size) : 0, range = uint32_t(wrap ? 2 * size : size);
  constexpr int64_t kChunk = 1024;
  for (int64_t begin = first; begin < count; begin += kChunk) {
    const int64_t end = begin + kChunk < count ? begin + kChunk : count;
    uint32_t bad = 0;
    for (int64_t i = begin; i < end; i++) bad |= uint32_t(uint32_t(index[i]) + shift >= range);
    if (!bad) continue;
    for (int64_t i = begin; i < end; i++)
      if (uint32_t(index[i]) + shift >= range) return int32_t(i);
  }
  return -1;
}

// The position of the first of all indices outside that range, or −1.
inline int32_t first_bad_index(const int32_t* index, int64_t count, int64_t size, bool wrap) {
  constexpr int64_t kPart = 1 << 15;
  if (count <= 2 * kPart) return first_bad_index_from(index, 0, count, size, wrap);
  Scratch<int32_t> found(size_t((count + kPart - 1) / kPart));
  parallel_ranges(count, kPart, [&](int64_t begin, int64_t end) {
    found[size_t(begin / kPart)] = first_bad_index_from(index, begin, end, size, wrap);
  });
  for (int64_t begin = 0; begin < count; begin += kPart)
    if (found[size_t(begin / kPart)] >= 0) return found[size_t(begin / kPart)];
  return -1;
}

// Sums and products; those of integers wrap.
template <class T>
inline T plus(T a, T b) {
  if constexpr (std::is_same_v<T, int32_t>) return int32_t(uint32_t(a) + uint32_t(b));
  return T(a + b);
}
template <class T>
inline T times(T a, T b) {
  if constexpr (std::is_same_v<T, int32_t>) return int32_t(uint32_t(a) * uint32_t(b));
  return T(a * b);
}

// f(i, later) for every position of an index list, with a position that comes soon, to fetch its row early. Rows are shared
// out among owners by their number, so that equal indices meet in one thread, in order. `wrap` is added to negative indices.
constexpr int32_t kOwners = 8;

template <class F>
inline void for_each_by_owner(const int32_t* index, int64_t count, int32_t wrap, const F& f) {
  static_assert((kOwners & (kOwners - 1)) == 0);
  const auto owner = [&](int64_t i) { return (index[i] < 0 ? index[i] + wrap : index[i]) & (kOwners - 1); };
  int64_t first[kOwners + 1] = {}, next[kOwners];
  for (int64_t i = 0; i < count; i++) first[owner(i) + 1]++;
  for (int o = 0; o < kOwners; o++) {
    next[o] = first[o];
    first[o + 1] += first[o];
  }
  Scratch<int32_t> list{size_t(count)};
  for (int64_t i = 0; i < count; i++) list[size_t(next[owner(i)]++)] = int32_t(i);
  parallel_for(kOwners, [&](int32_t block) {
    const int64_t end = first[block + 1];
    for (int64_t k = first[block]; k < end; k++) f(list[size_t(k)], list[size_t(k + 4 < end ? k + 4 : k)]);
  });
}

}  // namespace myelin::MYELIN_ISA
