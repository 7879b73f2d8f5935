// CRC-32 (polynomial 0xEDB88320, reflected) by carry-less multiplication: four vectors of 64 bytes are
// carried forward over the data, each multiplied by powers of x modulo the polynomial, then folded into
// 16 bytes that have the same remainder.
//
// Source: Gopal et al. 2009, "Fast CRC computation for generic polynomials using PCLMULQDQ".
#include "crc32.h"

#if defined(__x86_64__)
#include <immintrin.h>

namespace myelin {
namespace {

#define MYELIN_CLMUL __attribute__((target("avx512f,vpclmulqdq,pclmul,sse4.1")))

struct Table {
  uint32_t of[256];
};

constexpr Table make_table() {
  Table table = {};
  for (uint32_t byte = 0; byte < 256; ++byte) {
    uint32_t sum = byte;
    for (int bit = 0; bit < 8; ++bit) sum = sum & 1 ? (sum >> 1) ^ 0xedb88320u : sum >> 1;
    table.of[byte] = sum;
  }
  return table;
}

constexpr Table kTable = make_table();

uint32_t step(uint32_t sum, uint8_t byte) { return (sum >> 8) ^ kTable.of[(sum ^ byte) & 0xff]; }

// x^(n + 32) and x^(n - 32) modulo the polynomial, reflected, for folding over n bits.
constexpr long long kFold2048[2] = {0x11542778a, 0x1322d1430};
constexpr long long kFold512[2] = {0x154442bd4, 0x1c6e41596};
constexpr long long kFold128[2] = {0x1751997d0, 0x0ccaa009e};

MYELIN_CLMUL inline __m512i broadcast(const long long (&factors)[2]) {
  const long long low = factors[0], high = factors[1];
  return _mm512_set_epi64(high, low, high, low, high, low, high, low);
}

MYELIN_CLMUL inline __m512i fold(__m512i sum, __m512i factors, __m512i next) {
  const __m512i low = _mm512_clmulepi64_epi128(sum, factors, 0x00);
  const __m512i high = _mm512_clmulepi64_epi128(sum, factors, 0x11);
  return _mm512_ternarylogic_epi64(low, high, next, 0x96);  // low ^ high ^ next
}

// The remainder of `blocks` times 256 bytes, at least one, after the sum so far.
MYELIN_CLMUL uint32_t sum_blocks(const uint8_t* data, size_t blocks, uint32_t sum) {
  const __m512i far = broadcast(kFold2048), near = broadcast(kFold512);
  __m512i a = _mm512_loadu_si512(data), b = _mm512_loadu_si512(data + 64);
  __m512i c = _mm512_loadu_si512(data + 128), d = _mm512_loadu_si512(data + 192);
  a = _mm512_xor_si512(a, _mm512_zextsi128_si512(_mm_cvtsi32_si128(int(sum))));
  for (size_t i = 1; i < blocks; ++i) {
    data += 256;
    a = fold(a, far, _mm512_loadu_si512(data));
    b = fold(b, far, _mm512_loadu_si512(data + 64));
    c = fold(c, far, _mm512_loadu_si512(data + 128));
    d = fold(d, far, _mm512_loadu_si512(data + 192));
  }
  a = fold(fold(fold(a, near, b), near, c), near, d);

  const __m128i factors = _mm_set_epi64x(kFold128[1], kFold128[0]);
  alignas(64) __m128i parts[4];
  _mm512_store_si512(parts, a);
  for (int i = 1; i < 4; ++i) {
    const __m128i low = _mm_clmulepi64_si128(parts[i - 1], factors, 0x00);
    const __m128i high = _mm_clmulepi64_si128(parts[i - 1], factors, 0x11);
    parts[i] = _mm_xor_si128(_mm_xor_si128(low, high), parts[i]);
  }
  alignas(16) uint8_t rest[16];
  _mm_store_si128(reinterpret_cast<__m128i*>(rest), parts[3]);
  uint32_t out = 0;
  for (uint8_t byte : rest) out = step(out, byte);
  return out;
}

}  // namespace

bool crc32_supported() {
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("vpclmulqdq") && __builtin_cpu_supports("pclmul");
}

uint32_t crc32(const uint8_t* data, size_t bytes, uint32_t before) {
  uint32_t sum = ~before;
  const size_t blocks = bytes / 256;
  if (blocks > 0) sum = sum_blocks(data, blocks, sum);
  for (size_t i = 256 * blocks; i < bytes; ++i) sum = step(sum, data[i]);
  return ~sum;
}

}  // namespace myelin

#else

namespace myelin {

bool crc32_supported() { return false; }

uint32_t crc32(const uint8_t*, size_t, uint32_t before) { return before; }

}  // namespace myelin

#endif
