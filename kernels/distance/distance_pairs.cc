#include "distance/distance.h"
#include "distance/distance_tile.h"
#include "common/parallel.h"
#include "common/rows.h"

namespace myelin::MYELIN_ISA {
namespace {

constexpr int64_t kQueries = 32;  // rows that a task compares with those after them
constexpr int64_t kTaskElements = 32768;

// Where the pairs (i, i + 1), (i, i + 2) … stand.
inline int64_t pairs_of(int64_t i, int64_t rows) { return i * (2 * rows - i - 1) / 2; }

template <class T>
void distances_of(const T* x, T* out, int64_t rows, int64_t width) {
  const int64_t panels = (rows + kPanel<T> - 1) / kPanel<T>, size = width * kPanel<T>;
  const Scratch<T> packed(greater(1, panels * size));
  parallel_ranges(panels, greater(1, kTaskElements / greater(size, 1)), [&](int64_t begin, int64_t end) {
    for (int64_t panel = begin; panel < end; panel++) {
      const int64_t first = panel * kPanel<T>;
      pack_panel(x + first * width, lesser(kPanel<T>, rows - first), width, packed.data() + panel * size);
    }
  });
  parallel_ranges(rows, kQueries, [&](int64_t begin, int64_t end) {
    T tile[kQueries * kPanel<T>];
    for (int64_t panel = begin / kPanel<T>; panel < panels; panel++) {
      const int64_t first = panel * kPanel<T>, last = lesser(first + kPanel<T>, rows);
      distance_block(x + begin * width, end - begin, packed.data() + panel * size, width, tile, kPanel<T>);
      for (int64_t i = begin; i < end; i++) {
        const T* squares = tile + (i - begin) * kPanel<T> - first;
        T* row = out + pairs_of(i, rows) - i - 1;
        for (int64_t j = greater(first, i + 1); j < last; j++) row[j] = T(__builtin_sqrt(squares[j]));
      }
    }
  });
}

constexpr int64_t kBlock = 16;  // rows whose gradients a task makes

// weights[j·kBlock + r]: the weight of the pair of rows i = begin + r and j; 0 where i = j.
template <class T>
void block_weights(const T* weights_of_pairs, int64_t begin, int64_t count, int64_t rows, T* weights) {
  for (int64_t j = 0; j < begin; j++)
    __builtin_memcpy(weights + j * kBlock, weights_of_pairs + pairs_of(j, rows) + begin - j - 1, count * sizeof(T));
  for (int64_t r = 0; r < count; r++) {
    const int64_t i = begin + r;
    const T* row = weights_of_pairs + pairs_of(i, rows) - i - 1;
    for (int64_t j = begin; j < i; j++) weights[j * kBlock + r] = weights_of_pairs[pairs_of(j, rows) + i - j - 1];
    weights[i * kBlock + r] = 0;
    for (int64_t j = i + 1; j < rows; j++) weights[j * kBlock + r] = row[j];
  }
}

// dx[r] = Σ_j weights[j, r]·(x[begin + r] − x[j]) for R rows and C vectors of columns.
template <class T, int R, int C, class Lanes>
MYELIN_FUSED void pull(const T* x, const T* from, const T* weights, T* dx, int64_t rows, int64_t width, Lanes lanes) {
  constexpr int N = kLanes<T>;
  Vec<T> sum[R][C] = {}, own[R][C];
  for (int r = 0; r < R; r++)
    for (int c = 0; c < C; c++) own[r][c] = get(from + r * width + c * N, lanes);
  for (int64_t j = 0; j < rows; j++)
    for (int c = 0; c < C; c++) {
      const Vec<T> other = get(x + j * width + c * N, lanes);
      for (int r = 0; r < R; r++) sum[r][c] += (own[r][c] - other) * weights[j * kBlock + r];
    }
  for (int r = 0; r < R; r++)
    for (int c = 0; c < C; c++) put<T>(dx + r * width + c * N, sum[r][c], lanes);
}

template <class T, int R>
void pull_rows(const T* x, const T* from, const T* weights, T* dx, int64_t rows, int64_t width) {
  constexpr int N = kLanes<T>;
  constexpr AllLanes<T> all;
  int64_t c = 0;
  for (; c + 2 * N <= width; c += 2 * N) pull<T, R, 2>(x + c, from + c, weights, dx + c, rows, width, all);
  for (; c + N <= width; c += N) pull<T, R, 1>(x + c, from + c, weights, dx + c, rows, width, all);
  if (c < width) pull<T, R, 1>(x + c, from + c, weights, dx + c, rows, width, int(width - c));
}

template <class T>
void gradient_of(const T* g, const T* x, const T* distances, T* dx, int64_t rows, int64_t width) {
  const int64_t pairs = pairs_of(rows, rows);
  const Scratch<T> slopes(greater(1, pairs));
  parallel_ranges(pairs, kTaskElements, [&](int64_t begin, int64_t end) {
    for (int64_t k = begin; k < end; k++) slopes[k] = distances[k] == 0 ? T(0) : g[k] / distances[k];
  });
  parallel_ranges(rows, kBlock, [&](int64_t begin, int64_t end) {
    const Scratch<T> weights(rows * kBlock);
    block_weights(slopes.data(), begin, end - begin, rows, weights.data());
    int64_t i = begin;
    for (; i + 4 <= end; i += 4)
      pull_rows<T, 4>(x, x + i * width, weights.data() + i - begin, dx + i * width, rows, width);
    for (; i < end; i++) pull_rows<T, 1>(x, x + i * width, weights.data() + i - begin, dx + i * width, rows, width);
  });
}

}  // namespace

void pair_distances(int32_t dtype, const void* x, void* out, int32_t rows, int32_t width) {
  dispatch_float(dtype, [&](auto zero) {
    using T = decltype(zero);
    distances_of(static_cast<const T*>(x), static_cast<T*>(out), rows, width);
  });
}

void pair_distances_backward(int32_t dtype, const void* g, const void* x, const void* distances, void* dx, int32_t rows,
                             int32_t width) {
  dispatch_float(dtype, [&](auto zero) {
    using T = decltype(zero);
    gradient_of(static_cast<const T*>(g), static_cast<const T*>(x), static_cast<const T*>(distances),
                static_cast<T*>(dx), rows, width);
  });
}

}  // namespace myelin::MYELIN_ISA
