// The element-wise operations, in the order of their codes. `npm run generate` writes these to
// src/engine/cpu/abi.ts.
#pragma once
#include <cstdint>

// clang-format off

// One operand, for every dtype but bool.
#define UNARY_NUMBER_OPS(X) \
  X(abs) X(neg) X(sign) X(square) X(cube) X(relu) X(clamp) X(bitwiseNot)

// One operand, floating.
#define UNARY_MATH_OPS(X) \
  X(ceil) X(floor) X(round) X(trunc) X(frac) X(sqrt) X(rsqrt) X(reciprocal) \
  X(exp) X(exp2) X(expm1) X(log) X(log2) X(log10) X(log1p) \
  X(sin) X(cos) X(tan) X(asin) X(acos) X(atan) X(sinh) X(cosh) X(tanh) X(asinh) X(acosh) X(atanh) \
  X(erf) X(erfc) X(erfinv) X(lgamma) X(digamma) X(trigamma) X(nanToNum)
#define UNARY_ACTIVATION_OPS(X) \
  X(sigmoid) X(logSigmoid) X(leakyRelu) X(elu) X(selu) X(celu) X(gelu) X(geluTanh) X(silu) X(mish) \
  X(softplus) X(softsign) X(hardsigmoid) X(hardswish) X(hardshrink) X(softshrink) X(tanhshrink) X(threshold) \
  X(sinc) X(logit)

#define UNARY_OPS(X) UNARY_NUMBER_OPS(X) UNARY_MATH_OPS(X) UNARY_ACTIVATION_OPS(X)

// One operand of any dtype → bool.
#define TEST_OPS(X) \
  X(logicalNot) X(isnan) X(isinf) X(isfinite) X(isposinf) X(isneginf) X(signbit)

// Two operands, for every dtype but bool; the bitwise ones for bool too.
#define BINARY_NUMBER_OPS(X) \
  X(add) X(addScaled) X(sub) X(mul) X(maximum) X(minimum) X(floorDivide) X(truncDivide) X(remainder) X(fmod) \
  X(pow) X(heaviside) X(bitwiseAnd) X(bitwiseOr) X(bitwiseXor) X(shiftLeft) X(shiftRight)

// Two operands, floating.
#define BINARY_FLOAT_OPS(X) \
  X(div) X(fmax) X(fmin) X(atan2) X(hypot) X(xlogy) X(logaddexp) X(logaddexp2) X(copysign) X(prelu) X(gate)

// A gradient and what the forward saved (its operand x or its result y), floating.
#define BACKWARD_OPS(X) \
  X(absBackward) X(sqrtBackward) X(rsqrtBackward) X(reciprocalBackward) X(squareBackward) X(cubeBackward) \
  X(tanhBackward) X(sigmoidBackward) X(reluBackward) X(clampBackward) X(hardtanhBackward) X(leakyReluBackward) \
  X(eluBackward) X(celuBackward) X(geluBackward) X(geluTanhBackward) X(siluBackward) X(mishBackward) \
  X(softplusBackward) X(logSigmoidBackward) X(softsignBackward) X(hardsigmoidBackward) \
  X(hardswishBackward) X(shrinkBackward) X(tanhshrinkBackward) X(thresholdBackward) X(preluWeightBackward) \
  X(sincBackward) X(logitBackward) X(sinBackward) X(cosBackward) X(tanBackward) X(asinBackward) X(acosBackward) \
  X(atanBackward) X(sinhBackward) X(coshBackward) X(asinhBackward) X(acoshBackward) X(atanhBackward) \
  X(erfBackward) X(erfcBackward) X(exp2Backward) X(expm1Backward) X(log2Backward) X(log10Backward) X(log1pBackward)

#define BINARY_OPS(X) BINARY_NUMBER_OPS(X) BINARY_FLOAT_OPS(X) BACKWARD_OPS(X)

// Two operands of any dtype → bool.
#define COMPARE_OPS(X) \
  X(eq) X(ne) X(lt) X(le) X(gt) X(ge) X(logicalAnd) X(logicalOr) X(logicalXor)

// Three operands; clampTensor for every dtype but bool, the others floating. The last are a gradient and
// the operands of a function of two.
#define TERNARY_OPS(X) \
  X(clampTensor) X(lerp) X(addcmul) X(addcdiv) \
  X(divBackward) X(powBackward) X(powExponentBackward) X(atan2Backward) X(hypotBackward) X(copysignBackward) \
  X(maximumBackward) X(minimumBackward) X(preluBackward) X(gateBackward) X(logsumexpBackward)

// clang-format on

namespace myelin {

#define MYELIN_CODE(name) name,
namespace unary_code {
enum : int32_t { UNARY_OPS(MYELIN_CODE) kCount };
}
namespace test_code {
enum : int32_t { TEST_OPS(MYELIN_CODE) kCount };
}
namespace binary_code {
enum : int32_t { BINARY_OPS(MYELIN_CODE) kCount };
}
namespace compare_code {
enum : int32_t { COMPARE_OPS(MYELIN_CODE) kCount };
}
namespace ternary_code {
enum : int32_t { TERNARY_OPS(MYELIN_CODE) kCount };
}
#undef MYELIN_CODE

}  // namespace myelin
