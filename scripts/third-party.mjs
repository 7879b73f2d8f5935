// What Myelin carries of other projects, so that nobody has to install all of them: Vega, bundled over dist/viz/vega.js,
// and two faces of DejaVu Sans in fonts/. Their licenses lie beside them.
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

/** Makes dist/viz/vega.js one file with all that it needs. */
async function bundleVega() {
  const { metafile } = await build({
    entryPoints: ['src/viz/vega.ts'],
    outfile: 'dist/viz/vega.js',
    bundle: true,
    format: 'esm',
    platform: 'neutral', // one file for Node and browsers
    mainFields: ['module', 'main'],
    target: 'es2022',
    minify: true,
    legalComments: 'none',
    metafile: true,
    absWorkingDir: root,
  });
  const folders = Object.keys(metafile.inputs)
    .filter((input) => input.includes('node_modules/'))
    .map((input) => packageOf(path.join(root, input)));
  const texts = [...new Set(folders)].map(licenseOf).sort();
  writeFileSync(path.join(root, 'dist', 'viz', 'vega.licenses.txt'), texts.join(`\n${'-'.repeat(80)}\n\n`));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  carryFonts();
  await bundleVega();
}
