// The Node addon: picks the instruction set, binds its kernels, and gives the TypeScript side what it
// needs of the process: addresses of ArrayBuffers and the number of threads.
#include <node_api.h>

#include <cstdlib>
#include <cstring>
#include <string>

#include "common/abi_version.h"
#include "common/parallel.h"
#include "bind.h"
#include "crc32.h"
#include "heap.h"
#include "isa.h"

#if defined(__linux__) || defined(__APPLE__)
#include <dlfcn.h>
#endif

#define MYELIN_DECLARE_BIND(set) \
  namespace myelin::set {        \
  napi_status bind_kernels(napi_env env, napi_value target); \
  }
MYELIN_SETS(MYELIN_DECLARE_BIND)
#undef MYELIN_DECLARE_BIND

namespace myelin {
namespace {

struct Isa {
  const char* name;
  bool (*supported)();
  napi_status (*bind)(napi_env, napi_value);
};

// What this addon was built with, best first.
const Isa kIsas[] = {
#define MYELIN_ENTRY(set) {#set, isa::set, set::bind_kernels},
    MYELIN_SETS(MYELIN_ENTRY)
#undef MYELIN_ENTRY
};

// The best set of this processor, or the one that `wanted` names; null if that one can't run here.
const Isa* choose_isa(const char* wanted) {
  for (const Isa& isa : kIsas)
    if (isa.supported() && (!wanted || strcmp(wanted, isa.name) == 0)) return &isa;
  return nullptr;
}

std::string built_sets() {
  std::string names;
  for (const Isa& isa : kIsas) names += (names.empty() ? "" : ", ") + std::string(isa.name);
  return names;
}

void throw_no_isa(napi_env env, const char* wanted) {
  const std::string message =
      wanted ? "MYELIN_ISA=" + std::string(wanted) + ": this processor or this build doesn't have that instruction set; "
               "the build has " + built_sets() + "; in a checkout, `npm run build -- --all` builds every set"
             : "this processor has none of the instruction sets that the addon was built with (" + built_sets() +
               "); `npm run build` builds its own";
  napi_throw_error(env, "ERR_MYELIN_ISA", message.c_str());
}

// addressOf(arrayBuffer) → number: where its bytes lie. The caller keeps the ArrayBuffer alive.
napi_value address_of(napi_env env, napi_callback_info info) {
  napi_value buffer, result = nullptr;
  size_t count = 1, bytes = 0;
  void* data = nullptr;
  napi_get_cb_info(env, info, &count, &buffer, nullptr, nullptr);
  if (count < 1 || napi_get_arraybuffer_info(env, buffer, &data, &bytes) != napi_ok) {
    napi_throw_type_error(env, "ERR_MYELIN_KERNEL", "addressOf takes an ArrayBuffer");
    return nullptr;
  }
  advise_huge_pages(data, bytes);
  napi_create_double(env, double(uintptr_t(data)), &result);
  return result;
}

// onRefusal(f): f(kernel, problem) makes the error for a call with numbers that the kernel cannot take.
napi_value on_refusal(napi_env env, napi_callback_info info) {
  napi_value make_error;
  size_t count = 1;
  napi_ref reference = nullptr;
  napi_get_cb_info(env, info, &count, &make_error, nullptr, nullptr);
  if (count < 1 || napi_create_reference(env, make_error, 1, &reference) != napi_ok ||
      napi_set_instance_data(env, reference, nullptr, nullptr) != napi_ok)
    napi_throw_type_error(env, "ERR_MYELIN_KERNEL", "onRefusal takes a function");
  return nullptr;
}

// setThreads(n): how many threads kernels use, the calling one included; clamped to 1 … 64.
napi_value set_threads(napi_env env, napi_callback_info info) {
  napi_value value;
  size_t count = 1;
  int32_t threads = 0;
  napi_get_cb_info(env, info, &count, &value, nullptr, nullptr);
  if (count < 1 || napi_get_value_int32(env, value, &threads) != napi_ok)
    napi_throw_type_error(env, "ERR_MYELIN_KERNEL", "setThreads takes a number");
  else
    set_thread_count(threads);
  return nullptr;
}

napi_value get_threads(napi_env env, napi_callback_info) {
  napi_value result = nullptr;
  napi_create_int32(env, thread_count(), &result);
  return result;
}

// crc32(bytes, before) → number: continues the CRC-32 `before` over a Uint8Array.
napi_value sum_bytes(napi_env env, napi_callback_info info) {
  napi_value args[2], result = nullptr;
  size_t count = 2, bytes = 0;
  napi_typedarray_type type;
  void* data = nullptr;
  uint32_t before = 0;
  napi_get_cb_info(env, info, &count, args, nullptr, nullptr);
  if (count < 2 || napi_get_typedarray_info(env, args[0], &type, &bytes, &data, nullptr, nullptr) != napi_ok ||
      type != napi_uint8_array || napi_get_value_uint32(env, args[1], &before) != napi_ok) {
    napi_throw_type_error(env, "ERR_MYELIN_KERNEL", "crc32 takes a Uint8Array and a number");
    return nullptr;
  }
  napi_create_uint32(env, crc32(static_cast<const uint8_t*>(data), bytes, before), &result);
  return result;
}

// Whether AddressSanitizer watches: then tensors get blocks of their exact size, so that it sees their ends.
#if defined(__SANITIZE_ADDRESS__)
constexpr bool kSanitized = true;
#else
constexpr bool kSanitized = false;
#endif

// Node closes an addon when the worker that loaded it ends; the pool's threads run on, so stay mapped.
void stay_loaded() {
#if defined(__linux__) || defined(__APPLE__)
  Dl_info self;
  if (dladdr(reinterpret_cast<void*>(&stay_loaded), &self)) dlopen(self.dli_fname, RTLD_NOW | RTLD_NODELETE);
#endif
}

bool set_function(napi_env env, napi_value target, const char* name, napi_callback callback) {
  napi_value function;
  return napi_create_function(env, name, NAPI_AUTO_LENGTH, callback, nullptr, &function) == napi_ok &&
         napi_set_named_property(env, target, name, function) == napi_ok;
}

// The names of kIsas as an array.
bool list_names(napi_env env, napi_value* list) {
  if (napi_create_array(env, list) != napi_ok) return false;
  uint32_t count = 0;
  for (const Isa& isa : kIsas) {
    napi_value name;
    if (napi_create_string_utf8(env, isa.name, NAPI_AUTO_LENGTH, &name) != napi_ok ||
        napi_set_element(env, *list, count++, name) != napi_ok)
      return false;
  }
  return true;
}

napi_value initialize(napi_env env, napi_value exports) {
  const char* wanted = getenv("MYELIN_ISA");
  if (wanted && !*wanted) wanted = nullptr;
  const Isa* isa = choose_isa(wanted);
  if (!isa) {
    throw_no_isa(env, wanted);
    return nullptr;
  }
  stay_loaded();
  if (!kSanitized) keep_freed_memory();
  napi_value name, built, kernels, sanitized, version;
  if (napi_create_string_utf8(env, isa->name, NAPI_AUTO_LENGTH, &name) != napi_ok ||
      napi_set_named_property(env, exports, "isa", name) != napi_ok ||
      !list_names(env, &built) || napi_set_named_property(env, exports, "built", built) != napi_ok ||
      napi_get_boolean(env, kSanitized, &sanitized) != napi_ok ||
      napi_set_named_property(env, exports, "sanitized", sanitized) != napi_ok ||
      napi_create_int32(env, kAbiVersion, &version) != napi_ok ||
      napi_set_named_property(env, exports, "abiVersion", version) != napi_ok ||
      napi_create_object(env, &kernels) != napi_ok || isa->bind(env, kernels) != napi_ok ||
      napi_set_named_property(env, exports, "kernels", kernels) != napi_ok ||
      !set_function(env, exports, "addressOf", address_of) || !set_function(env, exports, "setThreads", set_threads) ||
      !set_function(env, exports, "onRefusal", on_refusal) ||
      !set_function(env, exports, "threads", get_threads) ||
      (crc32_supported() && !set_function(env, exports, "crc32", sum_bytes)))
    napi_throw_error(env, "ERR_MYELIN_KERNEL", "the kernels could not be bound");
  return exports;
}

}  // namespace

void throw_refusal(napi_env env, const char* kernel, const char* problem) {
  void* reference = nullptr;
  napi_value make_error, self, arguments[2], error;
  if (napi_get_instance_data(env, &reference) == napi_ok && reference &&
      napi_get_reference_value(env, static_cast<napi_ref>(reference), &make_error) == napi_ok &&
      napi_get_undefined(env, &self) == napi_ok &&
      napi_create_string_utf8(env, kernel, NAPI_AUTO_LENGTH, &arguments[0]) == napi_ok &&
      napi_create_string_utf8(env, problem, NAPI_AUTO_LENGTH, &arguments[1]) == napi_ok &&
      napi_call_function(env, self, make_error, 2, arguments, &error) == napi_ok)
    napi_throw(env, error);
  else
    napi_throw_error(env, "ERR_MYELIN_KERNEL", problem);
}

}  // namespace myelin

NAPI_MODULE_INIT() { return myelin::initialize(env, exports); }
