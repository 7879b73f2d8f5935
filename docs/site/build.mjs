// Builds the guides and the API reference as one static site, into dist/: npm run docs, in the folder above.
// It installs its own tools here first, so that whoever only uses or develops Myelin doesn't.
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const root = join(here, '../..');
const content = join(here, 'content');

const run = (program, ...args) => execFileSync(program, args, { cwd: here, stdio: 'inherit' });

function install() {
  const mark = join(here, 'node_modules/.package-lock.json');
  if (existsSync(mark) && statSync(mark).mtimeMs >= statSync(join(here, 'package-lock.json')).mtimeMs) return;
  console.log('installing TypeDoc and VitePress');
  run('npm', 'ci', '--no-audit', '--no-fund');
}

/** Links of a document, as the site has its targets; what only the repository has stays as text. */
const onSite = (text, from) =>
  text.replace(/\[([^\]]*)\]\(([^)\s]+)\)/g, (link, label, target) => {
    if (/^(https?:|#)/.test(target)) return link;
    const path = join(from, target);
    if (/^docs\/[^/]+\.md/.test(path)) return `[${label}](/guides/${path.slice('docs/'.length)})`;
    if (/^examples\/.+\.ts$/.test(path))
      return `[${label}](/examples/${path.slice('examples/'.length, -3)}.md)`;
    return label;
  });

function write(path, text) {
  mkdirSync(join(content, path, '..'), { recursive: true });
  writeFileSync(join(content, path), text);
}

function guides() {
  rmSync(content, { recursive: true, force: true });
  write('index.md', onSite(readFileSync(join(root, 'README.md'), 'utf8'), ''));
  for (const file of readdirSync(join(root, 'docs')))
    if (file.endsWith('.md'))
      write(`guides/${file}`, onSite(readFileSync(join(root, 'docs', file), 'utf8'), 'docs'));
  for (const file of readdirSync(join(root, 'examples'))) {
    const name = file.replace(/\.ts$/, '');
    const code = readFileSync(join(root, 'examples', file), 'utf8');
    write(`examples/${name}.md`, `# examples/${file}\n\n\`\`\`ts\n${code}\`\`\`\n`);
  }
}

/** The sources of what the package exports. */
function entryPoints() {
  const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return Object.values(exports)
    .filter(({ types }) => types)
    .map(({ types }) => join(root, types.replace('./dist', 'src').replace(/\.d\.ts$/, '.ts')));
}

/** Changes every file of the API reference, and their names. */
function eachPage(change) {
  const api = join(content, 'api');
  for (const file of readdirSync(api, { recursive: true })) {
    const path = join(api, file);
    if (statSync(path).isFile()) change(path, readFileSync(path, 'utf8'));
  }
}

/** VitePress takes any Index.md for the index of its folder, so the page of the type `Index` gets another name. */
function renameIndex() {
  eachPage((path, text) => {
    const renamed = text.replaceAll('type-aliases/Index.md', 'type-aliases/IndexType.md');
    if (renamed !== text) writeFileSync(path, renamed);
    if (path.endsWith('type-aliases/Index.md')) renameSync(path, path.replace('Index.md', 'IndexType.md'));
  });
}

install();
guides();
const bin = join(here, 'node_modules/.bin');
run(join(bin, 'typedoc'), '--options', 'typedoc.json', ...entryPoints());
renameIndex();
run(join(bin, 'vitepress'), 'build', '.');
console.log(`the site is in ${join('docs', 'site', 'dist')}`);
