import { execFileSync, spawnSync } from 'node:child_process';
import {
  existsSync,
  lstatSync,
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
import { lineChart } from '../../src/viz/index.js';
import { buildCommand } from '../cli/command.js';

const root = path.resolve(import.meta.dirname, '../..');
const built = ['dist/index.js', 'wasm/simd.wasm'].every((file) => existsSync(path.join(root, file)));
const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
  exports: Record<string, string | { types: string }>;
  scripts: Record<string, string>;
  peerDependencies: Record<string, string>;
  peerDependenciesMeta: Record<string, { optional: boolean }>;
  devDependencies: Record<string, string>;
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

/** Draws a picture as SVG, and asks for what needs more packages. */
const optional = `
import { writeFileSync } from 'node:fs';
import { zeros } from 'myelin';
import { encodeImage } from 'myelin/vision';
import { loadGpt2 } from 'myelin/text';
import { lineChart, toPng } from 'myelin/viz';

const figure = lineChart([{ name: 'loss', x: [1, 2, 3], y: [3, 2, 1] }], { title: 'Loss' });
writeFileSync('loss.svg', await figure.toSvg());
for (const work of [() => toPng(figure), () => encodeImage(zeros([1, 2, 2]), 'png'), loadGpt2])
  await work().catch(({ name, message }) => console.log(name + ': ' + message));
`;

/** Bytes that a folder occupies on disk, in blocks, as du counts them. */
const occupied = (folder: string): number =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((file) => lstatSync(path.join(folder, file)).blocks * 512)
    .reduce((sum, bytes) => sum + bytes, 0);

const platform = `${process.platform}-${process.arch}`;

describe.runIf(built)('the published package', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'myelin-pack-'));
  const tarballs = path.join(folder, 'tarballs');
  const project = path.join(folder, 'project');
  /** A machine without compilers: only these programs are found. */
  const bin = path.join(folder, 'bin');
  const env = { ...process.env, PATH: bin };
  let installation = '';

  /** Runs a program in the project; the answer is what it prints. */
  const runs = (program: string, args: readonly string[], more: Record<string, string> = {}): string => {
    const { stdout, stderr, status } = spawnSync(program, args, {
      cwd: project,
      env: { ...env, ...more },
      encoding: 'utf8',
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    return stdout;
  };

  beforeAll(() => {
    buildCommand();
    mkdirSync(bin);
    for (const name of ['node', 'npm', 'sh']) {
      const found = execFileSync('/bin/sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).trim();
      symlinkSync(found, path.join(bin, name));
    }
    execFileSync('node', [path.join(root, 'scripts/pack.mjs'), tarballs]);
    mkdirSync(project);
    writeFileSync(
      path.join(project, 'package.json'),
      '{ "name": "second", "private": true, "type": "module" }',
    );
    writeFileSync(path.join(project, 'xor.mjs'), xor);
    const files = readdirSync(tarballs).map((file) => path.join(tarballs, file));
    const options = ['--prefer-offline', '--no-audit', '--no-fund'];
    const { stdout, stderr, status } = spawnSync('npm', ['install', ...options, ...files], {
      cwd: project,
      env,
      encoding: 'utf8',
    });
    expect(status, stderr).toBe(0);
    installation = stdout + stderr;
  }, 120_000);

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('installs without scripts and warnings, in at most 25 packages and 30 MB', () => {
    expect(installation.trim()).toMatch(/^added \d+ packages in \w+$/);
    const lock = JSON.parse(readFileSync(path.join(project, 'node_modules/.package-lock.json'), 'utf8')) as {
      packages: Record<string, { hasInstallScript?: boolean }>;
    };
    expect(Object.values(lock.packages).filter(({ hasInstallScript }) => hasInstallScript)).toEqual([]);
    expect(Object.keys(lock.packages).length).toBeLessThanOrEqual(25);
    expect(occupied(path.join(project, 'node_modules')) / 1e6).toBeLessThanOrEqual(30);
  });

  test('depends on a package for each platform, which only that platform installs', () => {
    const read = (name: string): Record<string, unknown> =>
      JSON.parse(readFileSync(path.join(project, 'node_modules', name, 'package.json'), 'utf8'));
    const { optionalDependencies, dependencies, scripts, private: isPrivate } = read('myelin');
    expect({ dependencies, isPrivate }).toEqual({ dependencies: undefined, isPrivate: undefined });
    expect(Object.keys(scripts as object)).toEqual(['build:native']);
    const { version } = read('myelin');
    for (const name of readdirSync(path.join(root, 'prebuilds')))
      expect(optionalDependencies).toHaveProperty([`@myelin/${name}`], version);
    const [os, cpu] = platform.split('-');
    const libc = os === 'linux' ? ['glibc'] : undefined;
    expect(read(`@myelin/${platform}`)).toMatchObject({
      version,
      os: [os],
      cpu: [cpu],
      ...(libc && { libc }),
    });
  });

  const run = (engine: string): { engine: string; loss: number } =>
    JSON.parse(runs('node', ['xor.mjs'], { MYELIN_ENGINE: engine }));

  test('trains on the WebAssembly engine, without build tools', () => {
    const { engine, loss } = run('wasm');
    expect(engine).toBe('wasm');
    expect(loss).toBeLessThan(0.02);
  });

  test('trains on the native engine of the package for its platform', () => {
    const { engine, loss } = run('');
    expect(engine).toBe('native');
    expect(loss).toBeLessThan(0.02);
  });

  test('every entry can be imported and, by a CommonJS module, required', () => {
    runs('node', ['--input-type=module', '-e', entries.map((name) => `await import('${name}');`).join('\n')]);
    // Node 20.19, 22.12 and newer.
    if ('require_module' in process.features)
      runs('node', ['--input-type=commonjs', '-e', entries.map((name) => `require('${name}');`).join('\n')]);
  });

  test('draws SVG as the sources do; PNG and image files say what to install', async () => {
    const said = runs('node', ['--input-type=module', '-e', optional]);
    expect(said).toBe(
      "MissingPackageError: toPng: @resvg/resvg-wasm, which draws PNG pictures, isn't installed; run: npm install @resvg/resvg-wasm@2\n" +
        "MissingPackageError: encodeImage: sharp, which decodes and encodes images, isn't installed; run: npm install sharp@0.34\n" +
        "MissingPackageError: loadGpt2: gpt-tokenizer, which has GPT-2's tokens, isn't installed; run: npm install gpt-tokenizer@4\n",
    );
    const figure = lineChart([{ name: 'loss', x: [1, 2, 3], y: [3, 2, 1] }], { title: 'Loss' });
    expect(readFileSync(path.join(project, 'loss.svg'), 'utf8')).toBe(await figure.toSvg());
  });

  test('the command trains, and says once that it writes SVG alone', () => {
    const { stderr, status } = spawnSync(
      'node',
      ['node_modules/myelin/dist/cli/main.js', 'train', 'xor', '--out', 'run'],
      { cwd: project, env, encoding: 'utf8' },
    );
    expect({ stderr, status }).toEqual({
      stderr:
        "myelin: saveFigure: @resvg/resvg-wasm, which draws PNG pictures, isn't installed; run: npm install @resvg/resvg-wasm@2\n",
      status: 0,
    });
    const pictures = readdirSync(path.join(project, 'run')).filter((file) => /\.(svg|png)$/.test(file));
    expect(pictures.length).toBeGreaterThan(1);
    expect(pictures.filter((file) => file.endsWith('.png'))).toEqual([]);
  });

  test('the versions in the errors are those that are tested', () => {
    const { peerDependencies, peerDependenciesMeta, devDependencies } = manifest;
    expect(devDependencies['@resvg/resvg-wasm']).toMatch(/^\^2\./);
    expect(devDependencies.sharp).toMatch(/^\^0\.34\./);
    for (const [name, meta] of Object.entries(peerDependenciesMeta))
      expect([name, meta.optional, name in peerDependencies]).toEqual([name, true, true]);
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

  test('bundles for Node without the optional packages', async () => {
    const { errors } = await build({
      stdin: { contents: optional, resolveDir: project },
      bundle: true,
      format: 'esm',
      platform: 'node',
      write: false,
      logLevel: 'silent',
    });
    expect(errors).toEqual([]);
  });

  for (const module of ['nodenext', 'esnext']) {
    test(`types of every entry resolve with lib es2022 and module ${module}`, () => {
      const uses = entries
        .map((name, i) => `import * as entry${i} from '${name}';\nvoid entry${i};`)
        .join('\n');
      const types = "import { tensor, type Tensor } from 'myelin';\nexport const x: Tensor = tensor([1]);\n";
      writeFileSync(path.join(project, 'types.ts'), `${uses}\n${types}`);
      const resolution = module === 'esnext' ? ['--moduleResolution', 'bundler'] : [];
      const options = ['--noEmit', '--strict', '--target', 'es2022', '--lib', 'es2022,dom', '--types', ''];
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

  test('without a package for its platform WebAssembly serves; building one needs a compiler', () => {
    rmSync(path.join(project, 'node_modules/@myelin'), { recursive: true });
    const { engine, loss } = run('');
    expect(engine).toBe('wasm');
    expect(loss).toBeLessThan(0.02);
    const { stdout, stderr, status } = spawnSync('npm', ['run', '--silent', 'build:native'], {
      cwd: path.join(project, 'node_modules/myelin'),
      env,
      encoding: 'utf8',
    });
    expect({ stdout, stderr, status }).toEqual({ stdout: '', stderr: "c++ wasn't found\n", status: 1 });
  });
});

test('the tarball of a checkout carries its addon, and no script that npm runs', () => {
  const [{ files }] = JSON.parse(
    execFileSync('npm', ['pack', '--dry-run', '--ignore-scripts', '--json'], { cwd: root, encoding: 'utf8' }),
  ) as [{ files: { path: string }[] }];
  const addons = readdirSync(path.join(root, 'prebuilds')).map((name) => `prebuilds/${name}/myelin.node`);
  expect(files.map((file) => file.path)).toEqual(expect.arrayContaining(addons));
  for (const event of ['preinstall', 'install', 'postinstall', 'prepare'])
    expect(manifest.scripts).not.toHaveProperty(event);
});

describe.skipIf(built)('the published package', () => {
  test.skip('needs a build (npm run build)', () => {});
});
