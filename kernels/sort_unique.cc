// Groups of equal rows.
#include "sort.h"
#include "sort_keys.h"

namespace myelin::MYELIN_ISA {
namespace {

template <class T>
inline bool equal_rows(const T* a, const T* b, int64_t width) {
  for (int64_t j = 0; j < width; j++)
    if (a[j] != b[j]) return false;
  return true;
}

template <class T>
inline bool row_before(const T* a, const T* b, int64_t width, bool a_is_first) {
  for (int64_t j = 0; j < width; j++) {
    const auto left = order_key(a[j]), right = order_key(b[j]);
    if (left != right) return left < right;
  }
  return a_is_first;
}

// The rows' numbers in ascending order of the rows.
template <class T>
void order_rows(const T* x, int64_t rows, int64_t width, int32_t* order) {
  if (width == 1) {
    Scratch<Item<T>> items{size_t(rows)}, spare{size_t(rows)};
    make_items(x, rows, 1, false, items.data());
    const Item<T>* sorted = sort_items(items.data(), spare.data(), rows);
    for (int64_t i = 0; i < rows; i++) order[i] = position_of(sorted[i]);
    return;
  }
  for (int64_t i = 0; i < rows; i++) order[i] = int32_t(i);
  std::sort(order, order + rows, [=](int32_t a, int32_t b) { return row_before(x + a * width, x + b * width, width, a < b); });
}

}  // namespace

KERNEL(unique)
int32_t unique(int32_t dtype, const void* x, int32_t rows, int32_t width, int32_t consecutive, int32_t* first, int32_t* inverse,
               int32_t* counts) {
  if (rows == 0) return 0;
  int32_t groups = 0;
  dispatch_all(dtype, [&](auto zero) {
    using T = decltype(zero);
    const T* data = static_cast<const T*>(x);
    Scratch<int32_t> order{consecutive ? 1 : size_t(rows)};
    if (!consecutive) order_rows(data, rows, width, order.data());
    const T* group = nullptr;
    for (int64_t i = 0; i < rows; i++) {
      const int32_t row = consecutive ? int32_t(i) : order[size_t(i)];
      const T* at = data + int64_t(row) * width;
      if (!group || !equal_rows(group, at, width)) {
        group = at;
        first[groups] = row;
        counts[groups++] = 0;
      }
      inverse[row] = groups - 1;
      counts[groups - 1] += 1;
    }
  });
  return groups;
}

}  // namespace myelin::MYELIN_ISA
