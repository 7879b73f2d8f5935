export { writeFileAtomic } from './atomic.js';
export * from './portable.js';
export { loadSafetensors, openSafetensors, saveSafetensors } from './safetensors-file.js';
