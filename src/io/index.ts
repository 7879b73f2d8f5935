export { writeFileAtomic } from './atomic.js';
export { parseNpy, type SaveNpyOptions, serializeNpy } from './npy.js';
export { loadNpy, loadNpz, saveNpy, saveNpz } from './npy-file.js';
export { parseNpz, type SaveNpzOptions, serializeNpz } from './npz.js';
export {
  parseSafetensors,
  type Safetensors,
  type SerializeOptions,
  serializeSafetensors,
} from './safetensors.js';
export { loadSafetensors, openSafetensors, saveSafetensors } from './safetensors-file.js';
export type { StoredDType } from './stored.js';
export { type LoadTorchOptions, loadTorchBytes } from './torch/load.js';
export type { TorchValue } from './torch/python-object.js';
export { PythonObject } from './torch/python-object.js';
export { serializeTorch } from './torch/save.js';
export { loadTorch, saveTorch } from './torch/torch-file.js';
