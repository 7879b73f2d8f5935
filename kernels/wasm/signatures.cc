// What the host has to know to check the numbers that it calls kernels with: JavaScript cuts a number to
// the type of a WebAssembly parameter without a word, and does not tell what that type is.
#include "kernels.h"

namespace myelin::MYELIN_ISA {
namespace {

// A letter for each parameter: an address, an integer, or a double.
template <class T>
constexpr char kLetter = 'a';
template <>
constexpr char kLetter<int32_t> = 'i';
template <>
constexpr char kLetter<double> = 'd';

template <class Signature>
struct Letters;

template <class Result, class... Parameters>
struct Letters<Result(Parameters...)> {
  static constexpr char text[] = {kLetter<Parameters>..., 0};
};

struct Entry {
  const char* name;
  const char* letters;
};

const Entry kEntries[] = {
#define MYELIN_ENTRY(name) {#name, Letters<decltype(name)>::text},
    MYELIN_KERNELS(MYELIN_ENTRY)
#undef MYELIN_ENTRY
    {nullptr, nullptr}};

}  // namespace
}  // namespace myelin::MYELIN_ISA

// Pairs of C strings, a kernel's name and its parameters' letters, up to a pair of nulls.
KERNEL(host_signatures)
const void* host_signatures() { return myelin::MYELIN_ISA::kEntries; }
