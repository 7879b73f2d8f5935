// Blocked matrix multiplication over operands that are read through functors: a functor hands out the
// operand where it lies, or copies a piece of it into the order that the micro-kernel reads fastest.
//
//   C (m × n) = activation(alpha · A (m × k) · B (k × n) + beta · C + biases)
//
// * gemm_parallel cuts C into blocks by (m, n, k) alone and runs them over the thread pool.
// * gemm_block computes one rectangle of C on the calling thread (inside a parallel_for of the
//   caller's own, over images for instance).
//
// A is given as a functor  TileRows<T>  a(T* buffer, int row, int rows, int k, int depth)
//   rows  ≤ GemmTile<T>::kRows; `buffer` holds kRows × kGemmRowStride elements of the tile's own.
//   Return where elements (row … row+rows) × (k … k+depth) lie: in the operand itself, or copied to
//   the buffer, either {buffer, kGemmRowStride, 1} (k adjacent) or {buffer, 1, kRows} (rows adjacent).
//   Called once per tile and slice of k.
// B is given as a functor  PanelCols<T> b(T* buffer, int col, int cols, int k, int depth)
//   cols  ≤ GemmTile<T>::kCols; `buffer` holds kGemmDepth × kCols elements.
//   Return where elements (k … k+depth) × (col … col+cols) lie: in the operand itself (only if
//   panel_width(cols) elements of every row may be read), or in the buffer as {buffer, kCols}. What
//   lies past `cols` is multiplied and dropped. Called once per panel, slice of k and block of rows.
//
// k is cut into equal slices of at most kGemmDepth, summed in order; nothing depends on the thread
// count. Empty k gives activation(beta · C + biases).
#pragma once
#include "gemm/gemm_output.h"
#include "gemm/gemm_tile.h"
#include "common/memory.h"
#include "common/parallel.h"

namespace myelin::MYELIN_ISA {

constexpr int kGemmDepth = 384;                   // a slice of a panel of B stays in L1
constexpr int kGemmRowStride = kGemmDepth + 16;   // rows of a copied tile start in different cache sets
constexpr int kGemmBlockRows = 504;               // a block's slice of A stays in L2
constexpr int kGemmPanels = 256 / (2 * kVectorBytes);  // read at once: whole cache lines of B's rows
constexpr int kGemmMaxTiles = kGemmBlockRows / 4 + 1;

constexpr int kSplits[] = {1, 2, 3, 4, 6, 8, 12, 16};

struct GemmRange {
  int begin, end;
  int size() const { return end - begin; }
};

// Part `index` of [0, n) cut into `parts` of nearly equal size in units of `unit`.
inline GemmRange gemm_part(int n, int unit, int parts, int index) {
  const int64_t units = (n + unit - 1) / unit;
  const int64_t begin = units * index / parts * unit, end = units * (index + 1) / parts * unit;
  return {int(begin), int(end < n ? end : n)};
}

// The columns that the micro-kernel reads for a panel of `cols`: one vector or two.
template <class T>
constexpr int panel_width(int cols) {
  return cols > kLanes<T> ? GemmTile<T>::kCols : kLanes<T>;
}

// Where the tiles of one block and slice lie; overloaded for operands that do better at once.
template <class T, class A>
inline void gemm_read_tiles(TileRows<T>* tiles, const A& a, T* buffer, GemmRange rows, int height, int k, int depth) {
  for (int row = rows.begin; row < rows.end; row += height, buffer += GemmTile<T>::kRows * kGemmRowStride)
    *tiles++ = a(buffer, row, rows.end - row < height ? rows.end - row : height, k, depth);
}

// Where the panels of `cols` lie, one after the other; overloaded likewise.
template <class T, class B>
inline void gemm_read_panels(PanelCols<T>* panels, const B& b, T* buffer, GemmRange cols, int k, int depth) {
  constexpr int kCols = GemmTile<T>::kCols;
  for (int col = cols.begin; col < cols.end; col += kCols, buffer += kGemmDepth * kCols)
    *panels++ = b(buffer, col, cols.end - col < kCols ? cols.end - col : kCols, k, depth);
}

// Asks for part `part` of `parts` of a panel that will be read soon; overloaded for operands in memory.
template <class B>
inline void gemm_prefetch(const B&, int /*col*/, int /*cols*/, int /*k*/, int /*depth*/, int /*part*/, int /*parts*/) {}

// Slice `index` of the `slices` that k is cut into.
struct GemmSlice {
  GemmRange ks;
  bool first, last;

