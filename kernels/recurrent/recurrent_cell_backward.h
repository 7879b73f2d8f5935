// The gradients of a step, unit by unit, from that of its state.
#pragma once
#include "common/rows.h"
#include "recurrent/recurrent_plan.h"

namespace myelin::MYELIN_ISA {

// Some units of one row, at the first of them.
template <class T>
struct CellGradientRow {
  int width;
  ptrdiff_t units;        // from gate to gate
  const T* product;       // the gradient of h' by way of the next step's products; null if there's no next step
  const T* out_gradient;  // the gradient of out; may be null
  T* carry;               // the gradient of h' besides; becomes that of h, besides its product. Null with a projection
  T* cell_gradient;       // LSTM: of c', becomes that of c
  const T* gates;         // activations
  const T* kept;          // LSTM: c'; GRU: n's product + bias
  const T* cell_before;   // LSTM: c; null for zeros
  const T* before;        // GRU: h; null for zeros
  const T* after;         // RNN: h'
  T* gradients;           // of the gates, and of n's product
  T* state;               // the same
  T* wide;                // what is projected, o∘tanh(c'); null without a projection

  template <class L>
  Vec<T> gate(int index, int64_t i, L lanes) const {
    return get(gates + index * units + i, lanes);
  }
  template <class L>
  void put_gradient(int index, int64_t i, Vec<T> value, L lanes) const {
    put(gradients + index * units + i, value, lanes);
    put(state + index * units + i, value, lanes);
  }
  template <class L>
  static Vec<T> get_or_zero(const T* p, int64_t i, L lanes) {
    return p ? get(p + i, lanes) : Vec<T>{};
  }
  // The gradient of h'.
  template <class L>
  Vec<T> gradient(int64_t i, L lanes) const {
    return get_or_zero(product, i, lanes) + get_or_zero(out_gradient, i, lanes) + get_or_zero(carry, i, lanes);
  }
  template <class L>
  void put_carry(int64_t i, Vec<T> value, L lanes) const {
    if (carry) put(carry + i, value, lanes);
  }
};

template <class T>
using CellGradient = void (*)(const CellGradientRow<T>&);

template <class T, bool kRelu>
void rnn_cell_gradient(const CellGradientRow<T>& row) {
  for_vectors<T>(row.width, [&](int64_t i, auto lanes) {
    const Vec<T> g = row.gradient(i, lanes), h = get(row.after + i, lanes);
    row.put_carry(i, Vec<T>{}, lanes);
    row.put_gradient(0, i, kRelu ? select(MaskOf<Vec<T>>(h > T(0)), g, Vec<T>{}) : g * (T(1) - h * h), lanes);
  });
}

template <class T>
void lstm_cell_gradient(const CellGradientRow<T>& row) {
  const auto sigmoid_slope = [](Vec<T> y) { return y * (T(1) - y); };
  for_vectors<T>(row.width, [&](int64_t i, auto lanes) {
    const Vec<T> in = row.gate(0, i, lanes), forget = row.gate(1, i, lanes), value = row.gate(2, i, lanes);
    const Vec<T> through = row.gate(3, i, lanes), squashed = vtanh(get(row.kept + i, lanes)), g = row.gradient(i, lanes);
    const Vec<T> cell = get(row.cell_gradient + i, lanes) + g * through * (T(1) - squashed * squashed);
    row.put_carry(i, Vec<T>{}, lanes);
    put(row.cell_gradient + i, Vec<T>(cell * forget), lanes);
    row.put_gradient(0, i, cell * value * sigmoid_slope(in), lanes);
    row.put_gradient(1, i, cell * row.get_or_zero(row.cell_before, i, lanes) * sigmoid_slope(forget), lanes);
    row.put_gradient(2, i, cell * in * (T(1) - value * value), lanes);
    row.put_gradient(3, i, g * squashed * sigmoid_slope(through), lanes);
    if (row.wide) put(row.wide + i, Vec<T>(through * squashed), lanes);
  });
}

template <class T>
void gru_cell_gradient(const CellGradientRow<T>& row) {
  for_vectors<T>(row.width, [&](int64_t i, auto lanes) {
    const Vec<T> reset = row.gate(0, i, lanes), update = row.gate(1, i, lanes), fresh = row.gate(2, i, lanes);
    const Vec<T> g = row.gradient(i, lanes), h = row.get_or_zero(row.before, i, lanes), hidden = get(row.kept + i, lanes);
    const Vec<T> of_fresh = g * (T(1) - update) * (T(1) - fresh * fresh);
    row.put_carry(i, g * update, lanes);
    row.put_gradient(0, i, of_fresh * hidden * reset * (T(1) - reset), lanes);
    row.put_gradient(1, i, g * (h - fresh) * update * (T(1) - update), lanes);
    row.put_gradient(2, i, of_fresh, lanes);
    row.put_gradient(3, i, of_fresh * reset, lanes);
  });
}

template <class T>
CellGradient<T> cell_gradient_of(RecurrentKind kind) {
  switch (kind) {
    case k_lstm: return lstm_cell_gradient<T>;
    case k_gru: return gru_cell_gradient<T>;
    case k_rnn_relu: return rnn_cell_gradient<T, true>;
    default: return rnn_cell_gradient<T, false>;
  }
}

}  // namespace myelin::MYELIN_ISA
