import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitepress';

const read = (path) => readFileSync(fileURLToPath(new URL(path, import.meta.url)), 'utf8');

/** The groups of guides, in the order of the README's index. */
function guides() {
  const index = read('../../../README.md').split('\n## Guides\n')[1].split('\n## ')[0];
  const groups = [];
  for (const line of index.split('\n')) {
    const links = [...line.matchAll(/\[([^\]]+)\]\(docs\/([^)]+)\.md\)/g)];
    if (links.length > 0)
      for (const [, text, name] of links)
        groups.at(-1).items.push({ text: text[0].toUpperCase() + text.slice(1), link: `/guides/${name}` });
    else if (/^[A-Z].*[^.]$/.test(line)) groups.push({ text: line, items: [] });
  }
  return groups;
}

/**
 * A sidebar for each module of the API reference: with all modules in it, a page would be mostly sidebar.
 * TypeDoc's sidebar has `myelin`, and in it the modules `myelin/…` beside the groups of its own.
 */
function apiSidebars() {
  const [core] = JSON.parse(read('../content/api/typedoc-sidebar.json'));
  const isModule = ({ link }) => link !== undefined;
  const modules = [core, ...core.items.filter(isModule)].map(({ text, link, items }) => ({
    text: text === 'myelin' ? text : `myelin/${text}`,
    link,
    groups: items.filter((item) => !isModule(item)),
  }));
  const links = modules.map(({ text, link }) => ({ text, link }));
  const overview = { text: 'API reference', link: '/api/', items: links };
  const sidebars = { '/api/': [overview] };
  for (const { text, link, groups } of modules) sidebars[link] = [{ text, link, items: groups }, overview];
  return sidebars;
}

/** Formulas are text: an underscore begins no emphasis, and braces hold no HTML attributes. */
const markdown = {
  attrs: { disable: true },
  config(md) {
    md.inline.ruler.before('emphasis', 'underscore', (state, silent) => {
      if (state.src[state.pos] !== '_') return false;
      if (!silent) state.pending += '_';
      state.pos++;
      return true;
    });
  },
};

const sidebar = guides();

export default defineConfig({
  srcDir: 'content',
  outDir: 'dist',
  title: 'Myelin',
  description: 'Deep learning for TypeScript at the speed of PyTorch',
  // Only the site's own files: nothing is loaded from elsewhere.
  head: [['link', { rel: 'icon', href: 'data:,' }]],
  metaChunk: true,
  markdown,
  vite: { build: { chunkSizeWarningLimit: 10_000 } },
  themeConfig: {
    nav: [
      { text: 'First steps', link: '/guides/first-steps' },
      { text: 'API', link: '/api/' },
    ],
    outline: [2, 3],
    search: { provider: 'local' },
    sidebar: {
      ...apiSidebars(),
      '/': [{ text: 'Myelin', link: '/' }, ...sidebar, { text: 'API reference', link: '/api/' }],
    },
  },
});
