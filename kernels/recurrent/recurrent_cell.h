// What a step makes of the products, unit by unit.
#pragma once
#include "common/rows.h"
#include "recurrent/recurrent_plan.h"

namespace myelin::MYELIN_ISA {

// Some units of one row, at the first of them.
template <class T>
struct CellRow {
  int width;
  ptrdiff_t units;         // from gate to gate in `gates`
  const T* product;        // h·W_hhᵀ
  ptrdiff_t product_gate;  // from gate to gate there
  T* gates;                // x·W_ihᵀ + biases; becomes the activations if they're kept
  const T* bias;           // GRU: of n's product; may be null
  const T* before;         // GRU: h
  T* cell;                 // LSTM: c, in place
  T* kept;                 // LSTM: c; GRU: n's product + bias; null if nothing is kept
  T* state;                // h', or what is projected
  T* out;                  // h' once more; null if it's projected

  template <class L>
  Vec<T> sum(int gate, int64_t i, L lanes) const {
    return get(gates + gate * units + i, lanes) + get(product + gate * product_gate + i, lanes);
  }
  template <class L>
  void keep_gate(int gate, int64_t i, Vec<T> value, L lanes) const {
    put(gates + gate * units + i, value, lanes);
  }
  template <class L>
  void put_state(int64_t i, Vec<T> h, L lanes) const {
    put(state + i, h, lanes);
    if (out) put(out + i, h, lanes);
  }
};

template <class T>
using Cell = void (*)(const CellRow<T>&);

template <class T, bool kRelu>
void rnn_cell(const CellRow<T>& row) {
  for_vectors<T>(row.width, [&](int64_t i, auto lanes) {
    const Vec<T> sum = row.sum(0, i, lanes);
    row.put_state(i, kRelu ? max_nan(sum, Vec<T>{}) : vtanh(sum), lanes);
  });
}

template <class T>
void lstm_cell(const CellRow<T>& row) {
  for_vectors<T>(row.width, [&](int64_t i, auto lanes) {
    const Vec<T> in = vsigmoid(row.sum(0, i, lanes)), forget = vsigmoid(row.sum(1, i, lanes));
    const Vec<T> value = vtanh(row.sum(2, i, lanes)), through = vsigmoid(row.sum(3, i, lanes));
    const Vec<T> cell = forget * get(row.cell + i, lanes) + in * value;
    put(row.cell + i, cell, lanes);
    if (row.kept) {
      row.keep_gate(0, i, in, lanes);
      row.keep_gate(1, i, forget, lanes);
      row.keep_gate(2, i, value, lanes);
      row.keep_gate(3, i, through, lanes);
      put(row.kept + i, cell, lanes);
    }
    row.put_state(i, through * vtanh(cell), lanes);
  });
}

template <class T>
void gru_cell(const CellRow<T>& row) {
  for_vectors<T>(row.width, [&](int64_t i, auto lanes) {
    const Vec<T> reset = vsigmoid(row.sum(0, i, lanes)), update = vsigmoid(row.sum(1, i, lanes));
    Vec<T> hidden = get(row.product + 2 * row.product_gate + i, lanes);
    if (row.bias) hidden += get(row.bias + i, lanes);
    const Vec<T> fresh = vtanh(Vec<T>(get(row.gates + 2 * row.units + i, lanes) + reset * hidden));
    if (row.kept) {
      row.keep_gate(0, i, reset, lanes);
      row.keep_gate(1, i, update, lanes);
      row.keep_gate(2, i, fresh, lanes);
      put(row.kept + i, hidden, lanes);
    }
    row.put_state(i, fresh + update * (get(row.before + i, lanes) - fresh), lanes);
  });
}

template <class T>
Cell<T> cell_of(RecurrentKind kind) {
  switch (kind) {
    case k_lstm: return lstm_cell<T>;
    case k_gru: return gru_cell<T>;
    case k_rnn_relu: return rnn_cell<T, true>;
    default: return rnn_cell<T, false>;
  }
}

}  // namespace myelin::MYELIN_ISA
