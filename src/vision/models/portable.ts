/** `vision.models` in a browser, where nobody reads files by path. */
import { ArgumentError } from '../../core/errors.js';
import { torchvisionModels } from './torchvision.js';

export type { WithWeights } from './torchvision.js';

export const {
  alexnet,
  googlenet,
  resnet18,
  resnet34,
  resnet50,
  resnet101,
  resnet152,
  vgg11,
  vgg11Bn,
  vgg13,
  vgg13Bn,
  vgg16,
  vgg16Bn,
  vgg19,
  vgg19Bn,
} = torchvisionModels((path) => {
  throw new ArgumentError(
    'vision.models',
    `there are no files here, such as '${path}'\n  hint: give the state dict: { weights: io.loadTorchBytes(bytes) }`,
  );
});
