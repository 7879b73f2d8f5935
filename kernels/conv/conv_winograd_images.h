// Convolution with a 3 × 3 kernel, stride 1, in one group, by Winograd's algorithm. For each of the 36 points of a
// patch the sum over channels is a matrix product (targets × sources) · (sources × tiles). Forward and input gradient
// are the same computation, with the kernel flipped and other padding.
#pragma once
#include "conv/conv_pass.h"
#include "conv/conv_stage.h"
#include "gemm/gemm_tile.h"
#include "gemm/gemm_transpose.h"
#include "common/memory.h"
#include "common/parallel.h"
#include "conv/winograd.h"

namespace myelin::MYELIN_ISA::conv {

constexpr int kSquare = 8;                                      // tiles whose pixels are transposed at once
constexpr int kGroup = kLanes<float> > kSquare ? 16 : kSquare;  // tiles that are transformed at once

struct WinogradOperands {
  int32_t batch, sources, targets;
  int32_t source_size[2], target_size[2], padding[2];
  ptrdiff_t weight_source, weight_target;  // strides of the weight, whose nine taps are adjacent
  bool turned;                             // the last tap is the first
  const float *source, *weight, *bias;     // bias may be null
  float* target;
  bool relu;
};

class WinogradImages : WinogradOperands {
 public:
  explicit WinogradImages(const WinogradOperands& operands)
      : WinogradOperands(operands), tile_rows_(ceil_div(target_size[0], kTile)), tile_cols_(ceil_div(target_size[1], kTile)),
        tiles_(batch * tile_rows_ * tile_cols_), panels_(ceil_div(targets, kRows)) {}

  // Whether it is faster than the products as they are, by sizes alone. In fused multiply-adds of vectors.
  bool pays() const {
    constexpr double kWeight = 26, kSource = 40, kTarget = 24;  // to transform
    const double pairs = double(sources) * targets;
    const int32_t columns = round_up(tiles_, kStep);
    const int32_t places = target_size[0] * (target_size[1] + 1) - 1;  // as staged rows have them
    const int32_t positions = target_size[0] * target_size[1];
    const int32_t vectors = has_few_positions(positions) ? ceil_div(batch * positions, kLanes<float>)
                                                         : batch * ceil_div(places, kLanes<float>);
    const double products = pairs * kPoints * columns / kLanes<float>;
    return tiles_ > 0 && sources >= 8 && targets >= 8 &&
           pairs * 9 * vectors > 1.15 * (products + (kSource * sources + kTarget * targets) * columns) + kWeight * pairs;
  }

  void run() const {
    if (tiles_ < targets) run_over_targets();
    else run_over_tiles();
  }

 private:
  static constexpr int kRows = GemmTile<float>::kRows, kColumns = GemmTile<float>::kCols;
  static constexpr int kBlock = kColumns > 16 ? 2 * kColumns : 32;  // tiles whose sums are kept at once
  static constexpr int kStep = kGroup > kLanes<float> ? kGroup : kLanes<float>;
  static constexpr int kSlice = 384;  // sources summed at once
  static constexpr int kGap = 16;     // between points, so they don't all land in one cache set
  using Group = Vec<float, kGroup>;

  int32_t tile_rows_, tile_cols_, tiles_, panels_;

  // Targets are cut into panels of nearly equal size.
  int32_t panel_begin(int32_t panel) const { return cut(targets, panels_, panel); }
  size_t panel_size() const { return size_t(sources) * kRows + kLanes<float>; }

  int32_t wanted_tasks() const {
    return conv::wanted_tasks(double(sources) * targets * kPoints * tiles_);
  }

  // What is smaller, weights or patches, is transformed as a whole; the other piece by piece, so that it never
  // leaves the cache.
  void run_over_tiles() const {
    const size_t point = panels_ * panel_size() + kGap;
    const Scratch<float> weights(point * kPoints);
    parallel_ranges(panels_, 512 / sources + 1, [&](int64_t begin, int64_t end) {
      for (int64_t panel = begin; panel < end; panel++)
        transform_weight(int32_t(panel), weights.data() + panel * panel_size(), point);
    });
    const int32_t most = ceil_div(tiles_, kStep), least = ceil_div(tiles_, kBlock), wanted = wanted_tasks();
    const int32_t size = round_up(ceil_div(tiles_, wanted < least ? least : wanted < most ? wanted : most), kStep);
    parallel_for(ceil_div(tiles_, size), [&](int32_t task) {
      const int32_t first = task * size, count = tiles_ - first < size ? tiles_ - first : size;
      const size_t patch_point = size_t(sources) * kBlock + kGap;
      const Scratch<float> patches(patch_point * kPoints);
      transform_source(0, sources, first, count, patches.data(), kBlock, patch_point);
      multiply(0, panels_, weights.data(), point, first, count, patches.data(), kBlock, patch_point);
    });
  }

