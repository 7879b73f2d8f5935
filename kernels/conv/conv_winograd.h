// Winograd's algorithm as a way of convolution, for float32 where its sizes make it the faster one.
#pragma once
#include "conv/conv_pass.h"
#include "conv/conv_winograd_images.h"
#include "conv/conv_winograd_weights.h"

namespace myelin::MYELIN_ISA::conv {

template <class T>
class Winograd {
 public:
  static bool serves(const Geometry& g, Pass pass) {
    if (sizeof(T) != sizeof(float) || !winograd_fits(g)) return false;
    if (pass == Pass::kForward) return images(g).pays();
    return pass == Pass::kInputGradient ? turned(g).pays() : WinogradWeights(g, nullptr, nullptr, nullptr).pays();
  }

  Winograd(int32_t, const Geometry& g) : g(g) {}

  void forward(const T* x, const T* w, const T* bias, T* y, int32_t activation) const {
    images(g, (const float*)x, (const float*)w, (const float*)bias, (float*)y, activation).run();
  }

  void input_gradient(const T* dy, const T* w, const T* bias, T* dx, int32_t activation) const {
    turned(g, (const float*)dy, (const float*)w, (const float*)bias, (float*)dx, activation).run();
  }

  void weight_gradient(const T* x, const T* dy, T* dw) const {
    WinogradWeights(g, (const float*)x, (const float*)dy, (float*)dw).run();
  }

 private:
  const Geometry& g;

  static WinogradImages images(const Geometry& g, const float* x = nullptr, const float* w = nullptr,
                               const float* bias = nullptr, float* y = nullptr, int32_t activation = 0) {
    const int32_t in = g.in_channels;
    return WinogradImages({g.batch, in, g.out_channels, {g.in[1], g.in[2]}, {g.out[1], g.out[2]},
                           {g.padding[1], g.padding[2]}, 9, 9 * in, false, x, w, bias, y, activation == 1});
  }

  // The input gradient: the same with the kernel flipped.
  static WinogradImages turned(const Geometry& g, const float* dy = nullptr, const float* w = nullptr,
                               const float* bias = nullptr, float* dx = nullptr, int32_t activation = 0) {
    const int32_t in = g.in_channels;
    return WinogradImages({g.batch, g.out_channels, in, {g.out[1], g.out[2]}, {g.in[1], g.in[2]},
                           {2 - g.padding[1], 2 - g.padding[2]}, 9 * in, 9, true, dy, w, bias, dx, activation == 1});
  }
};

}  // namespace myelin::MYELIN_ISA::conv
