// Element-wise kernels over strided, broadcast operands. `op` is a code of elementwise_ops.h.
//
// layout = [rank, sizes…, strides of out…, strides of the first operand…, of the second…, …], strides in
// elements, 0 where an operand repeats. The caller merges axes where it can; rank is 1 … 16 (axes of
// length 1 left out; a single element is rank 1, size 1). An output never repeats elements. It may be
// the same view as an operand; it must not overlap one otherwise.
//
// p and q are parameters of the operation (alpha, slope, limits …), 0 where it has none.
#pragma once
#include "common/abi.h"

#define ELEMENTWISE_KERNELS(X) \
  X(unary)                     \
  X(test)                      \
  X(binary)                    \
  X(binary_number)             \
  X(compare)                   \
  X(compare_number)            \
  X(is_close)                  \
  X(cross)                     \
  X(ternary)                   \
  X(where)                     \
  X(copy)                      \
  X(fill)                      \
  X(ramp)

namespace myelin::MYELIN_ISA {

KERNEL(unary)
void unary(int32_t op, int32_t dtype, const void* a, void* out, const int32_t* layout, double p, double q);

// → bool.
KERNEL(test)
void test(int32_t op, int32_t dtype, const void* a, void* out, const int32_t* layout);

KERNEL(binary)
void binary(int32_t op, int32_t dtype, const void* a, const void* b, void* out, const int32_t* layout, double p,
            double q);

// As binary with a number for the second operand, or for the first if `reversed`. layout has strides
// for out and the tensor operand only.
KERNEL(binary_number)
void binary_number(int32_t op, int32_t dtype, const void* a, double number, int32_t reversed, void* out,
                   const int32_t* layout, double p, double q);

// → bool.
KERNEL(compare)
void compare(int32_t op, int32_t dtype, const void* a, const void* b, void* out, const int32_t* layout);

KERNEL(compare_number)
void compare_number(int32_t op, int32_t dtype, const void* a, double number, void* out, const int32_t* layout);

// a is b, or |a - b| ≤ atol + rtol·|b| in float64, or with equal_nan both are NaN → bool.
KERNEL(is_close)
void is_close(int32_t dtype, const void* a, const void* b, void* out, const int32_t* layout, double rtol, double atol,
              int32_t equal_nan);

KERNEL(ternary)
void ternary(int32_t op, int32_t dtype, const void* a, const void* b, const void* c, void* out, const int32_t* layout,
             double p);

// The cross products of vectors of 3 elements along the middle axis of contiguous (outer, 3, inner) arrays.
KERNEL(cross)
void cross(int32_t dtype, const void* a, const void* b, void* out, int32_t outer, int32_t inner);

// condition (bool) ? a : b.
KERNEL(where)
void where(int32_t dtype, const void* condition, const void* a, const void* b, void* out, const int32_t* layout);

// out = a, converted from dtype `from` to dtype `to` as C++ does; a float that an integer cannot hold
// becomes the smallest int32, and bytes keep the low 8 bits.
KERNEL(copy)
void copy(int32_t from, int32_t to, const void* a, void* out, const int32_t* layout);

KERNEL(fill)
void fill(int32_t dtype, double value, void* out, const int32_t* layout);

// out[i] = first + i · step for i < half, last − (n − 1 − i) · step from there on, for a dtype of numbers.
KERNEL(ramp)
void ramp(int32_t dtype, double first, double step, double last, int32_t half, int32_t n, void* out);

}  // namespace myelin::MYELIN_ISA