  void run_over_targets() const {
    const int32_t stride = round_up(tiles_, kStep);
    const size_t patch_point = size_t(sources) * stride + kGap;
    const Scratch<float> patches(patch_point * kPoints);
    parallel_ranges(sources, 256 / tiles_ + 1, [&](int64_t begin, int64_t end) {
      transform_source(int32_t(begin), int32_t(end), 0, tiles_, patches.data(), stride, patch_point);
    });
    constexpr int kGroupPanels = 4;
    const int32_t least = ceil_div(panels_, kGroupPanels), wanted = wanted_tasks() < panels_ ? wanted_tasks() : panels_;
    const int32_t tasks = wanted < least ? least : wanted;
    parallel_for(tasks, [&](int32_t task) {
      const int32_t begin = cut(panels_, tasks, task), end = cut(panels_, tasks, task + 1);
      const size_t point = (end - begin) * panel_size() + kGap;
      const Scratch<float> weights(point * kPoints);
      for (int32_t panel = begin; panel < end; panel++)
        transform_weight(panel, weights.data() + (panel - begin) * panel_size(), point);
      for (int32_t first = 0; first < tiles_; first += kBlock)
        multiply(begin, end, weights.data(), point, first, tiles_ - first < kBlock ? tiles_ - first : kBlock,
                 patches.data() + first, stride, patch_point);
    });
  }

  // to[point][source][row of the panel]
  void transform_weight(int32_t panel, float* to, size_t point) const {
    const int32_t row = panel_begin(panel), rows = panel_begin(panel + 1) - row;
    for (int32_t c = 0; c < sources; c++, to += kRows) {
      float taps[9 * kLanes<float>];
      transpose_panel<float>(taps, kLanes<float>, weight + row * weight_target + c * weight_source, weight_target, rows, 9);
      Vec<float> w[9], columns[kPatch * 3], out[kPatch];
      for (int t = 0; t < 9; t++) w[t] = load(taps + (turned ? 8 - t : t) * kLanes<float>);
      for (int v = 0; v < 3; v++) {
        winograd_weight(w + v, 3, out);
        for (int i = 0; i < kPatch; i++) columns[i * 3 + v] = out[i];
      }
      for (int i = 0; i < kPatch; i++) {
        winograd_weight(columns + i * 3, 1, out);
        for (int j = 0; j < kPatch; j++) store(to + (i * kPatch + j) * point, out[j]);
      }
    }
  }

  // The targets of panels [begin, end) in at most kBlock tiles from `first` on.
  //   weights[point][panel][source][row], patches[point][source][tile]
  void multiply(int32_t begin, int32_t end, const float* weights, size_t weight_point, int32_t first, int32_t count,
                const float* patches, int32_t patch_stride, size_t patch_point) const {
    const int32_t channel = panel_begin(begin), channels = panel_begin(end) - channel;
    const size_t sum_point = size_t(channels) * kBlock + kGap;
    const Scratch<float> sums(sum_point * kPoints);
    const int32_t slices = ceil_div(sources, kSlice), columns = round_up(count, kStep);
    const float one = 1;
    for (int point = 0; point < kPoints; point++)
      for (int32_t slice = 0; slice < slices; slice++) {
        const int32_t from = cut(sources, slices, slice), depth = cut(sources, slices, slice + 1) - from;
        for (int32_t panel = begin; panel < end; panel++) {
          const int32_t row = panel_begin(panel), rows = panel_begin(panel + 1) - row;
          const float* w = weights + point * weight_point + (panel - begin) * panel_size() + from * kRows;
          for (int32_t col = 0; col < columns; col += kColumns)
            micro_kernel<float>(rows, columns - col, true)(
                depth, w, kRows, patches + point * patch_point + ptrdiff_t(from) * patch_stride + col, patch_stride,
                sums.data() + point * sum_point + (row - channel) * kBlock + col, kBlock, &one, slice > 0);
        }
      }
    for (int32_t m = 0; m < channels; m++)
      for (int32_t group = 0; group < count; group += kGroup)
        transform_target(sums.data() + m * kBlock + group, sum_point, channel + m, first + group,
                         count - group < kGroup ? count - group : kGroup);
  }

  // Patches of sources [begin, end). The six rows under each row of tiles are staged first, with their padding.
  void transform_source(int32_t begin, int32_t end, int32_t first, int32_t count, float* patches, int32_t stride,
                        size_t point) const {
    const int32_t pitch = tile_cols_ * kTile + kSquare - kTile, strip = kPatch * pitch, columns = round_up(count, kStep);
    const int32_t first_row = first / tile_cols_, rows = (first + count - 1) / tile_cols_ - first_row + 1;
    const Scratch<float> staged(size_t(rows) * strip + kStep);
    const Scratch<int32_t> at(columns);
    for (int32_t i = 0; i < columns; i++) {
      const int32_t tile = first + (i < count ? i : 0);
      at[i] = (tile / tile_cols_ - first_row) * strip + tile % tile_cols_ * kTile;
    }
    for (int32_t c = begin; c < end; c++) {
      for (int32_t r = 0; r < rows; r++) stage_strip(c, first_row + r, pitch, staged.data() + r * strip);
      for (int32_t i = 0; i < columns; i += kGroup)
        transform_patches(staged.data(), at.data() + i, pitch, patches + ptrdiff_t(c) * stride + i, point);
    }
  }

