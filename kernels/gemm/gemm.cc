#include "gemm/gemm.h"

#include "gemm/gemm_few.h"
#include "gemm/gemm_matrix.h"
#include "gemm/gemm_vector.h"

namespace myelin::MYELIN_ISA {
namespace {

// A tile of A or a panel of B is copied when it is read at least so often.
constexpr int kWorthCopyingTiles = 8, kWorthCopyingPanels = 4;
// Tiles of an A that is read once for a whole batch.
constexpr int kWorthSharingTiles = 4;
// Fused multiply-adds worth a block.
constexpr double kWorthABlock = 2.5e5;

template <class T>
struct Problem {
  int m, n, k;
  ptrdiff_t a_row, a_k, b_k, b_col, c_row;
  const T *a, *b;
  T* c;
  const T *row_bias, *col_bias;
  T alpha, beta;
  int32_t activation;
  const int32_t* batch;  // rank, shape, strides of A, B, C
  int batch_size;

  GemmOutput<T> out() const { return {c, c_row, alpha, beta, row_bias, col_bias, activation}; }

  // Whether several matrices have the same A.
  bool repeats_a() const {
    for (int d = 0; d < batch[0]; d++)
      if (batch[1 + d] > 1 && batch[1 + batch[0] + d] != 0) return false;
    return batch_size > 1;
  }

  // The operands of one matrix of the batch.
  Problem at(int index) const {
    Problem one = *this;
    const int rank = batch[0];
    for (int d = rank - 1; d >= 0; d--) {
      const int size = batch[1 + d], i = index % size;
      index /= size;
      one.a += ptrdiff_t(i) * batch[1 + rank + d];
      one.b += ptrdiff_t(i) * batch[1 + 2 * rank + d];
      one.c += ptrdiff_t(i) * batch[1 + 3 * rank + d];
    }
    return one;
  }
};

// f(index in the batch, block) for all blocks that each matrix is cut into, on the threads; several small ones at once.
template <class T, class F>
void for_blocks(const Problem<T>& p, int blocks, const F& f) {
  const double work = double(p.m) * p.n * (p.k + 16) / blocks;
  parallel_ranges(int64_t(p.batch_size) * blocks, work > kWorthABlock ? 1 : int64_t(kWorthABlock / work),
                  [&](int64_t begin, int64_t end) {
                    for (int64_t at = begin; at < end; at++) f(int(at / blocks), int(at % blocks));
                  });
}

// C = A·B as the driver multiplies it.
template <class T>
struct Multiplication {
  MatrixRows<T> a;
  MatrixCols<T> b;
  GemmOutput<T> out;

