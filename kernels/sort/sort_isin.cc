// Which elements are among others.
#include "common/parallel.h"
#include "sort/sort.h"
#include "sort/sort_keys.h"

namespace myelin::MYELIN_ISA {
namespace {

constexpr int64_t kElements = 1 << 14;  // that one task looks up
constexpr int32_t kCompareAll = 16;     // as many are compared one by one

// A piece at a time, so that it stays in the cache.
template <class T>
void compare_all(const T* __restrict x, int64_t count, const T* set, int32_t size, uint8_t no, uint8_t* __restrict out) {
  constexpr int64_t kPiece = 1024;
  for (int64_t begin = 0; begin < count; begin += kPiece) {
    const int64_t end = begin + kPiece < count ? begin + kPiece : count;
    for (int64_t i = begin; i < end; i++) out[i] = no;
    for (int32_t k = 0; k < size; k++) {
      const T other = set[k];
      if (no == 0)
        for (int64_t i = begin; i < end; i++) out[i] |= uint8_t(x[i] == other);
      else
        for (int64_t i = begin; i < end; i++) out[i] &= uint8_t(x[i] != other);
    }
  }
}

// A set of keys: open addressing, at most half full.
template <class Key>
class KeySet {
 public:
  template <class T>
  KeySet(const T* set, int32_t size) : bits_(bits_for(size)), keys_(size_t(1) << bits_), used_(size_t(1) << bits_) {
    memset(used_.data(), 0, size_t(1) << bits_);
    for (int32_t k = 0; k < size; k++) {
      if (set[k] != set[k]) continue;
      const Key key = order_key(set[k]);
      const size_t slot = place(key);
      keys_[slot] = key;
      used_[slot] = 1;
    }
  }

  bool has(Key key) const { return used_[place(key)] != 0; }

 private:
  static int bits_for(int32_t size) {
    int bits = 5;
    while ((int64_t(1) << bits) < 2 * int64_t(size)) bits++;
    return bits;
  }

  // Where the key is, or would go.
  size_t place(Key key) const {
    const size_t mask = (size_t(1) << bits_) - 1;
    size_t slot = size_t(uint64_t(key) * 0x9e3779b97f4a7c15u >> (64 - bits_));
    while (used_[slot] && keys_[slot] != key) slot = (slot + 1) & mask;
    return slot;
  }

  int bits_;
  Scratch<Key> keys_;
  Scratch<uint8_t> used_;
};

}  // namespace

KERNEL(isin)
void isin(int32_t dtype, const void* x, const void* set, uint8_t* out, int32_t count, int32_t size, int32_t invert) {
  const uint8_t no = invert != 0;
  dispatch_all(dtype, [&](auto zero) {
    using T = decltype(zero);
    const T *elements = static_cast<const T*>(x), *others = static_cast<const T*>(set);
    if (size <= kCompareAll)
      return parallel_ranges(count, kElements, [&](int64_t begin, int64_t end) {
        compare_all(elements + begin, end - begin, others, size, no, out + begin);
      });
    const KeySet<decltype(order_key(T{}))> keys(others, size);
    parallel_ranges(count, kElements, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; i++)
        out[i] = uint8_t((elements[i] == elements[i] && keys.has(order_key(elements[i]))) != (invert != 0));
    });
  });
}

}  // namespace myelin::MYELIN_ISA
