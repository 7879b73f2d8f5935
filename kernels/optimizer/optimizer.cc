// SGD and the steps that scale each element by a running size of its gradient. See optimizer.h.
#include "optimizer/optimizer.h"

#include <cmath>

#include "optimizer/optimizer_table.h"

namespace myelin::MYELIN_ISA {
namespace {

// The gradient as a step uses it: negated to maximize, with weight decay (0: none).
template <class T>
struct Gradient {
  T sign, decay;
  Gradient(int32_t maximize, double weight_decay) : sign(maximize ? T(-1) : T(1)), decay(T(weight_decay)) {}
  template <class V>
  V operator()(V g, V theta) const {
    return decay == 0 ? g * sign : g * sign + theta * decay;
  }
};

template <bool Nesterov>
void sgd_with_momentum(int32_t dtype, const double* tensors, int32_t count, double lr, double momentum, double dampening,
                       double weight_decay, int32_t maximize) {
  update_all<1>(dtype, tensors, count, [=](TensorRow row, auto zero) {
    using T = decltype(zero);
    const Gradient<T> gradient(maximize, weight_decay);
    const bool first = row.step() <= 1;
    const T keep = first ? T(0) : T(momentum), take = first ? T(1) : T(1 - dampening), rate = T(lr), look = T(momentum);
    return [=](Vec<T>& theta, Vec<T> g, Vec<T>* state) {
      g = gradient(g, theta);
      const Vec<T> buffer = first ? g : state[0] * keep + g * take;
      state[0] = buffer;
      theta -= (Nesterov ? g + buffer * look : buffer) * rate;
    };
  });
}

template <bool Amsgrad>
void adam(int32_t dtype, const double* tensors, int32_t count, double lr, double beta1, double beta2, double epsilon,
          double weight_decay, int32_t decoupled, int32_t maximize) {
  update_all<Amsgrad ? 3 : 2>(dtype, tensors, count, [=](TensorRow row, auto zero) {
    using T = decltype(zero);
    const Gradient<T> gradient(maximize, decoupled ? 0 : weight_decay);
    const T shrink = decoupled ? T(1 - lr * weight_decay) : T(1);
    const T b1 = T(beta1), c1 = T(1 - beta1), b2 = T(beta2), c2 = T(1 - beta2), eps = T(epsilon);
    const T size = T(-lr / (1 - std::pow(beta1, row.step())));
    const T correct = T(1 / std::sqrt(1 - std::pow(beta2, row.step())));
    return [=](Vec<T>& theta, Vec<T> g, Vec<T>* state) {
      g = gradient(g, theta);
      const Vec<T> m = state[0] * b1 + g * c1, v = state[1] * b2 + g * c2 * g;
      state[0] = m;
      state[1] = v;
      Vec<T> largest = v;
      if constexpr (Amsgrad) state[2] = largest = max_nan(state[2], v);
      theta = theta * shrink + m * size / (sqrt(largest) * correct + eps);
    };
  });
}

template <bool Centered, bool Momentum>
void rmsprop(int32_t dtype, const double* tensors, int32_t count, double lr, double alpha, double epsilon,
             double weight_decay, double momentum, int32_t maximize) {
  update_all<1 + Centered + Momentum>(dtype, tensors, count, [=](TensorRow, auto zero) {
    using T = decltype(zero);
    const Gradient<T> gradient(maximize, weight_decay);
    const T a = T(alpha), c = T(1 - alpha), eps = T(epsilon), keep = T(momentum), rate = T(lr);
    return [=](Vec<T>& theta, Vec<T> g, Vec<T>* state) {
      g = gradient(g, theta);
      Vec<T> spread = state[0] = state[0] * a + g * c * g;
      if constexpr (Centered) {
        const Vec<T> mean = state[1 + Momentum] = state[1 + Momentum] * a + g * c;
        spread -= mean * mean;
      }
      Vec<T> move = g / (sqrt(spread) + eps);
      if constexpr (Momentum) move = state[1] = state[1] * keep + move;
      theta -= move * rate;
    };
  });
}

}  // namespace

void sgd_step(int32_t dtype, const double* tensors, int32_t count, double lr, double momentum, double dampening,
              double weight_decay, int32_t nesterov, int32_t maximize) {
  if (momentum != 0) {
    (nesterov ? sgd_with_momentum<true> : sgd_with_momentum<false>)(dtype, tensors, count, lr, momentum, dampening,
                                                                    weight_decay, maximize);
    return;
  }
  update_all<0>(dtype, tensors, count, [=](TensorRow, auto zero) {
    using T = decltype(zero);
    const Gradient<T> gradient(maximize, weight_decay);
    const T rate = T(lr);
    return [=](Vec<T>& theta, Vec<T> g, Vec<T>*) { theta -= gradient(g, theta) * rate; };
  });
}

void adam_step(int32_t dtype, const double* tensors, int32_t count, double lr, double beta1, double beta2, double epsilon,
               double weight_decay, int32_t decoupled, int32_t amsgrad, int32_t maximize) {
  (amsgrad ? adam<true> : adam<false>)(dtype, tensors, count, lr, beta1, beta2, epsilon, weight_decay, decoupled, maximize);
}

void rmsprop_step(int32_t dtype, const double* tensors, int32_t count, double lr, double alpha, double epsilon,
                  double weight_decay, double momentum, int32_t centered, int32_t maximize) {
  const auto step = momentum > 0 ? (centered ? rmsprop<true, true> : rmsprop<false, true>)
                                 : (centered ? rmsprop<true, false> : rmsprop<false, false>);
  step(dtype, tensors, count, lr, alpha, epsilon, weight_decay, momentum, maximize);
}

void adagrad_step(int32_t dtype, const double* tensors, int32_t count, double lr, double lr_decay, double epsilon,
                  double weight_decay, int32_t maximize) {
  update_all<1>(dtype, tensors, count, [=](TensorRow row, auto zero) {
    using T = decltype(zero);
    const Gradient<T> gradient(maximize, weight_decay);
    const T rate = T(lr / (1 + (row.step() - 1) * lr_decay)), eps = T(epsilon);
    return [=](Vec<T>& theta, Vec<T> g, Vec<T>* state) {
      g = gradient(g, theta);
      state[0] += g * g;
      theta -= g * rate / (sqrt(state[0]) + eps);
    };
  });
}

void adadelta_step(int32_t dtype, const double* tensors, int32_t count, double lr, double rho, double epsilon,
                   double weight_decay, int32_t maximize) {
  update_all<2>(dtype, tensors, count, [=](TensorRow, auto zero) {
    using T = decltype(zero);
    const Gradient<T> gradient(maximize, weight_decay);
    const T keep = T(rho), take = T(1 - rho), eps = T(epsilon), rate = T(lr);
    return [=](Vec<T>& theta, Vec<T> g, Vec<T>* state) {
      g = gradient(g, theta);
      state[0] = state[0] * keep + g * take * g;
      const Vec<T> delta = sqrt(Vec<T>(state[1] + eps)) / sqrt(Vec<T>(state[0] + eps)) * g;
      state[1] = state[1] * keep + delta * take * delta;
      theta -= delta * rate;
    };
  });
}

void adamax_step(int32_t dtype, const double* tensors, int32_t count, double lr, double beta1, double beta2, double epsilon,
                 double weight_decay, int32_t maximize) {
  update_all<2>(dtype, tensors, count, [=](TensorRow row, auto zero) {
    using T = decltype(zero);
    const Gradient<T> gradient(maximize, weight_decay);
    const T b1 = T(beta1), c1 = T(1 - beta1), b2 = T(beta2), eps = T(epsilon);
    const T size = T(-lr / (1 - std::pow(beta1, row.step())));
    return [=](Vec<T>& theta, Vec<T> g, Vec<T>* state) {
      g = gradient(g, theta);
      state[0] = state[0] * b1 + g * c1;
      state[1] = max_nan(Vec<T>(state[1] * b2), Vec<T>(abs(g) + eps));
      theta += state[0] * size / state[1];
    };
  });
}

void nadam_step(int32_t dtype, const double* tensors, int32_t count, double lr, double beta1, double beta2, double epsilon,
                double weight_decay, double momentum_decay, int32_t maximize) {
  update_all<2>(dtype, tensors, count, [=](TensorRow row, auto zero) {
    using T = decltype(zero);
    const Gradient<T> gradient(maximize, weight_decay);
    const T b1 = T(beta1), c1 = T(1 - beta1), b2 = T(beta2), c2 = T(1 - beta2), eps = T(epsilon);
    const double t = row.step();
    const double mu = beta1 * (1 - 0.5 * std::pow(0.96, t * momentum_decay));
    const double mu_next = beta1 * (1 - 0.5 * std::pow(0.96, (t + 1) * momentum_decay));
    const T g_size = T(-lr * (1 - mu) / (1 - row.number())), m_size = T(-lr * mu_next / (1 - row.number() * mu_next));
    const T correct = T(1 / (1 - std::pow(beta2, t)));
    return [=](Vec<T>& theta, Vec<T> g, Vec<T>* state) {
      g = gradient(g, theta);
      state[0] = state[0] * b1 + g * c1;
      state[1] = state[1] * b2 + g * c2 * g;
      theta += (g * g_size + state[0] * m_size) / (sqrt(Vec<T>(state[1] * correct)) + eps);
    };
  });
}

void radam_step(int32_t dtype, const double* tensors, int32_t count, double lr, double beta1, double beta2, double epsilon,
                double weight_decay, int32_t maximize) {
  update_all<2>(dtype, tensors, count, [=](TensorRow row, auto zero) {
    using T = decltype(zero);
    const Gradient<T> gradient(maximize, weight_decay);
    const T b1 = T(beta1), c1 = T(1 - beta1), b2 = T(beta2), c2 = T(1 - beta2), eps = T(epsilon);
    const double t = row.step(), correction1 = 1 - std::pow(beta1, t), correction2 = 1 - std::pow(beta2, t);
    const double longest = 2 / (1 - beta2) - 1, length = longest - 2 * t * std::pow(beta2, t) / correction2;
    const bool adaptive = length > 5;
    double rectify = 1;
    if (adaptive)
      rectify = std::sqrt(correction2 * (length - 4) * (length - 2) * longest / ((longest - 4) * (longest - 2) * length));
    const T size = T(-lr * rectify / correction1);
    return [=](Vec<T>& theta, Vec<T> g, Vec<T>* state) {
      g = gradient(g, theta);
      state[0] = state[0] * b1 + g * c1;
      state[1] = state[1] * b2 + g * c2 * g;
      const Vec<T> move = state[0] * size;
      theta += adaptive ? move / (sqrt(state[1]) + eps) : move;
    };
  });
}

void rprop_step(int32_t dtype, const double* tensors, int32_t count, double shrink, double grow, double least_size,
                double largest_size, int32_t maximize) {
  update_all<2>(dtype, tensors, count, [=](TensorRow, auto zero) {
    using T = decltype(zero);
    using V = Vec<T>;
    using Mask = MaskOf<V>;
    const Gradient<T> gradient(maximize, 0);
    const V down = splat<T>(T(shrink)), up = splat<T>(T(grow)), one = splat<T>(1);
    const V least = splat<T>(T(least_size)), most = splat<T>(T(largest_size));
    return [=](V& theta, V g, V* state) {
      g = gradient(g, theta);
      const V turn = g * state[0];
      const V size = clamp(V(state[1] * select(Mask(turn > 0), up, select(Mask(turn < 0), down, one))), least, most);
      g = select(Mask(turn < 0), V{}, g);
      theta -= select(Mask(g > 0), size, select(Mask(g < 0), V(-size), V{}));
      state[0] = g;
      state[1] = size;
    };
  });
}

}  // namespace myelin::MYELIN_ISA
