// What the passes of attention share: where operands lie, panels of columns, and the mask.
#pragma once
#include <limits>

#include "attention/attention.h"
#include "common/memory.h"
#include "common/parallel.h"
#include "common/rows.h"
#include "gemm/gemm_copy.h"
#include "gemm/gemm_driver.h"

namespace myelin::MYELIN_ISA {

// c (rows, a panel of `columns`) ← scale · a (rows, depth) · b (depth, panel), or that added to c. Of a, rows are
// adjacent where `unit_rows` is set and a_stride goes along the depth; else the depth is, and a_stride goes from row to
// row. Compiled on its own, because WebAssembly's fused products would relax the selections beside them.
void multiply_panel(int rows, int columns, int depth, const float* a, ptrdiff_t a_stride, bool unit_rows, const float* b,
                    ptrdiff_t b_stride, float* c, ptrdiff_t c_stride, float scale, bool add);

// rows (count, depth), `stride` apart, as panels (depth, kPanel) behind one another.
void pack_panels(float* to, const float* rows, ptrdiff_t stride, int count, int depth);

// The opposite, for one panel; `buffer` holds kPanel rows of whole vectors.
void unpack_panel(float* rows, ptrdiff_t stride, const float* panel, int count, int depth, float* buffer);

using Floats = Vec<float>;

constexpr int kPanel = GemmTile<float>::kCols, kWidth = kLanes<float>;
// Rows of scores that are made at once: whole tiles.
constexpr int kChunk = 126 / GemmTile<float>::kRows * GemmTile<float>::kRows;
// Columns of a block, in whole panels.
constexpr int kBlock = 128;
constexpr float kInfinity = std::numeric_limits<float>::infinity();

constexpr int panels_of(int columns) { return (columns + kPanel - 1) / kPanel; }
constexpr int vectors_of(int columns) { return (columns + kWidth - 1) / kWidth; }

struct Operand {
  const void* p;
  const int32_t* batch;  // strides
  ptrdiff_t head, row, column;
};

struct AttentionPlan {
  const int32_t* numbers;
  int heads, key_heads, queries, keys, width, value_width;
  bool causal;
  int mask;
  int rank;

  explicit AttentionPlan(const int32_t* plan)
      : numbers(plan), heads(plan[0]), key_heads(plan[1]), queries(plan[2]), keys(plan[3]), width(plan[4]),
        value_width(plan[5]), causal(plan[6] != 0), mask(plan[7]), rank(plan[8]) {}

  Operand operand(int index, const void* p) const {
    const int32_t* strides = numbers + 9 + rank + index * (rank + 3);
    return {p, strides, strides[rank], strides[rank + 1], strides[rank + 2]};
  }

  int batch() const {
    int count = 1;
    for (int d = 0; d < rank; d++) count *= numbers[9 + d];
    return count;
  }

  // Queries' heads that share a head of keys.
  int group() const { return heads / key_heads; }

  // Elements before a head's first.
  ptrdiff_t offset(const Operand& x, int batch, int head) const {
    ptrdiff_t at = head * x.head;
    for (int d = rank - 1; d >= 0; d--) {
      const int size = numbers[9 + d];
      at += ptrdiff_t(batch % size) * x.batch[d];
      batch /= size;
    }
    return at;
  }

  float* at(const Operand& x, int batch, int head) const {
    return const_cast<float*>(static_cast<const float*>(x.p)) + offset(x, batch, head);
  }
};

// The mask of one head.
struct HeadMask {
  int kind;  // as in the plan
  const void* p;
  ptrdiff_t row, column;

  HeadMask(const AttentionPlan& plan, const Operand& mask, int batch, int head)
      : kind(plan.mask), p(mask.p), row(mask.row), column(mask.column) {
    if (kind == 0) return;
    const ptrdiff_t at = plan.offset(mask, batch, head);
    p = kind == 1 ? static_cast<const void*>(static_cast<const uint8_t*>(p) + at)
                  : static_cast<const void*>(static_cast<const float*>(p) + at);
  }

  bool exists() const { return kind != 0; }
  // Whether all queries see the same keys.
  bool same_rows() const { return row == 0; }

  // to[j] = what is added to the scores of a query and keys first … first + count; zeros up to a whole vector.
  void read(float* to, int query, int first, int count) const;
};

// Whether none of the keys is seen.
inline bool all_hidden(const float* bias, int count) {
  for (int j = 0; j < count; j++)
    if (bias[j] != -kInfinity) return false;
  return true;
}

// 0, 1, …
inline Vec<int32_t> lane_numbers() {
  Vec<int32_t> lanes;
  for (int i = 0; i < kWidth; i++) lanes[i] = i;
  return lanes;
}

}  // namespace myelin::MYELIN_ISA
