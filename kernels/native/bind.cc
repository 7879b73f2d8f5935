// Binds the kernels of one instruction set: the C++ signature decides how each JavaScript number is
// decoded. Compiled once for each set; everything lies in its namespace.
#include "bind.h"

#include <cstdint>
#include <cstdio>
#include <utility>

#include "kernels.h"

namespace myelin::MYELIN_ISA {
namespace {

// A parameter of a kernel from a JavaScript number; `status` collects what is no number.
template <class T>
struct Argument;

template <class T>
struct Argument<T*> {
  static T* decode(napi_env env, napi_value value, int& status) {
    double address = 0;
    status |= napi_get_value_double(env, value, &address);
    return reinterpret_cast<T*>(uintptr_t(int64_t(address)));
  }
};

template <>
struct Argument<int32_t> {
  static int32_t decode(napi_env env, napi_value value, int& status) {
    int32_t number = 0;
    status |= napi_get_value_int32(env, value, &number);
    return number;
  }
};

template <>
struct Argument<double> {
  static double decode(napi_env env, napi_value value, int& status) {
    double number = 0;
    status |= napi_get_value_double(env, value, &number);
    return number;
  }
};

[[maybe_unused]] napi_value encode(napi_env env, double number) {
  napi_value value = nullptr;
  napi_create_double(env, number, &value);
  return value;
}

[[maybe_unused]] napi_value encode(napi_env env, int32_t number) {
  napi_value value = nullptr;
  napi_create_int32(env, number, &value);
  return value;
}

// Kernels are internal, so a wrong call is a bug of the TypeScript side: say which kernel, crash nothing.
napi_value fail(napi_env env, napi_callback_info info, size_t expected) {
  size_t count = 0;
  void* name = nullptr;
  napi_get_cb_info(env, info, &count, nullptr, nullptr, &name);
  char message[160];
  snprintf(message, sizeof message, "kernel %s takes %d numbers, got %d arguments", static_cast<const char*>(name),
           int(expected), int(count));
  napi_throw_type_error(env, "ERR_MYELIN_KERNEL", message);
  return nullptr;
}

template <class Signature, Signature* kernel>
struct Binding;

template <class Result, class... Parameters, Result (*kernel)(Parameters...)>
struct Binding<Result(Parameters...), kernel> {
  static napi_value call(napi_env env, napi_callback_info info) {
    return apply(env, info, std::index_sequence_for<Parameters...>{});
  }

 private:
  static constexpr size_t kCount = sizeof...(Parameters);

  template <size_t... I>
  static napi_value apply(napi_env env, napi_callback_info info, std::index_sequence<I...>) {
    napi_value values[kCount + 1];
    size_t count = kCount + 1;
    int status = napi_get_cb_info(env, info, &count, values, nullptr, nullptr);
    status |= int(count != kCount);
    return invoke(env, info, status, Argument<Parameters>::decode(env, values[I], status)...);
  }

  static napi_value invoke(napi_env env, napi_callback_info info, const int& status, Parameters... arguments) {
    if (status != napi_ok) return fail(env, info, kCount);
    if constexpr (__is_same(Result, void)) {
      kernel(arguments...);
      return nullptr;
    } else {
      return encode(env, kernel(arguments...));
    }
  }
};

struct Entry {
  const char* name;
  napi_callback call;
};

const Entry kEntries[] = {
#define MYELIN_ENTRY(name) {#name, &Binding<decltype(name), name>::call},
    MYELIN_KERNELS(MYELIN_ENTRY)
#undef MYELIN_ENTRY
};

}  // namespace

napi_status bind_kernels(napi_env env, napi_value target) {
  for (const Entry& entry : kEntries) {
    napi_value function;
    napi_status status = napi_create_function(env, entry.name, NAPI_AUTO_LENGTH, entry.call,
                                              const_cast<char*>(entry.name), &function);
    if (status == napi_ok) status = napi_set_named_property(env, target, entry.name, function);
    if (status != napi_ok) return status;
  }
  return napi_ok;
}

}  // namespace myelin::MYELIN_ISA
