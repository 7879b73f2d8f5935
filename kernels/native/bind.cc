// Binds the kernels of one instruction set: the C++ signature decides how each JavaScript number is
// decoded and checked, so that no kernel gets one that was cut to its type. Compiled once for each set;
// everything lies in its namespace.
#include "bind.h"

#include <cmath>
#include <cstdint>
#include <cstdio>
#include <utility>

#include "kernels.h"

namespace myelin::MYELIN_ISA {
namespace {

// The first argument of a call that does not suit its parameter.
struct Fault {
  int position = 0;  // counted from 1; 0 if all suit
  double number = 0;
};

// A parameter of a kernel from a JavaScript number.
template <class T>
struct Argument {
  static T decode(napi_env env, napi_value value, int position, Fault& fault) {
    double number = NAN;
    const bool is_number = napi_get_value_double(env, value, &number) == napi_ok;
    if (is_number && suits(number)) return convert(number);
    if (fault.position == 0) fault = {position, number};
    return T();
  }

 private:
  static bool suits(double number) {
    if constexpr (__is_same(T, double)) return true;
    if constexpr (__is_same(T, int32_t))
      return number >= INT32_MIN && number <= INT32_MAX && number == double(int32_t(number));
    return number >= 0 && number < 0x1p53 && number == double(int64_t(number));
  }

  static T convert(double number) {
    if constexpr (__is_same(T, double) || __is_same(T, int32_t))
      return T(number);
    else
      return reinterpret_cast<T>(uintptr_t(number));
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

// Throws what the TypeScript side makes of a call that a kernel cannot take.
napi_value refuse(napi_env env, napi_callback_info info, size_t expected, Fault fault) {
  size_t count = 0;
  void* name = nullptr;
  napi_get_cb_info(env, info, &count, nullptr, nullptr, &name);
  char problem[120];
  if (count != expected)
    snprintf(problem, sizeof problem, "takes %d numbers, not %d", int(expected), int(count));
  else
    snprintf(problem, sizeof problem, "cannot take %.17g as argument %d", fault.number, fault.position);
  throw_refusal(env, static_cast<const char*>(name), problem);
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
    napi_get_cb_info(env, info, &count, values, nullptr, nullptr);
    Fault fault;
    if (count != kCount) return refuse(env, info, kCount, fault);
    return invoke(env, info, fault, Argument<Parameters>::decode(env, values[I], int(I) + 1, fault)...);
  }

  static napi_value invoke(napi_env env, napi_callback_info info, const Fault& fault, Parameters... arguments) {
    if (fault.position != 0) return refuse(env, info, kCount, fault);
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
