// Positions and counts: nonzero, bincount, searchsorted.
#include <cstring>

#include "memory.h"
#include "parallel.h"
#include "sort.h"

namespace myelin::MYELIN_ISA {
namespace {

constexpr int64_t kScan = 1 << 15;

template <class T>
int32_t count_nonzero(const T* x, int64_t begin, int64_t end) {
  int32_t n = 0;
  for (int64_t i = begin; i < end; i++) n += x[i] != T(0);
  return n;
}

// before[b] = how many elements ahead of block b are not 0; before[blocks] = all
template <class T>
void count_blocks(const T* x, int64_t count, int32_t* before) {
  parallel_ranges(count, kScan, [=](int64_t begin, int64_t end) { before[begin / kScan + 1] = count_nonzero(x, begin, end); });
  before[0] = 0;
  for (int64_t b = 1; b <= (count + kScan - 1) / kScan; b++) before[b] += before[b - 1];
}

template <class T>
inline int32_t insertion_point(const T* sorted, int32_t size, T value, bool right) {
  int32_t begin = 0, end = size;
  while (begin < end) {
    const int32_t middle = begin + (end - begin) / 2;
    const bool stop = right ? sorted[middle] > value : sorted[middle] >= value;
    if (stop)
      end = middle;
    else
      begin = middle + 1;
  }
  return begin;
}

template <class T, class Weight>
void add_up(const int32_t* x, T* out, int64_t count, int64_t size, const Weight& weight) {
  for (int64_t v = 0; v < size; v++) out[v] = 0;
  for (int64_t i = 0; i < count; i++) out[x[i]] += weight(i);
}

}  // namespace

KERNEL(nonzero_count)
int32_t nonzero_count(int32_t dtype, const void* x, int32_t count) {
  int32_t n = 0;
  dispatch_all(dtype, [&](auto zero) {
    using T = decltype(zero);
    Scratch<int32_t> before{size_t(count / kScan + 2)};
    count_blocks(static_cast<const T*>(x), count, before.data());
    n = before[size_t((count + kScan - 1) / kScan)];
  });
  return n;
}

KERNEL(nonzero)
void nonzero(int32_t dtype, const void* x, const int32_t* shape, int32_t rank, int32_t* out) {
  int64_t count = 1;
  for (int32_t d = 0; d < rank; d++) count *= shape[d];
  dispatch_all(dtype, [&](auto zero) {
    using T = decltype(zero);
    const T* data = static_cast<const T*>(x);
    Scratch<int32_t> before{size_t(count / kScan + 2)};
    count_blocks(data, count, before.data());
    parallel_ranges(count, kScan, [&](int64_t begin, int64_t end) {
      int32_t* to = out + int64_t(before[size_t(begin / kScan)]) * rank;
      for (int64_t i = begin; i < end; i++) {
        if (data[i] == T(0)) continue;
        int64_t position = i;
        for (int32_t d = rank - 1; d >= 0; d--) {
          to[d] = int32_t(position % shape[d]);
          position /= shape[d];
        }
        to += rank;
      }
    });
  });
}

KERNEL(bincount_size)
double bincount_size(const int32_t* x, int32_t count) {
  int32_t largest = -1, least = 0;
  for (int32_t i = 0; i < count; i++) {
    largest = x[i] > largest ? x[i] : largest;
    least = x[i] < least ? x[i] : least;
  }
  if (least == 0) return double(largest) + 1;
  int32_t at = 0;
  while (x[at] >= 0) at++;
  return -1 - at;
}

KERNEL(bincount)
void bincount(int32_t dtype, const int32_t* x, const void* weights, void* out, int32_t count, int32_t size) {
  if (!weights) return add_up(x, static_cast<int32_t*>(out), count, size, [](int64_t) { return 1; });
  dispatch_float(dtype, [&](auto zero) {
    using T = decltype(zero);
    const T* weight = static_cast<const T*>(weights);
    add_up(x, static_cast<T*>(out), count, size, [=](int64_t i) { return weight[i]; });
  });
}

KERNEL(searchsorted)
void searchsorted(int32_t dtype, const void* sorted, const void* values, int32_t* out, int32_t rows, int32_t size, int32_t count,
                  int32_t shared, int32_t right) {
  dispatch_all(dtype, [&](auto zero) {
    using T = decltype(zero);
    parallel_ranges(int64_t(rows) * count, 4096, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; i++) {
        const T* row = static_cast<const T*>(sorted) + (shared ? 0 : i / count * size);
        out[i] = insertion_point(row, size, static_cast<const T*>(values)[i], right != 0);
      }
    });
  });
}

}  // namespace myelin::MYELIN_ISA
