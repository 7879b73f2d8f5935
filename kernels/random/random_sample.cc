// Distributions by inversion, and drawing indices by weight.
#include <algorithm>
#include <cmath>
#include <limits>

#include "common/math.h"
#include "common/memory.h"
#include "random/mt19937.h"
#include "common/parallel.h"
#include "random/random.h"

namespace myelin::MYELIN_ISA {
namespace {

// A drawn number as a T; integers stop at the largest that a T holds.
template <class T>
inline T held(double number) {
  if constexpr (std::numeric_limits<T>::is_integer)
    return number < double(std::numeric_limits<T>::max()) ? T(number) : std::numeric_limits<T>::max();
  else
    return T(number);
}

// out[i] = f(u), u uniform in [0, 1) with 53 bits.
template <class F>
inline void fill_by(int32_t dtype, void* out, int32_t n, uint32_t* state, const F& f) {
  Mt19937 generator(state);
  dispatch_all(dtype, [&](auto zero) {
    using T = decltype(zero);
    T* y = static_cast<T*>(out);
    for (int32_t i = 0; i < n; i++) y[i] = held<T>(f(generator.next_double()));
  });
}

constexpr int64_t kBatch = 1 << 16, kPart = 1 << 13;  // elements drawn at a time, and that a task takes

// Writes n ≤ kPart elements of Exp(-1 / scale), two words each.
template <class T>
void write_exponential(T* y, const uint32_t* words, int64_t n, double scale) {
  constexpr int64_t kRun = 256;
  double minus_u[kRun] = {};
  for (int64_t begin = 0; begin < n; begin += kRun) {
    const int64_t count = std::min(kRun, n - begin);
    for (int64_t i = 0; i < count; i++) minus_u[i] = -unit(words, int32_t(begin + i), double{});
    for (int64_t i = 0; i < count; i += kLanes<double>) store(minus_u + i, vlog1p(load(minus_u + i)));
    for (int64_t i = 0; i < count; i++) y[begin + i] = held<T>(scale * minus_u[i]);
  }
}

// The inverse of erf: a rational start (accurate to 2⁻¹⁰), then Newton's method.
double inverse_erf(double y) {
  const double size = std::fabs(y);
  if (!(size < 1)) return size == 1 ? std::copysign(INFINITY, y) : NAN;
  double x;
  if (size <= 0.7) {
    const double z = y * y;
    x = y * (((-0.140543331 * z + 0.914624893) * z - 1.645349621) * z + 0.886226899) /
        ((((0.012229801 * z - 0.329097515) * z + 1.442710462) * z - 2.118377725) * z + 1);
  } else {
    const double z = std::sqrt(-std::log((1 - size) / 2));
    x = std::copysign((((1.641345311 * z + 3.429567803) * z - 1.624906493) * z - 1.970840454) /
                          ((1.637067800 * z + 3.543889200) * z + 1),
                      y);
  }
  for (int step = 0; step < 2; step++) x -= (std::erf(x) - y) / (M_2_SQRTPI * std::exp(-x * x));
  return x;
}

double normal_cdf(double x) { return (1 + std::erf(x / M_SQRT2)) / 2; }

// The indices of the `samples` largest of weights[i] / Exp(1): draws without putting back.
template <class T>
void sample_distinct(const T* weights, int32_t n, int32_t samples, int32_t* out, T* keys, int32_t* order) {
  for (int32_t i = 0; i < n; i++) {
    keys[i] = weights[i] / keys[i];
    order[i] = i;
  }
  std::partial_sort(order, order + samples, order + n,
                    [keys](int32_t a, int32_t b) { return keys[a] > keys[b] || (keys[a] == keys[b] && a < b); });
  __builtin_memcpy(out, order, samples * sizeof(int32_t));
}

// The first index whose cumulative weight reaches a uniform number, `samples` times.
template <class T>
void sample_repeatedly(const T* weights, int32_t n, int32_t samples, int32_t* out, T* cumulative, Mt19937& generator) {
  T sum = 0;
  for (int32_t i = 0; i < n; i++) cumulative[i] = sum += weights[i];
  for (int32_t i = 0; i < n; i++) cumulative[i] /= sum;
  cumulative[n - 1] = 1;
  for (int32_t k = 0; k < samples; k++) {
    const double u = generator.next_double();
    int32_t low = 0, high = n;
    while (low < high) {
      const int32_t middle = low + (high - low) / 2;
      if (double(cumulative[middle]) < u)
        low = middle + 1;
      else
        high = middle;
    }
    out[k] = low;
  }
}

}  // namespace

void random_exponential(int32_t dtype, void* out, int32_t n, double rate, uint32_t* state) {
  Mt19937 generator(state);
  Scratch<uint32_t> words(2 * std::min<int64_t>(n, kBatch));
  dispatch_all(dtype, [&](auto zero) {
    using T = decltype(zero);
    for (int64_t first = 0; first < n; first += kBatch) {
      T* y = static_cast<T*>(out) + first;
      const int64_t count = std::min(kBatch, n - first);
      generator.draw(words.data(), int32_t(2 * count));
      parallel_ranges(count, kPart, [&](int64_t begin, int64_t end) {
        write_exponential(y + begin, words.data() + 2 * begin, end - begin, -1 / rate);
      });
    }
  });
}

void random_rrelu(int32_t dtype, const void* x, void* slopes, void* y, int32_t n, double lower, double upper,
                  uint32_t* state) {
  Mt19937 generator(state);
  Scratch<uint32_t> words(2 * std::min<int64_t>(n, kBatch));
  dispatch_float(dtype, [&](auto zero) {
    using T = decltype(zero);
    for (int64_t first = 0; first < n; first += kBatch) {
      const T* from = static_cast<const T*>(x) + first;
      T *slope = static_cast<T*>(slopes) + first, *to = static_cast<T*>(y) + first;
      const int64_t count = std::min(kBatch, n - first);
      // How many numbers each part draws, and then where its own begin.
      int64_t start[kBatch / kPart + 1] = {};
      parallel_ranges(count, kPart, [&](int64_t begin, int64_t end) {
        int32_t drawn = 0;
        for (int64_t i = begin; i < end; i++) drawn += from[i] <= 0;
        start[begin / kPart + 1] = drawn;
      });
      for (int64_t part = 0; part < kBatch / kPart; part++) start[part + 1] += start[part];
      generator.draw(words.data(), int32_t(2 * start[kBatch / kPart]));
      parallel_ranges(count, kPart, [&](int64_t begin, int64_t end) {
        int64_t at = start[begin / kPart];
        for (int64_t i = begin; i < end; i++) {
          const bool draws = from[i] <= 0;
          slope[i] = draws ? T(fused(unit(words.data(), int32_t(at), double{}), upper - lower, lower)) : T(1);
          to[i] = from[i] * slope[i];
          at += draws;
        }
      });
    }
  });
}

void random_cauchy(int32_t dtype, void* out, int32_t n, double median, double sigma, uint32_t* state) {
  fill_by(dtype, out, n, state, [=](double u) { return median + sigma * std::tan(M_PI * (u - 0.5)); });
}

void random_geometric(int32_t dtype, void* out, int32_t n, double p, uint32_t* state) {
  const double scale = std::log1p(-p);
  fill_by(dtype, out, n, state, [scale](double u) { return std::ceil(std::log(u) / scale); });
}

void random_truncated_normal(int32_t dtype, void* out, int32_t n, double mean, double std, double low, double high,
                             uint32_t* state) {
  const double from = 2 * normal_cdf((low - mean) / std) - 1, to = 2 * normal_cdf((high - mean) / std) - 1;
  random_uniform(dtype, out, n, from, to, state);
  dispatch_float(dtype, [&](auto zero) {
    using T = decltype(zero);
    T* y = static_cast<T*>(out);
    const T scale = T(std * M_SQRT2), shift = T(mean), least = T(low), most = T(high);
    for (int32_t i = 0; i < n; i++) {
      const T x = T(inverse_erf(y[i])) * scale + shift;
      y[i] = x < least ? least : x > most ? most : x;
    }
  });
}

void random_multinomial(int32_t dtype, const void* weights, int32_t rows, int32_t n, int32_t samples, int32_t replacement,
                        int32_t* out, uint32_t* state) {
  dispatch_float(dtype, [&](auto zero) {
    using T = decltype(zero);
    const T* w = static_cast<const T*>(weights);
    if (replacement && samples > 1) {
      Mt19937 generator(state);
      Scratch<T> cumulative(n);
      for (int32_t r = 0; r < rows; r++)
        sample_repeatedly(w + int64_t(r) * n, n, samples, out + int64_t(r) * samples, cumulative.data(), generator);
      return;
    }
    Scratch<T> keys(n);
    Scratch<int32_t> order(n);
    for (int32_t r = 0; r < rows; r++) {
      random_exponential(dtype, keys.data(), n, 1, state);
      sample_distinct(w + int64_t(r) * n, n, samples, out + int64_t(r) * samples, keys.data(), order.data());
    }
  });
}

}  // namespace myelin::MYELIN_ISA
