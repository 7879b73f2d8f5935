#include "conv.h"

#include "conv_gather.h"
#include "conv_pointwise.h"

namespace myelin::MYELIN_ISA {
namespace {

using conv::Axis;
using conv::Gather;
using conv::Geometry;
using conv::Pointwise;

template <class T>
void forward(const T* x, const T* w, const T* bias, T* y, const Geometry& g, bool relu) {
  const int32_t in = g.in_channels / g.groups, out = g.out_channels / g.groups;
  Gather<T>(Axis::forward(g, 0), Axis::forward(g, 1), Axis::forward(g, 2),
            {g.batch, g.groups, in, out,
                   ptrdiff_t(out) * in * g.taps(), g.taps(), ptrdiff_t(in) * g.taps(),
                   x, w, bias, y, relu})
      .run();
}

template <class T>
void input_gradient(const T* dy, const T* w, const T* bias, T* dx, const Geometry& g, bool relu) {
  const int32_t in = g.in_channels / g.groups, out = g.out_channels / g.groups;
  Gather<T>(Axis::backward(g, 0), Axis::backward(g, 1), Axis::backward(g, 2),
            {g.batch, g.groups, out, in,
                   ptrdiff_t(out) * in * g.taps(), ptrdiff_t(in) * g.taps(), g.taps(),
                   dy, w, bias, dx, relu})
      .run();
}

}  // namespace

void conv_forward(int32_t dtype, const void* x, const void* w, const void* bias, void* y, const int32_t* meta,
                  int32_t activation) {
  dispatch_float(dtype, [&](auto type) {
    using T = decltype(type);
    const Geometry& g = Geometry::of(meta);
    if (Pointwise<T>::serves(g))
      return Pointwise<T>(dtype, g).forward((const T*)x, (const T*)w, (const T*)bias, (T*)y, activation);
    forward((const T*)x, (const T*)w, (const T*)bias, (T*)y, g, activation == 1);
  });
}

void conv_input_gradient(int32_t dtype, const void* dy, const void* w, const void* bias, void* dx,
                         const int32_t* meta, int32_t activation) {
  dispatch_float(dtype, [&](auto type) {
    using T = decltype(type);
    const Geometry& g = Geometry::of(meta);
    if (Pointwise<T>::serves(g))
      return Pointwise<T>(dtype, g).input_gradient((const T*)dy, (const T*)w, (const T*)bias, (T*)dx, activation);
    input_gradient((const T*)dy, (const T*)w, (const T*)bias, (T*)dx, g, activation == 1);
  });
}

}  // namespace myelin::MYELIN_ISA
