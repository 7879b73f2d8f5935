// Order: sort, topk, kthvalue, median, unique, nonzero, bincount, searchsorted.
//
// NaN counts as the greatest value, −0 equals 0, and equal values keep the order of their positions, whatever the direction:
// so every result here is one and the same on all engines. Tensors are dense [outer, size, inner], ordered along size.
#pragma once
#include "common/abi.h"

namespace myelin::MYELIN_ISA {

// values and indices (outer, size, inner) of the stable sort; values may be null
KERNEL(sort)
void sort(int32_t dtype, const void* x, void* values, int32_t* indices, int32_t outer, int32_t size, int32_t inner,
          int32_t descending);
// values and indices (outer, k, inner): the k first of the stable sort, 0 ≤ k ≤ size
KERNEL(topk)
void topk(int32_t dtype, const void* x, void* values, int32_t* indices, int32_t outer, int32_t size, int32_t inner, int32_t k,
          int32_t largest);
// values and indices (outer, inner) of the k-th smallest, 0 ≤ k < size
KERNEL(kth_value)
void kth_value(int32_t dtype, const void* x, void* values, int32_t* indices, int32_t outer, int32_t size, int32_t inner,
               int32_t k);
// values and indices (outer, inner) of the lower median; the first NaN if there is one, unless they are ignored
KERNEL(median)
void median(int32_t dtype, const void* x, void* values, int32_t* indices, int32_t outer, int32_t size, int32_t inner,
            int32_t ignore_nan);

// Groups equal rows of x (rows, width): in ascending lexicographic order, or runs only if consecutive. Writes each group's
// first row (groups; all rows have room), and unless they are null the group of each row (rows) and the group's size (groups);
// returns the number of groups. A row that holds a NaN equals none.
KERNEL(unique)
int32_t unique(int32_t dtype, const void* x, int32_t rows, int32_t width, int32_t consecutive, int32_t* first, int32_t* inverse,
               int32_t* counts);

KERNEL(nonzero_count)
int32_t nonzero_count(int32_t dtype, const void* x, int32_t count);
// out (n, rank): the coordinates of the elements that are not 0, in row-major order; x is dense with this shape
KERNEL(nonzero)
void nonzero(int32_t dtype, const void* x, const int32_t* shape, int32_t rank, int32_t* out);

// The largest element + 1 (0 if there is none), or −1 − the position of the first negative one.
KERNEL(bincount_size)
double bincount_size(const int32_t* x, int32_t count);
// out[v] = how often v occurs in x (int32), or the sum of the weights where it does (dtype); out (size) holds all of x
KERNEL(bincount)
void bincount(int32_t dtype, const int32_t* x, const void* weights, void* out, int32_t count, int32_t size);

// out (rows, count) = where each of values (rows, count) would go into its row of sorted (rows, size), or into the one row
// there is if shared: before equal elements, or after them if right
KERNEL(searchsorted)
void searchsorted(int32_t dtype, const void* sorted, const void* values, int32_t* out, int32_t rows, int32_t size, int32_t count,
                  int32_t shared, int32_t right);

// out (count) = whether each element of x is among those of set (size), or is not if invert; NaN is among none
KERNEL(isin)
void isin(int32_t dtype, const void* x, const void* set, uint8_t* out, int32_t count, int32_t size, int32_t invert);

}  // namespace myelin::MYELIN_ISA

#define SORT_KERNELS(X) \
  X(sort) X(topk) X(kth_value) X(median) X(unique) X(nonzero_count) X(nonzero) X(bincount_size) X(bincount) X(searchsorted) \
  X(isin)
