// Indexing one axis with a list of indices: indexSelect, indexCopy, indexAdd.
#include "index/index.h"

#include <cstring>

#include "index/index_meta.h"

namespace myelin::MYELIN_ISA {
namespace {

struct Assign {
  template <class T>
  void operator()(T& y, T x) const {
    y = x;
  }
};

template <class T>
struct Accumulate {
  T alpha;
  void operator()(T& y, T x) const { y = plus(y, times(alpha, x)); }
};

struct Or {
  void operator()(uint8_t& y, uint8_t x) const { y |= x; }
};

// What is written: x[o, i, j], or one value everywhere. row(at) is read at j.
template <class T>
struct Dense {
  const T* x;
  const T* row(int64_t at) const { return x + at; }
};
template <class T>
struct Constant {
  T value;
  const Constant& row(int64_t) const { return *this; }
  T operator[](int64_t) const { return value; }
};

// combine(y[o, index[i], j], x[o, i, j]). Whoever writes an element sees its indices in order: the work is split over outer,
// over inner, or over owners of rows.
template <class T, class Source, class Combine>
void write_by_index(T* y, const int32_t* index, const Source& x, const IndexMeta& m, const Combine& combine) {
  const int64_t width = m.inner.count, work = m.outer.count * m.count * width;
  const InnerOffsets inner(m.inner);
  const bool dense = m.dense_inner();

  auto write = [&](int64_t o, int64_t i, int64_t begin, int64_t end) {
    T* __restrict to = y + m.outer.offset(o) + m.at(index[i]);
    const auto& from = x.row((o * m.count + i) * width);
    if (dense)
      for (int64_t j = begin; j < end; j++) combine(to[j], from[j]);
    else
      for (int64_t j = begin; j < end; j++) combine(to[inner[j]], from[j]);
  };
  auto run = [&](int64_t outer_begin, int64_t outer_end, int64_t begin, int64_t end) {
    for (int64_t o = outer_begin; o < outer_end; o++)
      for (int64_t i = 0; i < m.count; i++) write(o, i, begin, end);
  };

  if (work <= kGrain) return run(0, m.outer.count, 0, width);
  if (m.outer.count >= 8) {
    const int64_t plane = m.count * width;
    return parallel_ranges(m.outer.count, plane < kGrain ? kGrain / plane : 1,
                           [&](int64_t begin, int64_t end) { run(begin, end, 0, width); });
  }
  if (width >= 2048)
    return parallel_ranges(width, 512, [&](int64_t begin, int64_t end) { run(0, m.outer.count, begin, end); });
  if (width < 16) return run(0, m.outer.count, 0, width);
  for_each_by_owner(index, m.count, m.wrap ? int32_t(m.size) : 0, [&](int64_t i, int64_t later) {
    for (int64_t o = 0; o < m.outer.count; o++) {
      __builtin_prefetch(y + m.outer.offset(o) + m.at(index[later]), 1);
      write(o, i, 0, width);
    }
  });
}

template <class T>
void select(const T* x, const int32_t* index, T* y, const IndexMeta& m) {
  const int64_t width = m.inner.count;
  if (width == 1)
    return parallel_ranges(m.outer.count * m.count, kGrain, [&](int64_t begin, int64_t end) {
      for (int64_t o = begin / m.count; begin < end; o++) {
        const int64_t i = begin - o * m.count, n = m.count - i < end - begin ? m.count - i : end - begin;
        const T* plane = x + m.outer.offset(o);
        for (int64_t k = 0; k < n; k++) y[begin + k] = plane[m.at(index[i + k])];
        begin += n;
      }
    });
  const InnerOffsets inner(m.inner);
  const bool dense = m.dense_inner();
  parallel_ranges(m.outer.count * m.count, width < kGrain ? kGrain / width : 1, [&](int64_t begin, int64_t end) {
    int64_t o = begin / m.count, i = begin % m.count;
    const T* plane = x + m.outer.offset(o);
    for (int64_t row = begin; row < end; row++) {
      const T* __restrict from = plane + m.at(index[i]);
      T* __restrict to = y + row * width;
      if (dense)
        memcpy(to, from, size_t(width) * sizeof(T));
      else
        for (int64_t j = 0; j < width; j++) to[j] = from[inner[j]];
      if (++i == m.count && row + 1 < end) i = 0, plane = x + m.outer.offset(++o);
    }
  });
}

}  // namespace

KERNEL(index_select)
int32_t index_select(int32_t dtype, const void* x, const int32_t* index, void* y, const int32_t* meta) {
  const IndexMeta m(meta);
  const int32_t bad = first_bad_index(index, m.count, m.size, m.wrap);
  if (bad >= 0 || m.empty()) return bad;
  dispatch_size(dtype, [&](auto zero) {
    using T = decltype(zero);
    select(static_cast<const T*>(x), index, static_cast<T*>(y), m);
  });
  return -1;
}

KERNEL(index_copy)
int32_t index_copy(int32_t dtype, void* y, const int32_t* index, const void* x, const int32_t* meta, int32_t x_stride) {
  const IndexMeta m(meta);
  const int32_t bad = first_bad_index(index, m.count, m.size, m.wrap);
  if (bad >= 0 || m.empty()) return bad;
  dispatch_size(dtype, [&](auto zero) {
    using T = decltype(zero);
    const Dense<T> source{static_cast<const T*>(x)};
    if (x_stride == 0) write_by_index(static_cast<T*>(y), index, Constant<T>{*source.x}, m, Assign{});
    else write_by_index(static_cast<T*>(y), index, source, m, Assign{});
  });
  return -1;
}

KERNEL(index_add)
int32_t index_add(int32_t dtype, void* y, const int32_t* index, const void* x, const int32_t* meta, double alpha) {
  const IndexMeta m(meta);
  const int32_t bad = first_bad_index(index, m.count, m.size, m.wrap);
  if (bad >= 0 || m.empty()) return bad;
  if (dtype == kBool) {
    write_by_index(static_cast<uint8_t*>(y), index, Dense<uint8_t>{static_cast<const uint8_t*>(x)}, m, Or{});
    return -1;
  }
  dispatch_all(dtype, [&](auto zero) {
    using T = decltype(zero);
    write_by_index(static_cast<T*>(y), index, Dense<T>{static_cast<const T*>(x)}, m, Accumulate<T>{T(alpha)});
  });
  return -1;
}

KERNEL(index_offsets)
int32_t index_offsets(const int32_t* index, int32_t count, int32_t size, int32_t stride, int32_t first, int32_t* offsets) {
  const int32_t bad = first_bad_index(index, count, size, true);
  if (bad >= 0) return bad;
  for (int64_t i = 0; i < count; i++) {
    const int32_t step = (index[i] < 0 ? index[i] + size : index[i]) * stride;
    offsets[i] = first ? step : offsets[i] + step;
  }
  return -1;
}

}  // namespace myelin::MYELIN_ISA
