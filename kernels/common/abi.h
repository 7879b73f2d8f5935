// What every kernel is: a flat function of pointers, int32_t and double, in the namespace of the
// instruction set it is compiled for (MYELIN_ISA, set by the build).
#pragma once
#include <cstddef>
#include <cstdint>

#ifndef MYELIN_ISA
#error "the build sets MYELIN_ISA (baseline, avx2, avx512, wasm) and MYELIN_VECTOR_BYTES"
#endif

#ifdef __wasm__
#define KERNEL(name) extern "C" __attribute__((export_name(#name), visibility("default")))
#else
#define KERNEL(name)
#endif

namespace myelin {

enum DType : int32_t { kFloat32 = 0, kFloat64 = 1, kInt32 = 2, kUint8 = 3, kBool = 4 };

// Calls f with a value of the C++ type that a dtype code stands for; bool is stored as a byte 0/1.
template <class F>
inline auto dispatch_all(int32_t dtype, F&& f) {
  switch (dtype) {
    case kFloat32: return f(float{});
    case kFloat64: return f(double{});
    case kInt32: return f(int32_t{});
    default: return f(uint8_t{});
  }
}

template <class F>
inline void dispatch_float(int32_t dtype, F&& f) {
  dtype == kFloat64 ? f(double{}) : f(float{});
}

}  // namespace myelin
