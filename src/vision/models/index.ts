/** `vision.models`: torchvision's names as functions, with weights from files. */
import { loadSafetensors, loadTorch } from '../../io/index.js';
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
} = torchvisionModels((path) => (/\.safetensors$/i.test(path) ? loadSafetensors(path) : loadTorch(path)));
