// Each instruction set's kernels as JavaScript functions on an object.
#pragma once
#include <node_api.h>

namespace myelin {

// Throws what the function given to the addon's onRefusal makes of a kernel's name and what it cannot take.
void throw_refusal(napi_env env, const char* kernel, const char* problem);

}  // namespace myelin

#define MYELIN_DECLARE_BIND(isa) \
  namespace myelin::isa {        \
  napi_status bind_kernels(napi_env env, napi_value target); \
  }

MYELIN_DECLARE_BIND(baseline)
#if defined(__x86_64__)
MYELIN_DECLARE_BIND(avx2)
MYELIN_DECLARE_BIND(avx512)
#endif

#undef MYELIN_DECLARE_BIND
