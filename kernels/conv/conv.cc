#include "conv/conv.h"

#include "conv/conv_depthwise.h"
#include "conv/conv_gather.h"
#include "conv/conv_patches.h"
#include "conv/conv_pointwise.h"
#include "conv/conv_winograd.h"

namespace myelin::MYELIN_ISA {
namespace {

using conv::Axis;
using conv::Depthwise;
using conv::Gather;
using conv::Geometry;
using conv::Patches;
using conv::Pointwise;
using conv::Winograd;

template <class T>
void forward(int32_t dtype, const T* x, const T* w, const T* bias, T* y, const Geometry& g, int32_t activation) {
  const int32_t in = g.in_channels / g.groups, out = g.out_channels / g.groups;
  if (Pointwise<T>::serves(g)) return Pointwise<T>(dtype, g).forward(x, w, bias, y, activation);
  if constexpr (sizeof(T) == sizeof(float))
    if (conv::winograd_fits(g)) {
      const Winograd winograd({g.batch, in, out, {g.in[1], g.in[2]}, {g.out[1], g.out[2]}, {g.padding[1], g.padding[2]},
                         9, 9 * in, false, x, w, bias, y, activation == 1});
      if (winograd.pays()) return winograd.run();
    }
  if (Depthwise<T>::serves(g)) return Depthwise<T>(g).forward(x, w, bias, y, activation == 1);
  if (Patches<T>::serves(g)) return Patches<T>(dtype, g).forward(x, w, bias, y, activation);
  Gather<T>(Axis::forward(g, 0), Axis::forward(g, 1), Axis::forward(g, 2),
            {g.batch, g.groups, in, out,
                   ptrdiff_t(out) * in * g.taps(), g.taps(), ptrdiff_t(in) * g.taps(),
                   x, w, bias, y, activation == 1})
      .run();
}

template <class T>
void input_gradient(int32_t dtype, const T* dy, const T* w, const T* bias, T* dx, const Geometry& g, int32_t activation) {
  const int32_t in = g.in_channels / g.groups, out = g.out_channels / g.groups;
  if (Pointwise<T>::serves(g)) return Pointwise<T>(dtype, g).input_gradient(dy, w, bias, dx, activation);
  if constexpr (sizeof(T) == sizeof(float))
    if (conv::winograd_fits(g)) {
      const Winograd winograd({g.batch, out, in, {g.out[1], g.out[2]}, {g.in[1], g.in[2]}, {2 - g.padding[1], 2 - g.padding[2]},
                         9 * in, 9, true, dy, w, bias, dx, activation == 1});
      if (winograd.pays()) return winograd.run();
    }
  if (Depthwise<T>::serves(g)) return Depthwise<T>(g).input_gradient(dy, w, bias, dx, activation == 1);
  if (Patches<T>::serves(g)) return Patches<T>(dtype, g).input_gradient(dy, w, bias, dx, activation);
  Gather<T>(Axis::backward(g, 0), Axis::backward(g, 1), Axis::backward(g, 2),
            {g.batch, g.groups, out, in,
                   ptrdiff_t(out) * in * g.taps(), ptrdiff_t(in) * g.taps(), g.taps(),
                   dy, w, bias, dx, activation == 1})
      .run();
}

}  // namespace

void conv_forward(int32_t dtype, const void* x, const void* w, const void* bias, void* y, const int32_t* meta,
                  int32_t activation) {
  dispatch_float(dtype, [&](auto type) {
    using T = decltype(type);
    forward(dtype, (const T*)x, (const T*)w, (const T*)bias, (T*)y, Geometry::of(meta), activation);
  });
}

void conv_input_gradient(int32_t dtype, const void* dy, const void* w, const void* bias, void* dx,
                         const int32_t* meta, int32_t activation) {
  dispatch_float(dtype, [&](auto type) {
    using T = decltype(type);
    input_gradient(dtype, (const T*)dy, (const T*)w, (const T*)bias, (T*)dx, Geometry::of(meta), activation);
  });
}

}  // namespace myelin::MYELIN_ISA
