// The fold behind each ReduceOp. `step` takes one element (or a vector of them) in; `merge` joins two
// partial results; In<T> is the type elements of T are folded in; Wide<C> holds results across chunks,
// so that a float32 sum rounds only within a chunk.
#pragma once
#include <cmath>

#include "reduce.h"
#include "reduce_plan.h"

namespace myelin::MYELIN_ISA {

// Integers fold modulo 2³² (sums) or as int32 (order); floats as they are.
template <class T>
using Modular = std::conditional_t<std::is_floating_point_v<T>, T, uint32_t>;
template <class T>
using Ordered = std::conditional_t<std::is_floating_point_v<T>, T, int32_t>;
template <class C>
using WideSum = std::conditional_t<std::is_same_v<C, float>, double, C>;

template <class V>
inline V magnitude(V x) {
  return x < constant<V>(0) ? -x : x;
}

struct SumFold {
  template <class T> using In = Modular<T>;
  template <class C> using Wide = WideSum<C>;
  template <class V> static V identity() { return constant<V>(0); }
  template <class V> static V step(V acc, V x, V) { return acc + x; }
  template <class V> static V merge(V a, V b) { return a + b; }
};

struct ProdFold {
  template <class T> using In = Modular<T>;
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
  template <class V> static V step(V acc, V x, V centre) { return MaxFold::step(acc, magnitude(x), centre); }
};

struct MinAbsFold : MinFold {
  template <class V> static V step(V acc, V x, V centre) { return MinFold::step(acc, magnitude(x), centre); }
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

struct SumSquaredDiffFold : SumFold {
  template <class V> static V step(V acc, V x, V centre) { return acc + (x - centre) * (x - centre); }
};

// `centre` carries the exponent.
struct SumPowerFold : SumFold {
  template <class V> static V step(V acc, V x, V centre) {
    if constexpr (std::is_arithmetic_v<V>) {
      return acc + V(__builtin_pow(double(magnitude(x)), double(centre)));
    } else {
      for (unsigned i = 0; i < sizeof(V) / sizeof(x[0]); i++) acc[i] = step(acc[i], x[i], centre[i]);
      return acc;
    }
  }
};

}  // namespace myelin::MYELIN_ISA
