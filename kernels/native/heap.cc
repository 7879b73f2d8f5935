#include "heap.h"

#include <climits>
#include <cstdint>

#if defined(__GLIBC__)
#include <malloc.h>
#endif
#if defined(__linux__)
#include <sys/mman.h>
#include <unistd.h>
#endif

namespace myelin {

void keep_freed_memory() {
#if defined(__GLIBC__)
  mallopt(M_MMAP_MAX, 0);  // its own mapping would be unmapped when freed, whatever its size
  mallopt(M_TRIM_THRESHOLD, INT_MAX);  // what one training step frees the next one needs
  mallopt(M_TOP_PAD, 16 << 20);
#endif
}

#if defined(__linux__) && defined(MADV_HUGEPAGE)
namespace {

constexpr uintptr_t kHugePage = 2 << 20;

void advise(uintptr_t begin, uintptr_t end) {
  if (begin < end) madvise(reinterpret_cast<void*>(begin), end - begin, MADV_HUGEPAGE);
}

}  // namespace

void advise_huge_pages(void* data, size_t bytes) {
  if (bytes < kHugePage) return;
  // The part of the heap that was advised; other threads' blocks lie elsewhere and are advised one by one.
  static thread_local uintptr_t low = 0, high = 0;
  const uintptr_t begin = uintptr_t(data) / kHugePage * kHugePage;
  const uintptr_t end = (uintptr_t(data) + bytes) / kHugePage * kHugePage;
  const uintptr_t top = uintptr_t(sbrk(0)) / kHugePage * kHugePage;
  if (end > top) return advise(begin, end);
  if (low == 0) low = high = begin;
  advise(begin, low);
  if (begin < low) low = begin;
  advise(high, top);
  if (high < top) high = top;
}
#else
void advise_huge_pages(void*, size_t) {}
#endif

}  // namespace myelin
