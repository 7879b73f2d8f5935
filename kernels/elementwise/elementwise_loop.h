// The loop of every element-wise kernel. It presents strided operands to a core that knows only
// arrays without gaps: in place where the operand has none, through small buffers where it has.
#pragma once
#include "common/simd.h"

namespace myelin::MYELIN_ISA {

// Computes n elements of `out` from those of a, b and c (as many as the operation has).
using Core = void (*)(int64_t n, void* out, const void* a, const void* b, const void* c, double p, double q);

struct LoopOperand {
  const void* data;
  int32_t bytes;  // per element
};

constexpr int kMaxRank = 16, kMaxOperands = 4;
constexpr int64_t kGrain = 32768;  // elements that one task takes

// operands[0] is the output. See elementwise.h for layout.
void run_loop(Core core, const LoopOperand* operands, int count, const int32_t* layout, double p, double q);

template <class... Operands>
inline void run_loop(Core core, const int32_t* layout, double p, double q, Operands... operands) {
  const LoopOperand list[] = {operands...};
  run_loop(core, list, int(sizeof...(operands)), layout, p, q);
}

// The axis along which the operand with `a_strides` has no gaps, where a copy that transposes pays;
// -1 where it does not.
int transposed_axis(int rank, const int32_t* sizes, const int32_t* out_strides, const int32_t* a_strides);

// ---- Cores from lane-wise functions ----

// body(i) for whole vectors, tail(i, count) for what is left.
template <int N, class Body, class Tail>
inline void for_vectors(int64_t n, Body body, Tail tail) {
  int64_t i = 0;
  for (; i + N <= n; i += N) body(i);
  if (i < n) tail(i, int(n - i));
}

template <class T, class Op>
void unary_core(int64_t n, void* out, const void* a, const void*, const void*, double p, double q) {
  const T* x = static_cast<const T*>(a);
  T* y = static_cast<T*>(out);
  const Vec<T> vp = splat<T>(T(p)), vq = splat<T>(T(q));
  for_vectors<kLanes<T>>(
      n, [&](int64_t i) { store(y + i, Op::apply(load(x + i), vp, vq)); },
      [&](int64_t i, int count) { store_partial<T>(y + i, Op::apply(load_partial(x + i, count), vp, vq), count); });
}

template <class T, class Op>
void binary_core(int64_t n, void* out, const void* a, const void* b, const void*, double p, double q) {
  const T *x = static_cast<const T*>(a), *y = static_cast<const T*>(b);
  T* z = static_cast<T*>(out);
  const Vec<T> vp = splat<T>(T(p)), vq = splat<T>(T(q));
  for_vectors<kLanes<T>>(
      n, [&](int64_t i) { store(z + i, Op::apply(load(x + i), load(y + i), vp, vq)); },
      [&](int64_t i, int count) {
        store_partial<T>(z + i, Op::apply(load_partial(x + i, count), load_partial(y + i, count), vp, vq), count);
      });
}

template <class T, class Op>
void ternary_core(int64_t n, void* out, const void* a, const void* b, const void* c, double p, double) {
  const T *x = static_cast<const T*>(a), *y = static_cast<const T*>(b), *z = static_cast<const T*>(c);
  T* r = static_cast<T*>(out);
  const Vec<T> vp = splat<T>(T(p));
  for_vectors<kLanes<T>>(
      n, [&](int64_t i) { store(r + i, Op::apply(load(x + i), load(y + i), load(z + i), vp)); },
      [&](int64_t i, int count) {
        store_partial<T>(
            r + i, Op::apply(load_partial(x + i, count), load_partial(y + i, count), load_partial(z + i, count), vp),
            count);
      });
}

// A mask as bytes 0 and 1.
template <class M>
inline Vec<uint8_t, kLanesOf<M>> bytes_of(M mask) {
  return __builtin_convertvector(mask, Vec<uint8_t, kLanesOf<M>>) & 1;
}

template <class T, class Op>
void test_core(int64_t n, void* out, const void* a, const void*, const void*, double, double) {
  constexpr int N = kLanes<T>;
  const T* x = static_cast<const T*>(a);
  uint8_t* y = static_cast<uint8_t*>(out);
  for_vectors<N>(
      n, [&](int64_t i) { store<uint8_t, N>(y + i, bytes_of<MaskOf<Vec<T>>>(Op::apply(load(x + i)))); },
      [&](int64_t i, int count) {
        store_partial<uint8_t, N>(y + i, bytes_of<MaskOf<Vec<T>>>(Op::apply(load_partial(x + i, count))), count);
      });
}

template <class T, class Op>
void compare_core(int64_t n, void* out, const void* a, const void* b, const void*, double, double) {
  constexpr int N = kLanes<T>;
  const T *x = static_cast<const T*>(a), *y = static_cast<const T*>(b);
  uint8_t* z = static_cast<uint8_t*>(out);
  for_vectors<N>(
      n, [&](int64_t i) { store<uint8_t, N>(z + i, bytes_of<MaskOf<Vec<T>>>(Op::apply(load(x + i), load(y + i)))); },
      [&](int64_t i, int count) {
        store_partial<uint8_t, N>(
            z + i, bytes_of<MaskOf<Vec<T>>>(Op::apply(load_partial(x + i, count), load_partial(y + i, count))), count);
      });
}

// int32 lanes as unsigned ones, whose overflow wraps; others as they are.
template <class V>
inline auto wrapping(V v) {
  if constexpr (std::is_same_v<Element<V>, int32_t>) return (Vec<uint32_t, kLanesOf<V>>)v;
  else return v;
}

}  // namespace myelin::MYELIN_ISA
