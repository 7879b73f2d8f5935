// What the files of binary operations share.
#pragma once
#include "elementwise/elementwise_loop.h"
#include "elementwise/elementwise_ops.h"

// An operation of two operands a and b with parameters p and q, lane by lane.
#define BINARY(name, ...)                                                                   \
  struct op_##name {                                                                        \
    template <class V>                                                                      \
    static V apply(V a, V b, [[maybe_unused]] V p, [[maybe_unused]] V q) {                  \
      [[maybe_unused]] constexpr bool kFloat = kIsFloat<V>;                                 \
      using T [[maybe_unused]] = Element<V>;                                                \
      __VA_ARGS__                                                                           \
    }                                                                                       \
  };

namespace myelin::MYELIN_ISA {

constexpr int32_t kFirstBackward = binary_code::absBackward;

// The core of the backward operation `index`, for floats of that many bytes.
Core backward_core(size_t bytes, int32_t index);

}  // namespace myelin::MYELIN_ISA
