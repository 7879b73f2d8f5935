// The gradient in a 3 × 3 kernel, stride 1, in one group, by Winograd's algorithm. For each of the 36 points of a
// patch the sum over tiles is a matrix product (outputs × tiles) · (tiles × inputs).
//
// Pieces of the images are transformed as a whole, vectors holding channels, into the panels that the products read,
// and their products added up.
#pragma once
#include "conv/conv_pass.h"
#include "conv/conv_stage.h"
#include "gemm/gemm_tile.h"
#include "gemm/gemm_transpose.h"
#include "common/memory.h"
#include "common/parallel.h"
#include "conv/winograd.h"

namespace myelin::MYELIN_ISA::conv {

class WinogradWeights {
 public:
  WinogradWeights(const Geometry& g, const float* x, const float* dy, float* dw)
      : g(g), x(x), dy(dy), dw(dw), inputs(g.in_channels), outputs(g.out_channels),
        tile_cols(ceil_div(g.out[2], kTile)), tile_rows(ceil_div(g.out[1], kTile)), all_rows(g.batch * tile_rows),
        panels(ceil_div(outputs, kRows)), columns(ceil_div(inputs, kColumns)) {
    // Sums are read and written for every piece: many channels want many tiles, else a piece should stay in the cache.
    const double tile_bytes = double(kPoints) * sizeof(float) * (columns * kColumns + panels * kLanes<float>);
    const double wanted = 4 * tile_bytes * inputs * outputs / (inputs + outputs + 1);
    const double bytes = wanted < kLeastBytes ? kLeastBytes : wanted < kMostBytes ? wanted : kMostBytes;
    const int32_t fit = int32_t(bytes / (tile_bytes * tile_cols + 1));
    piece_rows = fit < 1 ? 1 : fit < all_rows ? fit : all_rows;
    const int32_t most_tiles = piece_rows * tile_cols;
    source_column = size_t(most_tiles) * kColumns;
    target_panel = size_t(most_tiles) * kLanes<float>;
    source_point = columns * source_column + kGap;
    target_point = panels * target_panel + kGap;
    sum_stride = columns * kColumns;
    sum_point = size_t(outputs) * sum_stride + kGap;
  }

  // Whether it is faster than the products as they are, by sizes alone. In fused multiply-adds of vectors.
  bool pays() const {
    constexpr double kWeight = 40, kSource = 20, kTarget = 15;  // to transform
    const double pairs = double(inputs) * outputs, tiles = double(all_rows) * tile_cols;
    const double direct = pairs * 9 * g.batch * g.out[1] * g.out[2] / kLanes<float>;
    const double products = pairs * kPoints * tiles / kLanes<float>;
    return tiles > 0 && inputs >= 8 && outputs >= 8 &&
           direct > 1.15 * (products + (kSource * inputs + kTarget * outputs) * tiles) + kWeight * pairs;
  }

  void run() {
    const Scratch<float> source_points(source_point * kPoints), target_points(target_point * kPoints);
    const Scratch<float> sum_points(sum_point * kPoints);
    sources = source_points.data(), targets = target_points.data(), sums = sum_points.data();
    for (int32_t first = 0; first < all_rows; first += piece_rows) {
      const int32_t rows = all_rows - first < piece_rows ? all_rows - first : piece_rows;
      const int32_t groups = ceil_div(inputs, kLanes<float>), items = groups + panels;
      const int32_t chunks = items < kTasks ? ceil_div(kTasks, items) < rows ? ceil_div(kTasks, items) : rows : 1;
      parallel_for(items * chunks, [&](int32_t task) {
        const int32_t item = task / chunks, begin = cut(rows, chunks, task % chunks), end = cut(rows, chunks, task % chunks + 1);
        if (item < groups) transform_sources(item * kLanes<float>, first, begin, end);
        else transform_targets(item - groups, first, begin, end);
      });
      const int32_t parts = panels < 16 ? 1 : 2;
      parallel_for(kPoints * parts, [&](int32_t task) {
        multiply(task / parts, cut(panels, parts, task % parts), cut(panels, parts, task % parts + 1), rows * tile_cols, first > 0);
      });
    }
    parallel_ranges(outputs, 4096 / inputs + 1, [&](int64_t begin, int64_t end) {
      for (int64_t output = begin; output < end; output++) transform_sums(int32_t(output));
    });
  }

