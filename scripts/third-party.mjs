// What Myelin carries of other projects, so that installing it installs nothing else: the modules of src/third-party/, each
// bundled over its file in dist/ with all that it needs, and two faces of DejaVu Sans in fonts/. Licenses lie beside them.
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/** Writes the fonts that PNG pictures are drawn with. */
export function carryFonts() {
  const family = path.dirname(createRequire(import.meta.url).resolve('dejavu-fonts-ttf/package.json'));
  const fonts = path.join(root, 'fonts');
  mkdirSync(fonts, { recursive: true });
  for (const name of ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf'])
    writeFileSync(
      path.join(fonts, `${name}.gz`),
      gzipSync(readFileSync(path.join(family, 'ttf', name)), { level: 9 }),
    );
  copyFileSync(path.join(family, 'LICENSE'), path.join(fonts, 'LICENSE'));
}

/** The folder of the package that a file belongs to. */
function packageOf(file) {
  let folder = path.dirname(file);
  while (!existsSync(path.join(folder, 'package.json'))) folder = path.dirname(folder);
  return folder;
}

/** Name, version and license of a package, as text. */
function licenseOf(folder) {
  const { name, version, license } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  if (!file) throw new Error(`${name} has no file with its license`);
  return `${name} ${version} (${license})\n\n${readFileSync(path.join(folder, file), 'utf8').trim()}\n`;
}

/** Modules that only Node runs; the others run in browsers too. */
const forNode = ['cli-progress', 'commander'];

/** Bundles modules of src/third-party/; returns the files that went in. */
async function bundle(names, options) {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: names.map((name) => `src/third-party/${name}.ts`),
    outdir: 'dist/third-party',
    bundle: true,
    format: 'esm',
    target: 'es2022',
    minify: true,
    legalComments: 'none',
    metafile: true,
    ...options,
  });
  return Object.keys(metafile.inputs);
}

async function carryModules() {
  const names = readdirSync(path.join(root, 'src', 'third-party')).map((file) => path.parse(file).name);
  const inputs = [
    ...(await bundle(
      names.filter((name) => !forNode.includes(name)),
      { platform: 'neutral', mainFields: ['module', 'main'] },
    )),
    ...(await bundle(forNode, {
      platform: 'node',
      // CommonJS modules ask for Node's own.
      banner: {
        js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
      },
    })),
  ];
  const folders = inputs
    .filter((input) => input.includes('node_modules/'))
    .map((input) => packageOf(path.join(root, input)));
  const texts = [...new Set(folders)].map(licenseOf).sort();
  writeFileSync(
    path.join(root, 'dist', 'third-party', 'LICENSES.txt'),
    texts.join(`\n${'-'.repeat(80)}\n\n`),
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  carryFonts();
  await carryModules();
}