  void stage_strip(int32_t channel, int32_t tile_row, int32_t pitch, float* to) const {
    const int32_t image = tile_row / tile_rows_, top = tile_row % tile_rows_ * kTile - padding[0];
    const int32_t height = source_size[0], width = source_size[1];
    const float* plane = source + (ptrdiff_t(image) * sources + channel) * height * width;
    const int32_t skip = padding[1] > pitch ? pitch : padding[1] > 0 ? padding[1] : 0;
    const int32_t begin = skip - padding[1];  // the first column that is staged
    const int32_t inside = width - begin < pitch - skip ? width - begin : pitch - skip, copied = inside > 0 ? inside : 0;
    for (int32_t r = 0; r < kPatch; r++, to += pitch) {
      const int32_t y = top + r;
      if (y < 0 || y >= height) {
        zero_row(to, pitch);
        continue;
      }
      zero_row(to, skip);
      copy_row(to + skip, plane + ptrdiff_t(y) * width + begin, copied);
      for (int32_t j = skip + copied; j < pitch; j++) to[j] = 0;
    }
  }

  template <int... kLane>
  static Group side_by_side(Vec<float, kSquare> a, Vec<float, kSquare> b, std::integer_sequence<int, kLane...>) {
    return __builtin_shufflevector(a, b, kLane...);
  }

  // Lane t of a group is tile t. Before its pixels are transposed, row t has those of tile t and of tile t + kSquare.
  static void transform_patches(const float* staged, const int32_t* at, int32_t pitch, float* to, size_t point) {
    Group rows[kPatch][kSquare];
    for (int t = 0; t < kSquare; t++) {
      Group d[kPatch], out[kPatch];
#pragma GCC unroll 6
      for (int r = 0; r < kPatch; r++) {
        const float* from = staged + r * pitch;
        d[r] = side_by_side(load<float, kSquare>(from + at[t]), load<float, kSquare>(from + at[t + kGroup - kSquare]),
                            std::make_integer_sequence<int, kGroup>());
      }
      winograd_source(d, out);
#pragma GCC unroll 6
      for (int r = 0; r < kPatch; r++) rows[r][t] = out[r];
    }
    for (int r = 0; r < kPatch; r++) {
      Group out[kPatch];
      transpose_squares<float, kGroup, kSquare>(rows[r]);
      winograd_source(rows[r], out);
#pragma GCC unroll 6
      for (int j = 0; j < kPatch; j++) store<float, kGroup>(to + (r * kPatch + j) * point, out[j]);
    }
  }

  void transform_target(const float* sums, size_t point, int32_t channel, int32_t tile, int32_t count) const {
    Group rows[kTile][kPatch], out[kTile * kTile];
    for (int j = 0; j < kPatch; j++) {
      Group m[kPatch], column[kTile];
#pragma GCC unroll 6
      for (int i = 0; i < kPatch; i++) m[i] = load<float, kGroup>(sums + (i * kPatch + j) * point);
      winograd_target(m, column);
#pragma GCC unroll 4
      for (int i = 0; i < kTile; i++) rows[i][j] = column[i];
    }
    const Group add = splat<float, kGroup>(bias ? bias[channel] : 0.f);
    for (int i = 0; i < kTile; i++) {
      winograd_target(rows[i], out + i * kTile);
#pragma GCC unroll 4
      for (int j = 0; j < kTile; j++) {
        const Group y = out[i * kTile + j] + add;
        out[i * kTile + j] = relu ? (y <= 0 ? Group{} : y) : y;
      }
    }
    // Two rows of a tile to a square's row.
    float values[kTile * kTile * kGroup];
    for (int half = 0; half < 2; half++) {
      transpose_squares<float, kGroup, kSquare>(out + half * kSquare);
#pragma GCC unroll 8
      for (int t = 0; t < kSquare; t++) store<float, kGroup>(values + (half * kSquare + t) * kGroup, out[half * kSquare + t]);
    }
    const int32_t height = target_size[0], width = target_size[1];
    for (int32_t t = 0; t < count; t++, tile++) {
      const int32_t row = tile / tile_cols_, x = tile % tile_cols_ * kTile;
      const int32_t image = row / tile_rows_, y = row % tile_rows_ * kTile;
      float* to = target + ((ptrdiff_t(image) * targets + channel) * height + y) * width + x;
      const int32_t down = height - y < kTile ? height - y : kTile, across = width - x < kTile ? width - x : kTile;
      for (int32_t i = 0; i < down; i++, to += width) {
        const float* from = values + (i / 2 * kSquare + t % kSquare) * kGroup + t / kSquare * kSquare + i % 2 * kTile;
        if (across == kTile) store<float, kTile>(to, load<float, kTile>(from));
        else
          for (int32_t j = 0; j < across; j++) to[j] = from[j];
      }
    }
  }
};

}  // namespace myelin::MYELIN_ISA::conv
