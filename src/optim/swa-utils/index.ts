export { AveragedModel, type AveragedModelOptions } from './averaged-model.js';
export {
  type AvgFn,
  getEmaAvgFn,
  getEmaMultiAvgFn,
  getSwaAvgFn,
  getSwaMultiAvgFn,
  type MultiAvgFn,
} from './averages.js';
export { SWALR, type SWALROptions } from './swalr.js';
export { updateBn } from './update-bn.js';
