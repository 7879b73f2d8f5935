#include "heap.h"

#include <cstdint>

#if defined(__GLIBC__)
#include <malloc.h>
#endif
#if defined(__linux__)
#include <sys/mman.h>

#include <atomic>
#endif

namespace myelin {

void keep_freed_memory() {
#if defined(__GLIBC__)
  mallopt(M_MMAP_MAX, 0);
  mallopt(M_TRIM_THRESHOLD, 512 << 20);
  mallopt(M_TOP_PAD, 16 << 20);
#endif
}

void advise_huge_pages(void* data, size_t bytes) {
#if defined(__linux__) && defined(MADV_HUGEPAGE)
  constexpr uintptr_t kHuge = 2 << 20;
  if (bytes < kHuge) return;
  // [low, high) is what was advised already and still is part of the growing heap.
  static std::atomic<uintptr_t> low{0}, high{0};
  const uintptr_t begin = uintptr_t(data) / kHuge * kHuge;
  const uintptr_t end = (uintptr_t(data) + bytes) / kHuge * kHuge;
  if (begin >= low.load(std::memory_order_relaxed) && end <= high.load(std::memory_order_relaxed)) return;
  madvise(reinterpret_cast<void*>(begin), end - begin, MADV_HUGEPAGE);
  low.store(begin, std::memory_order_relaxed);
  high.store(end, std::memory_order_relaxed);
#else
  (void)data;
  (void)bytes;
#endif
}

}  // namespace myelin
