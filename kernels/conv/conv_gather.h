// The gather convolution behind forward and input gradient: stages pieces of the source, runs the
// register tiles over them and writes rows of the target with bias and activation.
#pragma once
#include "conv/conv_pass.h"
#include "conv/conv_stage.h"
#include "conv/conv_tile.h"
#include "gemm/gemm_transpose.h"
#include "common/memory.h"
#include "common/parallel.h"

namespace myelin::MYELIN_ISA::conv {

constexpr int kDepthBlock = 384;             // a slice of packed weights stays in L1
constexpr int kStageBytes = 640 * 1024;      // a staged piece stays in L2

template <class T>
struct GatherOperands {
  int32_t batch, groups, sources, targets;               // channels are per group
  ptrdiff_t weight_group, weight_source, weight_target;  // strides of the weight; taps are adjacent
  const T *source, *weight, *bias;                       // bias may be null
  T* target;
  bool relu;
};

template <class T>
class Gather : GatherOperands<T> {
 public:
  Gather(const Axis& depth, const Axis& rows, const Axis& cols, const GatherOperands<T>& operands)
      : GatherOperands<T>(operands), depth(depth), plane(rows, cols) {}

  void run() {
    const Axis &rows = plane.rows, &cols = plane.cols;
    if (!batch || !groups || !targets || !depth.target || !rows.target || !cols.target) return;
    choose_blocks();
    const int32_t phases = depth.phases * rows.phases * cols.phases;
    const size_t depth_total = size_t(sources) * depth.kernel * rows.kernel * cols.kernel;
    const size_t panel_pad = size_t(panels_) * kLanes<T>;
    const Scratch<T> packed(groups * (depth_total * targets + phases * panel_pad) + kLanes<T>);
    const Scratch<int32_t> offsets(depth_total + 1);
    const Scratch<size_t> starts(phases * 2);
    packed_ = packed.data(), offsets_ = offsets.data(), starts_ = starts.data();
    size_t offset_at = 0, packed_at = 0;
    for (int32_t f = 0; f < phases; f++) {
      starts_[2 * f] = offset_at;
      starts_[2 * f + 1] = packed_at;
      const int32_t k = write_offsets(f, offsets_ + offset_at);
      offset_at += k;
      packed_at += groups * (size_t(k) * targets + panel_pad);
    }
    parallel_for(phases * groups * panels_, [&](int32_t task) {
      pack(task / (groups * panels_), task / panels_ % groups, task % panels_);
    });
    parallel_ranges(tasks_, task_grain_, [&](int64_t begin, int64_t end) {
      const Scratch<T> staged(stage_size_ + plane.slack() + kLanes<T>);
      const Scratch<T> sums(size_t(images_) * cols.phases * kTileRows * sum_stride_);
      for (int64_t task = begin; task < end; task++) piece(int32_t(task), staged.data(), sums.data());
    });
  }

 private:
  using GatherOperands<T>::batch, GatherOperands<T>::groups, GatherOperands<T>::sources, GatherOperands<T>::targets;
  using GatherOperands<T>::weight_group, GatherOperands<T>::weight_source, GatherOperands<T>::weight_target;
  using GatherOperands<T>::source, GatherOperands<T>::weight, GatherOperands<T>::bias, GatherOperands<T>::target;
  using GatherOperands<T>::relu;
  Axis depth;
  Staging plane;
  int32_t panels_, images_, image_groups_, row_chunks_, chunk_rows_, parts_;
  int64_t tasks_, task_grain_;
  size_t stage_size_;
  ptrdiff_t sum_stride_;
  T* packed_;
  int32_t* offsets_;
  size_t* starts_;

  int32_t phase_depth(int32_t f) const {
    return sources * depth.taps(depth_phase(f)) * plane.rows.taps(row_phase(f)) * plane.cols.taps(col_phase(f));
  }
  int32_t depth_phase(int32_t f) const { return f / (plane.rows.phases * plane.cols.phases); }
  int32_t row_phase(int32_t f) const { return f / plane.cols.phases % plane.rows.phases; }
  int32_t col_phase(int32_t f) const { return f % plane.cols.phases; }
  int32_t panel_begin(int32_t panel) const { return cut(targets, panels_, panel); }
  int32_t panel_rows(int32_t panel) const { return panel_begin(panel + 1) - panel_begin(panel); }

