/** Entry `myelin/vision`: images from files and networks for them. */
export { CIFAR10, type CIFAR10Options, CIFAR100, type CIFAR100LoadOptions } from './datasets/cifar.js';
export { FashionMNIST } from './datasets/fashion-mnist.js';
export { ImageFolder, type ImageFolderOptions, type ImageSample } from './datasets/image-folder.js';
export type { LoadOptions } from './datasets/load-options.js';
export { MNIST } from './datasets/mnist.js';
export type { ImageMode } from './images/channels.js';
export { type DecodeImageOptions, decodeImage, type ReadImageOptions, readImage } from './images/read.js';
export { encodeImage, type ImageFormat, type WriteImageOptions, writeImage } from './images/write.js';
export * as models from './models/index.js';
export * from './portable.js';
