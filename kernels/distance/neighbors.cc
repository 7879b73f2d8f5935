#include "distance/neighbors.h"

#include <limits>

#include "distance/distance_tile.h"
#include "common/parallel.h"

namespace myelin::MYELIN_ISA {
namespace {

constexpr int64_t kQueries = 32;  // rows that a task compares with all points

// The k nearest so far, the farthest of them on top.
template <class T>
struct Heap {
  T* distances;
  int32_t* indices;
  int32_t size, k;

  bool farther(int32_t a, int32_t b) const {
    return distances[a] > distances[b] || (distances[a] == distances[b] && indices[a] > indices[b]);
  }

  void swap(int32_t a, int32_t b) {
    const T distance = distances[a];
    const int32_t index = indices[a];
    distances[a] = distances[b];
    indices[a] = indices[b];
    distances[b] = distance;
    indices[b] = index;
  }

  void sink(int32_t at, int32_t end) {
    for (;;) {
      int32_t child = 2 * at + 1;
      if (child >= end) return;
      if (child + 1 < end && farther(child + 1, child)) child++;
      if (!farther(child, at)) return;
      swap(child, at);
      at = child;
    }
  }

  // Points come in the order of their indices, so one as far away as the farthest stays outside.
  void offer(T distance, int32_t index) {
    if (size == k) {
      if (!(distance < distances[0])) return;
      distances[0] = distance;
      indices[0] = index;
      sink(0, k);
      return;
    }
    distances[size] = distance;
    indices[size] = index;
    for (int32_t at = size++; at > 0 && farther(at, (at - 1) / 2); at = (at - 1) / 2) swap(at, (at - 1) / 2);
  }

  void sort() {
    for (int32_t end = size - 1; end > 0; end--) {
      swap(0, end);
      sink(0, end);
    }
  }
};

template <class T>
void nearest_rows(const T* query_rows, const T* points, int32_t* indices, T* distances, int64_t queries, int64_t count,
                  int64_t width, int32_t k, bool others) {
  parallel_ranges(queries, kQueries, [&](int64_t begin, int64_t end) {
    const Scratch<T> packed(width * kPanel<T>);
    T tile[kQueries * kPanel<T>];
    Heap<T> heaps[kQueries];
    for (int64_t q = begin; q < end; q++) heaps[q - begin] = {distances + q * k, indices + q * k, 0, k};
    for (int64_t first = 0; first < count; first += kPanel<T>) {
      const int64_t rows = lesser(kPanel<T>, count - first);
      pack_panel(points + first * width, rows, width, packed.data());
      distance_block(query_rows + begin * width, end - begin, packed.data(), width, tile, kPanel<T>);
      for (int64_t q = begin; q < end; q++) {
        Heap<T>& heap = heaps[q - begin];
        for (int64_t r = 0; r < rows; r++)
          if (!others || first + r != q) heap.offer(tile[(q - begin) * kPanel<T> + r], int32_t(first + r));
      }
    }
    for (int64_t q = begin; q < end; q++) heaps[q - begin].sort();
  });
}

template <class T>
int32_t nearer(const T* row, int64_t count, int32_t index) {
  const T distance = row[index];
  int32_t found = 0;
  for (int64_t i = 0; i < index; i++) found += row[i] <= distance;
  for (int64_t i = index + 1; i < count; i++) found += row[i] < distance;
  return found;
}

template <class T>
void rank_rows(const T* x, const int32_t* neighbors, int32_t* ranks, int64_t count, int64_t width, int64_t k) {
  const int64_t stride = (count + kPanel<T> - 1) / kPanel<T> * kPanel<T>;
  parallel_ranges(count, kQueries, [&](int64_t begin, int64_t end) {
    const Scratch<T> packed(width * kPanel<T>), rows(kQueries * stride);
    for (int64_t first = 0; first < count; first += kPanel<T>) {
      pack_panel(x + first * width, lesser(kPanel<T>, count - first), width, packed.data());
      distance_block(x + begin * width, end - begin, packed.data(), width, rows.data() + first, stride);
    }
    for (int64_t i = begin; i < end; i++) {
      T* row = rows.data() + (i - begin) * stride;
      row[i] = std::numeric_limits<T>::infinity();
      for (int64_t j = 0; j < k; j++) ranks[i * k + j] = nearer(row, count, neighbors[i * k + j]);
    }
  });
}

}  // namespace

void nearest(int32_t dtype, const void* query_rows, const void* points, int32_t* indices, void* distances, int32_t queries,
             int32_t count, int32_t width, int32_t k, int32_t others) {
  dispatch_float(dtype, [&](auto zero) {
    using T = decltype(zero);
    nearest_rows(static_cast<const T*>(query_rows), static_cast<const T*>(points), indices, static_cast<T*>(distances),
                 queries, count, width, k, others != 0);
  });
}

void neighbor_ranks(int32_t dtype, const void* x, const int32_t* neighbors, int32_t* ranks, int32_t count, int32_t width,
                    int32_t k) {
  dispatch_float(dtype, [&](auto zero) {
    rank_rows(static_cast<const decltype(zero)*>(x), neighbors, ranks, count, width, k);
  });
}

}  // namespace myelin::MYELIN_ISA
