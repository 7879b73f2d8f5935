// Groups of equal rows.
#include "common/parallel.h"
#include "sort/sort.h"
#include "sort/sort_keys.h"

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

// What is known of one element of each group.
template <class Key>
struct Group {
  Key key;
  int32_t first, count;
};

// Groups by their keys, in the order in which they come; gives up where there are many.
template <class Key>
class GroupTable {
 public:
  static constexpr int32_t kMost = 4096;

  GroupTable() : groups_(kMost), slots_(kSlots) { clear(); }

  void clear() {
    size_ = 0;
    memset(slots_.data(), -1, kSlots * sizeof(int32_t));
  }
  int32_t size() const { return size_; }
  Group<Key>& operator[](int32_t group) { return groups_[size_t(group)]; }

  // The group of a key, −1 if it is new and there is no room.
  int32_t find(Key key, int32_t first) {
    for (size_t slot = hash(key);; slot = (slot + 1) & (kSlots - 1)) {
      const int32_t group = slots_[slot];
      if (group >= 0 && groups_[size_t(group)].key == key) return group;
      if (group >= 0) continue;
      if (size_ == kMost) return -1;
      groups_[size_t(size_)] = {key, first, 0};
      return slots_[slot] = size_++;
    }
  }

 private:
  static constexpr size_t kSlots = 4 * kMost;

  static size_t hash(Key key) { return size_t(uint64_t(key) * 0x9e3779b97f4a7c15u >> 40) & (kSlots - 1); }

  int32_t size_ = 0;
  Scratch<Group<Key>> groups_;
  Scratch<int32_t> slots_;
};

// The groups of elements by hashing; −1 if there are many, or a NaN, which equals none.
template <class T>
int32_t unique_by_hash(const T* x, int64_t rows, int32_t* first, int32_t* inverse, int32_t* counts) {
  using Key = decltype(order_key(T{}));
  const int64_t length = rows >> 22 > 0 ? rows / 32 + 1 : 1 << 17;
  const int64_t parts = (rows + length - 1) / length;
  Scratch<Group<Key>> found(size_t(parts) * GroupTable<Key>::kMost);
  Scratch<int32_t> sizes{size_t(parts)};
  parallel_ranges(rows, length, [&](int64_t begin, int64_t end) {
    GroupTable<Key> table;
    bool fits = true;
    for (int64_t i = begin; i < end && fits; i++) {
      const int32_t group = x[i] == x[i] ? table.find(order_key(x[i]), int32_t(i)) : -1;
      fits = group >= 0;
      if (!fits) break;
      table[group].count++;
      if (inverse) inverse[i] = group;
    }
    const int64_t part = begin / length;
    sizes[size_t(part)] = fits ? table.size() : -1;
    for (int32_t g = 0; fits && g < table.size(); g++) found[size_t(part * GroupTable<Key>::kMost + g)] = table[g];
  });

  // The parts' groups, which keep their number in `found`, become groups of all.
  GroupTable<Key> all;
  for (int64_t part = 0; part < parts; part++) {
    if (sizes[size_t(part)] < 0) return -1;
    for (int32_t g = 0; g < sizes[size_t(part)]; g++) {
      Group<Key>& one = found[size_t(part * GroupTable<Key>::kMost + g)];
      const int32_t group = all.find(one.key, one.first);
      if (group < 0) return -1;
      all[group].count += one.count;
      one.first = group;
    }
  }
  const int32_t groups = all.size();
  Scratch<int32_t> order{size_t(groups)}, rank{size_t(groups)};
  for (int32_t g = 0; g < groups; g++) order[size_t(g)] = g;
  std::sort(order.data(), order.data() + groups, [&](int32_t a, int32_t b) { return all[a].key < all[b].key; });
  for (int32_t k = 0; k < groups; k++) {
    const Group<Key>& group = all[order[size_t(k)]];
    rank[size_t(order[size_t(k)])] = k;
    first[k] = group.first;
    if (counts) counts[k] = group.count;
  }
  if (!inverse) return groups;
  parallel_ranges(rows, length, [&](int64_t begin, int64_t end) {
    const Group<Key>* part = found.data() + begin / length * GroupTable<Key>::kMost;
    for (int64_t i = begin; i < end; i++) inverse[i] = rank[size_t(part[inverse[i]].first)];
  });
  return groups;
}

