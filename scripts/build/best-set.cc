// Prints the best instruction set of this processor.
#include <cstdio>

#include "native/isa.h"

int main() {
  const char* best = nullptr;
#define MYELIN_CONSIDER(set) \
  if (!best && myelin::isa::set()) best = #set;
  MYELIN_SETS(MYELIN_CONSIDER)
  fputs(best, stdout);
}
