#include "conv/conv.h"

#include "conv/conv_gather.h"
#include "conv/conv_ways.h"

namespace myelin::MYELIN_ISA {
namespace {

using conv::Axis;
using conv::Gather;
using conv::Geometry;
using conv::Operands;
using conv::Pass;

template <class T>
void forward(const Operands<T>& o) {
  if (conv::in_some_way<Pass::kForward>(o)) return;
  const Geometry& g = o.g;
  const int32_t in = g.in_channels / g.groups, out = g.out_channels / g.groups;
  Gather<T>(Axis::forward(g, 0), Axis::forward(g, 1), Axis::forward(g, 2),
            {g.batch, g.groups, in, out,
                   ptrdiff_t(out) * in * g.taps(), g.taps(), ptrdiff_t(in) * g.taps(),
                   o.x, o.w, o.bias, o.out, o.activation == 1})
      .run();
}

template <class T>
void input_gradient(const Operands<T>& o) {
  if (conv::in_some_way<Pass::kInputGradient>(o)) return;
  const Geometry& g = o.g;
  const int32_t in = g.in_channels / g.groups, out = g.out_channels / g.groups;
  Gather<T>(Axis::backward(g, 0), Axis::backward(g, 1), Axis::backward(g, 2),
            {g.batch, g.groups, out, in,
                   ptrdiff_t(out) * in * g.taps(), ptrdiff_t(in) * g.taps(), g.taps(),
                   o.dy, o.w, o.bias, o.out, o.activation == 1})
      .run();
}

}  // namespace

void conv_forward(int32_t dtype, const void* x, const void* w, const void* bias, void* y, const int32_t* meta,
                  int32_t activation) {
  dispatch_float(dtype, [&](auto type) {
    using T = decltype(type);
    forward<T>({dtype, Geometry::of(meta), (const T*)x, (const T*)w, (const T*)bias, nullptr, (T*)y, activation});
  });
}

void conv_input_gradient(int32_t dtype, const void* dy, const void* w, const void* bias, void* dx,
                         const int32_t* meta, int32_t activation) {
  dispatch_float(dtype, [&](auto type) {
    using T = decltype(type);
    input_gradient<T>({dtype, Geometry::of(meta), nullptr, (const T*)w, (const T*)bias, (const T*)dy, (T*)dx, activation});
  });
}

}  // namespace myelin::MYELIN_ISA
