import { execFileSync, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');
const built = ['dist/index.js', 'wasm/simd-threads.wasm'].every((file) => existsSync(path.join(root, file)));
const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
  exports: Record<string, string | { types: string }>;
};
const entries = Object.entries(manifest.exports)
  .filter(([, target]) => typeof target === 'object' && existsSync(path.join(root, target.types)))
  .map(([name]) => name.replace(/^\./, 'myelin'));

/** Trains XOR with the installed package and prints the engine and the loss. */
const xor = `
import { engineInfo, manualSeed, tensor } from 'myelin';
import * as F from 'myelin/functional';
import * as nn from 'myelin/nn';
import * as optim from 'myelin/optim';

manualSeed(0);
const model = new nn.Sequential(new nn.Linear(2, 8), new nn.Tanh(), new nn.Linear(8, 1));
const optimizer = new optim.Adam(model.parameters(), { lr: 0.05 });
const inputs = tensor([[0, 0], [0, 1], [1, 0], [1, 1]]);
const targets = tensor([[0], [1], [1], [0]]);
let loss = 1;
for (let step = 0; step < 300; step++) {
  const error = F.binaryCrossEntropyWithLogits(model.forward(inputs), targets);
  optimizer.zeroGrad();
  error.backward();
  optimizer.step();
  loss = await error.item();
}
console.log(JSON.stringify({ engine: engineInfo().name, loss }));
`;

describe.runIf(built)('the published package', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'myelin-pack-'));
  const project = path.join(folder, 'project');
  /** A machine without compilers: only these programs are found. */
  const bin = path.join(folder, 'bin');
  const env = { ...process.env, PATH: bin };

  beforeAll(() => {
    mkdirSync(bin);
    for (const name of ['node', 'npm', 'sh']) {
      const found = execFileSync('/bin/sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).trim();
      symlinkSync(found, path.join(bin, name));
    }
    execFileSync('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder], {
      cwd: root,
    });
    const tarball = readdirSync(folder).find((file) => file.endsWith('.tgz'))!;
    mkdirSync(project);
    writeFileSync(
      path.join(project, 'package.json'),
      '{ "name": "second", "private": true, "type": "module" }',
    );
    writeFileSync(path.join(project, 'xor.mjs'), xor);
    execFileSync(
      'npm',
      ['install', '--prefer-offline', '--no-audit', '--no-fund', path.join(folder, tarball)],
      { cwd: project, env, stdio: 'pipe' },
    );
  }, 120_000);

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const run = (engine: string): { engine: string; loss: number } => {
    const { stdout, stderr, status } = spawnSync('node', ['xor.mjs'], {
      cwd: project,
      env: { ...env, MYELIN_ENGINE: engine },
      encoding: 'utf8',
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    return JSON.parse(stdout) as { engine: string; loss: number };
  };

  test('trains on the WebAssembly engine, without build tools', () => {
    const { engine, loss } = run('wasm');
    expect(engine).toBe('wasm');
    expect(loss).toBeLessThan(0.02);
  });

  const carried = path.join(root, 'prebuilds', `${process.platform}-${process.arch}`, 'myelin.node');
  test.runIf(existsSync(carried))('trains on the native engine that it carries', () => {
    const { engine, loss } = run('');
    expect(engine).toBe('native');
    expect(loss).toBeLessThan(0.02);
  });

  test('every entry can be imported', () => {
    const script = entries.map((name) => `await import('${name}');`).join('\n');
    const { stderr, status } = spawnSync('node', ['--input-type=module', '-e', script], {
      cwd: project,
      env,
      encoding: 'utf8',
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  test('every entry bundles for a browser, without modules of Node', async () => {
    const { metafile } = await build({
      stdin: { contents: entries.map((name) => `import '${name}';`).join('\n'), resolveDir: project },
      bundle: true,
      format: 'esm',
      target: 'es2022',
      platform: 'browser',
      metafile: true,
      write: false,
      logLevel: 'silent',
    });
    const hosts = Object.keys(metafile.inputs).flatMap(
      (file) => /\/host\/(node|browser)\//.exec(file)?.[1] ?? [],
    );
    expect([...new Set(hosts)]).toEqual(['browser']);
  });

  for (const module of ['nodenext', 'esnext']) {
    test(`types of every entry resolve with module ${module}`, () => {
      const uses = entries
        .map((name, i) => `import * as entry${i} from '${name}';\nvoid entry${i};`)
        .join('\n');
      const types = "import { tensor, type Tensor } from 'myelin';\nexport const x: Tensor = tensor([1]);\n";
      writeFileSync(path.join(project, 'types.ts'), `${uses}\n${types}`);
      const resolution = module === 'esnext' ? ['--moduleResolution', 'bundler'] : [];
      const options = [
        '--noEmit',
        '--strict',
        '--target',
        'es2023',
        '--lib',
        'es2023,esnext.disposable,dom',
        '--types',
        '',
      ];
      const { stdout, status } = spawnSync(
        process.execPath,
        [
          path.join(root, 'node_modules/typescript/bin/tsc'),
          ...options,
          '--module',
          module,
          ...resolution,
          'types.ts',
        ],
        { cwd: project, encoding: 'utf8' },
      );
      expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
    });
  }

  test('without a compiler and an addon for this machine, one line says that WebAssembly serves', () => {
    const installed = path.join(project, 'node_modules', 'myelin');
    rmSync(path.join(installed, 'prebuilds'), { recursive: true, force: true });
    const { stdout, stderr, status } = spawnSync('node', ['scripts/install.mjs'], {
      cwd: installed,
      env,
      encoding: 'utf8',
    });
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
    expect(stdout).toMatch(/^myelin: no native kernels \(.+\); the WebAssembly engine will serve\.\n$/);
    const { engine, loss } = run('');
    expect(engine).toBe('wasm');
    expect(loss).toBeLessThan(0.02);
  });
});

describe.skipIf(built)('the published package', () => {
  test.skip('needs a build (npm run build)', () => {});
});
