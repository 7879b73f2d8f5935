#include "elementwise/elementwise.h"
#include "elementwise/elementwise_binary.h"
#include "common/math_float.h"
#include "common/parallel.h"

namespace myelin::MYELIN_ISA {
namespace {

// Quotients of integers. Division by 0 gives 0: an engine whose results come later can't throw.
template <class T>
T divide_floor(T a, T b) {
  if (b == 0) return 0;
  if (std::is_signed_v<T> && b == T(-1)) return T(0 - uint32_t(a));
  const T quotient = a / b;
  return quotient * b != a && (a < 0) != (b < 0) ? quotient - 1 : quotient;
}

template <class T>
T divide_trunc(T a, T b) {
  if (b == 0) return 0;
  if (std::is_signed_v<T> && b == T(-1)) return T(0 - uint32_t(a));
  return a / b;
}

// The remainder with the sign of b (Python's %), and with the sign of a (C's).
template <class T>
T remainder_floor(T a, T b) {
  if constexpr (std::is_floating_point_v<T>) {
    const T r = std::fmod(a, b);
    return r != 0 && (r < 0) != (b < 0) ? r + b : r;
  } else {
    return T(uint32_t(a) - uint32_t(divide_floor(a, b)) * uint32_t(b));
  }
}

template <class T>
T remainder_trunc(T a, T b) {
  if constexpr (std::is_floating_point_v<T>) return std::fmod(a, b);
  else return T(uint32_t(a) - uint32_t(divide_trunc(a, b)) * uint32_t(b));
}

// ⌊a / b⌋ without the error of rounding a / b first, as Python and PyTorch have it.
template <class T>
T divide_floor_float(T a, T b) {
  if (b == 0) return a / b;
  const T r = std::fmod(a, b);
  T quotient = (a - r) / b;
  if (r != 0 && (b < 0) != (r < 0)) quotient -= 1;
  if (quotient == 0) return std::copysign(T(0), a / b);
  const T floored = std::floor(quotient);
  return quotient - floored > T(0.5) ? floored + 1 : floored;
}

// a^b by squaring; for negative b what truncation leaves: ±1 for a = ±1, else 0.
template <class T>
T integer_power(T a, T b) {
  if (b < 0) {
    if (a == 1) return 1;
    if (a == T(-1)) return b % 2 == 0 ? 1 : T(-1);
    return 0;
  }
  uint32_t result = 1, base = uint32_t(a);
  for (uint32_t n = uint32_t(b); n > 0; n >>= 1, base *= base)
    if (n & 1) result *= base;
  return T(result);
}

// Shifts by as many bits as there are, or more, move everything out.
template <class T>
T shift_left(T a, T b) {
  return b < 0 || b >= T(8 * sizeof(T)) ? T(0) : T(uint32_t(a) << b);
}

template <class T>
T shift_right(T a, T b) {
  if (b < 0 || b >= T(8 * sizeof(T))) return a < 0 ? T(-1) : T(0);
  return T(a >> b);
}

BINARY(add, return (V)(wrapping(a) + wrapping(b));)
BINARY(addScaled, return (V)(wrapping(a) + wrapping(b) * wrapping(p));)
BINARY(sub, return (V)(wrapping(a) - wrapping(b));)
BINARY(mul, return (V)(wrapping(a) * wrapping(b));)
BINARY(maximum, return max_nan(a, b);)
BINARY(minimum, return min_nan(a, b);)
BINARY(floorDivide, if constexpr (!kFloat) return per_lane(a, b, divide_floor<T>);
       else if constexpr (sizeof(T) == 8) return per_lane(a, b, divide_floor_float<T>);
       else return by_quotient(
           a, b, [](auto, auto, auto q) { return copysign(abs(floor(q)), q); }, divide_floor_float<T>);)
BINARY(truncDivide, if constexpr (kFloat) return trunc(V(a / b)); else return per_lane(a, b, divide_trunc<T>);)
BINARY(remainder, if constexpr (!std::is_same_v<T, float>) return per_lane(a, b, remainder_floor<T>);
       else return by_quotient(
           a, b,
           [](auto x, auto y, auto q) {
             const auto r = x - floor(q) * y;
             return select(MaskOf<decltype(r)>(r == 0.0), copysign(r, x), r);
           },
           remainder_floor<T>);)
BINARY(fmod, if constexpr (!std::is_same_v<T, float>) return per_lane(a, b, remainder_trunc<T>);
       else return by_quotient(
           a, b, [](auto x, auto y, auto q) { return copysign(x - trunc(q) * y, x); }, remainder_trunc<T>);)
BINARY(pow, if constexpr (kFloat) return vpow(a, b); else return per_lane(a, b, integer_power<T>);)
BINARY(heaviside, const V step = select(MaskOf<V>(a > V{}), splat_as<V>(1), V{});
       return select(MaskOf<V>(a == V{}), b, step);)
BINARY(bitwiseAnd, if constexpr (kFloat) return a; else return a & b;)
BINARY(bitwiseOr, if constexpr (kFloat) return a; else return a | b;)
BINARY(bitwiseXor, if constexpr (kFloat) return a; else return a ^ b;)
BINARY(shiftLeft, if constexpr (kFloat) return a; else return per_lane(a, b, shift_left<T>);)
BINARY(shiftRight, if constexpr (kFloat) return a; else return per_lane(a, b, shift_right<T>);)

BINARY(div, return a / b;)
BINARY(fmax, return select(MaskOf<V>(b != b), a, select(MaskOf<V>(a > b), a, b));)
BINARY(fmin, return select(MaskOf<V>(b != b), a, select(MaskOf<V>(a < b), a, b));)
BINARY(atan2, return vatan2(a, b);)
BINARY(hypot, return vhypot(a, b);)
BINARY(xlogy, const V r = a * vlog(b); return select(MaskOf<V>((a == V{}) & (b == b)), V{}, r);)
BINARY(logaddexp, const V larger = max_nan(a, b);
       return select(MaskOf<V>(a == b), a + T(0.69314718055994531), larger + vlog1p_of_unit(vexp_negative(-abs(V(a - b)))));)
BINARY(logaddexp2, const V larger = max_nan(a, b);
       return select(MaskOf<V>(a == b), a + T(1),
                     larger + vlog1p_of_unit(vexp2(-abs(V(a - b)))) * T(1.4426950408889634));)
BINARY(copysign, return copysign(a, b);)
BINARY(prelu, return select(MaskOf<V>(a > V{}), a, a * b);)
BINARY(gate, return a * vsigmoid(b);)

template <class T>
constexpr Core kNumberCores[] = {
#define ENTRY(name) &binary_core<T, op_##name>,
    BINARY_NUMBER_OPS(ENTRY)
};
template <class T>
constexpr Core kFloatCores[] = {
    BINARY_NUMBER_OPS(ENTRY) BINARY_FLOAT_OPS(ENTRY)
#undef ENTRY
};

template <class T>
Core core_of(int32_t op) {
  if constexpr (std::is_floating_point_v<T>)
    return op < kFirstBackward ? kFloatCores<T>[op] : backward_core(sizeof(T), op - kFirstBackward);
  else
    return kNumberCores<T>[op];
}

#define COMPARE(name, ...)                  \
  struct op_##name {                        \
    template <class V>                      \
    static MaskOf<V> apply(V a, V b) {      \
      return __VA_ARGS__;                   \
    }                                       \
  };

COMPARE(eq, a == b)
COMPARE(ne, a != b)
COMPARE(lt, a < b)
COMPARE(le, a <= b)
COMPARE(gt, a > b)
COMPARE(ge, a >= b)
COMPARE(logicalAnd, (a != V{}) & (b != V{}))
COMPARE(logicalOr, (a != V{}) | (b != V{}))
COMPARE(logicalXor, (a != V{}) ^ (b != V{}))

template <class T>
constexpr Core kCompareCores[] = {
#define ENTRY(name) &compare_core<T, op_##name>,
    COMPARE_OPS(ENTRY)
#undef ENTRY
};

template <class T, bool EqualNan>
void is_close_core(int64_t n, void* out, const void* a, const void* b, const void*, double rtol, double atol) {
  const T *x = static_cast<const T*>(a), *y = static_cast<const T*>(b);
  uint8_t* z = static_cast<uint8_t*>(out);
  for (int64_t i = 0; i < n; i++) {
    const double u = double(x[i]), v = double(y[i]), distance = std::fabs(u - v);
    const bool near = (distance <= atol + rtol * std::fabs(v)) & (distance < std::numeric_limits<double>::infinity());
    z[i] = (u == v) | near | (EqualNan & (u != u) & (v != v));
  }
}

// A layout of two operands from that of out and one: the other repeats its only element.
struct NumberLayout {
  int32_t values[1 + 4 * kMaxRank];

