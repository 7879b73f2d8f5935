// dw[o][k] = Σ over images and positions of dy[o][position] · x[position + offset[k]], k = (channel, tap).
//
// A task sums some blocks of output channels over one share of the pieces (some rows of some images)
// into sums of its own; the shares are then added in order. The number of shares depends on the
// sizes alone: many where the gradient is small, else the blocks are spread over the tasks.
#include "conv/conv.h"
#include "conv/conv_stage.h"
#include "conv/conv_ways.h"
#include "conv/conv_weight_tile.h"
#include "gemm/gemm_transpose.h"
#include "common/memory.h"
#include "common/parallel.h"

namespace myelin::MYELIN_ISA {
namespace {

using conv::Axis;
using conv::ceil_div;
using conv::cut;
using conv::Geometry;
using conv::Pass;
using conv::Runs;
using conv::Staging;

constexpr int kStageBytes = 512 * 1024;  // a staged piece stays in L2
constexpr int kPositions = 512;          // positions of a piece: its packed gradient stays near L1
constexpr double kSumBytes = 4 << 20;    // the sums of all shares

template <class T>
class WeightGradient {
 public:
  WeightGradient(const T* x, const T* dy, T* dw, T* dbias, const Geometry& g)
      : g(g), depth(Axis::forward(g, 0)), plane(Axis::forward(g, 1), Axis::forward(g, 2)), x(x), dy(dy), dw(dw),
        dbias(dbias), in(g.in_channels / g.groups), out(g.out_channels / g.groups), k(in * g.taps()) {}

  void run() {
    if (!g.groups || !out) return;
    choose_blocks();
    const Scratch<int32_t> offsets(k + 1), starts(size_t(images) * rows + 1);
    offset = offsets.data(), start = starts.data();
    write_offsets();
    for (int32_t image = 0, r = 0; image < images; image++)
      for (int32_t i = 0; i < rows; i++) start[r++] = image * image_size + i * plane.pitch;
    const Scratch<T> sums(size_t(blocks) * shares * block_size());
    sum = sums.data();
    parallel_ranges(int64_t(g.groups) * parts * shares, grain, [&](int64_t begin, int64_t end) {
      const Scratch<T> staged(size_t(images) * image_size + plane.slack() + kLanes<T>);
      const Scratch<T> gradient(gradient_size);
      conv::zero_row(staged.data() + size_t(images) * image_size, plane.slack());
      for (int64_t task = begin; task < end; task++) run_task(int32_t(task), staged.data(), gradient.data());
    });
    const int32_t chunk = 64, chunks = ceil_div(k, chunk) > 0 ? ceil_div(k, chunk) : 1;
    const int64_t sums_grain = 65536 / (int64_t(chunk) * lanes() * shares) + 1;
    parallel_ranges(int64_t(blocks) * chunks, sums_grain, [&](int64_t begin, int64_t end) {
      for (int64_t part = begin; part < end; part++) {
        const int32_t first = int32_t(part % chunks) * chunk;
        add_shares(int32_t(part / chunks), first, k - first < chunk ? k - first : chunk);
      }
    });
  }

 private:
  const Geometry& g;
  Axis depth;
  Staging plane;
  const T *x, *dy;
  T *dw, *dbias;
  int32_t in, out, k;  // channels per group; products per output

  bool dot;                        // few output channels: vectors hold positions
  int32_t vectors, blocks, group_blocks, parts, shares;
  int32_t rows, row_chunks, images, image_groups, pieces;
  int32_t image_size;
  size_t gradient_size;
  int64_t grain;
  int32_t *offset, *start;
  T* sum;

  // A block's sums: k rows and one for the bias, each of lanes() elements. With dot these are the
  // lanes of every output channel of the group, else the block's output channels themselves.
  int32_t lanes() const { return dot ? out * kLanes<T> : vectors * kLanes<T>; }
  size_t block_size() const { return size_t(k + 1) * lanes(); }
  T* sums_of(int32_t block, int32_t share) const { return sum + (size_t(block) * shares + share) * block_size(); }

