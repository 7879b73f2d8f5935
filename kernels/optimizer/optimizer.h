// Optimizer steps over many tensors in one call. `tensors` is a table of `count` rows of
// kTensorColumns numbers, one row a parameter:
//   0 elements   1 step (1 at the first)   2, 3 addresses of the parameter and its gradient
//   4, 5, 6 addresses of the state, in the order that the step names   7 a number of the step's own
// All of a table have one dtype, float32 or float64, and are contiguous. g is the gradient, negated
// where `maximize` is set, plus weight_decay·θ (unless the step says otherwise). Formulas and their
// order of evaluation are torch.optim's.
#pragma once
#include "common/abi.h"

namespace myelin {
constexpr int32_t kTensorColumns = 8;
}

namespace myelin::MYELIN_ISA {

// b ← momentum·b + (1-dampening)·g (b ← g at the first step); θ ← θ - lr·b, with `nesterov`
// θ ← θ - lr·(g + momentum·b). State: b, if momentum ≠ 0.
KERNEL(sgd_step) void sgd_step(int32_t dtype, const double* tensors, int32_t count, double lr, double momentum, double dampening,
                               double weight_decay, int32_t nesterov, int32_t maximize);

// m ← β₁m + (1-β₁)g; v ← β₂v + (1-β₂)g²; θ ← θ - lr/(1-β₁ᵗ) · m / (√(v/(1-β₂ᵗ)) + ε); `amsgrad`
// divides by the largest v so far. `decoupled` (AdamW): θ ← (1 - lr·weight_decay)·θ instead of the
// decay within g. State: m, v, and the largest v if amsgrad.
KERNEL(adam_step) void adam_step(int32_t dtype, const double* tensors, int32_t count, double lr, double beta1, double beta2,
                                 double epsilon, double weight_decay, int32_t decoupled, int32_t amsgrad, int32_t maximize);

// s ← s + g²; θ ← θ - lr/(1 + (t-1)·lr_decay) · g/(√s + ε). State: s.
KERNEL(adagrad_step) void adagrad_step(int32_t dtype, const double* tensors, int32_t count, double lr, double lr_decay,
                                       double epsilon, double weight_decay, int32_t maximize);

// s ← ρs + (1-ρ)g²; Δ = √(a + ε)/√(s + ε) · g; a ← ρa + (1-ρ)Δ²; θ ← θ - lr·Δ. State: s, a.
KERNEL(adadelta_step) void adadelta_step(int32_t dtype, const double* tensors, int32_t count, double lr, double rho,
                                         double epsilon, double weight_decay, int32_t maximize);

// s ← αs + (1-α)g²; d = g/(√s + ε), centered: s less the square of a running mean of g;
// b ← momentum·b + d; θ ← θ - lr·b (or d, if momentum = 0). State: s, b if momentum > 0, mean if centered.
KERNEL(rmsprop_step) void rmsprop_step(int32_t dtype, const double* tensors, int32_t count, double lr, double alpha,
                                       double epsilon, double weight_decay, double momentum, int32_t centered, int32_t maximize);

// m ← β₁m + (1-β₁)g; u ← max(β₂u, |g| + ε); θ ← θ - lr/(1-β₁ᵗ) · m/u. State: m, u.
KERNEL(adamax_step) void adamax_step(int32_t dtype, const double* tensors, int32_t count, double lr, double beta1, double beta2,
                                     double epsilon, double weight_decay, int32_t maximize);

// Adam with Nesterov momentum: μₜ = β₁(1 - ½·0.96^(t·momentum_decay)). Column 7: the product of μ up
// to this step. State: m, v.
KERNEL(nadam_step) void nadam_step(int32_t dtype, const double* tensors, int32_t count, double lr, double beta1, double beta2,
                                   double epsilon, double weight_decay, double momentum_decay, int32_t maximize);

// Adam whose adaptive rate is rectified for its variance, and left out while that is intractable. State: m, v.
KERNEL(radam_step) void radam_step(int32_t dtype, const double* tensors, int32_t count, double lr, double beta1, double beta2,
                                   double epsilon, double weight_decay, int32_t maximize);

// Step sizes grow by `grow` where the sign of g holds and shrink by `shrink` (and the step is left
// out) where it turns; θ ← θ - sign(g)·size. State: the gradient before, the step sizes.
KERNEL(rprop_step) void rprop_step(int32_t dtype, const double* tensors, int32_t count, double shrink, double grow,
                                   double least_size, double largest_size, int32_t maximize);

// ‖all gradients‖ of order p (may be infinite), together with others whose norm is `before`; also
// written to `out`.
KERNEL(gradient_norm) double gradient_norm(int32_t dtype, const double* tensors, int32_t count, double p, double before, void* out);

// g ← factor·g.
KERNEL(gradient_scale) void gradient_scale(int32_t dtype, const double* tensors, int32_t count, double factor);

// g ← min(max(g, -limit), limit).
KERNEL(gradient_clamp) void gradient_clamp(int32_t dtype, const double* tensors, int32_t count, double limit);

}  // namespace myelin::MYELIN_ISA

#define OPTIMIZER_KERNELS(X)                                                                                \
  X(sgd_step) X(adam_step) X(adagrad_step) X(adadelta_step) X(rmsprop_step) X(adamax_step) X(nadam_step)    \
  X(radam_step) X(rprop_step) X(gradient_norm) X(gradient_scale) X(gradient_clamp)
