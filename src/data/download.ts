import type { FindOptions, RemoteFile } from './remote.js';

/** Longest wait for a server's response, and for its next bytes, in milliseconds. */
const PATIENCE = 15_000;

/** Downloads a file from the first mirror that has it, complete and unchanged. */
export async function download(
  mirrors: readonly string[],
  file: RemoteFile,
  onDownload: FindOptions['onDownload'],
): Promise<Uint8Array> {
  const reasons: string[] = [];
  for (const mirror of mirrors) {
    const url = mirror + file.name;
    try {
      onDownload?.(url, file.bytes);
      return await fetchFile(url, file);
    } catch (cause) {
      reasons.push(`${new URL(url).host}: ${cause instanceof Error ? describe(cause) : String(cause)}`);
    }
  }
  throw new Error(`${file.name} couldn't be downloaded (${reasons.join('; ')})`);
}

/** `fetch` hides the reason for a failure in the error's cause. */
const describe = (error: Error): string =>
  error.cause instanceof Error && error.cause.message ? error.cause.message : error.message;

async function fetchFile(url: string, file: RemoteFile): Promise<Uint8Array> {
  const abort = new AbortController();
  const wait = (): ReturnType<typeof setTimeout> =>
    setTimeout(() => abort.abort(new Error(`no response for ${PATIENCE / 1000} s`)), PATIENCE);
  let timer = wait();
  try {
    const response = await fetch(url, { signal: abort.signal });
    if (!response.ok || !response.body) throw new Error(`status ${response.status}`);
    const bytes = new Uint8Array(file.bytes);
    let length = 0;
    const reader = response.body.getReader();
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
      const chunk = piece.value;
      clearTimeout(timer);
      timer = wait();
      if (length + chunk.length > bytes.length) throw new Error(`more than the expected ${file.bytes} bytes`);
      bytes.set(chunk, length);
      length += chunk.length;
    }
    if (length < file.bytes) throw new Error(`${length} bytes instead of ${file.bytes}`);
    if ((await sha256(bytes)) !== file.sha256)
      throw new Error("the content doesn't have the expected checksum");
    return bytes;
  } finally {
    clearTimeout(timer);
    abort.abort();
  }
}

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
