// The fold behind each ReduceOp. `step` takes one element (or a vector of them) in; `merge` joins two
// partial results; In<T> is the type elements of T are folded in; Wide<C> holds results across chunks,
// so that a float32 sum rounds only within a chunk.
#pragma once
#include <cmath>

#include "reduce/reduce.h"
#include "reduce/reduce_plan.h"

namespace myelin::MYELIN_ISA {

// Integers are ordered as int32; floats as they are.
template <class T>
using Ordered = std::conditional_t<std::is_floating_point_v<T>, T, int32_t>;
// Sums of integers are exact: bytes within a chunk in 32 bits, everything else in 64.
template <class T>
using Summed = std::conditional_t<std::is_floating_point_v<T>, T, std::conditional_t<sizeof(T) == 1, uint32_t, int64_t>>;
template <class C>
using WideSum = std::conditional_t<std::is_same_v<C, float>, double, std::conditional_t<std::is_same_v<C, uint32_t>, int64_t, C>>;
// Products of integers are exact as far as int32 goes, since factors other than 0 do not make them smaller.
template <class T>
using Multiplied = std::conditional_t<std::is_floating_point_v<T>, T, double>;

template <class V>
inline V magnitude(V x) {
  return x < constant<V>(0) ? -x : x;
}

struct SumFold {
  template <class T> using In = Summed<T>;
  template <class C> using Wide = WideSum<C>;
  template <class V> static V identity() { return constant<V>(0); }
  template <class V> static V step(V acc, V x, V) { return acc + x; }
  template <class V> static V merge(V a, V b) { return a + b; }
};

struct ProdFold {
  template <class T> using In = Multiplied<T>;
  template <class C> using Wide = WideSum<C>;
  template <class V> static V identity() { return constant<V>(1); }
  template <class V> static V step(V acc, V x, V) { return acc * x; }
  template <class V> static V merge(V a, V b) { return a * b; }
};

struct MaxFold {
  template <class T> using In = Ordered<T>;
  template <class C> using Wide = C;
  template <class V> static V identity() {
    using E = typename ElementOf<V>::type;
    return constant<V>(std::is_same_v<E, int32_t> ? -2147483648.0 : -__builtin_inf());
  }
  template <class V> static V step(V acc, V x, V) { return ((x > acc) | (x != x)) ? x : acc; }
  template <class V> static V merge(V a, V b) { return step(a, b, b); }
};

struct MinFold {
  template <class T> using In = Ordered<T>;
  template <class C> using Wide = C;
  template <class V> static V identity() {
    using E = typename ElementOf<V>::type;
    return constant<V>(std::is_same_v<E, int32_t> ? 2147483647.0 : __builtin_inf());
  }
  template <class V> static V step(V acc, V x, V) { return ((x < acc) | (x != x)) ? x : acc; }
  template <class V> static V merge(V a, V b) { return step(a, b, b); }
};

struct MaxAbsFold : MaxFold {
  template <class V> static V identity() { return constant<V>(0); }
  template <class V> static V step(V acc, V x, V center) { return MaxFold::step(acc, magnitude(x), center); }
};

struct MinAbsFold : MinFold {
  template <class V> static V step(V acc, V x, V center) { return MinFold::step(acc, magnitude(x), center); }
};

struct AnyFold {
  template <class T> using In = Ordered<T>;
  template <class C> using Wide = C;
  template <class V> static V identity() { return constant<V>(0); }
  template <class V> static V step(V acc, V x, V) { return x != constant<V>(0) ? constant<V>(1) : acc; }
  template <class V> static V merge(V a, V b) { return step(a, b, b); }
};

struct AllFold {
  template <class T> using In = Ordered<T>;
  template <class C> using Wide = C;
  template <class V> static V identity() { return constant<V>(1); }
  template <class V> static V step(V acc, V x, V) { return x == constant<V>(0) ? constant<V>(0) : acc; }
  template <class V> static V merge(V a, V b) { return step(a, b, b); }
};

struct CountFold : SumFold {
  template <class T> using In = std::conditional_t<std::is_floating_point_v<T>, T, uint32_t>;
  template <class V> static V step(V acc, V x, V) {
    return acc + (x != constant<V>(0) ? constant<V>(1) : constant<V>(0));
  }
};

struct SumAbsFold : SumFold {
  template <class V> static V step(V acc, V x, V) { return acc + magnitude(x); }
};

struct SumSquaresFold : SumFold {
  template <class V> static V step(V acc, V x, V) { return acc + x * x; }
};

// What is subtracted is a double, as is the difference: every float32 has one, and a square.
struct SumDiffFold : SumFold {
  template <class T> using In = double;
  template <class V> static V step(V acc, V x, V center) { return acc + (x - center); }
};

struct SumSquaredDiffFold : SumFold {
  template <class T> using In = double;
  template <class V> static V step(V acc, V x, V center) { return acc + (x - center) * (x - center); }
};

// `center` carries the exponent.
struct SumPowerFold : SumFold {
  template <class V> static V step(V acc, V x, V center) {
    if constexpr (std::is_arithmetic_v<V>) {
      return acc + V(__builtin_pow(double(magnitude(x)), double(center)));
    } else {
      for (unsigned i = 0; i < sizeof(V) / sizeof(x[0]); i++) acc[i] = step(acc[i], x[i], center[i]);
      return acc;
    }
  }
};

// Writes the exact value of an integer result, or notes that int32 does not hold it.
template <class W>
inline void write_integer(int32_t* out, W value, int32_t* overflows) {
  if (value != value) value = 0;  // 0 times a product beyond double
  const bool fits = value >= W(-2147483648.0) && value <= W(2147483647.0);
  if (!fits) __atomic_store_n(overflows, 1, __ATOMIC_RELAXED);
  *out = fits ? int32_t(value) : 0;
}

}  // namespace myelin::MYELIN_ISA
