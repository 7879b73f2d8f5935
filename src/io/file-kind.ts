/** A format that a file may have instead of the expected one. */
interface Kind {
  /** Completes "is …, not …". */
  readonly name: string;
  /** What to do about it. */
  readonly hint?: string;
  /** Whether a file that begins with these bytes is of this kind. */
  matches(start: Uint8Array, text: string): boolean;
}

/** Bytes at the start of a file that identify its kind. */
export const KIND_BYTES = 512;

const begins =
  (prefix: string, at = 0) =>
  (_start: Uint8Array, text: string): boolean =>
    text.startsWith(prefix, at);

const anyOf =
  (...prefixes: readonly string[]) =>
  (_start: Uint8Array, text: string): boolean =>
    prefixes.some((prefix) => text.startsWith(prefix));

/** A kind whose magic number is text: binary bytes must follow, or it's just the beginning of a table. */
const binary =
  (matches: Kind['matches']): Kind['matches'] =>
  (start, text) =>
    matches(start, text) && start.some((byte) => byte < 9);

const isPickle = (start: Uint8Array): boolean => start[0] === 0x80 && start[1]! >= 2 && start[1]! <= 5;

/** The header's length in 8 bytes, then JSON. */
const isSafetensors = (start: Uint8Array, text: string): boolean =>
  start.length > 9 &&
  start[4] === 0 &&
  start[5] === 0 &&
  start[6] === 0 &&
  start[7] === 0 &&
  /^\{\s*["}]/.test(text.slice(8));

/** Field 1 (the version), then field 2 (the producer) as a short text. */
const isOnnx = (start: Uint8Array, text: string): boolean =>
  start[0] === 0x08 &&
  start[1]! < 0x20 &&
  start[2] === 0x12 &&
  /^[\w.-]*$/.test(text.slice(4, 4 + start[3]!));

const web = 'the address leads to a web page; download the file itself';

/** From most to least certain. */
const kinds: readonly Kind[] = [
  {
    name: 'a Git LFS pointer',
    hint: 'it only names the file; fetch it with git lfs pull',
    matches: begins('version https://git-lfs.github.com/spec/'),
  },
  {
    name: 'a web page (HTML)',
    hint: web,
    matches: (_start, text) =>
      /^(\xef\xbb\xbf)?\s*(<!--[\s\S]*?-->\s*)?<(!doctype\s+html|html|head|body)\b/i.test(text),
  },
  {
    name: 'XML',
    hint: web,
    matches: (_start, text) => /^(\xef\xbb\xbf)?\s*<(\?xml|Error>)/.test(text) && !text.includes('<svg'),
  },
  {
    name: 'a drawing (SVG)',
    matches: (_start, text) => /^(\xef\xbb\xbf)?\s*<[\s\S]*<svg\b|^\s*<svg\b/.test(text),
  },
  { name: 'a .npy file', hint: 'read it with io.loadNpy', matches: begins('\x93NUMPY') },
  {
    name: 'an Excel, Word, or PowerPoint file',
    hint: 'save it as CSV',
    matches: (_start, text) => text.startsWith('PK\x03\x04') && text.startsWith('[Content_Types].xml', 30),
  },
  {
    name: 'a PyTorch file (.pt)',
    hint: 'read it with io.loadTorch',
    matches: (_start, text) => text.startsWith('PK\x03\x04') && /^[^/]*\/data\.pkl/.test(text.slice(30)),
  },
  {
    name: 'a NumPy archive (.npz)',
    hint: 'read it with io.loadNpz',
    matches: (_start, text) => text.startsWith('PK\x03\x04') && /^[^\0]{1,100}\.npy/.test(text.slice(30)),
  },
  { name: 'a zip archive', hint: 'unpack it', matches: anyOf('PK\x03\x04', 'PK\x05\x06') },
  { name: 'compressed with gzip', hint: 'unpack it with gunzip', matches: begins('\x1f\x8b\x08') },
  {
    name: 'compressed with bzip2',
    hint: 'unpack it',
    matches: (_start, text) => /^BZh[1-9]1AY&SY/.test(text),
  },
  { name: 'compressed with xz', hint: 'unpack it', matches: begins('\xfd7zXZ\0') },
  { name: 'compressed with zstd', hint: 'unpack it', matches: begins('\x28\xb5\x2f\xfd') },
  { name: 'a 7z archive', hint: 'unpack it', matches: begins("7z\xbc\xaf'\x1c") },
  { name: 'a RAR archive', hint: 'unpack it', matches: begins('Rar!\x1a\x07') },
  { name: 'a tar archive', hint: 'unpack it', matches: begins('ustar', 257) },
  { name: 'a PNG image', hint: 'read it with vision.readImage', matches: begins('\x89PNG\r\n\x1a\n') },
  { name: 'a JPEG image', hint: 'read it with vision.readImage', matches: begins('\xff\xd8\xff') },
  { name: 'a GIF image', hint: 'read it with vision.readImage', matches: binary(anyOf('GIF87a', 'GIF89a')) },
  { name: 'a TIFF image', hint: 'read it with vision.readImage', matches: anyOf('II*\0', 'MM\0*') },
  {
    name: 'a WebP image',
    hint: 'read it with vision.readImage',
    matches: (_start, text) => text.startsWith('RIFF') && text.startsWith('WEBP', 8),
  },
  {
    name: 'a WAV sound file',
    matches: (_start, text) => text.startsWith('RIFF') && text.startsWith('WAVE', 8),
  },
  {
    name: 'a Netpbm image',
    hint: 'read it with vision.readImage',
    matches: (_start, text) => /^P[456]\s+(#.*\n)?\d+\s+\d+\s/.test(text),
  },
  {
    name: 'a BMP image',
    hint: 'read it with vision.readImage',
    matches: (start, text) =>
      text.startsWith('BM') && [12, 40, 52, 56, 64, 108, 124].includes(start[14]!) && start[15] === 0,
  },
  { name: 'a PDF document', matches: begins('%PDF-') },
  {
    name: 'an HDF5 file (Keras, PyTables)',
    hint: 'save its arrays as .npz',
    matches: begins('\x89HDF\r\n\x1a\n'),
  },
  { name: 'a MATLAB file', hint: 'save its arrays as .npz', matches: begins('MATLAB 5.0 MAT-file') },
  { name: 'a Parquet file', hint: 'save it as CSV', matches: binary(begins('PAR1')) },
  { name: 'an Arrow or Feather file', hint: 'save it as CSV', matches: binary(anyOf('ARROW1', 'FEA1')) },
  { name: 'a SQLite database', hint: 'save the table as CSV', matches: begins('SQLite format 3\0') },
  { name: 'a GGUF model', hint: "use the model's safetensors file", matches: binary(begins('GGUF')) },
  { name: 'a TensorFlow Lite model', hint: 'save its weights as .npz', matches: binary(begins('TFL3', 4)) },
  { name: 'a program', matches: anyOf('\x7fELF', 'MZ\x90\0') },
  { name: 'a safetensors file', hint: 'read it with io.loadSafetensors', matches: isSafetensors },
  { name: 'a Python pickle', hint: 'if PyTorch wrote it, read it with io.loadTorch', matches: isPickle },
  { name: 'an ONNX model', hint: 'save its weights as safetensors', matches: isOnnx },
];

function isText(start: Uint8Array): boolean {
  try {
    // Decoded as a stream, because the last character may be cut off.
    new TextDecoder('utf-8', { fatal: true }).decode(start, { stream: true });
  } catch {
    return false;
  }
  return start.length > 0 && !start.some((byte) => byte < 9 || (byte > 13 && byte < 32));
}

/**
 * Why a file isn't the expected one, if its first bytes show what it is instead.
 *
 * @param start the first bytes, up to 512
 * @param expected completes "is a PNG image, not …"
 * @param mayBeText whether text is what the reader expects (default false)
 */
export function otherKind(start: Uint8Array, expected: string, mayBeText = false): string | undefined {
  const text = String.fromCharCode(...start.subarray(0, KIND_BYTES));
  const kind = kinds.find(({ matches }) => matches(start, text));
  const isMeant = kind?.name === expected || (kind?.name.endsWith('image') && expected === 'an image');
  if (kind && !isMeant)
    return `is ${kind.name}, not ${expected}${kind.hint === undefined ? '' : `; ${kind.hint}`}`;
  if (kind || mayBeText || !isText(start)) return undefined;
  const line = text.trimStart().split(/[\r\n]/)[0]!;
  return `is text that begins ${JSON.stringify(line.slice(0, 40))}, not ${expected}`;
}
