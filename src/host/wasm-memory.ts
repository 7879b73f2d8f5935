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

/** A module's import of its memory: the names, the kind, and a byte that says that it's shared and has a maximum. */
const sharedImport = '\x03env\x06memory\x02\x03';
const HAS_MAXIMUM = 1;

/** A module on memory that isn't shared, for a single thread. The modules are linked for shared memory. */
export function unshared(module: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const head = String.fromCharCode(...module.subarray(0, 8192));
  const copy = module.slice();
  copy[head.indexOf(sharedImport) + sharedImport.length - 1] = HAS_MAXIMUM;
  return copy;
}
