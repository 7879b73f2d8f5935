// Winograd's minimal filtering (Lavin and Gray 2015, arXiv:1509.09308): the transforms of F(4 × 4, 3 × 3) along one
// axis. A tile of 4 × 4 targets takes 36 products a pair of channels, not 144:
//
//   target = Aᵀ [ Σ_channels (G w Gᵀ) ⊙ (Bᵀ source B) ] A
//
// over patches of 6 × 6 of the source that overlap by two, and the gradient in the kernel is the transpose:
//
//   dw = Gᵀ [ Σ_tiles (A dtarget Aᵀ) ⊙ (Bᵀ source B) ] G
#pragma once
#include "conv/conv_geometry.h"

namespace myelin::MYELIN_ISA::conv {

constexpr int kPatch = 6, kTile = 4, kPoints = kPatch * kPatch;

// Polynomials stand for their values at 0, ±kNear, ±kFar and ∞. With these points the error of float32 is a
// third of that with the usual ±1, ±2.
constexpr float kNear = 0.625f, kFar = 1.5f;
constexpr float kNear2 = kNear * kNear, kFar2 = kFar * kFar;

// Bᵀ d: a column of a patch at the points.
template <class V>
inline void winograd_source(const V* d, V* out) {
  const V near_even = d[4] - d[2] * kFar2, near_odd = d[3] - d[1] * kFar2;
  const V far_even = d[4] - d[2] * kNear2, far_odd = d[3] - d[1] * kNear2;
  out[0] = d[0] * (kNear2 * kFar2) - d[2] * (kNear2 + kFar2) + d[4];
  out[1] = near_even + near_odd * kNear;
  out[2] = near_even - near_odd * kNear;
  out[3] = far_even + far_odd * kFar;
  out[4] = far_even - far_odd * kFar;
  out[5] = d[1] * (kNear2 * kFar2) - d[3] * (kNear2 + kFar2) + d[5];
}

// G w: three taps, `step` apart in w, at the points.
constexpr float kNearWeight = 0.5f / (kNear2 * (kNear2 - kFar2)), kFarWeight = 0.5f / (kFar2 * (kFar2 - kNear2));

template <class V>
inline void winograd_weight(const V* w, int step, V* out) {
  constexpr float near = kNearWeight, far = kFarWeight;
  const V first = w[0], middle = w[step], last = w[2 * step];
  const V near_even = first * near + last * (near * kNear2), far_even = first * far + last * (far * kFar2);
  out[0] = first * (1 / (kNear2 * kFar2));
  out[1] = near_even + middle * (near * kNear);
  out[2] = near_even - middle * (near * kNear);
  out[3] = far_even + middle * (far * kFar);
  out[4] = far_even - middle * (far * kFar);
  out[5] = last;
}

// Aᵀ m: four targets from the points.
template <class V>
inline void winograd_target(const V* m, V* out) {
  const V near_even = m[1] + m[2], near_odd = m[1] - m[2], far_even = m[3] + m[4], far_odd = m[3] - m[4];
  out[0] = m[0] + near_even + far_even;
  out[1] = near_odd * kNear + far_odd * kFar;
  out[2] = near_even * kNear2 + far_even * kFar2;
  out[3] = near_odd * (kNear2 * kNear) + far_odd * (kFar2 * kFar) + m[5];
}

// A y: the values of four targets at the points.
template <class V>
inline void winograd_target_gradient(const V* y, V* out) {
  const V near_even = y[0] + y[2] * kNear2, near_odd = y[1] * kNear + y[3] * (kNear2 * kNear);
  const V far_even = y[0] + y[2] * kFar2, far_odd = y[1] * kFar + y[3] * (kFar2 * kFar);
  out[0] = y[0];
  out[1] = near_even + near_odd;
  out[2] = near_even - near_odd;
  out[3] = far_even + far_odd;
  out[4] = far_even - far_odd;
  out[5] = y[3];
}

// Gᵀ u: three taps from the points.
template <class V>
inline void winograd_weight_gradient(const V* u, V* out) {
  constexpr float near = kNearWeight, far = kFarWeight;
  const V near_even = u[1] + u[2], near_odd = u[1] - u[2], far_even = u[3] + u[4], far_odd = u[3] - u[4];
  out[0] = u[0] * (1 / (kNear2 * kFar2)) + near_even * near + far_even * far;
  out[1] = near_odd * (near * kNear) + far_odd * (far * kFar);
  out[2] = near_even * (near * kNear2) + far_even * (far * kFar2) + u[5];
}

// Whether all but the channels is as the algorithm needs it.
inline bool winograd_fits(const Geometry& g) {
  for (int a = 1; a < 3; a++)
    if (g.kernel[a] != 3 || g.stride[a] != 1 || g.dilation[a] != 1) return false;
  return g.groups == 1 && g.kernel[0] == 1 && g.in[0] == 1 && g.out[0] == 1;
}

}  // namespace myelin::MYELIN_ISA::conv