  GemmSlice(int k, int slices, int index)
      : ks(gemm_part(k, 4, slices, index)), first(index == 0), last(index == slices - 1) {}
};

inline int gemm_slices(int k) { return k > kGemmDepth ? (k + kGemmDepth - 1) / kGemmDepth : 1; }

// Rows of each tile of a block but the last, which may have fewer.
template <class T>
int gemm_height(int rows) {
  constexpr int kRows = GemmTile<T>::kRows;
  const int tiles = (rows + kRows - 1) / kRows;
  return tiles > 0 ? (rows + tiles - 1) / tiles : 0;
}

// Adds a slice of k to a rectangle of C that is at most kGemmBlockRows tall.
template <class T, class A, class B>
void gemm_slice(GemmRange row_range, GemmRange col_range, const GemmSlice& slice, const A& a, const B& b,
                const GemmOutput<T>& out) {
  constexpr int kRows = GemmTile<T>::kRows, kCols = GemmTile<T>::kCols;
  if (row_range.size() <= 0 || col_range.size() <= 0) return;
  const int tiles = (row_range.size() + kRows - 1) / kRows, height = gemm_height<T>(row_range.size());
  const int k = slice.ks.begin, depth = slice.ks.size();
  TileRows<T> tile_rows[kGemmMaxTiles];
  const Scratch<T> a_buffer(size_t(tiles) * kRows * kGemmRowStride);
  const Scratch<T> b_buffer(kGemmPanels * kGemmDepth * kCols);
  gemm_read_tiles(tile_rows, a, a_buffer.data(), row_range, height, k, depth);
  for (int group = col_range.begin; group < col_range.end; group += kGemmPanels * kCols) {
    const int past = group + kGemmPanels * kCols, end = past < col_range.end ? past : col_range.end;
    PanelCols<T> panels[kGemmPanels];
    gemm_read_panels(panels, b, b_buffer.data(), {group, end}, k, depth);
    const int after = col_range.end - end, next_cols = after < kGemmPanels * kCols ? after : kGemmPanels * kCols;
    const int parts = (end - group + kCols - 1) / kCols * tiles;
    for (int p = 0, part = 0, col = group; col < end; p++, col += kCols) {
      const int cols = end - col < kCols ? end - col : kCols;
      for (int t = 0, row = row_range.begin; row < row_range.end; t++, part++, row += height) {
        const int rows = row_range.end - row < height ? row_range.end - row : height;
        if (next_cols > 0) gemm_prefetch(b, end, next_cols, k, depth, part, parts);
        gemm_output_tile<T>(out, row, col, rows, cols, depth, tile_rows[t], panels[p], slice.first, slice.last);
      }
    }
  }
}

template <class T, class A, class B>
void gemm_block(GemmRange row_range, GemmRange col_range, int k, const A& a, const B& b, const GemmOutput<T>& out) {
  const int parts = (row_range.size() + kGemmBlockRows - 1) / kGemmBlockRows, slices = gemm_slices(k);
  for (int i = 0; i < parts; i++) {
    const GemmRange part = gemm_part(row_range.size(), GemmTile<T>::kRows, parts, i);
    for (int slice = 0; slice < slices; slice++)
      gemm_slice<T>({row_range.begin + part.begin, row_range.begin + part.end}, col_range, {k, slices, slice}, a, b,
                    out);
  }
}

// How C is cut into blocks, decided by the sizes alone.
struct GemmGrid {
  int row_parts, col_parts;
  int row_tiles, panels;  // of the largest block

