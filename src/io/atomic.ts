import { requireFiles } from '../host/require.js';

/**
 * Writes a file so that whoever looks sees the old content or the new, never a part: the bytes go to
 * a temporary file beside it, reach the disk, and are renamed into place. When anything fails, a full
 * disk above all, the temporary file is removed and the old content stays. A link is followed, and the
 * permissions of the old file stay. Pipes and devices are written to directly.
 *
 * @param content text, bytes, or chunks of bytes that are drawn one by one
 * @throws FileError also if the old file is write-protected
 */
export const writeFileAtomic = (path: string, content: string | Uint8Array | Iterable<Uint8Array>): void =>
  requireFiles('writeFileAtomic', 'offer new Blob([content]) as a download').write(path, content);