  void choose_blocks() {
    dot = out * 2 <= kLanes<T>;
    vectors = !dot && out > kLanes<T> ? 2 : 1;
    group_blocks = dot ? 1 : ceil_div(out, vectors * kLanes<T>);
    blocks = g.groups * group_blocks;
    const int32_t width = g.out[2] > 0 ? g.out[2] : 1, all_rows = g.out[1];
    const double row_bytes = double(in) * g.kernel[0] * plane.plane_size(1) / plane.plane_rows(1) * sizeof(T);
    int32_t fit = int32_t(kStageBytes / (row_bytes + 1)) - plane.rows.reach();
    const int32_t wanted_rows = ceil_div(kPositions, width);
    fit = fit < wanted_rows ? fit : wanted_rows;
    fit = fit < plane.least_rows() ? plane.least_rows() : fit;
    row_chunks = ceil_div(all_rows > 0 ? all_rows : 1, fit);
    rows = ceil_div(all_rows, row_chunks);
    image_size = in * g.kernel[0] * plane.plane_size(rows);
    images = 1;
    if (row_chunks == 1 && rows > 0) {
      const int32_t room = int32_t(kStageBytes / (double(image_size) * sizeof(T) + 1));
      images = kPositions / (rows * width);
      images = images < room ? images : room;
      images = images < g.batch ? images : g.batch;
      images = images < 1 ? 1 : images;
    }
    const double work = double(g.batch) * g.out_volume() * g.out_channels * k;
    const int32_t wanted = conv::wanted_tasks(work);
    const int32_t affordable = int32_t(kSumBytes / (double(blocks) * block_size() * sizeof(T)));
    shares = affordable < 1 ? 1 : affordable < wanted ? affordable : wanted;
    if (images > 1 && ceil_div(g.batch, images) < shares) images = g.batch / shares > 1 ? g.batch / shares : 1;
    image_groups = ceil_div(g.batch, images);
    pieces = g.out_volume() ? image_groups * g.out[0] * row_chunks : 0;
    if (shares > pieces) shares = pieces > 1 ? pieces : 1;
    parts = ceil_div(wanted, shares * g.groups);
    parts = parts < group_blocks ? parts : group_blocks;
    const int64_t tasks = int64_t(g.groups) * parts * shares;
    grain = conv::task_grain(tasks, work);
    gradient_size = dot ? size_t(out) * flat_stride() : size_t(images) * rows * width * vectors * kLanes<T>;
  }

  int32_t flat_vectors(int32_t count) const { return ceil_div((count - 1) * plane.pitch + g.out[2], kLanes<T>); }
  ptrdiff_t flat_stride() const { return ptrdiff_t(flat_vectors(rows) + 1) * kLanes<T>; }

  void write_offsets() const {
    const int32_t plane_size = plane.plane_size(rows);
    int32_t* to = offset;
    for (int32_t c = 0; c < in * g.kernel[0]; c++)
      for (int32_t u = 0; u < g.kernel[1]; u++)
        for (int32_t v = 0; v < g.kernel[2]; v++) *to++ = c * plane_size + plane.offset(0, u, 0, v, rows);
  }

  void run_task(int32_t task, T* staged, T* gradient) const {
    const int32_t share = task % shares, part = task / shares % parts, group = task / shares / parts;
    const int32_t first_block = group * group_blocks + cut(group_blocks, parts, part);
    const int32_t end_block = group * group_blocks + cut(group_blocks, parts, part + 1);
    for (int32_t block = first_block; block < end_block; block++) {
      T* to = sums_of(block, share);
      for (size_t i = 0; i < block_size(); i++) to[i] = 0;
    }
    for (int32_t p = cut(pieces, shares, share); p < cut(pieces, shares, share + 1); p++) {
      const int32_t chunk = p % row_chunks, z = p / row_chunks % g.out[0];
      const int32_t first_image = p / row_chunks / g.out[0] * images, first = chunk * rows;
      const int32_t count = g.out[1] - first < rows ? g.out[1] - first : rows;
      const int32_t group_images = g.batch - first_image < images ? g.batch - first_image : images;
      if (count <= 0) continue;
      for (int32_t image = 0; image < group_images; image++)
        stage_image(staged + ptrdiff_t(image) * image_size, first_image + image, group, z, first);
      if (dot)
        for (int32_t image = 0; image < group_images; image++)
          add_dots(sums_of(group, share), staged + ptrdiff_t(image) * image_size, first_image + image, group, z, first,
                   count, gradient);
      else
        for (int32_t block = first_block; block < end_block; block++)
          add_panel(sums_of(block, share), staged, first_image, group_images, block, z, first, count, gradient);
    }
  }