 private:
  static constexpr int kRows = GemmTile<float>::kRows, kColumns = GemmTile<float>::kCols;
  static constexpr int kSlice = 384;            // tiles summed at once
  static constexpr int kGap = 16;               // between points, so they don't all land in one cache set
  static constexpr double kLeastBytes = 4e6, kMostBytes = 12e6;  // of a piece, transformed
  using Channels = Vec<float>;

  const Geometry& g;
  const float *x, *dy;
  float* dw;
  int32_t inputs, outputs, tile_cols, tile_rows, all_rows;
  int32_t panels, columns;  // of outputs and inputs, as the products read them
  int32_t piece_rows;       // rows of tiles
  size_t source_column, source_point, target_panel, target_point, sum_stride, sum_point;
  float* sources;           // [point][column][tile][input of the column]
  float* targets;           // [point][panel][tile][output of the panel]
  float* sums;              // [point][output][input]

  int32_t panel_begin(int32_t panel) const { return cut(outputs, panels, panel); }

  // Stages rows × pitch elements of neighboring planes from (top, left) on, zero outside: [row][column][plane].
  static void stage(float* to, const float* from, int32_t planes, int32_t height, int32_t width, int32_t top, int32_t left,
                    int32_t rows, int32_t pitch) {
    constexpr int kWidth = kLanes<float>;
    const int32_t skip = left >= 0 ? 0 : -left < pitch ? -left : pitch, room = pitch - skip, there = width - left - skip;
    const int32_t copied = there < 0 ? 0 : there < room ? there : room;
    for (int32_t y = top; y < top + rows; y++, to += pitch * kWidth) {
      if (y < 0 || y >= height) {
        zero_row(to, pitch * kWidth);
        continue;
      }
      zero_row(to, skip * kWidth);
      transpose_panel(to + skip * kWidth, kWidth, from + ptrdiff_t(y) * width + left + skip, ptrdiff_t(height) * width,
                      planes, copied);
      zero_row(to + (skip + copied) * kWidth, (room - copied) * kWidth);
    }
  }

  // Rows of tiles [begin, end) of the piece that starts at row `first`, of a vector of inputs.
  void transform_sources(int32_t channel, int32_t first, int32_t begin, int32_t end) const {
    constexpr int kWidth = kLanes<float>;
    const int32_t pitch = tile_cols * kTile + kPatch - kTile, height = g.in[1], width = g.in[2];
    const Scratch<float> staged(kPatch * pitch * kWidth);
    float* to = sources + channel / kColumns * source_column + channel % kColumns;
    const int32_t planes = inputs - channel < kWidth ? inputs - channel : kWidth;
    for (int32_t row = begin; row < end; row++) {
      const int32_t image = (first + row) / tile_rows, top = (first + row) % tile_rows * kTile - g.padding[1];
      stage(staged.data(), x + (ptrdiff_t(image) * inputs + channel) * height * width, planes, height, width, top,
            -g.padding[2], kPatch, pitch);
      for (int32_t t = 0; t < tile_cols; t++) {
        const float* from = staged.data() + t * kTile * kWidth;
        Channels half[kPatch][kPatch], d[kPatch], out[kPatch];
        for (int i = 0; i < kPatch; i++) {
#pragma GCC unroll 6
          for (int j = 0; j < kPatch; j++) d[j] = load(from + (i * pitch + j) * kWidth);
          winograd_source(d, half[i]);
        }
        float* at = to + size_t(row * tile_cols + t) * kColumns;
        for (int j = 0; j < kPatch; j++) {
#pragma GCC unroll 6
          for (int i = 0; i < kPatch; i++) d[i] = half[i][j];
          winograd_source(d, out);
#pragma GCC unroll 6
          for (int i = 0; i < kPatch; i++) store(at + (i * kPatch + j) * source_point, out[i]);
        }
      }
    }
  }

