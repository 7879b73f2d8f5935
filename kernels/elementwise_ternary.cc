#include "elementwise.h"
#include "elementwise_loop.h"
#include "elementwise_ops.h"

namespace myelin::MYELIN_ISA {
namespace {

#define TERNARY(name, ...)                                                     \
  struct op_##name {                                                           \
    template <class V>                                                         \
    static V apply(V a, V b, V c, [[maybe_unused]] V p) {                      \
      using T [[maybe_unused]] = Element<V>;                                   \
      __VA_ARGS__                                                              \
    }                                                                          \
  };

TERNARY(clampTensor, return min_nan(max_nan(a, b), c);)
// Exact at both ends: from a for weights below ½, from b above.
TERNARY(lerp, return select(MaskOf<V>(c < T(0.5)), a + c * (b - a), b - (b - a) * (splat_as<V>(1) - c));)
TERNARY(addcmul, return a + p * b * c;)
TERNARY(addcdiv, return a + p * b / c;)

template <class T>
constexpr Core kCores[] = {
#define ENTRY(name) &ternary_core<T, op_##name>,
    TERNARY_OPS(ENTRY)
#undef ENTRY
};

// T is an unsigned integer of the elements' size: their bits are moved, whatever they mean.
template <class T>
void where_core(int64_t n, void* out, const void* condition, const void* a, const void* b, double, double) {
  constexpr int N = kLanes<T>;
  const uint8_t* c = static_cast<const uint8_t*>(condition);
  const T *x = static_cast<const T*>(a), *y = static_cast<const T*>(b);
  T* z = static_cast<T*>(out);
  using Mask = Vec<IntOf<T>, N>;
  const auto mask = [](Vec<uint8_t, N> bytes) { return Mask(__builtin_convertvector(bytes, Mask) != 0); };
  for_vectors<N>(
      n, [&](int64_t i) { store(z + i, select(mask(load<uint8_t, N>(c + i)), load(x + i), load(y + i))); },
      [&](int64_t i, int count) {
        const auto m = mask(load_partial<uint8_t, N>(c + i, count));
        store_partial<T>(z + i, select(m, load_partial(x + i, count), load_partial(y + i, count)), count);
      });
}

}  // namespace

void ternary(int32_t op, int32_t dtype, const void* a, const void* b, const void* c, void* out, const int32_t* layout,
             double p) {
  dispatch_all(dtype, [=](auto unit) {
    using T = decltype(unit);
    Core core;
    if constexpr (std::is_floating_point_v<T>) core = kCores<T>[op];
    else core = &ternary_core<T, op_clampTensor>;
    run_loop(core, layout, p, 0, LoopOperand{out, sizeof(T)}, LoopOperand{a, sizeof(T)}, LoopOperand{b, sizeof(T)},
             LoopOperand{c, sizeof(T)});
  });
}

void where(int32_t dtype, const void* condition, const void* a, const void* b, void* out, const int32_t* layout) {
  const auto run = [=](auto unit) {
    using T = decltype(unit);
    run_loop(&where_core<T>, layout, 0, 0, LoopOperand{out, sizeof(T)}, LoopOperand{condition, 1},
             LoopOperand{a, sizeof(T)}, LoopOperand{b, sizeof(T)});
  };
  if (dtype == kFloat64) run(uint64_t{});
  else if (dtype == kUint8 || dtype == kBool) run(uint8_t{});
  else run(uint32_t{});
}

}  // namespace myelin::MYELIN_ISA
