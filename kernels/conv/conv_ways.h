// The ways of convolution, in the order in which they're tried; the first that serves a pass at these sizes does it.
//
// A way has a constructor from (dtype, g), `serves(g, pass)`, and forward, input_gradient and weight_gradient. To add
// one, write it in its own file and add it to `in_some_way`. Whatever no way serves is done by `gather`
// (conv.cc, conv_weight_gradient.cc), which serves all sizes.
#pragma once
#include "conv/conv_depthwise.h"
#include "conv/conv_patches.h"
#include "conv/conv_pass.h"
#include "conv/conv_pointwise.h"
#include "conv/conv_winograd.h"

namespace myelin::MYELIN_ISA::conv {

// What a call of a convolution is about; each pass uses what it needs of it.
template <class T>
struct Operands {
  int32_t dtype;
  const Geometry& g;
  const T *x, *w, *bias, *dy;  // bias may be null
  T* out;                      // y, dx or dw
  int32_t activation;          // behind the bias
};

template <class Way, Pass pass, class T>
bool in_way(const Operands<T>& o) {
  if (!Way::serves(o.g, pass)) return false;
  const Way way(o.dtype, o.g);
  if constexpr (pass == Pass::kForward) way.forward(o.x, o.w, o.bias, o.out, o.activation);
  else if constexpr (pass == Pass::kInputGradient) way.input_gradient(o.dy, o.w, o.bias, o.out, o.activation);
  else way.weight_gradient(o.x, o.dy, o.out);
  return true;
}

template <Pass pass, class T>
bool in_some_way(const Operands<T>& o) {
  return in_way<Pointwise<T>, pass>(o) || in_way<Winograd<T>, pass>(o) || in_way<Depthwise<T>, pass>(o) ||
         in_way<Patches<T>, pass>(o);
}

}  // namespace myelin::MYELIN_ISA::conv