  NumberLayout(const int32_t* layout, bool number_first) {
    const int32_t rank = layout[0];
    __builtin_memcpy(values, layout, (1 + 2 * rank) * sizeof(int32_t));
    int32_t* first = values + 1 + 2 * rank;
    for (int32_t d = 0; d < rank; d++) {
      const int32_t stride = layout[1 + 2 * rank + d];
      first[d] = number_first ? 0 : stride;
      first[rank + d] = number_first ? stride : 0;
    }
  }
};

}  // namespace

void binary(int32_t op, int32_t dtype, const void* a, const void* b, void* out, const int32_t* layout, double p,
            double q) {
  dispatch_all(dtype, [=](auto unit) {
    using T = decltype(unit);
    run_loop(core_of<T>(op), layout, p, q, LoopOperand{out, sizeof(T)}, LoopOperand{a, sizeof(T)},
             LoopOperand{b, sizeof(T)});
  });
}

void binary_number(int32_t op, int32_t dtype, const void* a, double number, int32_t reversed, void* out,
                   const int32_t* layout, double p, double q) {
  const NumberLayout both(layout, reversed != 0);
  dispatch_all(dtype, [&](auto unit) {
    using T = decltype(unit);
    const T value = T(number);
    const LoopOperand tensor{a, sizeof(T)}, scalar{&value, sizeof(T)};
    run_loop(core_of<T>(op), both.values, p, q, LoopOperand{out, sizeof(T)}, reversed ? scalar : tensor,
             reversed ? tensor : scalar);
  });
}

