// Made by `npm run generate` from the declarations in kernels/. Don't edit it.
#pragma once
#include <cstdint>

namespace myelin {

constexpr int32_t kAbiVersion = 645735295;

}  // namespace myelin
