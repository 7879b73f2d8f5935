// Products: over all rows at once by the general kernel, and those of a step by packed panels of weights.
#pragma once
#include "common/parallel.h"
#include "gemm/gemm.h"
#include "gemm/gemm_matrix.h"
#include "recurrent/recurrent_plan.h"

namespace myelin::MYELIN_ISA {

template <class T>
struct Matrix {
  const T* p;
  ptrdiff_t row, col;  // strides

  Matrix transposed() const { return {p, col, row}; }
};

// c (m, n) ← a (m, k) · b (k, n) + beta · c + bias
template <class T>
void product(T* c, ptrdiff_t c_row, int64_t m, int64_t n, int64_t k, Matrix<T> a, Matrix<T> b, bool add = false,
             const T* bias = nullptr) {
  const int32_t meta[] = {int32_t(m),     int32_t(n),     int32_t(k),     int32_t(a.row), int32_t(a.col),
                          int32_t(b.row), int32_t(b.col), int32_t(c_row), 0};
  gemm(sizeof(T) == 8 ? kFloat64 : kFloat32, meta, a.p, b.p, c, nullptr, bias, 1, add, kActNone);
}

// Panels of matrices (depth, columns), one for each direction, for products with few rows. Columns are in `blocks`
// runs of `columns`, and no panel crosses from one into the next.
template <class T>
class Panels {
 public:
  static constexpr int kCols = GemmTile<T>::kCols;

  Panels(int directions, ptrdiff_t depth, int columns, int blocks)
      : depth_(depth), columns_(columns), blocks_(blocks), data_(room<T>(directions * blocks, ptrdiff_t(count()) * kCols, depth)) {}

  // Panels in each run.
  int count() const { return (columns_ + kCols - 1) / kCols; }
  int width(int panel) const {
    const int left = columns_ - panel * kCols;
    return left < kCols ? left : kCols;
  }

  // Copies a direction's matrix, on the threads.
  void pack(int direction, Matrix<T> b) const {
    parallel_for(blocks_ * count(), [&](int32_t i) {
      const int panel = i / blocks_, block = i % blocks_;
      const MatrixCols<T> read{b.p, b.row, b.col, true};
      read(at(direction, panel, block), block * columns_ + panel * kCols, width(panel), 0, int(depth_));
    });
  }

  // c (rows, width) ← a (rows, depth) · panel's rows from `first`; adds to c if asked. c's rows are kCols apart.
  void multiply(T* c, int rows, const T* a, ptrdiff_t a_row, int direction, int panel, int block, ptrdiff_t first,
                ptrdiff_t depth, bool add) const {
    const T one = 1;
    const MicroKernel<T> kernel = micro_kernel<T>(rows, width(panel), false);
    kernel(int(depth), a, a_row, at(direction, panel, block) + first * kCols, kCols, c, kCols, &one, add);
  }

 private:
  T* at(int direction, int panel, int block) const {
    return data_.data() + ((ptrdiff_t(direction) * count() + panel) * blocks_ + block) * depth_ * kCols;
  }

  ptrdiff_t depth_;
  int columns_, blocks_;
  Scratch<T> data_;
};

}  // namespace myelin::MYELIN_ISA
