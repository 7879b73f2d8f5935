#include "loss/loss.h"

#include "common/memory.h"
#include "softmax/softmax_rows.h"

namespace myelin::MYELIN_ISA {
namespace {

template <class T>
struct CrossEntropy {
  const T *logits, *weight;
  const int32_t* target;
  int64_t batch, classes, space;
  int32_t ignore, reduction;
  double smoothing;

  int64_t count() const { return batch * space; }
  T weight_of(int64_t c) const { return weight ? weight[c] : T(1); }
  T weight_sum() const {
    double sum = 0;
    for (int64_t c = 0; c < classes; c++) sum += double(weight_of(c));
    return T(sum);
  }

  // Σ_c w[c]·(x[c] − max) of a row with its classes `stride` apart
  T weighted_sum(const T* x, int64_t stride, T max) const {
    double sum = 0;
    for (int64_t c = 0; c < classes; c++) sum += double(weight_of(c)) * double(x[c * stride] - max);
    return T(sum);
  }

  int32_t forward(T* out, T* stats) const {
    T *maxima = stats, *log_sums = stats + count();
    const T share = T(smoothing / double(classes)), all_weights = smoothing > 0 ? weight_sum() : T(0);
    Scratch<T> own(reduction == kNone ? 1 : greater(1, count()));
    T* losses = reduction == kNone ? out : own.data();

    const auto lose = [&](int64_t i, const T* x) {  // x: the row's logits, `space` apart
      const int32_t t = target[i];
      losses[i] = T(0);
      if (t == ignore || t < 0 || t >= classes) return;
      losses[i] = -(x[t * space] - maxima[i] - log_sums[i]) * weight_of(t) * T(1 - smoothing);
      if (smoothing > 0) losses[i] -= share * (weighted_sum(x, space, maxima[i]) - log_sums[i] * all_weights);
    };
    for_slices(
        batch, classes, space,
        [&](int64_t n) {
          const T* x = logits + n * classes;
          maxima[n] = row_max(x, classes);
          log_sums[n] = log_of_scalar(row_exp_sum(x, classes, maxima[n], static_cast<T*>(nullptr)));
          lose(n, x);
        },
        [&](int64_t n, int64_t first, int64_t width) {
          const T* x = logits + n * classes * space + first;
          const int64_t at = n * space + first;
          columns_max(x, classes, space, width, maxima + at);
          columns_exp_sum(x, classes, space, width, maxima + at, log_sums + at, static_cast<T*>(nullptr));
          for_vectors<T>(width, [&](int64_t j, auto lanes) {
            put(log_sums + at + j, vlog(get(log_sums + at + j, lanes)), lanes);
          });
          for (int64_t j = 0; j < width; j++) lose(at + j, x + j);
        });

    int32_t bad = -1;
    double sum = 0, divisor = 0;
    for (int64_t i = 0; i < count(); i++) {
      const int32_t t = target[i];
      if (t == ignore) continue;
      if (t < 0 || t >= classes) {
        if (bad < 0) bad = int32_t(i);
        continue;
      }
      divisor += double(weight_of(t));
      if (reduction != kNone) sum += double(losses[i]);
    }
    stats[2 * count()] = reduction == kMean ? T(divisor) : T(1);
    if (reduction != kNone) out[0] = reduction == kMean ? T(sum / divisor) : T(sum);
    return bad;
  }

  void backward(const T* g, const T* stats, T* dx) const {
    const T *maxima = stats, *log_sums = stats + count();
    const T divisor = stats[2 * count()];
    const T share = T(smoothing / double(classes)), all_weights = smoothing > 0 ? weight_sum() : T(0);
    const auto skipped = [&](int32_t t) { return t == ignore || t < 0 || t >= classes; };
    // dx[c] = k·(p[c]·(h + share·Σw) − share·w[c] − h·[c = t]), h = (1 − ε)·w[t]
    const auto hit_of = [&](int32_t t) { return weight_of(t) * T(1 - smoothing); };
    const auto factor = [&](int64_t i) { return reduction == kNone ? g[i] : g[0] / divisor; };
    for_slices(
        batch, classes, space,
        [&](int64_t n) {
          const T* x = logits + n * classes;
          T* out = dx + n * classes;
          const int32_t t = target[n];
          if (skipped(t)) {
            for (int64_t c = 0; c < classes; c++) out[c] = T(0);
            return;
          }
          const T k = factor(n), hit = hit_of(t), a = k * (hit + share * all_weights), b = k * share;
          for_vectors<T>(classes, [&](int64_t c, auto lanes) {
            const Vec<T> p = vexp_negative(Vec<T>(get(x + c, lanes) - maxima[n] - log_sums[n]));
            put(out + c, weight ? p * a - get(weight + c, lanes) * b : p * a - b, lanes);
          });
          out[t] -= k * hit;
        },
        [&](int64_t n, int64_t first, int64_t width) {
          const int64_t at = n * space + first;
          T a[kTile], b[kTile];
          for (int64_t j = 0; j < width; j++) {
            const int32_t t = target[at + j];
            const T k = skipped(t) ? T(0) : factor(at + j);
            a[j] = skipped(t) ? T(0) : k * (hit_of(t) + share * all_weights);
            b[j] = k * share;
          }
          for (int64_t c = 0; c < classes; c++) {
            const T* x = logits + (n * classes + c) * space + first;
            T* out = dx + (n * classes + c) * space + first;
            const T w = weight_of(c);
            for_vectors<T>(width, [&](int64_t j, auto lanes) {
              const Vec<T> p =
                  vexp_negative(Vec<T>(get(x + j, lanes) - get(maxima + at + j, lanes) - get(log_sums + at + j, lanes)));
              put(out + j, p * get(a + j, lanes) - get(b + j, lanes) * w, lanes);
            });
          }
          for (int64_t j = 0; j < width; j++) {
            const int32_t t = target[at + j];
            if (!skipped(t)) dx[(n * classes + t) * space + first + j] -= factor(at + j) * hit_of(t);
          }
        });
  }
};

template <class T>
CrossEntropy<T> cross_entropy_of(const void* logits, const int32_t* target, const void* weight, const int32_t* meta,
                                 double smoothing) {
  return {static_cast<const T*>(logits), static_cast<const T*>(weight), target, meta[0], meta[1], meta[2], meta[3],
          meta[4], smoothing};
}

}  // namespace

int32_t cross_entropy(int32_t dtype, const void* logits, const int32_t* target, const void* weight, void* out,
                      void* stats, const int32_t* meta, double smoothing) {
  int32_t bad = -1;
  dispatch_float(dtype, [&](auto zero) {
    using T = decltype(zero);
    bad = cross_entropy_of<T>(logits, target, weight, meta, smoothing)
              .forward(static_cast<T*>(out), static_cast<T*>(stats));
  });
  return bad;
}

void cross_entropy_backward(int32_t dtype, const void* g, const void* logits, const int32_t* target, const void* weight,
                            const void* stats, void* dx, const int32_t* meta, double smoothing) {
  dispatch_float(dtype, [&](auto zero) {
    using T = decltype(zero);
    cross_entropy_of<T>(logits, target, weight, meta, smoothing)
        .backward(static_cast<const T*>(g), static_cast<const T*>(stats), static_cast<T*>(dx));
  });
}

}  // namespace myelin::MYELIN_ISA
