import type { Downloads } from '../host.js';

/** The browser's own cache; pages that are not secure have none. */
const open = async (): Promise<Cache | null> => globalThis.caches?.open('myelin') ?? null;

const address = (name: string): string => new URL(`/myelin-cache/${name}`, globalThis.location.href).href;

export const downloads: Downloads = {
  async read(name) {
    const response = await (await open())?.match(address(name));
    return response === undefined ? null : new Uint8Array(await response.arrayBuffer());
  },
  async keep(name, bytes) {
    await (await open())?.put(address(name), new Response(bytes as Uint8Array<ArrayBuffer>));
  },
};
