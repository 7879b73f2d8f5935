/** `vision.transforms`: transforms of images, with torchvision's names. */
export {
  affine,
  type Motion,
  type MoveOptions,
  type Point,
  RandomAffine,
  type RandomAffineOptions,
} from './affine.js';
export type { Range } from './checks.js';
export {
  adjustBrightness,
  adjustContrast,
  adjustSaturation,
  type GrayscaleOptions,
  rgbToGrayscale,
} from './color.js';
export { ColorJitter, type ColorJitterOptions } from './color-jitter.js';
export { Compose } from './compose.js';
export { type Box, CenterCrop, centerCrop, crop } from './crop.js';
export type { Draws } from './draws.js';
export {
  type ElasticOptions,
  ElasticTransform,
  type ElasticTransformOptions,
  elasticTransform,
} from './elastic.js';
export { type Erased, erase, RandomErasing, type RandomErasingOptions } from './erasing.js';
export { horizontalFlip, RandomHorizontalFlip, RandomVerticalFlip, verticalFlip } from './flip.js';
export { GaussianBlur, type GaussianBlurOptions, gaussianBlur } from './gaussian-blur.js';
export { RandomGrayscale } from './grayscale.js';
export { adjustHue } from './hue.js';
export type { PerImage } from './images.js';
export { MixUp, type MixUpOptions } from './mix-up.js';
export { AddNoise, type AddNoiseOptions } from './noise.js';
export { Normalize, normalize } from './normalize.js';
export { type ImagePadOptions, Pad, type Padding, type PaddingMode, pad } from './pad.js';
export { RandomCrop, type RandomCropOptions } from './random-crop.js';
export { RandomResizedCrop, type RandomResizedCropOptions, resizedCrop } from './random-resized-crop.js';
export { type Interpolation, Resize, type ResizeOptions, type ResizeQuality, resize } from './resize.js';
export { RandomRotation, type RotateOptions, rotate } from './rotation.js';
export type { Fill } from './sampling.js';
export { ToTensor, toTensor } from './to-tensor.js';
export { FixedTransform, type ImageSize, Transform, type TransformOptions } from './transform.js';
