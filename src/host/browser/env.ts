declare global {
  /** The engine that a page starts with. */
  var MYELIN_ENGINE: string | undefined;
  /** Where the page serves Myelin's `wasm/` folder, if the bundler doesn't place it by itself. */
  var MYELIN_WASM_URL: string | undefined;
}

/** A global variable that the page sets before it imports the library. */
export function env(name: string): string | undefined {
  const value = (globalThis as Readonly<Record<string, unknown>>)[name];
  return value === undefined || value === '' ? undefined : String(value);
}
