import { requireFiles } from '../host/require.js';

/**
 * Writes a file so that readers see either the old content or the new, never a partial file: the bytes go
 * to a temporary file beside it, are flushed to disk, and are renamed into place. If anything fails (a full
 * disk, say), the temporary file is removed and the old content stays. Links are followed, and the
 * old file's permissions are kept. Pipes and devices are written to directly.
 *
 * @param content text, bytes, or chunks of bytes that are pulled one by one
 * @throws FileError also if the old file is write-protected
 */
export const writeFileAtomic = (path: string, content: string | Uint8Array | Iterable<Uint8Array>): void =>
  requireFiles('writeFileAtomic', 'offer new Blob([content]) as a download').write(path, content);
