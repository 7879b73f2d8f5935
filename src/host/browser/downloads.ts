import type { Downloads } from '../host.js';

const open = (): Promise<Cache> => globalThis.caches.open('myelin');

const address = (name: string): string => new URL(`/myelin-cache/${name}`, globalThis.location.href).href;

/** The browser's own cache, which an insecure page doesn't have. */
export const downloads: Downloads | null =
  globalThis.caches === undefined
    ? null
    : {
        async read(name) {
          const response = await (await open()).match(address(name));
          return response === undefined ? null : new Uint8Array(await response.arrayBuffer());
        },
        async keep(name, bytes) {
          await (await open()).put(address(name), new Response(bytes as Uint8Array<ArrayBuffer>));
        },
      };