  T* packed_panel(int32_t f, int32_t group, int32_t panel, int32_t k) const {
    const size_t group_size = size_t(k) * targets + size_t(panels_) * kLanes<T>;
    return packed_ + starts_[2 * f + 1] + group * group_size + size_t(panel_begin(panel)) * k + panel * kLanes<T>;
  }

  // Sizes alone decide the blocks. A piece is some rows of one image, or several small images whose
  // weights would otherwise be read from far away for each; tasks are pieces × parts of the targets.
  void choose_blocks() {
    const Axis &rows = plane.rows, &cols = plane.cols;
    panels_ = (targets + kTileRows - 1) / kTileRows;
    const int32_t all_rows = rows.targets(0), planes = sources * depth.most_taps();
    const double place_work = double(targets) * sources * depth.kernel * rows.kernel * cols.kernel /
                              (double(depth.phases) * rows.phases * cols.phases);
    const double work = place_work * batch * groups * depth.target * all_rows * plane.pitch * rows.phases * cols.phases;
    const int32_t wanted = wanted_tasks(work);

    const double row_bytes = double(planes) * plane.plane_size(1) / plane.plane_rows(1) * sizeof(T);
    int32_t fit = int32_t(kStageBytes / (row_bytes + 1)) - rows.reach();
    fit = fit < plane.least_rows() ? plane.least_rows() : fit;
    row_chunks_ = (all_rows + fit - 1) / fit;
    images_ = 1;
    if (row_chunks_ == 1 && place_work * sizeof(T) > kStageBytes) {
      const int32_t places = all_rows * plane.pitch;
      const int32_t room = int32_t(kStageBytes / (row_bytes * plane.plane_rows(all_rows) + 1));
      images_ = (256 + places - 1) / places;
      images_ = images_ > room ? room : images_;
      images_ = images_ > batch ? batch : images_ < 1 ? 1 : images_;
    }
    image_groups_ = (batch + images_ - 1) / images_;
    int64_t pieces = int64_t(image_groups_) * groups * depth.target * row_chunks_;
    parts_ = 1;
    if (pieces < wanted) {
      const int32_t more = int32_t((wanted + pieces - 1) / pieces);
      if (images_ == 1 && all_rows / (row_chunks_ * more) >= 4) {
        row_chunks_ *= more;
        pieces *= more;
      } else {
        parts_ = more < panels_ ? more : panels_;
      }
    }
    chunk_rows_ = (all_rows + row_chunks_ - 1) / row_chunks_;
    tasks_ = pieces * parts_;
    task_grain_ = task_grain(tasks_, work);
    stage_size_ = size_t(images_) * planes * plane.plane_size(chunk_rows_);
    const ptrdiff_t places = ptrdiff_t(chunk_rows_ - 1) * plane.pitch + cols.targets(0);
    sum_stride_ = (places + kLanes<T> - 1) / kLanes<T> * kLanes<T> + kLanes<T>;
  }

  // The offsets of phase f, in the order of the packed weights; returns their number.
  int32_t write_offsets(int32_t f, int32_t* to) const {
    const Axis &rows = plane.rows, &cols = plane.cols;
    const int32_t fh = row_phase(f), fw = col_phase(f), u0 = rows.first_tap(fh), v0 = cols.first_tap(fw);
    const int32_t planes = sources * depth.taps(depth_phase(f)), plane_size = plane.plane_size(chunk_rows_);
    if (planes == 0) return 0;
    int32_t taps = 0;
    for (int32_t u = u0; u < rows.kernel; u += rows.tap_step())
      for (int32_t v = v0; v < cols.kernel; v += cols.tap_step())
        to[taps++] = plane.offset(fh, u, fw, v, chunk_rows_);
    for (int32_t i = taps; i < planes * taps; i++) to[i] = to[i - taps] + plane_size;
    return planes * taps;
  }

