// Prints the kernel sources for binding.gyp: every .cc right under kernels/.
import { readdirSync } from 'node:fs';

const folder = new URL('..', import.meta.url);
const names = readdirSync(folder).filter((name) => name.endsWith('.cc'));
console.log(
  names
    .sort()
    .map((name) => `kernels/${name}`)
    .join('\n'),
);
