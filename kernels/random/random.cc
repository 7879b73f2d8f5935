// Uniform numbers: reals, integers, permutations, coin flips.
#include "random/random.h"

#include "random/mt19937.h"
#include "common/parallel.h"

namespace myelin::MYELIN_ISA {
namespace {

constexpr int32_t kChunk = 512;  // words drawn at a time

// Calls f(words, begin, count) for runs of elements that take `per` words each.
template <int per, class F>
inline void for_each_run(Mt19937& generator, int32_t n, const F& f) {
  uint32_t words[kChunk];
  for (int32_t begin = 0; begin < n; begin += kChunk / per) {
    const int32_t count = n - begin < kChunk / per ? n - begin : kChunk / per;
    generator.draw(words, count * per);
    f(words, begin, count);
  }
}

template <class T>
constexpr int kWordsPer = sizeof(T) / 4;

// Calls f(begin, count, success) with success[i] = 1 where 53 random bits fall below p.
template <class F>
inline void for_each_flip(Mt19937& generator, int32_t n, double p, const F& f) {
  const double bits = p * 0x1p53;
  uint64_t below = bits <= 0 ? 0 : bits >= 0x1p53 ? 1ull << 53 : uint64_t(bits);
  if (double(below) < bits) below++;
  for_each_run<2>(generator, n, [&](const uint32_t* words, int32_t begin, int32_t count) {
    uint8_t success[kChunk / 2];
    for (int32_t i = 0; i < count; i++) success[i] = (word64(words, i) & ((1ull << 53) - 1)) < below;
    f(begin, count, success);
  });
}

}  // namespace

void random_uniform(int32_t dtype, void* out, int32_t n, double from, double to, uint32_t* state) {
  Mt19937 generator(state);
  dispatch_float(dtype, [&](auto zero) {
    using T = decltype(zero);
    T* y = static_cast<T*>(out);
    const T low = T(from), width = T(to) - low;
    const bool is_unit = low == 0 && width == 1;
    for_each_run<kWordsPer<T>>(generator, n, [&](const uint32_t* words, int32_t begin, int32_t count) {
      if (is_unit)
        for (int32_t i = 0; i < count; i++) y[begin + i] = unit(words, i, zero);
      else
        for (int32_t i = 0; i < count; i++) y[begin + i] = fused(unit(words, i, zero), width, low);
    });
  });
}

void random_integers(int32_t dtype, void* out, int32_t n, double from, double range, uint32_t* state) {
  Mt19937 generator(state);
  const uint64_t span = uint64_t(range);
  const int64_t low = int64_t(from);
  dispatch_all(dtype, [&](auto zero) {
    using T = decltype(zero);
    T* y = static_cast<T*>(out);
    if (range >= 0x1p32) {
      for_each_run<2>(generator, n, [&](const uint32_t* words, int32_t begin, int32_t count) {
        for (int32_t i = 0; i < count; i++) y[begin + i] = T(int64_t(word64(words, i) % span) + low);
      });
    } else {
      const uint32_t span32 = uint32_t(span);
      for_each_run<1>(generator, n, [&](const uint32_t* words, int32_t begin, int32_t count) {
        for (int32_t i = 0; i < count; i++) y[begin + i] = T(int64_t(words[i] % span32) + low);
      });
    }
  });
}

void random_permutation(int32_t* out, int32_t n, uint32_t* state) {
  Mt19937 generator(state);
  for (int32_t i = 0; i < n; i++) out[i] = i;
  for_each_run<1>(generator, n - 1, [&](const uint32_t* words, int32_t begin, int32_t count) {
    for (int32_t k = 0; k < count; k++) {
      const int32_t i = begin + k, j = i + int32_t(words[k] % uint32_t(n - i));
      const int32_t kept = out[i];
      out[i] = out[j];
      out[j] = kept;
    }
  });
}

void random_bernoulli(int32_t dtype, void* out, int32_t n, double p, uint32_t* state) {
  Mt19937 generator(state);
  dispatch_all(dtype, [&](auto zero) {
    using T = decltype(zero);
    T* y = static_cast<T*>(out);
    for_each_flip(generator, n, p, [&](int32_t begin, int32_t count, const uint8_t* success) {
      for (int32_t i = 0; i < count; i++) y[begin + i] = T(success[i]);
    });
  });
}

void random_bernoulli_each(int32_t dtype, void* out, int32_t p_dtype, const void* p, int32_t n, uint32_t* state) {
  Mt19937 generator(state);
  dispatch_all(dtype, [&](auto zero) {
    using T = decltype(zero);
    T* y = static_cast<T*>(out);
    dispatch_float(p_dtype, [&](auto p_zero) {
      using P = decltype(p_zero);
      const P* chance = static_cast<const P*>(p);
      for_each_run<kWordsPer<P>>(generator, n, [&](const uint32_t* words, int32_t begin, int32_t count) {
        for (int32_t i = 0; i < count; i++) y[begin + i] = T(unit(words, i, p_zero) < chance[begin + i]);
      });
    });
  });
}

void random_dropout(int32_t dtype, const void* x, void* y, uint8_t* mask, int32_t n, double p, uint32_t* state) {
  Mt19937 generator(state);
  dispatch_float(dtype, [&](auto zero) {
    using T = decltype(zero);
    const T* from = static_cast<const T*>(x);
    T* to = static_cast<T*>(y);
    const T scale = T(1) / T(1 - p);
    for_each_flip(generator, n, 1 - p, [&](int32_t begin, int32_t count, const uint8_t* success) {
      __builtin_memcpy(mask + begin, success, count);
      for (int32_t i = 0; i < count; i++) to[begin + i] = from[begin + i] * (T(success[i]) * scale);
    });
  });
}

void dropout_backward(int32_t dtype, const void* dy, const uint8_t* mask, void* dx, int32_t n, double p) {
  dispatch_float(dtype, [&](auto zero) {
    using T = decltype(zero);
    const T* from = static_cast<const T*>(dy);
    T* to = static_cast<T*>(dx);
    const T scale = T(1) / T(1 - p);
    parallel_ranges(n, 1 << 15, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; i++) to[i] = from[i] * (T(mask[i]) * scale);
    });
  });
}

}  // namespace myelin::MYELIN_ISA
