import { ResNet } from '../src/vision/index.js';
import { prepareOnnxResNet } from './resnet-onnx.js';
import { prepareTfjsResNet } from './resnet-tfjs.js';
import { inference } from './vision.js';
import type { Workload } from './workload.js';

const row = 'inference, ResNet-18, batch 1, 3×224×224, WASM';
const ours = () => inference(() => new ResNet(18));

export const wasmInferenceWorkloads: readonly Workload[] = [
  {
    row: `${row}, against onnxruntime-web`,
    name: 'forward, all cores',
    target: 0.8,
    engine: 'wasm',
    ours,
    rival: {
      kind: 'script',
      name: 'onnxruntime-web (npm install --no-save onnxruntime-web, and torchvision, which writes the ONNX file)',
      prepare: prepareOnnxResNet,
    },
  },
  {
    row: `${row}, against TensorFlow.js`,
    name: 'forward, 1 thread',
    target: 1.5,
    engine: 'wasm',
    threads: 1,
    ours,
    rival: {
      kind: 'script',
      name: 'TensorFlow.js (npm install --no-save @tensorflow/tfjs @tensorflow/tfjs-backend-wasm)',
      prepare: prepareTfjsResNet,
    },
  },
];
