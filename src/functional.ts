import './ops/index.js';

export { type ConvOptions, conv1d, conv2d, conv3d } from './ops/conv.js';
export {
  type ConvTransposeOptions,
  convTranspose1d,
  convTranspose2d,
  convTranspose3d,
} from './ops/conv-transpose.js';
export { type PadMode, type PadOptions, pad } from './ops/pad.js';
