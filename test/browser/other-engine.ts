// Imported first by a page that starts with another engine than WebAssembly.
globalThis.MYELIN_ENGINE = 'reference';
