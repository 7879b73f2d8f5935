export { writeFileAtomic } from './atomic.js';
export { loadNpy, loadNpz, saveNpy, saveNpz } from './npy-file.js';
export * from './portable.js';
export { loadSafetensors, openSafetensors, saveSafetensors } from './safetensors-file.js';
export { loadTorch, saveTorch } from './torch/torch-file.js';