  Multiplication(const Problem<T>& p, const GemmGrid& grid)
      : a{p.a, p.a_row, p.a_k, false}, b{p.b, p.b_k, p.b_col, false}, out(p.out()) {
    // The few rows of a low tile never crowd one another out of the cache.
    const bool crowded = GemmTile<T>::kRows > 4 || a.row_stride == 1;
    a.copy = crowded && grid.panels >= kWorthCopyingTiles;
    b.copy = grid.row_tiles >= kWorthCopyingPanels;
  }
};

template <class T>
void multiply_matrices(const Problem<T>& p) {
  const GemmGrid grid = gemm_grid<T>(p.m, p.n, p.k);
  if (p.batch_size == 1 && gemm_shares_panels<T>(grid, p.n, p.k) && gemm_shares_tiles<T>(grid)) {
    const Multiplication<T> one(p, grid);
    return gemm_shared<T>(grid, p.m, p.n, p.k, one.a, one.b, one.out);
  }
  if (grid.row_parts * grid.row_tiles >= kWorthSharingTiles && gemm_shares_tiles<T>(grid) && p.repeats_a()) {
    Multiplication<T> first(p, grid);
    first.a.copy = true;
    const auto run = [&](int block, const GemmSlice& slice, const SharedTiles<T>& tiles) {
      const Multiplication<T> one(p.at(block / grid.blocks()), grid);
      const int at = block % grid.blocks();
      gemm_slice<T>(gemm_rows<T>(grid, at, p.m), gemm_cols<T>(grid, at, p.n), slice, tiles, one.b, one.out);
    };
    return gemm_shared_tiles<T>(grid, p.m, p.k, p.batch_size * grid.blocks(), first.a, run);
  }
  for_blocks(p, grid.blocks(), [&](int index, int block) {
    const Multiplication<T> one(p.at(index), grid);
    gemm_block<T>(grid, block, p.m, p.n, p.k, one.a, one.b, one.out);
  });
}

// Few rows, and a B of which each column is adjacent.
template <class T>
bool is_few(const Problem<T>& p) {
  return p.m <= kFewRows && p.b_k == 1 && p.k >= kLanes<T> && p.n > p.m;
}

template <class T>
void multiply_few(const Problem<T>& p) {
  constexpr int kUnit = 64 / sizeof(T);  // no two threads write to one cache line
  const int64_t units = (p.n + kUnit - 1) / kUnit;
  const int64_t each = int64_t(kWorthABlock / (double(p.m) * (p.k + 16) * kUnit)) + 1;
  const int parts = int((units + each - 1) / each);
  const size_t size = size_t(p.m) * p.k;
  const Scratch<T> copies(p.a_k == 1 ? 0 : size * p.batch_size);
  if (p.a_k != 1)
    for_blocks(p, 1, [&](int index, int) {
      const T* a = p.at(index).a;
      for (int i = 0; i < p.m; i++)
        for (int d = 0; d < p.k; d++) copies[index * size + size_t(i) * p.k + d] = a[i * p.a_row + d * p.a_k];
    });
  for_blocks(p, parts, [&](int index, int part) {
    const Problem<T> one = p.at(index);
    const T* a = p.a_k == 1 ? one.a : &copies[index * size];
    gemm_few<T>(p.m, gemm_part(p.n, kUnit, parts, part), p.k, a, p.a_k == 1 ? p.a_row : p.k, one.b, p.b_col, one.out());
  });
}

template <class T>
void multiply_vector(const Problem<T>& p) {
  if (p.n == 1)
    matvec<T>(p.m, p.k, p.a, p.a_row, p.a_k, p.b, p.b_k, p.c, p.c_row, p.alpha, p.beta, p.row_bias,
              p.col_bias ? p.col_bias[0] : T(0), p.activation);
  else
    matvec<T>(p.n, p.k, p.b, p.b_col, p.b_k, p.a, p.a_k, p.c, 1, p.alpha, p.beta, p.col_bias,
              p.row_bias ? p.row_bias[0] : T(0), p.activation);
}

// One row or column, of a matrix that matvec can read.
template <class T>
bool is_matvec(const Problem<T>& p) {
  return (p.n == 1 && (p.a_k == 1 || p.a_row == 1)) || (p.m == 1 && (p.b_k == 1 || p.b_col == 1));
}

// The ways, in the order in which they're asked; the last one takes all.
template <class T>
void multiply(const Problem<T>& p) {
  if (is_matvec(p)) return for_blocks(p, 1, [&](int index, int) { multiply_vector(p.at(index)); });
  if (is_few(p)) return multiply_few(p);
  multiply_matrices(p);
}

// Integers wrap around, as unsigned arithmetic does.
void multiply(const Problem<int32_t>& p) {
  const int64_t lines = int64_t(p.batch_size) * p.m;
  const int64_t grain = int64_t(kWorthABlock / (double(p.n) * (p.k + 16))) + 1;
  parallel_ranges(lines, grain, [&](int64_t begin, int64_t end) {
    for (int64_t line = begin; line < end; line++) {
      const Problem<int32_t> one = p.at(int(line / p.m));
      const int i = int(line % p.m);
      int32_t* c = one.c + i * p.c_row;
      const uint32_t bias = p.row_bias ? uint32_t(p.row_bias[i]) : 0;
      for (int j = 0; j < p.n; j++) {
        const uint32_t old = p.beta == 0 ? 0 : uint32_t(p.beta) * uint32_t(c[j]);
        c[j] = int32_t(old + bias + (p.col_bias ? uint32_t(p.col_bias[j]) : 0));
      }
      for (int d = 0; d < p.k; d++) {
        const uint32_t left = uint32_t(p.alpha) * uint32_t(one.a[i * p.a_row + d * p.a_k]);
        const int32_t* b = one.b + d * p.b_k;
        for (int j = 0; j < p.n; j++) c[j] = int32_t(uint32_t(c[j]) + left * uint32_t(b[j * p.b_col]));
      }
    }
  });
}

}  // namespace

void gemm(int32_t dtype, const int32_t* meta, const void* a, const void* b, void* c, const void* row_bias,
          const void* col_bias, double alpha, double beta, int32_t activation) {
  int batch_size = 1;
  for (int d = 0; d < meta[8]; d++) batch_size *= meta[9 + d];
  if (meta[0] <= 0 || meta[1] <= 0 || batch_size <= 0) return;
  const auto run = [&](auto zero) {
    using T = decltype(zero);
    multiply(Problem<T>{meta[0], meta[1], meta[2], meta[3], meta[4], meta[5], meta[6], meta[7], static_cast<const T*>(a),
                        static_cast<const T*>(b), static_cast<T*>(c), static_cast<const T*>(row_bias),
                        static_cast<const T*>(col_bias), T(alpha), T(beta), activation, meta + 8, batch_size});
  };
  dtype == kInt32 ? run(int32_t{}) : dispatch_float(dtype, run);
}

}  // namespace myelin::MYELIN_ISA