  // Packs the weights of one panel of targets: [k][row of the panel].
  void pack(int32_t f, int32_t group, int32_t panel) const {
    const int32_t depth_all = phase_depth(f), height = panel_rows(panel);
    const T* from = weight + group * weight_group + panel_begin(panel) * weight_target;
    T* to = packed_panel(f, group, panel, depth_all);
    const int32_t taps = depth.kernel * plane.rows.kernel * plane.cols.kernel;
    if (depth_all == sources * taps && weight_source == taps && height <= kLanes<T>)
      return transpose_panel(to, height, from, weight_target, height, depth_all);
    const Axis &rows = plane.rows, &cols = plane.cols;
    const int32_t d0 = depth.first_tap(depth_phase(f));
    const int32_t u0 = rows.first_tap(row_phase(f)), v0 = cols.first_tap(col_phase(f));
    for (int32_t c = 0; c < sources; c++, from += weight_source)
      for (int32_t d = d0; d < depth.kernel; d += depth.tap_step())
        for (int32_t u = u0; u < rows.kernel; u += rows.tap_step())
          for (int32_t v = v0; v < cols.kernel; v += cols.tap_step()) {
            const T* tap = from + (d * rows.kernel + u) * cols.kernel + v;
            for (int32_t m = 0; m < height; m++) *to++ = tap[m * weight_target];
          }
  }

  void piece(int32_t task, T* staged, T* sums) const {
    const int32_t part = task % parts_, chunk = task / parts_ % row_chunks_;
    const int32_t z = task / parts_ / row_chunks_ % depth.target;
    const int32_t outer = task / parts_ / row_chunks_ / depth.target;
    const int32_t group = outer % groups, first_image = outer / groups * images_;
    const int32_t images = batch - first_image < images_ ? batch - first_image : images_;
    const int32_t first = chunk * chunk_rows_, all_rows = plane.rows.targets(0);
    const int32_t count = all_rows - first < chunk_rows_ ? all_rows - first : chunk_rows_;
    if (count <= 0) return;
    const int32_t depth_phase = z % depth.phases;
    const size_t image_size = stage_size_ / images_;
    for (int32_t image = 0; image < images; image++)
      stage_image(staged + image * image_size, first_image + image, group, z, first);
    zero_row(staged + (images - 1) * image_size + size_t(sources) * depth.taps(depth_phase) * plane.plane_size(chunk_rows_),
             plane.slack());
    for (int32_t p = cut(panels_, parts_, part); p < cut(panels_, parts_, part + 1); p++)
      for (int32_t fh = 0; fh < plane.rows.phases; fh++) {
        const int32_t of_phase = plane.rows.targets(fh) - first;
        const int32_t height = of_phase < count ? of_phase : count;
        if (height <= 0) continue;
        const int32_t f = (depth_phase * plane.rows.phases + fh) * plane.cols.phases;
        for (int32_t fw = 0; fw < plane.cols.phases; fw++)
          sum_panel(f + fw, group, p, height, images, image_size, staged, sums);
        for (int32_t image = 0; image < images; image++)
          write_panel(first_image + image, group, z, p, fh, first, height,
                      sums + ptrdiff_t(image) * plane.cols.phases * kTileRows * sum_stride_);
      }
  }

  void stage_image(T* to, int32_t image, int32_t group, int32_t z, int32_t first) const {
    const int32_t phase = z % depth.phases, i = z / depth.phases, size = plane.plane_size(chunk_rows_);
    const ptrdiff_t plane_elements = ptrdiff_t(plane.rows.source) * plane.cols.source;
    const T* from = source + (ptrdiff_t(image) * groups + group) * sources * depth.source * plane_elements;
    for (int32_t c = 0; c < sources; c++, from += depth.source * plane_elements)
      for (int32_t d = depth.first_tap(phase); d < depth.kernel; d += depth.tap_step()) {
        const int32_t at = i * depth.step + depth.shift(phase, d);
        plane.stage(to, at < 0 || at >= depth.source ? nullptr : from + at * plane_elements, first, chunk_rows_);
        to += size;
      }
  }

