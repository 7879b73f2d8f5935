// The number by which TypeScript sees that kernels were built from the declarations that it knows.
import { readBoundary } from './kernels.mjs';

export const file = 'kernels/common/abi_version.h';

export const make = (
  root,
) => `// Made by \`npm run generate\` from the declarations in kernels/. Don't edit it.
#pragma once
#include <cstdint>

namespace myelin {

constexpr int32_t kAbiVersion = ${readBoundary(root).version};

}  // namespace myelin
`;
