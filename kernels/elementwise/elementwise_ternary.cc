#include "elementwise/elementwise.h"
#include "elementwise/elementwise_loop.h"
#include "elementwise/elementwise_ops.h"
#include "common/math_float.h"

namespace myelin::MYELIN_ISA {
namespace {

#define TERNARY(name, ...)                                                     \
  struct op_##name {                                                           \
    template <class V>                                                         \
    static V apply(V a, V b, V c, [[maybe_unused]] V p) {                      \
      using T [[maybe_unused]] = Element<V>;                                   \
      __VA_ARGS__                                                              \
    }                                                                          \
  };

TERNARY(clampTensor, return min_nan(max_nan(a, b), c);)
// Exact at both ends: from a for weights below ½, from b above.
TERNARY(lerp, return select(MaskOf<V>(c < T(0.5)), a + c * (b - a), b - (b - a) * (splat_as<V>(1) - c));)
TERNARY(addcmul, return a + p * b * c;)
TERNARY(addcdiv, return a + p * b / c;)

// Gradients: a comes in, b and c are the operands, b the one that the gradient is of unless noted.
TERNARY(divBackward, return p * (a * (b / c / c));)  // of the divisor c, times p
TERNARY(powBackward, return select(MaskOf<V>(c == V{}), V{}, a * (c * vpow(b, V(c - T(1)))));)
// Of the exponent c. 0^c is 0 for every c > 0, whatever the logarithm says.
TERNARY(powExponentBackward, const V g = a * (vpow(b, c) * vlog(b));
        return select(MaskOf<V>((b == V{}) & (c >= V{})), V{}, g);)
TERNARY(atan2Backward, return a * c / (b * b + c * c) * p;)
TERNARY(hypotBackward, const V square = b * b + c * c;
        const MaskOf<V> safe = (square > T(1e-30)) & (square < std::numeric_limits<T>::infinity());
        return a * (b / (any(MaskOf<V>(~safe)) ? vhypot(b, c) : sqrt(square)));)
TERNARY(copysignBackward, return select(MaskOf<V>(b != V{}), a * (copysign(b, c) / b), V{});)
// Ties share the gradient, and where one is NaN it goes to both.
TERNARY(maximumBackward, return select(MaskOf<V>(b == c), a * T(0.5), select(MaskOf<V>(b < c), V{}, a));)
TERNARY(minimumBackward, return select(MaskOf<V>(b == c), a * T(0.5), select(MaskOf<V>(b > c), V{}, a));)
TERNARY(preluBackward, return select(MaskOf<V>(b > V{}), a, a * c);)
// c is the result, b the operand. The sum of nothing but e^−∞ has no slope.
TERNARY(logsumexpBackward, constexpr T inf = std::numeric_limits<T>::infinity();
        return a * vexp(V(b - select(MaskOf<V>(c == -inf), V{}, c)));)
TERNARY(gateBackward, const V s = vsigmoid(c); return a * b * (splat_as<V>(1) - s) * s;)  // of c, in b·sigmoid(c)

template <class T>
constexpr Core kCores[] = {
#define ENTRY(name) &ternary_core<T, op_##name>,
    TERNARY_OPS(ENTRY)
#undef ENTRY
};

// T is an unsigned integer of the elements' size: their bits are moved, whatever they mean.
template <class T>
void where_core(int64_t n, void* out, const void* condition, const void* a, const void* b, double, double) {
  const uint8_t* c = static_cast<const uint8_t*>(condition);
  const T *x = static_cast<const T*>(a), *y = static_cast<const T*>(b);
  T* z = static_cast<T*>(out);
  for (int64_t i = 0; i < n; i++) {
    const T yes = x[i], no = y[i];
    z[i] = c[i] ? yes : no;
  }
}

}  // namespace

void ternary(int32_t op, int32_t dtype, const void* a, const void* b, const void* c, void* out, const int32_t* layout,
             double p) {
  dispatch_all(dtype, [=](auto unit) {
    using T = decltype(unit);
    Core core;
    if constexpr (std::is_floating_point_v<T>) core = kCores<T>[op];
    else core = &ternary_core<T, op_clampTensor>;
    run_loop(core, layout, p, 0, LoopOperand{out, sizeof(T)}, LoopOperand{a, sizeof(T)}, LoopOperand{b, sizeof(T)},
             LoopOperand{c, sizeof(T)});
  });
}

void where(int32_t dtype, const void* condition, const void* a, const void* b, void* out, const int32_t* layout) {
  const auto run = [=](auto unit) {
    using T = decltype(unit);
    run_loop(&where_core<T>, layout, 0, 0, LoopOperand{out, sizeof(T)}, LoopOperand{condition, 1},
             LoopOperand{a, sizeof(T)}, LoopOperand{b, sizeof(T)});
  };
  if (dtype == kFloat64) run(uint64_t{});
  else if (dtype == kUint8 || dtype == kBool) run(uint8_t{});
  else run(uint32_t{});
}

}  // namespace myelin::MYELIN_ISA
