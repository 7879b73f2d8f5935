// The io room as far as it runs in a browser too.
export {
  parseSafetensors,
  type Safetensors,
  type SerializeOptions,
  serializeSafetensors,
} from './safetensors.js';
export type { StoredDType } from './stored.js';
