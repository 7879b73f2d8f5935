// npm run example NAME: runs examples/NAME.ts without its types, which Node 20 doesn't read, on the built library.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const names = readdirSync(path.join(root, 'examples'))
  .filter((file) => file.endsWith('.ts'))
  .map((file) => path.basename(file, '.ts'));

const [name, ...args] = process.argv.slice(2);
if (names.includes(name)) {
  const { outputFiles } = await build({
    entryPoints: [path.join(root, 'examples', `${name}.ts`)],
    bundle: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    write: false,
  });
  // A program from stdin resolves `myelin` as one in this folder does: to the package itself.
  const { status } = spawnSync(process.execPath, ['--input-type=module', '-', ...args], {
    cwd: root,
    input: outputFiles[0].contents,
    stdio: ['pipe', 'inherit', 'inherit'],
  });
  process.exitCode = status ?? 1;
} else {
  const problem = name === undefined ? '' : `there's no example '${name}'\n`;
  console.error(`${problem}npm run example NAME, where NAME is one of: ${names.join(', ')}`);
  process.exitCode = 1;
}
