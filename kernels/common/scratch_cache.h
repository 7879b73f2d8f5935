// The workspaces behind memory.h: a thread keeps a few between calls, the largest longest.
//   Heap::allocate(bytes)   64-byte aligned memory, never null
//   Heap::release(memory)
// Under AddressSanitizer every workspace is fresh and no larger than asked for, so that an access
// past its end is seen.
#pragma once
#include <cstddef>

namespace myelin {

template <class Heap>
class ScratchCache {
 public:
  ~ScratchCache() {
    for (Header* slot : slots_)
      if (slot) Heap::release(slot);
  }

  void* acquire(size_t bytes) {
    int best = -1;
    for (int i = 0; i < kSlots; i++)
      if (slots_[i] && slots_[i]->bytes >= bytes && (best < 0 || slots_[i]->bytes < slots_[best]->bytes)) best = i;
    if (best >= 0) {
      Header* header = slots_[best];
      slots_[best] = nullptr;
      return header + 1;
    }
    const size_t rounded = (bytes + kGranule - 1) / kGranule * kGranule;
    auto* header = static_cast<Header*>(Heap::allocate(sizeof(Header) + rounded));
    header->bytes = rounded;
    return header + 1;
  }

  void release(void* memory) {
    Header* header = static_cast<Header*>(memory) - 1;
    if (kSanitizing) return Heap::release(header);
    int smallest = 0;
    for (int i = 0; i < kSlots; i++) {
      if (!slots_[i]) {
        slots_[i] = header;
        return;
      }
      if (slots_[i]->bytes < slots_[smallest]->bytes) smallest = i;
    }
    if (slots_[smallest]->bytes < header->bytes) {
      Header* smaller = slots_[smallest];
      slots_[smallest] = header;
      header = smaller;
    }
    Heap::release(header);
  }

 private:
  static constexpr int kSlots = 6;
#ifdef __SANITIZE_ADDRESS__
  static constexpr bool kSanitizing = true;
#else
  static constexpr bool kSanitizing = false;
#endif
  static constexpr size_t kGranule = kSanitizing ? 64 : 4096;
  struct alignas(64) Header {
    size_t bytes;
  };
  Header* slots_[kSlots] = {};
};

}  // namespace myelin
