// The index arithmetic of convolution, one axis at a time.
//
// Both directions are the same gather. Target position t = phase + phases·i takes from every tap u
// that reaches it the source position i·step + shift(phase, u):
//   forward          target y, one phase, step = stride, shift = u·dilation − padding
//   input gradient   target dx, `stride` phases, step 1, shift = (phase + padding − u·dilation) / stride
#pragma once
#include "common/abi.h"

namespace myelin::MYELIN_ISA::conv {

inline int32_t ceil_div(int32_t a, int32_t b) { return (a + b - 1) / b; }
inline int32_t round_up(int32_t n, int32_t unit) { return ceil_div(n, unit) * unit; }
// Where part `part` of n begins, which is cut into `parts` of nearly equal size.
inline int32_t cut(int32_t n, int32_t parts, int32_t part) { return int32_t(int64_t(n) * part / parts); }

// The numbers of a kernel's meta argument.
struct Geometry {
  int32_t batch, in_channels, out_channels, groups;
  int32_t in[3], out[3], kernel[3], stride[3], padding[3], dilation[3];

  static const Geometry& of(const int32_t* meta) { return *reinterpret_cast<const Geometry*>(meta); }
  int32_t taps() const { return kernel[0] * kernel[1] * kernel[2]; }
  int32_t in_volume() const { return in[0] * in[1] * in[2]; }
  int32_t out_volume() const { return out[0] * out[1] * out[2]; }
};

// Whether the positions of an image are so few that its weights, not they, are what a convolution reads.
inline bool has_few_positions(int32_t positions) { return positions < 64; }

class Axis {
 public:
  int32_t source, target, kernel;
  int32_t step, phases;
  int32_t min_shift = 0, max_shift = 0;

  static Axis forward(const Geometry& g, int axis) {
    return {g.in[axis], g.out[axis], g.kernel[axis], g.stride[axis], 1, g.padding[axis], g.dilation[axis], false};
  }
  static Axis backward(const Geometry& g, int axis) {
    return {g.out[axis], g.in[axis], g.kernel[axis], 1, g.stride[axis], g.padding[axis], g.dilation[axis], true};
  }

  // The taps that reach targets of a phase: first_tap(phase), then every tap_step()-th below kernel.
  int32_t tap_step() const { return tap_step_; }
  int32_t first_tap(int32_t phase) const {
    for (int32_t u = 0; u < kernel && u < tap_step_; u++)
      if (!reversed_ || (phase + padding_ - u * dilation_) % phases == 0) return u;
    return kernel;
  }
  int32_t shift(int32_t phase, int32_t tap) const {
    return reversed_ ? (phase + padding_ - tap * dilation_) / phases : tap * dilation_ - padding_;
  }
  int32_t taps(int32_t phase) const {
    return (kernel - first_tap(phase) + tap_step_ - 1) / tap_step_;
  }
  int32_t most_taps() const {
    int32_t most = 0;
    for (int32_t phase = 0; phase < phases; phase++) most = taps(phase) > most ? taps(phase) : most;
    return most;
  }
  // Targets of a phase; phase 0 has the most.
  int32_t targets(int32_t phase) const { return phase < target ? (target - phase + phases - 1) / phases : 0; }
  // How far apart, in steps, the sources of one target lie.
  int32_t reach() const { return (max_shift - min_shift) / step; }

  // Sources are kept apart by residue modulo step, so that neighbors in i are neighbors in memory;
  // residues that no tap reads are left out. slot() is the place of a residue among those kept.
  bool used(int32_t residue) const {
    if (step == 1) return true;
    for (int32_t u = 0; u < kernel; u++)
      if ((shift(0, u) - min_shift) % step == residue) return true;
    return false;
  }
  int32_t slot(int32_t residue) const {
    int32_t place = 0;
    for (int32_t r = 0; r < residue; r++) place += used(r);
    return place;
  }
  int32_t slots() const { return slot(step); }

 private:
  bool reversed_;
  int32_t padding_, dilation_, tap_step_;

  Axis(int32_t source, int32_t target, int32_t kernel, int32_t step, int32_t phases, int32_t padding, int32_t dilation,
       bool reversed)
      : source(source), target(target), kernel(kernel), step(step), phases(phases), reversed_(reversed),
        padding_(padding), dilation_(dilation), tap_step_(phases / divisor(phases, dilation)) {
    bool first = true;
    for (int32_t phase = 0; phase < phases; phase++)
      for (int32_t u = first_tap(phase); u < kernel; u += tap_step_) {
        const int32_t s = shift(phase, u);
        if (first || s < min_shift) min_shift = s;
        if (first || s > max_shift) max_shift = s;
        first = false;
      }
  }

  static int32_t divisor(int32_t a, int32_t b) { return b == 0 ? a : divisor(b, a % b); }
};

}  // namespace myelin::MYELIN_ISA::conv
