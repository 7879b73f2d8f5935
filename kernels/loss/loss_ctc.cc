#include <limits>

#include "loss/loss.h"
#include "common/memory.h"
#include "common/parallel.h"
#include "common/rows.h"

namespace myelin::MYELIN_ISA {
namespace {

template <class T>
constexpr T kNever = -std::numeric_limits<T>::infinity();

// log(e^a + e^b + e^c), −∞ of three times −∞.
template <class V>
V log_sum(V a, V b, V c) {
  const V top = max_nan(max_nan(a, b), c);
  const V shift = select(MaskOf<V>(top == kNever<Element<V>>), V{}, top);
  return shift + vlog(vexp_negative(V(a - shift)) + vexp_negative(V(b - shift)) + vexp_negative(V(c - shift)));
}

// Places of a path: a blank before, between and after the labels of a target.
template <class T>
struct Ctc {
  const T* x;  // (steps, samples, classes)
  const int32_t *labels, *input_lengths, *target_lengths, *offsets;
  int64_t steps, samples, classes, width;  // width: places of the longest path
  int32_t blank;

  Ctc(const void* x, const int32_t* labels, const int32_t* lengths, const int32_t* meta)
      : x(static_cast<const T*>(x)), labels(labels), input_lengths(lengths), target_lengths(lengths + meta[1]),
        offsets(lengths + 2 * meta[1]), steps(meta[0]), samples(meta[1]), classes(meta[2]), width(meta[3]),
        blank(meta[4]) {}

  // The path of one sample.
  struct Path {
    int64_t places, steps;
    Scratch<int32_t> classes;
    Scratch<T> skips;    // 0 where a place is reached from two places before, too, else −∞; two more −∞
    Scratch<T> emitted;  // of the current step

    Path(const Ctc& ctc, int64_t n)
        : places(2 * int64_t(ctc.target_lengths[n]) + 1), steps(ctc.input_lengths[n]), classes(places),
          skips(places + 2), emitted(places) {
      const int32_t* label = ctc.labels + ctc.offsets[n];
      for (int64_t s = 0; s < places; s++) {
        classes[s] = s % 2 == 1 ? label[s / 2] : ctc.blank;
        skips[s] = s >= 2 && classes[s] != ctc.blank && classes[s] != classes[s - 2] ? T(0) : kNever<T>;
      }
      skips[places] = skips[places + 1] = kNever<T>;
    }
  };

  void emit(const Path& path, int64_t n, int64_t t) const {
    const T* row = x + (t * samples + n) * classes;
    for (int64_t s = 0; s < path.places; s++) path.emitted[s] = row[path.classes[s]];
  }

  // alphas[t, s] = log of the probability of all ways to be at place s after step t.
  T loss(int64_t n, T* alphas) const {
    const Path path(*this, n);
    const int64_t places = path.places;
    const Scratch<T> lines(2 * (places + 2));  // before each line two places that are never reached
    T *last = lines.data(), *next = last + places + 2;
    for (int64_t s = 0; s < places + 2; s++) last[s] = next[s] = kNever<T>;
    emit(path, n, 0);
    for (int64_t s = 0; s < lesser(2, places); s++) last[2 + s] = path.emitted[s];
    __builtin_memcpy(alphas, last + 2, size_t(places) * sizeof(T));
    for (int64_t t = 1; t < path.steps; t++) {
      emit(path, n, t);
      for_vectors<T>(places, [&](int64_t s, auto lanes) {
        const Vec<T> two_before = get(last + s, lanes) + get(path.skips.data() + s, lanes);
        const Vec<T> sum = log_sum<Vec<T>>(get(last + s + 2, lanes), get(last + s + 1, lanes), two_before);
        put<T>(next + s + 2, sum + get(path.emitted.data() + s, lanes), lanes);
      });
      __builtin_memcpy(alphas + t * width, next + 2, size_t(places) * sizeof(T));
      T* const swapped = last;
      last = next;
      next = swapped;
    }
    const Vec<T> never = splat<T>(kNever<T>);
    return -log_sum<Vec<T>>(splat<T>(last[places + 1]), places > 1 ? splat<T>(last[places]) : never, never)[0];
  }

  // dx[t, c] = −g · the probability of being at a place of class c at step t, given the target.
  void gradient(int64_t n, T g, T loss, const T* alphas, T* dx) const {
    const Path path(*this, n);
    const int64_t places = path.places;
    const T scale = loss == -kNever<T> ? T(0) : loss;
    const Scratch<T> ahead(places + 2), betas(places), found(places);
    for (int64_t s = 0; s < places + 2; s++) ahead[s] = kNever<T>;
    for (int64_t t = 0; t < steps; t++)
      __builtin_memset(dx + (t * samples + n) * classes, 0, size_t(classes) * sizeof(T));
    for (int64_t t = path.steps - 1; t >= 0; t--) {
      emit(path, n, t);
      T* row = dx + (t * samples + n) * classes;
      for_vectors<T>(places, [&](int64_t s, auto lanes) {
        const Vec<T> two_ahead = get(ahead.data() + s + 2, lanes) + get(path.skips.data() + s + 2, lanes);
        put<T>(betas.data() + s, log_sum<Vec<T>>(get(ahead.data() + s, lanes), get(ahead.data() + s + 1, lanes), two_ahead),
               lanes);
      });
      if (t == path.steps - 1)
        for (int64_t s = greater(0, places - 2); s < places; s++) betas[s] = 0;
      for_vectors<T>(places, [&](int64_t s, auto lanes) {
        const Vec<T> beta = get(betas.data() + s, lanes);
        put<T>(found.data() + s, vexp(Vec<T>(get(alphas + t * width + s, lanes) + beta + scale)), lanes);
        put<T>(ahead.data() + s, beta + get(path.emitted.data() + s, lanes), lanes);
      });
      for (int64_t s = 0; s < places; s++) row[path.classes[s]] -= g * found[s];
    }
  }
};

}  // namespace

void ctc(int32_t dtype, const void* x, const int32_t* labels, const int32_t* lengths, void* alphas, void* losses,
         const int32_t* meta) {
  dispatch_float(dtype, [&](auto zero) {
    using T = decltype(zero);
    const Ctc<T> ctc(x, labels, lengths, meta);
    const bool zero_infinity = meta[5] != 0;
    parallel_for(meta[1], [&](int32_t n) {
      const T loss = ctc.loss(n, static_cast<T*>(alphas) + n * ctc.steps * ctc.width);
      static_cast<T*>(losses)[n] = zero_infinity && loss == -kNever<T> ? T(0) : loss;
    });
  });
}

void ctc_backward(int32_t dtype, const void* g, const void* x, const int32_t* labels, const int32_t* lengths,
                  const void* alphas, const void* losses, void* dx, const int32_t* meta) {
  dispatch_float(dtype, [&](auto zero) {
    using T = decltype(zero);
    const Ctc<T> ctc(x, labels, lengths, meta);
    parallel_for(meta[1], [&](int32_t n) {
      ctc.gradient(n, static_cast<const T*>(g)[n], static_cast<const T*>(losses)[n],
                   static_cast<const T*>(alphas) + n * ctc.steps * ctc.width, static_cast<T*>(dx));
    });
  });
}

}  // namespace myelin::MYELIN_ISA
