/** Entry `myelin/vision`: images from files and networks for them. */

export { type DrawnShapesOptions, drawnShapes } from '../data/drawn/drawn-shapes.js';
export { CIFAR10, type CIFAR10Options, CIFAR100, type CIFAR100LoadOptions } from '../data/images/cifar.js';
export { FashionMNIST } from '../data/images/fashion-mnist.js';
export { ImageDataset, type ImageDatasetOptions, type ImageTransform } from '../data/images/image-dataset.js';
export type { LoadOptions } from '../data/images/load-options.js';
export { MNIST } from '../data/images/mnist.js';
export { ImageFolder, type ImageFolderOptions, type ImageSample } from './image-folder.js';
export type { ImageMode } from './images/channels.js';
export { type DecodeImageOptions, decodeImage, type ReadImageOptions, readImage } from './images/read.js';
export { encodeImage, type ImageFormat, type WriteImageOptions, writeImage } from './images/write.js';
export {
  type ActivationMaximizationOptions,
  activationMaximization,
} from './inspect/activation-maximization.js';
export { type FeatureMapsOptions, featureMaps } from './inspect/feature-maps.js';
export { type FiltersOptions, filters } from './inspect/filters.js';
export { type GradCamOptions, gradCam } from './inspect/grad-cam.js';
export { type OcclusionOptions, occlusion } from './inspect/occlusion.js';
export { type InspectionOptions, inspection } from './inspect/picture.js';
export { saliency } from './inspect/saliency.js';
export { type SmoothGradOptions, smoothGrad } from './inspect/smooth-grad.js';
export type { TargetOptions } from './inspect/target.js';
export { AlexNet, type AlexNetOptions } from './models/alexnet.js';
export { CifarResNet, type CifarResNetOptions } from './models/cifar-resnet.js';
export type { Classifier } from './models/classifier.js';
export {
  GoogLeNet,
  type GoogLeNetOptions,
  type GoogLeNetOutputs,
  googLeNetLoss,
  Inception,
} from './models/googlenet.js';
export { LargeNet } from './models/large-net.js';
export { LeNet5 } from './models/lenet5.js';
export { NetworkInNetwork, type NetworkInNetworkOptions } from './models/network-in-network.js';
export { ResNet, type ResNetDepth, type ResNetOptions } from './models/resnet.js';
export * as models from './models/torchvision.js';
export { VGG, type VGGDepth, type VGGOptions } from './models/vgg.js';
export {
  type ConvSizeOptions,
  type ConvTransposeSizeOptions,
  convOutputSize,
  convTransposeOutputSize,
  type PoolSizeOptions,
  poolOutputSize,
} from './sizes.js';
export { embeddings, freezeEncoder, headOf, parameterGroups, replaceHead } from './transfer.js';
export * as transforms from './transforms/index.js';
