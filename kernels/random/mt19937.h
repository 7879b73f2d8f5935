// The Mersenne twister (Matsumoto and Nishimura 1998, doi:10.1145/272991.272995) over a state block
// that the caller keeps (see random.h).
#pragma once
#include "random/random.h"
#include "common/simd.h"

namespace myelin::MYELIN_ISA {

class Mt19937 {
 public:
  static constexpr int kWords = 624;

  explicit Mt19937(uint32_t* state) : words_(state), used_(state + kWords) {}

  // The next n words of the stream.
  void draw(uint32_t* out, int32_t n) {
    while (n > 0) {
      if (*used_ >= kWords) twist();
      const int32_t left = kWords - int32_t(*used_), count = n < left ? n : left;
      const uint32_t* from = words_ + *used_;
      for (int32_t i = 0; i < count; i++) out[i] = temper(from[i]);
      *used_ += count;
      out += count;
      n -= count;
    }
  }

  uint32_t next() {
    if (*used_ >= kWords) twist();
    return temper(words_[(*used_)++]);
  }

  uint64_t next64() {
    const uint64_t high = next();
    return high << 32 | next();
  }

  // 53 random bits in [0, 1).
  double next_double() { return double(int64_t(next64() & ((1ull << 53) - 1))) * 0x1p-53; }

  bool has_normal() const { return words_[625] != 0; }
  void forget_normal() { words_[625] = words_[626] = words_[627] = 0; }
  void keep_normal(double x) {
    words_[625] = 1;
    __builtin_memcpy(words_ + 626, &x, sizeof x);
  }
  double take_normal() {
    double x;
    __builtin_memcpy(&x, words_ + 626, sizeof x);
    forget_normal();
    return x;
  }

 private:
  static constexpr int kShift = 397;
  uint32_t* words_;
  uint32_t* used_;

  static uint32_t temper(uint32_t y) {
    y ^= y >> 11;
    y ^= y << 7 & 0x9d2c5680u;
    y ^= y << 15 & 0xefc60000u;
    return y ^ y >> 18;
  }

  template <class T>
  static T mix(T a, T b, T far) {
    const T y = (a & 0x80000000u) | (b & 0x7fffffffu);
    return far ^ y >> 1 ^ (-(b & 1u) & 0x9908b0dfu);
  }

  // Words [begin, end) from themselves and those `shift` away; vectors reach no word made in this loop.
  void twist_range(int begin, int end, int shift) {
    constexpr int N = kLanes<uint32_t>;
    int i = begin;
    for (; i + N <= end; i += N)
      store(words_ + i, mix(load(words_ + i), load(words_ + i + 1), load(words_ + i + shift)));
    for (; i < end; i++) words_[i] = mix(words_[i], words_[i + 1], words_[i + shift]);
  }

  void twist() {
    twist_range(0, kWords - kShift, kShift);
    twist_range(kWords - kShift, kWords - 1, kShift - kWords);
    words_[kWords - 1] = mix(words_[kWords - 1], words_[0], words_[kShift - 1]);
    *used_ = 0;
  }
};

// Element i of drawn words as a number in [0, 1): 24 bits of one word, or 53 of two.
inline uint64_t word64(const uint32_t* words, int32_t i) { return uint64_t(words[2 * i]) << 32 | words[2 * i + 1]; }
inline float unit(const uint32_t* words, int32_t i, float) { return float(int32_t(words[i] & 0xffffffu)) * 0x1p-24f; }
inline double unit(const uint32_t* words, int32_t i, double) {
  return double(int64_t(word64(words, i) & ((1ull << 53) - 1))) * 0x1p-53;
}

// a·b + c rounded once, also where the processor has no such instruction (float32: by way of float64).
template <class T>
inline T fused(T a, T b, T c) {
#if defined(__FMA__) || defined(__aarch64__)
  if constexpr (sizeof(T) == 4) return __builtin_fmaf(a, b, c);
#else
  if constexpr (sizeof(T) == 4) return T(double(a) * double(b) + double(c));
#endif
  return T(__builtin_fma(a, b, c));
}

}  // namespace myelin::MYELIN_ISA
