export type { Lengths } from './lengths.js';
export { PackedSequence } from './packed-sequence.js';
export {
  type PackOptions,
  type PadPackedOptions,
  packPaddedSequence,
  packSequence,
  padPackedSequence,
  unpackSequence,
} from './packing.js';
export { type PadOptions, padSequence, unpadSequence } from './padding.js';