// Runs of equal neighbors in a list.
template <class T>
int32_t runs_of(const T* x, int64_t rows, int32_t* first, int32_t* inverse, int32_t* counts) {
  constexpr int64_t kPart = 1 << 15;
  const int64_t parts = (rows + kPart - 1) / kPart;
  Scratch<int32_t> before(size_t(parts) + 1);
  before[0] = 1;
  parallel_ranges(rows, kPart, [&](int64_t begin, int64_t end) {
    int32_t starts = 0;
    for (int64_t i = begin > 0 ? begin : 1; i < end; i++) starts += x[i] != x[i - 1];
    before[size_t(begin / kPart) + 1] = starts;
  });
  for (int64_t part = 0; part < parts; part++) before[size_t(part) + 1] += before[size_t(part)];
  const int32_t groups = before[size_t(parts)];
  first[0] = 0;
  parallel_ranges(rows, kPart, [&](int64_t begin, int64_t end) {
    // Each place is written until its group starts; behind the part's last group nothing is.
    int32_t group = before[size_t(begin / kPart)];
    const int32_t last = before[size_t(begin / kPart) + 1];
    int64_t i = begin > 0 ? begin : 1;
    for (; i < end && group < last; i++) {
      first[group] = int32_t(i);
      group += x[i] != x[i - 1];
      if (inverse) inverse[i] = group - 1;
    }
    if (inverse)
      for (; i < end; i++) inverse[i] = group - 1;
  });
  if (inverse) inverse[0] = 0;
  if (counts)
    for (int32_t g = 0; g < groups; g++) counts[g] = (g + 1 < groups ? first[g + 1] : int32_t(rows)) - first[g];
  return groups;
}

constexpr int64_t kWorthHashing = 2048;

template <class T>
int32_t groups_of(const T* x, int64_t rows, int64_t width, bool consecutive, int32_t* first, int32_t* inverse,
                  int32_t* counts) {
  if (width == 1 && consecutive) return runs_of(x, rows, first, inverse, counts);
  if (width == 1 && rows >= kWorthHashing) {
    const int32_t groups = unique_by_hash(x, rows, first, inverse, counts);
    if (groups >= 0) return groups;
  }
  Scratch<int32_t> order{consecutive ? 1 : size_t(rows)};
  if (!consecutive) order_rows(x, rows, width, order.data());
  const T* group = nullptr;
  int32_t groups = 0, size = 0;
  for (int64_t i = 0; i < rows; i++) {
    const int32_t row = consecutive ? int32_t(i) : order[size_t(i)];
    const T* at = x + int64_t(row) * width;
    if (!group || !equal_rows(group, at, width)) {
      if (counts && groups > 0) counts[groups - 1] = size;
      group = at;
      first[groups++] = row;
      size = 0;
    }
    if (inverse) inverse[row] = groups - 1;
    size += 1;
  }
  if (counts) counts[groups - 1] = size;
  return groups;
}

}  // namespace

KERNEL(unique)
int32_t unique(int32_t dtype, const void* x, int32_t rows, int32_t width, int32_t consecutive, int32_t* first, int32_t* inverse,
               int32_t* counts) {
  if (rows == 0) return 0;
  int32_t groups = 0;
  dispatch_all(dtype, [&](auto zero) {
    using T = decltype(zero);
    groups = groups_of(static_cast<const T*>(x), rows, width, consecutive != 0, first, inverse, counts);
  });
  return groups;
}

}  // namespace myelin::MYELIN_ISA
