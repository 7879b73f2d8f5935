import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';

const wasm = new URL('../../wasm/', import.meta.url);
const types: Readonly<Record<string, string>> = {
  html: 'text/html',
  js: 'text/javascript',
  wasm: 'application/wasm',
};

export interface PageOptions {
  /** Whether the page is cross-origin isolated, so that it may have threads. */
  readonly isolated: boolean;
  /** Files beside the page, by their paths. */
  readonly files?: Readonly<Record<string, Uint8Array>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Serves a page that runs `script`, the WebAssembly modules and some files, from a free port. */
export async function serve(
  script: string,
  { isolated, files = {}, headers = {} }: PageOptions,
): Promise<{ url: string; close: () => Promise<unknown> }> {
  const isolation = {
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-embedder-policy': 'require-corp',
  };
  const content = (path: string): string | Uint8Array | null => {
    if (path === '/index.html') return '<!doctype html><script type="module" src="/main.js"></script>';
    if (path === '/main.js') return script;
    if (Object.hasOwn(files, path)) return files[path]!;
    const module = /^\/wasm\/([a-z-]+\.wasm)$/.exec(path)?.[1];
    return module === undefined ? null : readFileSync(fileURLToPath(new URL(module, wasm)));
  };
  const server: Server = createServer((request, response) => {
    const body = content(request.url!);
    if (body === null) return void response.writeHead(404).end();
    response
      .writeHead(200, {
        'content-type': types[request.url!.split('.').pop()!] ?? 'application/octet-stream',
        ...(isolated ? isolation : {}),
        ...headers,
      })
      .end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://localhost:${port}/index.html`,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}
