// VitePress's theme without the font that it brings: the reader's own fonts serve.
export { default } from 'vitepress/theme-without-fonts';
