// The vision room as far as it runs in a browser too.

export { type DrawnShapesOptions, drawnShapes } from './datasets/drawn-shapes.js';
export { ImageDataset, type ImageDatasetOptions, type ImageTransform } from './datasets/image-dataset.js';
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
export * as models from './models/portable.js';
export { ResNet, type ResNetDepth, type ResNetOptions } from './models/resnet.js';
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
