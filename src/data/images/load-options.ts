import { defineOptions, flag } from '../../core/options.js';
import { type FindOptions, findSpec } from '../remote.js';
import { type ImageTransform, transformOption } from './image-dataset.js';

/** Which part of a published data set to load, and where to look for it. */
export interface LoadOptions extends FindOptions {
  /** Whether to load the training images instead of the test images (default true). */
  readonly train?: boolean | undefined;
  /** Applied to each image, or to each batch at once (default: none; images are uint8). */
  readonly transform?: ImageTransform | undefined;
}

/** The options of `LoadOptions`. */
export const loadSpec = { train: flag(true), transform: transformOption, ...findSpec };

/** Reads `LoadOptions`. */
export const loadOptions = defineOptions(loadSpec);
