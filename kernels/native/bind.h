// What the kernels' binding needs of the addon.
#pragma once
#include <node_api.h>

namespace myelin {

// Throws what the function given to the addon's onRefusal makes of a kernel's name and what it cannot take.
void throw_refusal(napi_env env, const char* kernel, const char* problem);

}  // namespace myelin
