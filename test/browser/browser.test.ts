import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { chromium } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import type { EngineInfo } from '../../src/index.js';
import { serve } from './serve.js';

interface Report {
  readonly info: EngineInfo;
  readonly loss: number;
  readonly outputs: readonly number[];
  readonly product: number;
}

const pathOf = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

/** The script as a page would get it from a bundler: the browser's platform, no modules of Node. */
async function bundle(): Promise<{ script: string; inputs: readonly string[] }> {
  const { outputFiles, metafile } = await build({
    entryPoints: [pathOf('xor.ts')],
    bundle: true,
    format: 'esm',
    target: 'es2022',
    platform: 'browser',
    alias: { '#host': pathOf('../../src/host/browser/index.ts') },
    metafile: true,
    write: false,
    logLevel: 'silent',
  });
  return { script: outputFiles[0]!.text, inputs: Object.keys(metafile.inputs) };
}

const executablePath = process.env.MYELIN_CHROMIUM ?? '/usr/bin/chromium';
const quiet = ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'];
const quieter = ['--disable-component-update', '--disable-sync', '--no-default-browser-check'];

async function runInChromium(script: string, isolated: boolean): Promise<Report> {
  const page = await serve(script, isolated);
  const browser = await chromium.launch({ executablePath, args: [...quiet, ...quieter] });
  try {
    const tab = await browser.newPage();
    const failed = new Promise<never>((_, reject) => tab.once('pageerror', reject));
    await tab.goto(page.url);
    const done = tab.waitForFunction(() => (window as unknown as { report?: Report }).report);
    const report = await (await Promise.race([done, failed])).jsonValue();
    return report!;
  } finally {
    await browser.close();
    await page.close();
  }
}

describe('in a browser', () => {
  test('the core bundles without modules of Node', async () => {
    const { script, inputs } = await bundle();
    expect(inputs.filter((input) => /-node\.ts$|platform\/node\.ts$/.test(input))).toEqual([]);
    expect(script).not.toMatch(/['"]node:/);
  });

  test.runIf(existsSync(executablePath))(
    'XOR trains in Chromium, with threads where the page is isolated',
    async () => {
      const { script } = await bundle();
      const plain = await runInChromium(script, false);
      const isolated = await runInChromium(script, true);
      for (const { info, loss, outputs } of [plain, isolated]) {
        expect(info.name).toBe('wasm');
        expect(loss).toBeLessThan(0.02);
        expect(outputs.map(Math.round)).toEqual([0, 1, 1, 0]);
      }
      expect(plain.info.threads).toBe(1);
      expect(isolated.info.threads).toBe(availableParallelism());
      expect(isolated.product).toBe(plain.product);
      expect(isolated.loss).toBe(plain.loss);
    },
  );
});