  void stage_image(T* to, int32_t image, int32_t group, int32_t z, int32_t first) const {
    const int32_t size = plane.plane_size(rows);
    const ptrdiff_t plane_elements = ptrdiff_t(g.in[1]) * g.in[2];
    const T* from = x + (ptrdiff_t(image) * g.groups + group) * in * g.in[0] * plane_elements;
    for (int32_t c = 0; c < in; c++, from += g.in[0] * plane_elements)
      for (int32_t d = 0; d < g.kernel[0]; d++, to += size) {
        const int32_t at = z * depth.step + depth.shift(0, d);
        plane.stage(to, at < 0 || at >= g.in[0] ? nullptr : from + at * plane_elements, first, rows);
      }
  }

  const T* gradient_row(int32_t image, int32_t channel, int32_t z, int32_t row) const {
    return dy + ((ptrdiff_t(image) * g.out_channels + channel) * g.out[0] + z) * g.out[1] * g.out[2] +
           ptrdiff_t(row) * g.out[2];
  }

  void add_panel(T* to, const T* staged, int32_t first_image, int32_t group_images, int32_t block, int32_t z,
                 int32_t first, int32_t count, T* gradient) const {
    const int32_t in_group = block % group_blocks * vectors * kLanes<T>;
    const int32_t channel = block / group_blocks * out + in_group;
    const int32_t channels = out - in_group < vectors * kLanes<T> ? out - in_group : vectors * kLanes<T>;
    const int32_t used = channels > kLanes<T> ? 2 : 1;  // the last block of a group may fill one vector only
    const int32_t width = used * kLanes<T>, positions = count * g.out[2];
    for (int32_t image = 0; image < group_images; image++)
      transpose_panel(gradient + ptrdiff_t(image) * positions * width, width,
                      gradient_row(first_image + image, channel, z, first), g.out_volume(), channels, positions);
    if (dbias) {
      T* bias = to + size_t(k) * lanes();
      for (int32_t v = 0; v < used; v++) {
        Vec<T> total{};
        for (int32_t i = 0; i < group_images * positions; i++)
          total += load(gradient + ptrdiff_t(i) * width + v * kLanes<T>);
        store(bias + v * kLanes<T>, load(bias + v * kLanes<T>) + total);
      }
    }
    const int32_t most = used == 2 ? conv::kPanelTaps : conv::kNarrowPanelTaps;
    const int32_t tiles = ceil_div(k, most);
    // A piece shorter than planned (the last rows of an image) is alone in its group of images.
    const Runs runs{start, group_images * count, g.out[2]};
    for (int32_t t = 0; t < tiles; t++) {
      const int32_t begin = cut(k, tiles, t), taps = cut(k, tiles, t + 1) - begin;
      const auto tile = used == 2 ? conv::panel_tile_for<T, 2>(taps) : conv::panel_tile_for<T, 1>(taps);
      tile(staged, offset + begin, runs, gradient, to + size_t(begin) * width);
    }
  }

  void add_dots(T* to, const T* staged, int32_t image, int32_t group, int32_t z, int32_t first, int32_t count,
                T* gradient) const {
    const ptrdiff_t stride = flat_stride();
    const int32_t width = g.out[2], steps = flat_vectors(count);
    for (int32_t c = 0; c < out; c++) {
      T* row = gradient + c * stride;
      const T* from = gradient_row(image, group * out + c, z, first);
      for (int32_t i = 0; i < count; i++, row += plane.pitch, from += width) {
        conv::copy_row(row, from, width);
        const int32_t end = i + 1 < count ? plane.pitch : steps * kLanes<T> - i * plane.pitch;
        for (int32_t j = width; j < end; j++) row[j] = 0;
      }
      if (dbias) {
        Vec<T> total{};
        for (int32_t i = 0; i < steps; i++) total += load(gradient + c * stride + i * kLanes<T>);
        T* bias = to + (size_t(c) * (k + 1) + k) * kLanes<T>;
        store(bias, load(bias) + total);
      }
    }
    const int32_t parts = ceil_div(out, conv::kDotChannels);
    for (int32_t part = 0; part < parts; part++) {
      const int32_t channel = cut(out, parts, part), channels = cut(out, parts, part + 1) - channel;
      const int32_t tiles = ceil_div(k, conv::dot_taps(channels));
      for (int32_t t = 0; t < tiles; t++) {
        const int32_t begin = cut(k, tiles, t), taps = cut(k, tiles, t + 1) - begin;
        conv::dot_tile_for<T>(channels, taps)(staged, offset + begin, steps, gradient + channel * stride, stride,
                                              to + (size_t(channel) * (k + 1) + begin) * kLanes<T>,
                                              ptrdiff_t(k + 1) * kLanes<T>);
      }
    }
  }