  // sums[image][column phase][row of the panel][place] for one phase.
  void sum_panel(int32_t f, int32_t group, int32_t panel, int32_t height, int32_t images, size_t image_size,
                 const T* staged, T* sums) const {
    const int32_t fw = col_phase(f), width = plane.cols.targets(fw), k = phase_depth(f);
    if (width <= 0) return;
    const int32_t panel_height = panel_rows(panel), vectors = tile_vectors(panel_height);
    const int32_t places = (height - 1) * plane.pitch + width;
    const int32_t all_vectors = (places + kLanes<T> - 1) / kLanes<T>;
    const int32_t tiles = (all_vectors + vectors - 1) / vectors;
    // Tiles are as wide as registers allow or one vector narrower.
    const int32_t narrow = all_vectors / tiles, wide_tiles = all_vectors % tiles;
    const Tile<T> narrow_tile = conv_tile_for<T>(panel_height, narrow);
    const Tile<T> wide_tile = wide_tiles ? conv_tile_for<T>(panel_height, narrow + 1) : nullptr;
    const T* w = packed_panel(f, group, panel, k);
    const int32_t* offset = offsets_ + starts_[2 * f];
    const int32_t slices = k > kDepthBlock ? (k + kDepthBlock - 1) / kDepthBlock : 1;
    for (int32_t slice = 0; slice < slices; slice++) {
      const int32_t from = cut(k, slices, slice), size = cut(k, slices, slice + 1) - from;
      for (int32_t image = 0; image < images; image++) {
        const T* x = staged + image * image_size;
        T* out = sums + (ptrdiff_t(image) * plane.cols.phases + fw) * kTileRows * sum_stride_;
        const T* weights = w + ptrdiff_t(from) * panel_height;
        for (int32_t t = 0, place = 0; t < tiles; t++) {
          const bool wide = t < wide_tiles;
          (wide ? wide_tile : narrow_tile)(weights, x + place, offset + from, size, out + place, sum_stride_, slice > 0);
          place += (narrow + wide) * kLanes<T>;
        }
      }
    }
  }

  void write_panel(int32_t image, int32_t group, int32_t z, int32_t panel, int32_t fh, int32_t first, int32_t height,
                   const T* sums) const {
    const Axis &rows = plane.rows, &cols = plane.cols;
    const ptrdiff_t row_size = cols.target, plane_size = row_size * rows.target;
    for (int32_t m = 0; m < panel_rows(panel); m++) {
      const int32_t channel = group * targets + panel_begin(panel) + m;
      const T add = bias ? bias[channel] : T(0);
      T* to = target + ((ptrdiff_t(image) * groups * targets + channel) * depth.target + z) * plane_size;
      if (plane.pitch == row_size && rows.phases * cols.phases == 1) {
        finish_row<kLanes<T>>(to + first * row_size, sums + m * sum_stride_, add, int32_t(height * row_size));
        continue;
      }
      for (int32_t i = 0; i < height; i++) {
        const T* from = sums + m * sum_stride_ + ptrdiff_t(i) * plane.pitch;
        write_row(to + (fh + ptrdiff_t(first + i) * rows.phases) * row_size, from, add);
      }
    }
  }

  T finish(T x, T add) const {
    x += add;
    return relu && x <= 0 ? T(0) : x;
  }

  template <int kWidth>
  void finish_row(T* to, const T* from, T add, int32_t n) const {
    if (n >= kWidth) {
      for (int32_t j = 0; j + kWidth <= n; j += kWidth) finish_vector<kWidth>(to + j, from + j, add);
      if (n % kWidth) finish_vector<kWidth>(to + n - kWidth, from + n - kWidth, add);
    } else if constexpr (kWidth > 1) {
      finish_row<kWidth / 2>(to, from, add, n);
    }
  }

  template <int kWidth>
  void finish_vector(T* to, const T* from, T add) const {
    const Vec<T, kWidth> y = load<T, kWidth>(from) + splat<T, kWidth>(add);
    store<T, kWidth>(to, relu ? (y <= 0 ? Vec<T, kWidth>{} : y) : y);
  }

  // One row of the target from its column phases.
  void write_row(T* to, const T* from, T add) const {
    const int32_t phases = plane.cols.phases, width = plane.cols.target;
    const ptrdiff_t phase_stride = kTileRows * sum_stride_;
    if (phases == 1) return finish_row<kLanes<T>>(to, from, add, width);
    if (phases == 2) {
      const T* odd = from + phase_stride;
      for (int32_t j = 0; j < width / 2; j++) {
        to[2 * j] = finish(from[j], add);
        to[2 * j + 1] = finish(odd[j], add);
      }
      if (width % 2) to[width - 1] = finish(from[width / 2], add);
      return;
    }
    for (int32_t f = 0; f < phases; f++)
      for (int32_t j = 0; j < plane.cols.targets(f); j++)
        to[f + ptrdiff_t(j) * phases] = finish(from[f * phase_stride + j], add);
  }
};

}  // namespace myelin::MYELIN_ISA::conv
