// Removes the declarations in dist/ that no entry of the package reaches: a third of them, which would only take space.
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const { exports } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
const reached = new Set();

/** Whatever looks like a module's path counts, so that none is missed. */
function reach(file) {
  if (reached.has(file) || !existsSync(file)) return;
  reached.add(file);
  for (const [, module] of readFileSync(file, 'utf8').matchAll(/['"](\.{1,2}\/[^'"\n]+)\.js['"]/g))
    reach(path.resolve(path.dirname(file), `${module}.d.ts`));
}

for (const { types } of Object.values(exports)) if (types) reach(path.join(root, types));
const dist = path.join(root, 'dist');
for (const name of readdirSync(dist, { recursive: true })) {
  const file = path.join(dist, name);
  if (name.endsWith('.d.ts') && !reached.has(file)) rmSync(file);
}
