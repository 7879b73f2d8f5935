#include "attention/attention_plan.h"

namespace myelin::MYELIN_ISA {

void multiply_panel(int rows, int columns, int depth, const float* a, ptrdiff_t a_stride, bool unit_rows, const float* b,
                    ptrdiff_t b_stride, float* c, ptrdiff_t c_stride, float scale, bool add) {
  const int height = gemm_height<float>(rows);
  for (int row = 0; row < rows; row += height) {
    const int count = lesser(rows - row, height);
    micro_kernel<float>(count, columns, unit_rows)(depth, a + row * (unit_rows ? 1 : a_stride), a_stride, b, b_stride,
                                                   c + row * c_stride, c_stride, &scale, add);
  }
}

}  // namespace myelin::MYELIN_ISA