  // The same of one panel of outputs.
  void transform_targets(int32_t panel, int32_t first, int32_t begin, int32_t end) const {
    constexpr int kWidth = kLanes<float>;
    const int32_t pitch = tile_cols * kTile, height = g.out[1], width = g.out[2], channel = panel_begin(panel);
    const Scratch<float> staged(kTile * pitch * kWidth);
    for (int32_t row = begin; row < end; row++) {
      const int32_t image = (first + row) / tile_rows, top = (first + row) % tile_rows * kTile;
      stage(staged.data(), dy + (ptrdiff_t(image) * outputs + channel) * height * width, panel_begin(panel + 1) - channel,
            height, width, top, 0, kTile, pitch);
      for (int32_t t = 0; t < tile_cols; t++) {
        const float* from = staged.data() + t * kTile * kWidth;
        Channels half[kTile][kPatch], y[kTile], out[kPatch];
        for (int i = 0; i < kTile; i++) {
#pragma GCC unroll 4
          for (int j = 0; j < kTile; j++) y[j] = load(from + (i * pitch + j) * kWidth);
          winograd_target_gradient(y, half[i]);
        }
        float* at = targets + panel * target_panel + size_t(row * tile_cols + t) * kWidth;
        for (int j = 0; j < kPatch; j++) {
#pragma GCC unroll 4
          for (int i = 0; i < kTile; i++) y[i] = half[i][j];
          winograd_target_gradient(y, out);
#pragma GCC unroll 6
          for (int i = 0; i < kPatch; i++) store(at + (i * kPatch + j) * target_point, out[i]);
        }
      }
    }
  }

  // sums (outputs of panels [begin, end) × inputs) (+)= targets · sources of one point, over the tiles of the piece.
  void multiply(int32_t point, int32_t begin, int32_t end, int32_t tiles, bool accumulate) const {
    const float one = 1;
    const int32_t slices = ceil_div(tiles, kSlice);
    for (int32_t slice = 0; slice < slices; slice++) {
      const int32_t from = cut(tiles, slices, slice), depth = cut(tiles, slices, slice + 1) - from;
      for (int32_t column = 0; column < columns; column++) {
        const int32_t left = inputs - column * kColumns;
        for (int32_t panel = begin; panel < end; panel++) {
          const int32_t row = panel_begin(panel), rows = panel_begin(panel + 1) - row;
          micro_kernel<float>(rows, left, true)(
              depth, targets + point * target_point + panel * target_panel + from * kLanes<float>, kLanes<float>,
              sources + point * source_point + column * source_column + from * kColumns, kColumns,
              sums + point * sum_point + row * sum_stride + column * kColumns, sum_stride, &one, accumulate || slice > 0);
        }
      }
    }
  }

  void transform_sums(int32_t output) const {
    constexpr int kWidth = kLanes<float>, kTaps = 3;
    for (int32_t c = 0; c < inputs; c += kWidth) {
      const float* from = sums + output * sum_stride + c;
      Channels half[kPatch][kTaps], u[kPatch], out[kTaps];
      for (int i = 0; i < kPatch; i++) {
#pragma GCC unroll 6
        for (int j = 0; j < kPatch; j++) u[j] = load(from + (i * kPatch + j) * sum_point);
        winograd_weight_gradient(u, half[i]);
      }
      float taps[kTaps * kTaps][kWidth];
      for (int j = 0; j < kTaps; j++) {
#pragma GCC unroll 6
        for (int i = 0; i < kPatch; i++) u[i] = half[i][j];
        winograd_weight_gradient(u, out);
        for (int i = 0; i < kTaps; i++) store(taps[i * kTaps + j], out[i]);
      }
      float* to = dw + (ptrdiff_t(output) * inputs + c) * kTaps * kTaps;
      for (int32_t l = 0; l < kWidth && c + l < inputs; l++)
        for (int t = 0; t < kTaps * kTaps; t++) *to++ = taps[t][l];
    }
  }
};

}  // namespace myelin::MYELIN_ISA::conv
