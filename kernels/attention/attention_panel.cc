#include "attention/attention_plan.h"
#include "gemm/gemm_transpose.h"

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

namespace {

// One copy of the code, for both directions.
__attribute__((noinline)) void transpose(float* to, ptrdiff_t to_stride, const float* from, ptrdiff_t from_stride, int columns,
                                         int depth) {
  transpose_panel<float>(to, to_stride, from, from_stride, columns, depth);
}

}  // namespace

void pack_panels(float* to, const float* rows, ptrdiff_t stride, int count, int depth) {
  for (int row = 0; row < count; row += kPanel, to += ptrdiff_t(depth) * kPanel)
    transpose(to, kPanel, rows + row * stride, stride, lesser(count - row, kPanel), depth);
}

void unpack_panel(float* rows, ptrdiff_t stride, const float* panel, int count, int depth, float* buffer) {
  const ptrdiff_t padded = vectors_of(depth) * kWidth;
  transpose(buffer, padded, panel, kPanel, depth, count);
  for (int i = 0; i < count && depth > 0; i++) copy_run(rows + i * stride, buffer + i * padded, depth);
}

void HeadMask::read(float* to, int query, int first, int count) const {
  for (int j = count; j % kWidth != 0; j++) to[j] = 0;
  const ptrdiff_t at = query * row + first * column;
  if (kind == 1) {
    const uint8_t* from = static_cast<const uint8_t*>(p) + at;
    for (int j = 0; j < count; j++) to[j] = from[j * column] ? 0 : -kInfinity;
  } else {
    const float* from = static_cast<const float*>(p) + at;
    for (int j = 0; j < count; j++) to[j] = from[j * column];
  }
}

}  // namespace myelin::MYELIN_ISA
