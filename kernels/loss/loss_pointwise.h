// Losses that look at one element of each operand: value and slopes, lane by lane. x is the prediction, t the
// target, v a third operand, where there is one; p and q are parameters.
#pragma once
#include "common/math.h"

// In the order of their codes; `npm run generate` writes these to src/engine/cpu/abi.ts.
#define POINTWISE_LOSSES(X)                                                                                     \
  X(squared) X(absolute) X(bent) X(crossEntropy) X(logitCrossEntropy) X(weightedLogitCrossEntropy)              \
  X(divergence) X(logDivergence) X(gaussian) X(poisson) X(poissonRate) X(hinge) X(ranking) X(logistic)

namespace myelin::MYELIN_ISA {
namespace {

template <class V>
struct LossAt {
  V x, t, v, p, q;
};

template <class V>
V where(MaskOf<V> mask, V yes) {
  return select(mask, yes, V{});
}

template <class V>
V sign_of(V d) {
  return select(MaskOf<V>(d > V{}), splat_as<V>(1), where<V>(d < V{}, splat_as<V>(-1)));
}

template <class V>
V at_least(V low, V x) {
  return select(MaskOf<V>(low > x), low, x);
}

// log σ(x).
template <class V>
V log_sigmoid(V x) {
  return -vsoftplus(V(-x));
}

// What a loss has unless it says otherwise. Operands without a slope are never asked for theirs.
struct Loss {
  template <class V> static V dt(LossAt<V>) { return V{}; }
  template <class V> static V dv(LossAt<V>) { return V{}; }
};

// (x − t)².
struct squared : Loss {
  template <class V> static V value(LossAt<V> a) { return (a.x - a.t) * (a.x - a.t); }
  template <class V> static V dx(LossAt<V> a) { return (a.x - a.t) * Element<V>(2); }
  template <class V> static V dt(LossAt<V> a) { return (a.t - a.x) * Element<V>(2); }
};

// |x − t|.
struct absolute : Loss {
  template <class V> static V value(LossAt<V> a) { return abs(V(a.x - a.t)); }
  template <class V> static V dx(LossAt<V> a) { return sign_of(V(a.x - a.t)); }
  template <class V> static V dt(LossAt<V> a) { return sign_of(V(a.t - a.x)); }
};

// With d = |x − t|: q·d²/2 where d ≤ p, q·p·(d − p/2) elsewhere.
struct bent : Loss {
  template <class V> static V value(LossAt<V> a) {
    using T = Element<V>;
    const V d = abs(V(a.x - a.t));
    return select(MaskOf<V>(d <= a.p), d * d * (a.q * T(0.5)), (d - a.p * T(0.5)) * (a.q * a.p));
  }
  template <class V> static V dx(LossAt<V> a) { return clamp(V(a.x - a.t), V(-a.p), a.p) * a.q; }
  template <class V> static V dt(LossAt<V> a) { return clamp(V(a.t - a.x), V(-a.p), a.p) * a.q; }
};

// −(t·log x + (1 − t)·log(1 − x)), logarithms at least p; the limits do not show in the slope of x.
struct crossEntropy : Loss {
  template <class V> static V value(LossAt<V> a) {
    return (a.t - Element<V>(1)) * at_least(a.p, vlog1p(V(-a.x))) - a.t * at_least(a.p, vlog(a.x));
  }
  template <class V> static V dx(LossAt<V> a) {
    return (a.x - a.t) / at_least(splat_as<V>(Element<V>(1e-12)), V(a.x - a.x * a.x));
  }
  template <class V> static V dt(LossAt<V> a) {
    return at_least(a.p, vlog1p(V(-a.x))) - at_least(a.p, vlog(a.x));
  }
};

// (1 − t)·x − (1 + (v − 1)·t)·log σ(x).
struct weightedLogitCrossEntropy : Loss {
  template <class V> static V factor(LossAt<V> a) { return (a.v - Element<V>(1)) * a.t + Element<V>(1); }
  template <class V> static V value(LossAt<V> a) {
    return (splat_as<V>(1) - a.t) * a.x - factor(a) * log_sigmoid(a.x);
  }
  template <class V> static V dx(LossAt<V> a) {
    return (splat_as<V>(1) - a.t) - factor(a) * vsigmoid(V(-a.x));
  }
  template <class V> static V dt(LossAt<V> a) { return -a.x - (a.v - Element<V>(1)) * log_sigmoid(a.x); }
  template <class V> static V dv(LossAt<V> a) { return -a.t * log_sigmoid(a.x); }
};

// The same with v = 1.
struct logitCrossEntropy : Loss {
  template <class V> static V value(LossAt<V> a) { return (splat_as<V>(1) - a.t) * a.x - log_sigmoid(a.x); }
  template <class V> static V dx(LossAt<V> a) { return (splat_as<V>(1) - a.t) - vsigmoid(V(-a.x)); }
  template <class V> static V dt(LossAt<V> a) { return -a.x; }
};

// t·(log t − x); 0 of t = 0 in the value.
struct divergence : Loss {
  template <class V> static V value(LossAt<V> a) {
    return select(MaskOf<V>(a.t == V{}), V{}, a.t * vlog(a.t)) - a.t * a.x;
  }
  template <class V> static V dx(LossAt<V> a) { return -a.t; }
  template <class V> static V dt(LossAt<V> a) {
    return select(MaskOf<V>(a.t == V{}), V{}, vlog(a.t)) + a.t / a.t - a.x;
  }
};

// e^t·(t − x).
struct logDivergence : Loss {
  template <class V> static V value(LossAt<V> a) { return vexp(a.t) * (a.t - a.x); }
  template <class V> static V dx(LossAt<V> a) { return -vexp(a.t); }
  template <class V> static V dt(LossAt<V> a) { return vexp(a.t) * (a.t - a.x + Element<V>(1)); }
};

// (log v + (x − t)²/v)/2 + q, v at least p; the limit does not show in the slopes.
struct gaussian : Loss {
  template <class V> static V value(LossAt<V> a) {
    const V d = a.x - a.t, v = at_least(a.p, a.v);
    return (vlog(v) + d * d / v) * Element<V>(0.5) + a.q;
  }
  template <class V> static V dx(LossAt<V> a) { return (a.x - a.t) / at_least(a.p, a.v); }
  template <class V> static V dt(LossAt<V> a) { return (a.t - a.x) / at_least(a.p, a.v); }
  template <class V> static V dv(LossAt<V> a) {
    const V v = at_least(a.p, a.v), d = a.x - a.t;
    return (splat_as<V>(1) - d * d / v) / v * Element<V>(0.5);
  }
};

// e^x − t·x.
struct poisson : Loss {
  template <class V> static V value(LossAt<V> a) { return vexp(a.x) - a.t * a.x; }
  template <class V> static V dx(LossAt<V> a) { return vexp(a.x) - a.t; }
  template <class V> static V dt(LossAt<V> a) { return -a.x; }
};

// x − t·log(x + p).
struct poissonRate : Loss {
  template <class V> static V value(LossAt<V> a) { return a.x - a.t * vlog(V(a.x + a.p)); }
  template <class V> static V dx(LossAt<V> a) { return splat_as<V>(1) - a.t / (a.x + a.p); }
  template <class V> static V dt(LossAt<V> a) { return -vlog(V(a.x + a.p)); }
};

// x where t ≠ −1, and max(0, p − x) where t ≠ 1.
struct hinge : Loss {
  template <class V> static V value(LossAt<V> a) {
    return where<V>(a.t != Element<V>(1), at_least(V{}, V(a.p - a.x))) + where<V>(a.t != Element<V>(-1), a.x);
  }
  template <class V> static V dx(LossAt<V> a) {
    return where<V>(a.t != Element<V>(-1), splat_as<V>(1)) -
           where<V>((a.t != Element<V>(1)) & (a.p - a.x >= V{}), splat_as<V>(1));
  }
};

// max(0, p − t·(x − v)).
struct ranking : Loss {
  template <class V> static V ahead(LossAt<V> a) { return a.p - a.t * (a.x - a.v); }
  template <class V> static V value(LossAt<V> a) { return at_least(V{}, ahead(a)); }
  template <class V> static V dx(LossAt<V> a) { return where<V>(ahead(a) >= V{}, -a.t); }
  template <class V> static V dt(LossAt<V> a) { return where<V>(ahead(a) >= V{}, a.v - a.x); }
  template <class V> static V dv(LossAt<V> a) { return where<V>(ahead(a) >= V{}, a.t); }
};

// log(1 + e^(−t·x)).
struct logistic : Loss {
  template <class V> static V value(LossAt<V> a) { return vsoftplus(V(-a.t * a.x)); }
  template <class V> static V dx(LossAt<V> a) { return -a.t * vsigmoid(V(-a.t * a.x)); }
  template <class V> static V dt(LossAt<V> a) { return -a.x * vsigmoid(V(-a.t * a.x)); }
};

}  // namespace
}  // namespace myelin::MYELIN_ISA