void compare(int32_t op, int32_t dtype, const void* a, const void* b, void* out, const int32_t* layout) {
  dispatch_all(dtype, [=](auto unit) {
    using T = decltype(unit);
    run_loop(kCompareCores<T>[op], layout, 0, 0, LoopOperand{out, 1}, LoopOperand{a, sizeof(T)},
             LoopOperand{b, sizeof(T)});
  });
}

void is_close(int32_t dtype, const void* a, const void* b, void* out, const int32_t* layout, double rtol, double atol,
              int32_t equal_nan) {
  dispatch_all(dtype, [=](auto unit) {
    using T = decltype(unit);
    run_loop(equal_nan ? &is_close_core<T, true> : &is_close_core<T, false>, layout, rtol, atol, LoopOperand{out, 1},
             LoopOperand{a, sizeof(T)}, LoopOperand{b, sizeof(T)});
  });
}

void cross(int32_t dtype, const void* a, const void* b, void* out, int32_t outer, int32_t inner) {
  const int64_t n = inner;
  dispatch_all(dtype, [=](auto unit) {
    using T = decltype(unit);
    const T *x = static_cast<const T*>(a), *y = static_cast<const T*>(b);
    T* z = static_cast<T*>(out);
    // Integers wrap, as unsigned ones do.
    const auto minor = [](T p, T q, T r, T s) {
      if constexpr (std::is_floating_point_v<T>) return p * q - r * s;
      else return T(uint32_t(p) * uint32_t(q) - uint32_t(r) * uint32_t(s));
    };
    parallel_ranges(int64_t(outer) * n, kGrain, [&](int64_t begin, int64_t end) {
      for (int64_t k = begin; k < end; k++) {
        const int64_t i = k / n * 3 * n + k % n, j = i + n, l = j + n;
        const T out_i = minor(x[j], y[l], x[l], y[j]), out_j = minor(x[l], y[i], x[i], y[l]);
        const T out_l = minor(x[i], y[j], x[j], y[i]);
        z[i] = out_i;
        z[j] = out_j;
        z[l] = out_l;
      }
    });
  });
}

void compare_number(int32_t op, int32_t dtype, const void* a, double number, void* out, const int32_t* layout) {
  const NumberLayout both(layout, false);
  dispatch_all(dtype, [&](auto unit) {
    using T = decltype(unit);
    const T value = T(number);
    run_loop(kCompareCores<T>[op], both.values, 0, 0, LoopOperand{out, 1}, LoopOperand{a, sizeof(T)},
             LoopOperand{&value, sizeof(T)});
  });
}

}  // namespace myelin::MYELIN_ISA
