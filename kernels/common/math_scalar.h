// Special functions of one number in double precision, for which no vector form is worth its code.
#pragma once
#include <cmath>
#include <limits>

namespace myelin::MYELIN_ISA {

constexpr double kPi = 3.14159265358979324;

// ln |Γ(x)|.
inline double log_gamma(double x) {
  int sign;
  return lgamma_r(x, &sign);
}

// ψ(x) = d/dx ln Γ(x): recurrence up to x ≥ 10, then the asymptotic series in 1/x² (Abramowitz and
// Stegun 6.3.18); below ½ by reflection. ∓∞ at ±0, NaN at the negative integers, as PyTorch.
inline double digamma(double x) {
  if (x == 0) return std::copysign(std::numeric_limits<double>::infinity(), -x);
  double result = 0;
  if (x < 0.5) {
    if (x == std::trunc(x)) return std::numeric_limits<double>::quiet_NaN();
    const double fraction = x - std::trunc(x);
    result = -kPi / std::tan(kPi * fraction);
    x = 1 - x;
  }
  for (; x < 10; x += 1) result -= 1 / x;
  const double z = 1 / (x * x);
  const double series =
      z * (1.0 / 12 - z * (1.0 / 120 - z * (1.0 / 252 - z * (1.0 / 240 - z * (1.0 / 132 - z * (691.0 / 32760 - z / 12))))));
  return result + std::log(x) - 0.5 / x - series;
}

// ψ'(x), likewise (6.4.12).
inline double trigamma(double x) {
  double sign = 1, result = 0;
  if (x < 0.5) {
    const double s = std::sin(kPi * (x - std::trunc(x)));
    result = -(kPi * kPi) / (s * s);
    sign = -1;
    x = 1 - x;
  }
  for (; x < 10; x += 1) result += 1 / (x * x);
  const double z = 1 / (x * x);
  const double series =
      z * (1.0 / 6 - z * (1.0 / 30 - z * (1.0 / 42 - z * (1.0 / 30 - z * (5.0 / 66 - z * (691.0 / 2730 - z * 7.0 / 6))))));
  return sign * (result + (1 + 0.5 / x + series) / x);
}

// The x for which erf(x) = y: a rough value from the tail's logarithm (Winitzki 2008), then Newton's
// method with the second-order term (Halley).
inline double erf_inverse(double y) {
  if (!(std::fabs(y) < 1)) {
    const double inf = std::numeric_limits<double>::infinity();
    return y == 1 ? inf : y == -1 ? -inf : std::numeric_limits<double>::quiet_NaN();
  }
  const double a = 0.147, l = std::log1p(-y * y), t = 2 / (kPi * a) + l / 2;
  double x = std::copysign(std::sqrt(std::sqrt(t * t - l / a) - t), y);
  for (int i = 0; i < 3; i++) {
    const double error = std::fabs(y) < 0.5 ? std::erf(x) - y
                         : y > 0            ? (1 - y) - std::erfc(x)
                                            : std::erfc(-x) - (1 + y);
    const double step = error / (1.1283791670955126 * std::exp(-x * x));
    x -= step / (1 + x * step);
  }
  return y == 0 ? y : x;
}

}  // namespace myelin::MYELIN_ISA
