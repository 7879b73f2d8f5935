// A window of word2vec as small matrix products (Ji et al. 2016, arXiv:1604.04661): its input rows by its output rows, of
// which the first is the word to predict and the others are noise. Rows begin at whole vectors and differ from one another.
//   g_ij = rate·m_ij·([j = 0] − σ(h_i·o_j)),  h_i += Σ_j g_ij·o_j,  o_j += Σ_i g_ij·h_i
#pragma once
#include <utility>

#include "common/rows.h"

namespace myelin::MYELIN_ISA {
namespace {

constexpr int kWordLanes = kLanes<float>;
constexpr int kTileOutputs = kWordLanes < 8 ? 4 : 8;          // columns of a tile of g
constexpr int kTileInputs = kWordLanes / kTileOutputs;        // and its rows: a tile fills a vector

struct Window {
  int32_t inputs, outputs;   // numbers of rows
  int64_t width;             // floats of a row
  const float* const* in;    // (inputs)
  float* const* to;          // (inputs): what Σ_j g_ij·o_j is added to
  float* const* out;         // (outputs)
  const float* in_times;     // (inputs, rounded up to a tile): how often each row stands in the window
  const float* out_times;    // (outputs, rounded up to a tile)
  float rate;
};

// Adds neighbors at distance D: lane l is of a where bit D of l is 0, else of b.
template <int D, size_t... L>
inline Vec<float> folded(Vec<float> a, Vec<float> b, std::index_sequence<L...>) {
  return __builtin_shufflevector(a, b, int((L & D) ? L + kWordLanes : L)...) +
         __builtin_shufflevector(a, b, int((L & D) ? (L ^ D) + kWordLanes : L ^ D)...);
}

// Lane l: the sum of the lanes of v[l].
template <int D = 1>
inline Vec<float> lane_sums(Vec<float>* v) {
  if constexpr (D < kWordLanes) {
    for (int i = 0; i < kWordLanes / D / 2; i++)
      v[i] = folded<D>(v[2 * i], v[2 * i + 1], std::make_index_sequence<kWordLanes>{});
    return lane_sums<D * 2>(v);
  } else {
    return v[0];
  }
}

// Dot products of a tile: lane i·kTileOutputs + j is in[i]·out[j].
template <int M>
inline Vec<float> tile_scores(const float* const* in, float* const* out, int64_t width) {
  Vec<float> sums[kWordLanes] = {};
  for (int64_t k = 0; k < width; k += kWordLanes) {
    Vec<float> o[M];
    for (int j = 0; j < M; j++) o[j] = load<float>(out[j] + k);
    for (int i = 0; i < kTileInputs; i++) {
      const Vec<float> h = load<float>(in[i] + k);
      for (int j = 0; j < M; j++) sums[i * kTileOutputs + j] += h * o[j];
    }
  }
  return lane_sums(sums);
}

// What a tile's scores become: g, and with `loss` the sum of −log σ(±score).
template <bool kLoss>
inline Vec<float> tile_gradient(Vec<float> scores, Vec<float> times, bool first, float rate, double* loss) {
  Vec<float> label{};
  if (first)
    for (int i = 0; i < kTileInputs; i++) label[i * kTileOutputs] = 1;
  const Vec<float> chance = 1.0f / (1.0f + vexp(Vec<float>(-scores)));
  if constexpr (kLoss) {
    const Vec<float> right = select(MaskOf<Vec<float>>(label > 0), chance, Vec<float>(1.0f - chance));
    *loss -= double(sum_of<float>(times * vlog(larger(right, splat<float>(1e-7f)))));
  }
  return rate * times * (label - chance);
}

// The outputs of a tile against all inputs; g (inputs, kTileOutputs).
template <int M>
inline void tile_update(const Window& w, float* const* out, const float* g, const float* const* base) {
  for (int64_t k = 0; k < w.width; k += kWordLanes) {
    Vec<float> o[M], change[M];
    for (int j = 0; j < M; j++) {
      o[j] = load<float>(out[j] + k);
      change[j] = o[j];
    }
    for (int32_t i = 0; i < w.inputs; i++) {
      const float* row = g + i * kTileOutputs;
      const Vec<float> h = load<float>(w.in[i] + k);
      Vec<float> sum = load<float>(base[i] + k);
      for (int j = 0; j < M; j++) {
        const Vec<float> scale = splat<float>(row[j]);
        sum += scale * o[j];
        change[j] += scale * h;
      }
      store<float>(w.to[i] + k, sum);
    }
    for (int j = 0; j < M; j++) store<float>(out[j] + k, change[j]);
  }
}

// A tile of M outputs from number `first`; g (inputs rounded up, kTileOutputs) is workspace.
template <int M, bool kLoss>
MYELIN_FUSED void train_tile(const Window& w, int32_t first, const float* const* base, float* g, double* loss) {
  const bool target = first == 0;
  Vec<float> out_times{};
  for (int l = 0; l < kWordLanes; l++) out_times[l] = w.out_times[first + l % kTileOutputs];
  for (int32_t i = 0; i < w.inputs; i += kTileInputs) {
    const float* in[kTileInputs];
    Vec<float> times = out_times;
    for (int r = 0; r < kTileInputs; r++) {
      in[r] = w.in[i + r < w.inputs ? i + r : i];
      const float count = i + r < w.inputs ? w.in_times[i + r] : 0;
      for (int j = 0; j < kTileOutputs; j++) times[r * kTileOutputs + j] *= count;
    }
    const Vec<float> scores = tile_scores<M>(in, w.out + first, w.width);
    store<float>(g + i * kTileOutputs, tile_gradient<kLoss>(scores, times, target, w.rate, loss));
  }
  tile_update<M>(w, w.out + first, g, base);
}

template <bool kLoss>
inline void train_tile_of(int32_t m, const Window& w, int32_t first, const float* const* base, float* g, double* loss) {
  switch (m) {
    case 1: return train_tile<1, kLoss>(w, first, base, g, loss);
    case 2: return train_tile<2, kLoss>(w, first, base, g, loss);
    case 3: return train_tile<3, kLoss>(w, first, base, g, loss);
    case 4: return train_tile<4, kLoss>(w, first, base, g, loss);
    default: break;
  }
  if constexpr (kTileOutputs == 8) {
    switch (m) {
      case 5: return train_tile<5, kLoss>(w, first, base, g, loss);
      case 6: return train_tile<6, kLoss>(w, first, base, g, loss);
      case 7: return train_tile<7, kLoss>(w, first, base, g, loss);
      default: return train_tile<8, kLoss>(w, first, base, g, loss);
    }
  }
}

// Trains a window; `loss` may be null. Where `to` isn't `in`, it holds zeros before.
inline void train_window(const Window& w, float* g, double* loss) {
  const bool in_place = w.to == w.in;
  for (int32_t first = 0; first < w.outputs; first += kTileOutputs) {
    const int32_t left = w.outputs - first, m = left < kTileOutputs ? left : kTileOutputs;
    const float* const* base = in_place ? w.in : w.to;
    if (loss) train_tile_of<true>(m, w, first, base, g, loss);
    else train_tile_of<false>(m, w, first, base, g, loss);
  }
}

}  // namespace
}  // namespace myelin::MYELIN_ISA
