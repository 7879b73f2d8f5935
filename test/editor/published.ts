import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** A project that has installed the package, as far as its types go. */
export interface Project {
  readonly folder: string;
  remove(): void;
}

export function installTypes(): Project {
  const folder = mkdtempSync(join(tmpdir(), 'myelin-editor-'));
  const installed = join(folder, 'node_modules/myelin');
  mkdirSync(installed, { recursive: true });
  symlinkSync(join(root, 'node_modules/@types'), join(folder, 'node_modules/@types'));
  copyFileSync(join(root, 'package.json'), join(installed, 'package.json'));
  const compiler = join(root, 'node_modules/typescript/bin/tsc');
  const options = ['-p', root, '--noCheck', '--emitDeclarationOnly', '--outDir', join(installed, 'dist')];
  execFileSync(process.execPath, [compiler, ...options]);
  const compilerOptions = { target: 'es2023', module: 'nodenext', strict: true, types: ['node'] };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions }));
  writeFileSync(join(folder, 'package.json'), '{ "name": "user", "private": true, "type": "module" }');
  return { folder, remove: () => rmSync(folder, { recursive: true }) };
}