  int blocks() const { return row_parts * col_parts; }
};

template <class T>
GemmGrid gemm_grid(int m, int n, int k) {
  constexpr int kRows = GemmTile<T>::kRows, kCols = GemmTile<T>::kCols;
  constexpr int kMaxTiles = kGemmBlockRows / kRows, kMaxPanels = 32;
  // Time in fused multiply-adds of vectors: a tile, reading one of A or B, starting a block.
  constexpr double kReadTile = 1.5 * kRows, kReadPanel = 6, kStart = 2000;
  constexpr double kWorthSplitting = 5e5;
  const int tiles = (m + kRows - 1) / kRows, panels = (n + kCols - 1) / kCols;
  const int least_rows = (tiles + kMaxTiles - 1) / kMaxTiles, least_cols = (panels + kMaxPanels - 1) / kMaxPanels;
  GemmGrid best{least_rows, least_cols, (tiles + least_rows - 1) / least_rows, (panels + least_cols - 1) / least_cols};
  if (double(m) * n * k < kWorthSplitting) return best;
  double best_time = 0;
  for (int r = 0; r < 8; r++) {
    const int row_parts = least_rows * kSplits[r];
    if (row_parts > tiles) break;
    for (int c = 0; c < 8; c++) {
      const int col_parts = least_cols * kSplits[c];
      if (col_parts > panels) break;
      const GemmGrid grid{row_parts, col_parts, (tiles + row_parts - 1) / row_parts, (panels + col_parts - 1) / col_parts};
      const double block = kStart + k * (2.0 * kRows * grid.row_tiles * grid.panels + kReadTile * grid.row_tiles + kReadPanel * grid.panels);
      double time = 0;
      for (int threads = 2; threads <= 8; threads *= 2) time += block * ((grid.blocks() + threads - 1) / threads) * threads;
      if (best_time == 0 || time < best_time) best = grid, best_time = time;
    }
  }
  return best;
}

// The rectangle of C that is block `block` of the grid.
template <class T>
GemmRange gemm_rows(const GemmGrid& grid, int block, int m) {
  return gemm_part(m, GemmTile<T>::kRows, grid.row_parts, block / grid.col_parts);
}
template <class T>
GemmRange gemm_cols(const GemmGrid& grid, int block, int n) {
  return gemm_part(n, GemmTile<T>::kCols, grid.col_parts, block % grid.col_parts);
}

template <class T, class A, class B>
void gemm_block(const GemmGrid& grid, int block, int m, int n, int k, const A& a, const B& b, const GemmOutput<T>& out) {
  gemm_block<T>(gemm_rows<T>(grid, block, m), gemm_cols<T>(grid, block, n), k, a, b, out);
}

// Operands that were read before: the tiles of a block's rows, and all panels of a slice.
template <class T>
struct SharedTiles {
  const TileRows<T>* tiles;
};

template <class T>
struct SharedPanels {
  const PanelCols<T>* panels;
};

template <class T>
inline void gemm_read_tiles(TileRows<T>* tiles, const SharedTiles<T>& a, T*, GemmRange rows, int height, int, int) {
  for (int row = rows.begin, t = 0; row < rows.end; row += height, t++) tiles[t] = a.tiles[t];
}

template <class T>
inline void gemm_read_panels(PanelCols<T>* panels, const SharedPanels<T>& b, T*, GemmRange cols, int, int) {
  constexpr int kCols = GemmTile<T>::kCols;
  for (int col = cols.begin; col < cols.end; col += kCols) *panels++ = b.panels[col / kCols];
}

// A and B of large products are read once a slice, not once a block.
constexpr int64_t kGemmMostShared = 32 << 20;  // bytes

template <class T>
bool gemm_shares_tiles(const GemmGrid& grid) {
  const int64_t rows = int64_t(grid.row_parts) * grid.row_tiles * GemmTile<T>::kRows;
  return rows * kGemmRowStride * int64_t(sizeof(T)) <= kGemmMostShared;
}

template <class T>
bool gemm_shares_panels(const GemmGrid& grid, int n, int k) {
  return grid.row_parts >= 3 && k >= kGemmDepth / 2 && int64_t(n) * kGemmDepth * int64_t(sizeof(T)) <= kGemmMostShared;
}

// The tiles of one slice of A for all blocks of rows.
template <class T>
class TileTable {
 public:
  explicit TileTable(const GemmGrid& grid)
      : tiles_(grid.row_tiles),
        where_(size_t(grid.row_parts) * tiles_),
        buffer_(size_t(grid.row_parts) * tiles_ * GemmTile<T>::kRows * kGemmRowStride) {}

  template <class A>
  void read(const A& a, GemmRange rows, int part, const GemmSlice& slice) const {
    const size_t first = size_t(part) * tiles_;
    gemm_read_tiles(where_.data() + first, a, buffer_.data() + first * GemmTile<T>::kRows * kGemmRowStride, rows,
                    gemm_height<T>(rows.size()), slice.ks.begin, slice.ks.size());
  }

