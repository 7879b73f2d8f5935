// The instruction sets that kernels are compiled for: whether this processor has each.
#pragma once

namespace myelin::isa {

#if defined(__x86_64__)
inline bool avx512() {
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
         __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("fma");
}
inline bool avx2() { return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"); }
#endif
inline bool baseline() { return true; }

}  // namespace myelin::isa
