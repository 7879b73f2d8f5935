// Masks: count, compact, spread, and the triangles of matrices.
#include "index/index.h"
#include "index/index_meta.h"

namespace myelin::MYELIN_ISA {
namespace {

constexpr int64_t kMaskBlock = 1 << 15;

int32_t count_set(const uint8_t* mask, int64_t begin, int64_t end) {
  int32_t n = 0;
  for (int64_t i = begin; i < end; i++) n += mask[i] != 0;
  return n;
}

// f(begin, how many positions are set before the block, and before its end) over blocks of the mask; returns how many
// are set in all.
template <class F>
int32_t over_set(const uint8_t* mask, int64_t count, const F& f) {
  const int64_t blocks = (count + kMaskBlock - 1) / kMaskBlock;
  if (blocks <= 1) {
    const int32_t all = count_set(mask, 0, count);
    f(int64_t(0), 0, all);
    return all;
  }
  Scratch<int32_t> before(size_t(blocks) + 1);
  parallel_ranges(count, kMaskBlock, [&](int64_t begin, int64_t end) {
    before[size_t(begin / kMaskBlock) + 1] = count_set(mask, begin, end);
  });
  before[0] = 0;
  for (int64_t b = 1; b <= blocks; b++) before[size_t(b)] += before[size_t(b) - 1];
  parallel_ranges(count, kMaskBlock, [&](int64_t begin, int64_t end) {
    f(begin, before[size_t(begin / kMaskBlock)], before[size_t((end - 1) / kMaskBlock) + 1]);
  });
  return before[size_t(blocks)];
}

}  // namespace

KERNEL(masked_count)
int32_t masked_count(const uint8_t* mask, int32_t count) {
  return over_set(mask, count, [](int64_t, int64_t, int64_t) {});
}

KERNEL(masked_select)
int32_t masked_select(int32_t dtype, const void* x, const uint8_t* mask, void* y, int32_t count) {
  int32_t selected = 0;
  dispatch_size(dtype, [&](auto zero) {
    using T = decltype(zero);
    const T* from = static_cast<const T*>(x);
    T* to = static_cast<T*>(y);
    selected = over_set(mask, count, [=](int64_t i, int64_t at, int64_t last) {
      for (; at < last; i++) {  // without a branch on the mask, whose bits may be random
        to[at] = from[i];
        at += mask[i] != 0;
      }
    });
  });
  return selected;
}

KERNEL(masked_scatter)
void masked_scatter(int32_t dtype, void* y, const uint8_t* mask, const void* x, int32_t count) {
  dispatch_size(dtype, [&](auto zero) {
    using T = decltype(zero);
    const T* from = static_cast<const T*>(x);
    T* to = static_cast<T*>(y);
    over_set(mask, count, [=](int64_t i, int64_t at, int64_t last) {
      for (; at < last; i++)
        if (mask[i]) to[i] = from[at++];
    });
  });
}

KERNEL(triangle)
void triangle(int32_t dtype, const void* x, void* y, int32_t matrices, int32_t rows, int32_t columns, int32_t diagonal,
              int32_t upper) {
  dispatch_size(dtype, [&](auto zero) {
    using T = decltype(zero);
    const int64_t width = columns;
    parallel_ranges(int64_t(matrices) * rows, width < kGrain ? kGrain / (width + 1) + 1 : 1, [&](int64_t from, int64_t to) {
      for (int64_t row = from; row < to; row++) {
        const T* in = static_cast<const T*>(x) + row * width;
        T* out = static_cast<T*>(y) + row * width;
        const int64_t at = row % rows + diagonal + (upper ? 0 : 1);
        const int64_t edge = at < 0 ? 0 : at > width ? width : at;
        for (int64_t j = 0; j < edge; j++) out[j] = upper ? T(0) : in[j];
        for (int64_t j = edge; j < width; j++) out[j] = upper ? in[j] : T(0);
      }
    });
  });
}

}  // namespace myelin::MYELIN_ISA
