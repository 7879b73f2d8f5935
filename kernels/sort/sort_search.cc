// Positions and counts: nonzero, bincount, searchsorted.
#include <cstring>

#include "common/memory.h"
#include "common/parallel.h"
#include "sort/sort.h"

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

constexpr int64_t kFound = 1024;

inline void write_pairs(int32_t* __restrict to, int32_t row, const int32_t* __restrict columns, int32_t many) {
  for (int32_t k = 0; k < many; k++) {
    to[2 * k] = row;
    to[2 * k + 1] = columns[k];
  }
}

// The number of elements before the value, without branches: half of what is left is skipped or not.
template <bool right, class T>
inline int32_t insertion_point(const T* sorted, int32_t size, T value) {
  const T* base = sorted;
  for (int32_t left = size; left > 0;) {
    const int32_t half = (left + 1) / 2;
    const T middle = base[half - 1];
    const bool before = right ? !(middle > value) : !(middle >= value);
    base += before ? half : 0;
    left -= half;
  }
  return int32_t(base - sorted);
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
    const int32_t last = rank - 1;
    const int64_t row_length = rank > 0 ? shape[last] : 1;
    parallel_ranges(count, kScan, [&](int64_t begin, int64_t end) {
      int32_t* to = out + int64_t(before[size_t(begin / kScan)]) * rank;
      int32_t found[kFound];
      while (begin < end) {
        // A piece of one row: its elements that are not 0, then the coordinates of each.
        const int64_t row = begin / row_length, column = begin % row_length;
        int64_t n = row_length - column < end - begin ? row_length - column : end - begin;
        if (n > kFound) n = kFound;
        int64_t many = 0;
        const T* from = data + begin;
        for (int32_t j = 0; j < int32_t(n); j++) {
          found[many] = int32_t(column) + j;
          many += from[j] != T(0);
        }
        if (rank == 1) memcpy(to, found, size_t(many) * sizeof(int32_t));
        else if (rank == 2) write_pairs(to, int32_t(row), found, many);
        else
          for (int32_t k = 0; k < many; k++) {
            int64_t position = row;
            for (int32_t d = last - 1; d >= 0; d--) {
              to[k * rank + d] = int32_t(position % shape[d]);
              position /= shape[d];
            }
            if (rank > 0) to[k * rank + last] = found[k];
          }
        to += int64_t(many) * rank;
        begin += n;
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
        const T value = static_cast<const T*>(values)[i];
        out[i] = right ? insertion_point<true>(row, size, value) : insertion_point<false>(row, size, value);
      }
    });
  });
}

}  // namespace myelin::MYELIN_ISA
