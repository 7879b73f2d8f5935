// Ordering along an axis: sort, topk, kthvalue, median.
#include "sort/sort.h"

#include "common/parallel.h"
#include "sort/sort_keys.h"

namespace myelin::MYELIN_ISA {
namespace {

constexpr int64_t kLineGrain = 8192;  // elements a block of lines should at least order

// f(x, first element of each output's line, stride) for every line along size; outputs have out_size in its place.
template <class F>
void over_lines(int64_t outer, int64_t size, int64_t inner, const F& f) {
  parallel_ranges(outer * inner, size < kLineGrain ? kLineGrain / (size + 1) + 1 : 1, [&](int64_t begin, int64_t end) {
    for (int64_t line = begin; line < end; line++) f(line / inner, line % inner);
  });
}

// Partitions so that the k least items come first; only those that beat the k-th least so far are kept on the way.
template <class T>
void least_items(const T* x, int64_t size, int64_t stride, bool descending, int64_t k, Item<T>* items, int64_t room) {
  using I = Item<T>;
  using Key = decltype(order_key(T{}));
  const Key flip = descending ? ~Key(0) : Key(0);
  auto less = [](I a, I b) { return before(a, b); };
  int64_t held = 0;
  bool bounded = false;
  I bound{};
  T limit{};  // the bound's value: a run of elements that do not beat it is skipped at once
  constexpr int64_t kRun = 16;
  for (int64_t start = 0; start < size; start += kRun) {
    const int64_t end = start + kRun < size ? start + kRun : size;
    if (bounded && stride == 1 && end - start == kRun) {
      int32_t beats = 0;
      const T* run = x + start;
      for (int64_t j = 0; j < kRun; j++) beats |= descending ? !(run[j] <= limit) : !(run[j] >= limit);
      if (!beats) continue;
    }
    for (int64_t i = start; i < end; i++) {
      const I item = make_item(Key(order_key(x[i * stride]) ^ flip), i);
      if (bounded && !before(item, bound)) continue;
      items[held++] = item;
      if (held < room) continue;
      std::nth_element(items, items + (k - 1), items + held, less);
      bound = items[k - 1];
      limit = x[position_of(bound) * stride];
      bounded = true;
      held = k;
    }
  }
  if (held > k) std::nth_element(items, items + (k - 1), items + held, less);
}

// The position of the k-th least item of a line. In a long one, the keys' first bits are counted, and only the items that
// share those of the wanted one are looked at.
template <class T>
int32_t kth_position(const T* x, int64_t size, int64_t stride, int64_t k, Item<T>* items) {
  using I = Item<T>;
  using Key = decltype(order_key(T{}));
  constexpr int kBits = 11, kShift = int(8 * sizeof(Key)) - kBits;
  if (size < kLineGrain || sizeof(T) == 1) {
    make_items(x, size, stride, false, items);
  } else {
    Scratch<int32_t> counts(size_t(1) << kBits);
    memset(counts.data(), 0, sizeof(int32_t) << kBits);
    for (int64_t i = 0; i < size; i++) counts[size_t(order_key(x[i * stride]) >> kShift)]++;
    Key bucket = 0;
    for (; k >= counts[size_t(bucket)]; bucket++) k -= counts[size_t(bucket)];
    int64_t held = 0;
    Key different = 0;  // bits in which a held key differs from the first one
    for (int64_t i = 0; i < size; i++) {
      const Key key = order_key(x[i * stride]);
      const bool shares = key >> kShift == bucket;
      items[held] = make_item(key, i);
      different |= shares ? Key(key ^ Key(key_of(items[0]))) : Key(0);
      held += shares;
    }
    if (different == 0) return position_of(items[k]);
    size = held;
  }
  std::nth_element(items, items + k, items + size, [](I a, I b) { return before(a, b); });
  return position_of(items[k]);
}

template <class T>
int32_t median_position(const T* x, int64_t size, int64_t stride, bool ignore_nan, Item<T>* items) {
  int64_t numbers = 0;
  for (int64_t i = 0; i < size; i++) numbers += x[i * stride] == x[i * stride];
  if (numbers < size && (!ignore_nan || numbers == 0)) {
    int64_t nan = 0;
    while (x[nan * stride] == x[nan * stride]) nan++;
    return int32_t(nan);
  }
  return kth_position(x, size, stride, (numbers - 1) / 2, items);
}

// values and indices (outer, inner) of the element that pick(line, stride, items) chooses in each line.
template <class T, class Pick>
void pick_each(const T* x, T* values, int32_t* indices, int64_t outer, int64_t size, int64_t inner, const Pick& pick) {
  over_lines(outer, size, inner, [&](int64_t o, int64_t j) {
    const T* line = x + o * size * inner + j;
    Scratch<Item<T>> items{size_t(size)};
    const int32_t position = pick(line, inner, items.data());
    indices[o * inner + j] = position;
    values[o * inner + j] = line[position * inner];
  });
}

}  // namespace

KERNEL(sort)
void sort(int32_t dtype, const void* x, void* values, int32_t* indices, int32_t outer, int32_t size, int32_t inner,
          int32_t descending) {
  if (size == 0) return;
  dispatch_all(dtype, [&](auto zero) {
    using T = decltype(zero);
    over_lines(outer, size, inner, [&](int64_t o, int64_t j) {
      const int64_t start = o * size * inner + j, step = inner;
      const T* line = static_cast<const T*>(x) + start;
      Scratch<Item<T>> items{size_t(size)}, spare{size_t(size >= kDigitSortSize ? size : 1)};
      make_items(line, size, step, descending != 0, items.data());
      const Item<T>* sorted = sort_items(items.data(), spare.data(), size);
      for (int64_t i = 0; i < size; i++) indices[start + i * step] = position_of(sorted[i]);
      if (!values) return;
      for (int64_t i = 0; i < size; i++) static_cast<T*>(values)[start + i * step] = line[position_of(sorted[i]) * step];
    });
  });
}

KERNEL(topk)
void topk(int32_t dtype, const void* x, void* values, int32_t* indices, int32_t outer, int32_t size, int32_t inner, int32_t k,
          int32_t largest) {
  if (k == 0) return;
  dispatch_all(dtype, [&](auto zero) {
    using T = decltype(zero);
    const int64_t room = size < 2 * int64_t(k) + 24 ? size + 1 : 2 * int64_t(k) + 24;
    over_lines(outer, size, inner, [&](int64_t o, int64_t j) {
      const T* line = static_cast<const T*>(x) + int64_t(o) * size * inner + j;
      Scratch<Item<T>> items{size_t(room)};
      least_items(line, size, inner, largest != 0, k, items.data(), room);
      sort_small(items.data(), k);
      for (int64_t i = 0; i < k; i++) {
        const int32_t position = position_of(items[size_t(i)]);
        const int64_t to = (o * k + i) * inner + j;
        indices[to] = position;
        static_cast<T*>(values)[to] = line[int64_t(position) * inner];
      }
    });
  });
}

KERNEL(kth_value)
void kth_value(int32_t dtype, const void* x, void* values, int32_t* indices, int32_t outer, int32_t size, int32_t inner,
               int32_t k) {
  if (size == 0) return;
  dispatch_all(dtype, [&](auto zero) {
    using T = decltype(zero);
    pick_each(static_cast<const T*>(x), static_cast<T*>(values), indices, outer, size, inner,
              [=](const T* line, int64_t stride, Item<T>* items) { return kth_position(line, size, stride, k, items); });
  });
}

KERNEL(median)
void median(int32_t dtype, const void* x, void* values, int32_t* indices, int32_t outer, int32_t size, int32_t inner,
            int32_t ignore_nan) {
  if (size == 0) return;
  dispatch_all(dtype, [&](auto zero) {
    using T = decltype(zero);
    pick_each(static_cast<const T*>(x), static_cast<T*>(values), indices, outer, size, inner,
              [=](const T* line, int64_t stride, Item<T>* items) {
                return median_position(line, size, stride, ignore_nan != 0, items);
              });
  });
}

}  // namespace myelin::MYELIN_ISA
