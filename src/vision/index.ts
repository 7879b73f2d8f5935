/** Entry `myelin/vision`: images from files and networks for them. */
export type { ImageMode } from './images/channels.js';
export { type DecodeImageOptions, decodeImage, type ReadImageOptions, readImage } from './images/read.js';
export { encodeImage, type ImageFormat, type WriteImageOptions, writeImage } from './images/write.js';
export * from './portable.js';
