// Makes the tarballs that are published, in packages/ or the folder that you name: Myelin itself, and for each addon in
// prebuilds/ a package that npm installs only on that platform. Only the tarball depends on those: a checkout must
// install before they exist.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { transformSync } from 'esbuild';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const output = path.resolve(process.argv[2] ?? path.join(root, 'packages'));
const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
const { version, license, engines } = manifest;

/** @param {string} name a folder of prebuilds/, such as linux-x64 or linux-x64-musl */
function platformManifest(name) {
  const [os, cpu, libc = 'glibc'] = name.split('-');
  return {
    name: `@myelin/${name}`,
    version,
    description: `Myelin's native kernels for ${name}`,
    license,
    engines,
    os: [os],
    cpu: [cpu],
    ...(os === 'linux' && { libc: [libc] }),
    main: 'myelin.node',
  };
}

/** The manifest of the published package, without what only a checkout needs. */
function mainManifest(platforms) {
  const {
    private: _private,
    scripts,
    devDependencies: _tools,
    allowScripts: _installs,
    files,
    ...rest
  } = manifest;
  return {
    ...rest,
    // For platforms without a package: npm explore myelin -- npm run build:native
    scripts: { 'build:native': scripts['build:native'] },
    files: files.filter((entry) => entry !== 'prebuilds'),
    optionalDependencies: Object.fromEntries(platforms.map((name) => [`@myelin/${name}`, version])),
  };
}

/** Drops comments from the JavaScript in a folder, but not from what Myelin carries of others: editors read .d.ts. */
function dropComments(folder) {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  for (const file of files.filter((name) => name.endsWith('.js') && !name.startsWith('third-party'))) {
    const target = path.join(folder, file);
    const { code } = transformSync(readFileSync(target, 'utf8'), { format: 'esm', charset: 'utf8' });
    writeFileSync(target, code);
  }
}

/** Packs a folder with this manifest and these files, by where they lie; returns the tarball. */
function pack(name, packed, files) {
  const folder = path.join(output, name);
  mkdirSync(folder);
  writeFileSync(path.join(folder, 'package.json'), `${JSON.stringify(packed, null, 2)}\n`);
  for (const [target, source] of Object.entries({ ...files, LICENSE: 'LICENSE' }))
    cpSync(path.join(root, source), path.join(folder, target), { recursive: true });
  if (files.dist) dropComments(path.join(folder, 'dist'));
  const [{ filename }] = JSON.parse(
    execFileSync('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', output], {
      cwd: folder,
      encoding: 'utf8',
    }),
  );
  rmSync(folder, { recursive: true });
  return path.join(output, filename.replace('@', '').replace('/', '-'));
}

const platforms = readdirSync(path.join(root, 'prebuilds')).sort();
rmSync(output, { recursive: true, force: true });
mkdirSync(output, { recursive: true });
const main = mainManifest(platforms);
const own = [...main.files, 'README.md'].filter((entry) => !entry.startsWith('!'));
const tarballs = [
  ...platforms.map((name) =>
    pack(name, platformManifest(name), { 'myelin.node': `prebuilds/${name}/myelin.node` }),
  ),
  pack('myelin', main, Object.fromEntries(own.map((entry) => [entry, entry]))),
];
for (const file of tarballs)
  console.log(`${path.relative('', file)}  ${(statSync(file).size / 1e6).toFixed(1)} MB`);
