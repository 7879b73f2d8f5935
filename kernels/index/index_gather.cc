// Indexing one axis with an index for each element: gather and scatter.
#include "index/index.h"
#include "index/index_meta.h"

#include <limits>

namespace myelin::MYELIN_ISA {
namespace {

enum Mode : int32_t { kAssign, kSum, kProd, kMean, kMax, kMin };

template <class T>
void gather_elements(const T* x, const int32_t* index, T* y, const IndexMeta& m) {
  const int64_t width = m.inner.count;
  const InnerOffsets inner(m.inner);
  if (width == 1)
    return parallel_ranges(m.outer.count, m.count < kGrain ? kGrain / m.count : 1, [&](int64_t begin, int64_t end) {
      for (int64_t o = begin; o < end; o++) {
        const T* plane = x + m.outer.offset(o);
        const int32_t* at = index + o * m.count;
        T* to = y + o * m.count;
        if (m.stride == 1 && !m.wrap)
          for (int64_t i = 0; i < m.count; i++) to[i] = plane[at[i]];
        else
          for (int64_t i = 0; i < m.count; i++) to[i] = plane[m.at(at[i])];
      }
    });
  const int64_t rows = m.outer.count * m.count;
  parallel_ranges(rows, width < kGrain ? kGrain / width : 1, [&](int64_t begin, int64_t end) {
    int64_t o = begin / m.count, i = begin % m.count;
    const T* plane = x + m.outer.offset(o);
    for (int64_t row = begin; row < end; row++) {
      const int32_t* at = index + row * width;
      T* to = y + row * width;
      for (int64_t j = 0; j < width; j++) to[j] = plane[m.at(at[j]) + inner[j]];
      if (++i == m.count && row + 1 < end) i = 0, plane = x + m.outer.offset(++o);
    }
  });
}

template <class T>
T neutral(int32_t mode) {
  using Limits = std::numeric_limits<T>;
  switch (mode) {
    case kProd: return T(1);
    case kMax: return Limits::has_infinity ? T(-Limits::infinity()) : Limits::lowest();
    case kMin: return Limits::has_infinity ? Limits::infinity() : Limits::max();
    default: return T(0);
  }
}

// A NaN, once met, stays.
template <int32_t mode, class T>
inline void combine(T& y, T x) {
  if constexpr (mode == kAssign) y = x;
  if constexpr (mode == kSum || mode == kMean) y = plus(y, x);
  if constexpr (mode == kProd) y = times(y, x);
  if constexpr (mode == kMax) y = x > y || x != x ? x : y;
  if constexpr (mode == kMin) y = x < y || x != x ? x : y;
}

inline float quotient(float sum, int32_t n) { return sum / float(n); }
inline double quotient(double sum, int32_t n) { return sum / n; }
inline uint8_t quotient(uint8_t sum, int32_t n) { return uint8_t(sum / n); }
inline int32_t quotient(int32_t sum, int32_t n) { return sum / n - (sum % n < 0 ? 1 : 0); }

// Elements that share o and j may meet, so a block takes whole ranges of them.
template <int32_t mode, class T>
void scatter_elements(T* y, const int32_t* index, const T* x, const IndexMeta& m, bool include_self, int64_t x_stride) {
  const int64_t width = m.inner.count;
  if (width == 1 && mode != kMean && include_self)
    return parallel_ranges(m.outer.count, m.count < kGrain ? kGrain / m.count : 1, [&](int64_t begin, int64_t end) {
      for (int64_t o = begin; o < end; o++) {
        T* const plane = y + m.outer.offset(o);
        const int32_t* at = index + o * m.count;
        const T* from = x + o * m.count * x_stride;
        for (int64_t i = 0; i < m.count; i++) combine<mode>(plane[at[i] * m.stride], from[i * x_stride]);
      }
    });
  const InnerOffsets inner(m.inner);
  const int64_t chunk = width < 512 ? width : 512, chunks = (width + chunk - 1) / chunk;
  const int64_t tile = chunk * (mode == kMean && m.size > m.count ? m.size : m.count);
  parallel_ranges(m.outer.count * chunks, tile < kGrain ? kGrain / tile : 1, [&](int64_t from, int64_t to) {
    Scratch<int32_t> counts(mode == kMean ? size_t(m.size * chunk) : 1);
    for (int64_t block = from; block < to; block++) {
      const int64_t o = block / chunks, begin = block % chunks * chunk;
      const int64_t end = begin + chunk < width ? begin + chunk : width;
      T* const plane = y + m.outer.offset(o);
      if (mode == kMean)
        for (int64_t k = 0; k < m.size * chunk; k++) counts[size_t(k)] = 0;
      if (!include_self)
        for (int64_t i = 0; i < m.count; i++)
          for (int64_t j = begin; j < end; j++)
            plane[m.at(index[(o * m.count + i) * width + j]) + inner[j]] = neutral<T>(mode);
      for (int64_t i = 0; i < m.count; i++) {
        const int64_t row = (o * m.count + i) * width;
        for (int64_t j = begin; j < end; j++) {
          combine<mode>(plane[m.at(index[row + j]) + inner[j]], x[(row + j) * x_stride]);
          if (mode == kMean) counts[size_t(index[row + j] * chunk + j - begin)] += 1;
        }
      }
      if (mode != kMean) continue;
      for (int64_t row = 0; row < m.size; row++)
        for (int64_t j = begin; j < end; j++) {
          const int32_t n = counts[size_t(row * chunk + j - begin)];
          T& mean = plane[row * m.stride + inner[j]];
          if (n > 0) mean = quotient(mean, n + int32_t(include_self));
        }
    }
  });
}

template <class T, class... Rest>
void scatter_by_mode(int32_t mode, T* y, const Rest&... rest) {
  switch (mode) {
    case kAssign: return scatter_elements<kAssign>(y, rest...);
    case kSum: return scatter_elements<kSum>(y, rest...);
    case kProd: return scatter_elements<kProd>(y, rest...);
    case kMean: return scatter_elements<kMean>(y, rest...);
    case kMax: return scatter_elements<kMax>(y, rest...);
    case kMin: return scatter_elements<kMin>(y, rest...);
  }
}

}  // namespace

KERNEL(gather)
int32_t gather(int32_t dtype, const void* x, const int32_t* index, void* y, const int32_t* meta) {
  const IndexMeta m(meta);
  if (m.empty()) return -1;
  const int32_t bad = first_bad_index(index, m.outer.count * m.count * m.inner.count, m.size, m.wrap);
  if (bad >= 0) return bad;
  dispatch_size(dtype, [&](auto zero) {
    using T = decltype(zero);
    gather_elements(static_cast<const T*>(x), index, static_cast<T*>(y), m);
  });
  return -1;
}

KERNEL(scatter)
int32_t scatter(int32_t dtype, void* y, const int32_t* index, const void* x, const int32_t* meta, int32_t mode,
                int32_t include_self, int32_t x_stride) {
  const IndexMeta m(meta);
  if (m.empty()) return -1;
  const int32_t bad = first_bad_index(index, m.outer.count * m.count * m.inner.count, m.size, false);
  if (bad >= 0) return bad;
  // On bytes that are 0 or 1, "or" is the maximum and "and" the product.
  const int32_t reduce = dtype == kBool && (mode == kSum || mode == kMean) ? int32_t(kMax) : mode;
  dispatch_all(dtype, [&](auto zero) {
    using T = decltype(zero);
    scatter_by_mode(reduce, static_cast<T*>(y), index, static_cast<const T*>(x), m, include_self != 0 || mode == kAssign,
                    int64_t(x_stride));
  });
  return -1;
}

}  // namespace myelin::MYELIN_ISA
