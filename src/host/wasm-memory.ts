const initialPages = 256; // 16 MB, as the modules are linked

/** As much address space as the machine gives: 4 GB, 2 GB, or 1 GB. */
export function newWasmMemory(shared: boolean): WebAssembly.Memory {
  for (const maximum of [65536, 32768]) {
    try {
      return new WebAssembly.Memory({ initial: initialPages, maximum, shared });
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
    }
  }
  return new WebAssembly.Memory({ initial: initialPages, maximum: 16384, shared });
}