  // Adds up the shares of sums [first, first + count) of a block and writes their gradients.
  void add_shares(int32_t block, int32_t first, int32_t count) const {
    T* total = sums_of(block, 0);
    const int32_t group = block / group_blocks;
    if (dot) {
      for (int32_t c = 0; c < out; c++) {
        const size_t channel = size_t(group) * out + c;
        for (int32_t i = first; i < first + count; i++)
          dw[channel * k + i] = add_lanes(total, (size_t(c) * (k + 1) + i) * kLanes<T>);
        if (dbias && first + count == k) dbias[channel] = add_lanes(total, (size_t(c) * (k + 1) + k) * kLanes<T>);
      }
      return;
    }
    const int32_t in_group = block % group_blocks * vectors * kLanes<T>;
    const int32_t channels = out - in_group < vectors * kLanes<T> ? out - in_group : vectors * kLanes<T>;
    const int32_t width = channels > kLanes<T> ? 2 * kLanes<T> : kLanes<T>;
    const size_t channel = size_t(group) * out + in_group;
    add_rows(total, size_t(first) * width, count * width);
    if (dbias && first + count == k) {
      add_rows(total, size_t(k) * lanes(), width);
      for (int32_t c = 0; c < channels; c++) dbias[channel + c] = total[size_t(k) * lanes() + c];
    }
    // Whole vectors of k are transposed in registers; the rest would write past its row.
    const int32_t whole = count / kLanes<T> * kLanes<T>;
    T* to = dw + channel * k + first;
    transpose_panel(to, k, total + size_t(first) * width, width, whole, channels);
    for (int32_t c = 0; c < channels; c++)
      for (int32_t i = whole; i < count; i++) to[size_t(c) * k + i] = total[size_t(first + i) * width + c];
  }

  void add_rows(T* total, size_t at, int32_t count) const {
    for (int32_t s = 1; s < shares; s++) {
      const T* other = total + s * block_size();
      for (int32_t i = 0; i < count; i += kLanes<T>) store(total + at + i, load(total + at + i) + load(other + at + i));
    }
  }

  T add_lanes(const T* total, size_t at) const {
    Vec<T> lane{};
    for (int32_t s = 0; s < shares; s++) lane += load(total + s * block_size() + at);
    return sum_lanes<T, kLanes<T>>(lane);
  }
};

// dbias[o] = Σ over images and positions of dy[o][position]
template <class T>
void bias_gradient(const T* dy, T* dbias, const Geometry& g) {
  const int32_t positions = g.out_volume();
  parallel_ranges(g.out_channels, 65536 / (int64_t(g.batch) * positions + 1) + 1, [&](int64_t begin, int64_t end) {
    for (int64_t channel = begin; channel < end; channel++) {
      Vec<T> lanes{};
      T rest = 0;
      for (int32_t image = 0; image < g.batch; image++) {
        const T* from = dy + (ptrdiff_t(image) * g.out_channels + channel) * positions;
        int32_t i = 0;
        for (; i + kLanes<T> <= positions; i += kLanes<T>) lanes += load(from + i);
        for (; i < positions; i++) rest += from[i];
      }
      dbias[channel] = rest + sum_lanes<T, kLanes<T>>(lanes);
    }
  });
}

template <class T>
void weight_gradient(const conv::Operands<T>& o, T* dbias) {
  if (!conv::in_some_way<Pass::kWeightGradient>(o)) return WeightGradient<T>(o.x, o.dy, o.out, dbias, o.g).run();
  if (dbias) bias_gradient(o.dy, dbias, o.g);
}

}  // namespace

void conv_weight_gradient(int32_t dtype, const void* x, const void* dy, void* dw, void* dbias, const int32_t* meta) {
  dispatch_float(dtype, [&](auto type) {
    using T = decltype(type);
    weight_gradient<T>({dtype, Geometry::of(meta), (const T*)x, nullptr, nullptr, (const T*)dy, (T*)dw, 0}, (T*)dbias);
  });
}

}  // namespace myelin::MYELIN_ISA
