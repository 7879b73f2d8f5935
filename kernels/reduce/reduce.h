// Reductions over any axes of a strided view, arg-reductions and scans.
#pragma once
#include "common/abi.h"

#define REDUCE_KERNELS(X) \
  X(reduce)               \
  X(arg_reduce)           \
  X(scan)                 \
  X(scan_linear)          \
  X(scan_extreme)         \
  X(scan_extreme_backward) \
  X(prod_backward)        \
  X(scan_logsumexp)

namespace myelin::MYELIN_ISA {

enum ReduceOp : int32_t {
  kSum = 0,              // float → float, integers → int32, exact
  kProd = 1,             // as kSum
  kMax = 2,              // keeps the dtype; NaN wins
  kMin = 3,
  kAny = 4,              // → bool
  kAll = 5,              // → bool
  kCountNonzero = 6,     // float → float, integers → int32
  kSumAbs = 7,           // from here on: float32 and float64 only
  kSumSquares = 8,
  kMaxAbs = 9,
  kMinAbs = 10,
  kSumPower = 11,        // Σ |x|^exponent
  kSumSquaredDiff = 12,  // Σ (x − center)²
  kSumDiff = 13,         // Σ (x − center) → float64
};

// out[k] = (op over the reduced axes / divisor)^power, `out` contiguous over the kept axes.
//
// meta = [kept rank, reduced rank, kept sizes…, kept strides…, reduced sizes…, reduced strides…]
// center: one float64 per output (kSumSquaredDiff and kSumDiff only, else null)
// divisor and power apply to float outputs; power 0.5 is a square root.
// Returns 1 if an integer result is beyond int32, whose output is then 0; else 0.
KERNEL(reduce)
int32_t reduce(int32_t op, int32_t dtype, const void* x, const void* center, void* out, const int32_t* meta,
               double exponent, double divisor, double power);

// Position of the largest (op kMax) or smallest (kMin) element along one axis; the first of equals,
// and a NaN before anything else. `values` may be null. Both outputs are contiguous over the kept axes.
//
// meta = [kept rank, 1, kept sizes…, kept strides…, size, stride]
KERNEL(arg_reduce)
void arg_reduce(int32_t op, int32_t dtype, const void* x, void* values, int32_t* indices, const int32_t* meta);

// Running sum (op kSum) or product (kProd) along the middle axis of a contiguous (outer, n, inner)
// array; from the end where reverse is set. Floats accumulate in double; integers give int32.
// Returns 1 if an integer result is beyond int32, as `reduce` does.
KERNEL(scan)
int32_t scan(int32_t op, int32_t dtype, const void* x, void* y, int32_t outer, int32_t n, int32_t inner,
             int32_t reverse);

// The recurrence y[i] = b[i] + a[i]·y[i−1] along the middle axis, or, where reverse is set, its transpose
// y[i] = b[i] + a[i+1]·y[i+1]. float32 and float64.
KERNEL(scan_linear)
void scan_linear(int32_t dtype, const void* a, const void* b, void* y, int32_t outer, int32_t n, int32_t inner,
                 int32_t reverse);

// Running log Σ e^x along the middle axis. float32 and float64, in double.
KERNEL(scan_logsumexp)
void scan_logsumexp(int32_t dtype, const void* x, void* y, int32_t outer, int32_t n, int32_t inner);

// Running maximum (kMax) or minimum (kMin) and where it stands, the last of equals.
KERNEL(scan_extreme)
void scan_extreme(int32_t op, int32_t dtype, const void* x, void* values, int32_t* indices, int32_t outer, int32_t n,
                  int32_t inner);

// d[indices[i]] = Σ g[i] along the middle axis, the indices as scan_extreme gave them. float32 and float64.
KERNEL(scan_extreme_backward)
void scan_extreme_backward(int32_t dtype, const void* g, const int32_t* indices, void* d, int32_t outer, int32_t n,
                           int32_t inner);

// d[i] = g·Π_{k≠i} x[k] along the middle axis of contiguous x and d, g (outer, inner). float32 and float64.
KERNEL(prod_backward)
void prod_backward(int32_t dtype, const void* x, const void* g, void* d, int32_t outer, int32_t n, int32_t inner);

}  // namespace myelin::MYELIN_ISA
