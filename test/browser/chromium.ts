import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build, type Metafile } from 'esbuild';
import { chromium } from 'playwright-core';
import { type PageOptions, serve } from './serve.js';

const pathOf = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Scripts as a page would get them from a bundler: the browser's platform, no modules of Node. */
export async function bundleAll(scripts: readonly string[]): Promise<{
  scripts: Readonly<Record<string, string>>;
  inputs: readonly string[];
  outputs: Metafile['outputs'];
}> {
  const { outputFiles, metafile } = await build({
    entryPoints: scripts.map(pathOf),
    bundle: true,
    splitting: scripts.length > 1,
    outdir: pathOf('out'),
    format: 'esm',
    target: 'es2022',
    platform: 'browser',
    alias: { '#host': pathOf('../../src/host/browser/index.ts') },
    metafile: true,
    write: false,
    logLevel: 'silent',
  });
  return {
    scripts: Object.fromEntries(outputFiles.map(({ path, text }) => [path, text])),
    inputs: Object.keys(metafile.inputs),
    outputs: metafile.outputs,
  };
}

/** One script with all that it imports. */
export async function bundle(script: string): Promise<{ script: string; inputs: readonly string[] }> {
  const { scripts, inputs } = await bundleAll([script]);
  return { script: Object.values(scripts)[0]!, inputs };
}

const executablePath = process.env.MYELIN_CHROMIUM ?? '/usr/bin/chromium';
const quiet = ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'];
const quieter = ['--disable-component-update', '--disable-sync', '--no-default-browser-check'];

/** How tests start Chromium. */
export const launchOptions = { executablePath, args: [...quiet, ...quieter] };

export const hasChromium = existsSync(executablePath);

/** What a script in a page puts on `window` as `report`, within `timeout` milliseconds. */
export async function runInChromium<Report>(
  script: string,
  { timeout = 30_000, ...options }: PageOptions & { readonly timeout?: number },
): Promise<Report> {
  const page = await serve(script, options);
  const browser = await chromium.launch(launchOptions);
  try {
    const tab = await browser.newPage();
    const failed = new Promise<never>((_, reject) => tab.once('pageerror', reject));
    await tab.goto(page.url);
    const done = tab.waitForFunction(() => (window as unknown as { report?: unknown }).report, undefined, {
      timeout,
    });
    return (await (await Promise.race([done, failed])).jsonValue()) as Report;
  } finally {
    await browser.close();
    await page.close();
  }
}