  SharedTiles<T> of(int part) const { return {where_.data() + size_t(part) * tiles_}; }

 private:
  int tiles_;
  Scratch<TileRows<T>> where_;
  Scratch<T> buffer_;
};

// The panels of one slice of B for all blocks of columns, in groups of kGemmPanels.
template <class T>
class PanelTable {
 public:
  static constexpr int kGroup = kGemmPanels * GemmTile<T>::kCols;

  explicit PanelTable(int n)
      : groups((n + kGroup - 1) / kGroup),
        n_(n),
        where_(size_t(groups) * kGemmPanels),
        buffer_(size_t(groups) * kGroup * kGemmDepth) {}

  template <class B>
  void read(const B& b, int group, const GemmSlice& slice) const {
    const GemmRange cols{group * kGroup, (group + 1) * kGroup < n_ ? (group + 1) * kGroup : n_};
    gemm_read_panels(where_.data() + group * kGemmPanels, b, buffer_.data() + size_t(group) * kGroup * kGemmDepth, cols,
                     slice.ks.begin, slice.ks.size());
  }

  SharedPanels<T> all() const { return {where_.data()}; }

  const int groups;

 private:
  int n_;
  Scratch<PanelCols<T>> where_;
  Scratch<T> buffer_;
};

// One product. Operands go from core to core slowly, so a thread's blocks are of the part of the longer one that it read.
template <class T, class A, class B>
void gemm_shared(const GemmGrid& grid, int m, int n, int k, const A& a, const B& b, const GemmOutput<T>& out) {
  const TileTable<T> tiles(grid);
  const PanelTable<T> panels(n);
  const int slices = gemm_slices(k), reads = grid.row_parts > panels.groups ? grid.row_parts : panels.groups;
  const bool by_cols = n > m;
  for (int index = 0; index < slices; index++) {
    const GemmSlice slice(k, slices, index);
    parallel_for(reads, [&](int32_t i) {
      const GemmRange parts = gemm_part(grid.row_parts, 1, reads, i), groups = gemm_part(panels.groups, 1, reads, i);
      for (int part = parts.begin; part < parts.end; part++)
        tiles.read(a, gemm_part(m, GemmTile<T>::kRows, grid.row_parts, part), part, slice);
      for (int group = groups.begin; group < groups.end; group++) panels.read(b, group, slice);
    });
    parallel_for(grid.blocks(), [&](int32_t i) {
      const int block = by_cols ? i % grid.row_parts * grid.col_parts + i / grid.row_parts : i;
      gemm_slice<T>(gemm_rows<T>(grid, block, m), gemm_cols<T>(grid, block, n), slice, tiles.of(block / grid.col_parts),
                    panels.all(), out);
    });
  }
}

// Products with one A: run(block, slice, tiles) is called for all blocks of all products, block % grid.blocks() of one.
template <class T, class A, class Run>
void gemm_shared_tiles(const GemmGrid& grid, int m, int k, int blocks, const A& a, const Run& run) {
  const TileTable<T> tiles(grid);
  const int slices = gemm_slices(k);
  for (int index = 0; index < slices; index++) {
    const GemmSlice slice(k, slices, index);
    parallel_for(grid.row_parts, [&](int32_t i) {
      tiles.read(a, gemm_part(m, GemmTile<T>::kRows, grid.row_parts, i), i, slice);
    });
    parallel_for(blocks, [&](int32_t block) { run(block, slice, tiles.of(block % grid.blocks() / grid.col_parts)); });
  }
}

template <class T, class A, class B>
void gemm_parallel(int m, int n, int k, const A& a, const B& b, const GemmOutput<T>& out) {
  if (m <= 0 || n <= 0) return;
  const GemmGrid grid = gemm_grid<T>(m, n, k);
  if (gemm_shares_panels<T>(grid, n, k) && gemm_shares_tiles<T>(grid))
    return gemm_shared<T>(grid, m, n, k, a, b, out);
  parallel_for(grid.blocks(), [&](int32_t block) { gemm_block<T>(grid, block, m, n, k, a, b, out); });
}

}  // namespace myelin::MYELIN_ISA
