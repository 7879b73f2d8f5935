// The checksum of zip archives, as fast as memory is read.
#pragma once
#include <cstddef>
#include <cstdint>

namespace myelin {

// Whether this processor has the instructions.
bool crc32_supported();

// Continues the CRC-32 `before` (0 at the start) over `bytes` bytes.
uint32_t crc32(const uint8_t* data, size_t bytes, uint32_t before);

}  // namespace myelin
