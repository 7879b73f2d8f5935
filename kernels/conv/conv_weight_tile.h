// The register tiles of the weight gradient.
#pragma once
#include "common/simd.h"

namespace myelin::MYELIN_ISA::conv {

// Where the positions of a piece lie: `count` runs of `length` neighbors; run r starts at
// start[r] in the staged source and at r·length in the packed gradient.
struct Runs {
  const int32_t* start;
  int32_t count, length;
};

// ---- Many output channels: a vector holds output channels, weights are broadcast from the source ----

constexpr int kPanelTaps = kVectorBytes == 64 ? 12 : 4;           // taps of a tile two vectors wide
constexpr int kNarrowPanelTaps = kVectorBytes == 64 ? 24 : kVectorBytes == 32 ? 12 : 8;

template <class T>
using PanelTile = void (*)(const T* x, const int32_t* offset, Runs runs, const T* dy, T* sum);

// sum[tap][channel] += Σ_position x[position + offset[tap]] · dy[position][channel]
template <class T, int kTaps, int kVectors>
MYELIN_FUSED void panel_tile(const T* __restrict x, const int32_t* __restrict offset, Runs runs, const T* __restrict dy,
                T* __restrict sum) {
  constexpr int kWidth = kLanes<T>, kUnroll = kVectorBytes == 64 ? 2 : 1;
  Vec<T> acc[kTaps][kVectors];
#pragma GCC unroll 32
  for (int t = 0; t < kTaps; t++)
#pragma GCC unroll 2
    for (int v = 0; v < kVectors; v++) acc[t][v] = load(sum + (t * kVectors + v) * kWidth);
  const auto step = [&](const T* at, auto positions) __attribute__((always_inline)) {
    constexpr int kPositions = decltype(positions)::value;
    Vec<T> g[kPositions][kVectors];
#pragma GCC unroll 2
    for (int p = 0; p < kPositions; p++)
#pragma GCC unroll 2
      for (int v = 0; v < kVectors; v++) g[p][v] = load(dy + (p * kVectors + v) * kWidth);
#pragma GCC unroll 32
    for (int t = 0; t < kTaps; t++) {
      const T* source = at + offset[t];
#pragma GCC unroll 2
      for (int p = 0; p < kPositions; p++) {
        const Vec<T> value = splat<T>(source[p]);
#pragma GCC unroll 2
        for (int v = 0; v < kVectors; v++) acc[t][v] += value * g[p][v];
      }
    }
    dy += kPositions * kVectors * kWidth;
  };
  for (int r = 0; r < runs.count; r++) {
    const T* at = x + runs.start[r];
    int j = 0;
    for (; j + kUnroll <= runs.length; j += kUnroll, at += kUnroll) step(at, std::integral_constant<int, kUnroll>());
    if constexpr (kUnroll > 1)
      for (; j < runs.length; j++, at++) step(at, std::integral_constant<int, 1>());
  }
#pragma GCC unroll 32
  for (int t = 0; t < kTaps; t++)
#pragma GCC unroll 2
    for (int v = 0; v < kVectors; v++) store(sum + (t * kVectors + v) * kWidth, acc[t][v]);
}

template <class T, int kVectors, int kTaps = (kVectors == 2 ? kPanelTaps : kNarrowPanelTaps)>
inline PanelTile<T> panel_tile_for(int taps) {
  if (taps == kTaps) return panel_tile<T, kTaps, kVectors>;
  if constexpr (kTaps > 1) return panel_tile_for<T, kVectors, kTaps - 1>(taps);
  return nullptr;
}

// ---- Few output channels (depthwise among them): a vector holds positions ----

constexpr int kDotSums = kVectorBytes == 64 ? 24 : kVectorBytes == 32 ? 10 : 8;
constexpr int kDotChannels = kVectorBytes == 64 ? 6 : 4;
constexpr int dot_taps(int channels) { return kDotSums / channels < 12 ? kDotSums / channels : 12; }

template <class T>
using DotTile = void (*)(const T* x, const int32_t* offset, int vectors, const T* dy, ptrdiff_t dy_stride, T* sum,
                         ptrdiff_t sum_stride);

// sum[channel][tap][lane] += Σ x[place + offset[tap]] · dy[channel][place], place ≡ lane. dy is zero
// for places that aren't positions.
template <class T, int kChannels, int kTaps>
MYELIN_FUSED void dot_tile(const T* __restrict x, const int32_t* __restrict offset, int vectors, const T* __restrict dy,
              ptrdiff_t dy_stride, T* __restrict sum, ptrdiff_t sum_stride) {
  constexpr int kWidth = kLanes<T>;
  Vec<T> acc[kChannels][kTaps];
#pragma GCC unroll 16
  for (int c = 0; c < kChannels; c++)
#pragma GCC unroll 16
    for (int t = 0; t < kTaps; t++) acc[c][t] = load(sum + c * sum_stride + t * kWidth);
  for (int i = 0; i < vectors; i++, x += kWidth, dy += kWidth) {
    Vec<T> g[kChannels];
#pragma GCC unroll 16
    for (int c = 0; c < kChannels; c++) g[c] = load(dy + c * dy_stride);
#pragma GCC unroll 16
    for (int t = 0; t < kTaps; t++) {
      const Vec<T> value = load(x + offset[t]);
#pragma GCC unroll 16
      for (int c = 0; c < kChannels; c++) acc[c][t] += value * g[c];
    }
  }
#pragma GCC unroll 16
  for (int c = 0; c < kChannels; c++)
#pragma GCC unroll 16
    for (int t = 0; t < kTaps; t++) store(sum + c * sum_stride + t * kWidth, acc[c][t]);
}

template <class T, int kChannels, int kTaps = dot_taps(kChannels)>
inline DotTile<T> dot_tile_of(int taps) {
  if (taps == kTaps) return dot_tile<T, kChannels, kTaps>;
  if constexpr (kTaps > 1) return dot_tile_of<T, kChannels, kTaps - 1>(taps);
  return nullptr;
}

template <class T>
inline DotTile<T> dot_tile_for(int channels, int taps) {
  switch (channels) {
    case 1: return dot_tile_of<T, 1>(taps);
    case 2: return dot_tile_of<T, 2>(taps);
    case 3: return dot_tile_of<T, 3>(taps);
    case 4: return dot_tile_of<T, 4>(taps);
  }
  if constexpr (kDotChannels > 4) return channels == 5 ? dot_tile_of<T, 5>(taps) : dot_tile_of<T, 6>(taps);
  return nullptr;
}

}  // namespace myelin::MYELIN_ISA::conv
