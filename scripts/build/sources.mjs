// The sources of the kernels, and what decides whether an object made of one is still good.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.dirname(path.dirname(path.dirname(fileURLToPath(import.meta.url))));
const kernels = path.join(root, 'kernels');

/** Every source and header below kernels/, by its name there. @returns {Map<string, string>} */
export function readSources() {
  const files = new Map();
  for (const name of readdirSync(kernels, { recursive: true }).sort())
    if (/\.(h|cc)$/.test(name))
      files.set(name.split(path.sep).join('/'), readFileSync(path.join(kernels, name), 'utf8'));
  return files;
}

/** The sources to compile: those that every engine shares, and those in `folder`, the engine's own. */
export function unitsOf(files, folder) {
  const own = ['native', 'wasm'];
  return [...files.keys()].filter((name) => {
    const [first] = name.split('/');
    return name.endsWith('.cc') && (first === folder || !own.includes(first));
  });
}

/** A file and all that it includes, as [name, text] in a fixed order. */
export function closure(files, name) {
  const seen = new Set();
  const visit = (file) => {
    if (seen.has(file)) return;
    seen.add(file);
    for (const [, included] of files.get(file).matchAll(/^\s*#include "([^"]+)"/gm)) {
      const beside = path.posix.join(path.posix.dirname(file), included);
      if (files.has(beside)) visit(beside);
      else if (files.has(included)) visit(included);
    }
  };
  visit(name);
  return [...seen].sort().map((file) => [file, files.get(file)]);
}

/** The name in the cache of what these parts make. */
export function keyOf(parts) {
  const sum = createHash('sha256');
  for (const part of parts) sum.update(part).update('\0');
  return sum.digest('hex').slice(0, 32);
}
