/**
 * Everything that takes options refuses one that it doesn't have, and what isn't an options object. An export with
 * a parameter `options` that is missing from the table fails.
 */
import { expect, test } from 'vitest';
import { MyelinError } from '../../src/core/errors.js';
import * as data from '../../src/data/index.js';
import { type Tensor, tensor, zeros } from '../../src/index.js';
import * as io from '../../src/io/index.js';
import * as metrics from '../../src/metrics/index.js';
import * as nn from '../../src/nn/index.js';
import * as optim from '../../src/optim/index.js';
import * as text from '../../src/text/index.js';
import * as train from '../../src/train/index.js';
import * as vision from '../../src/vision/index.js';
import * as viz from '../../src/viz/index.js';

const corpus = await text.WordCorpus.from([['a']], { minCount: 1 });
const vectors = new text.WordVectors(new text.Vocab(['a']), zeros([1, 1]));

const x = (): Tensor => zeros([2, 2]);
const classes = (): Tensor => tensor([0, 1], { dtype: 'int32' });
const images = (): Tensor => zeros([1, 3, 8, 8]);
const leaf = (): Tensor => zeros([1]).requiresGrad_();
const optimizer = (): optim.SGD => new optim.SGD([leaf()]);
const linear = (): nn.Linear => new nn.Linear(2, 2);
const conv = (): nn.Sequential => new nn.Sequential(new nn.Conv2d(3, 2, 3));
const set = (): data.TensorDataset<[Tensor]> => new data.TensorDataset(x());
const none = (): readonly unknown[] => [];
const one = (): readonly unknown[] => [1];
const two = (): readonly unknown[] => [2, 2];
const convolution = (): readonly unknown[] => [1, 1, 3];
const pair = (): readonly unknown[] => [x(), classes()];
const params = (): readonly unknown[] => [[leaf()]];
const scheduled = (): readonly unknown[] => [optimizer()];
const scheduledBy = (): readonly unknown[] => [optimizer(), 1];
const weight = (): readonly unknown[] => [zeros([2, 2, 3])];

type Before = () => readonly unknown[];
const each = (names: string, args: Before): Record<string, Before> =>
  Object.fromEntries(names.split(' ').map((name) => [name, args]));

/** What comes before the options. */
const entries: readonly [name: string, entry: object, before: Readonly<Record<string, Before>>][] = [
  [
    'nn',
    nn,
    {
      ...each('BatchNorm1d BatchNorm2d BatchNorm3d InstanceNorm1d InstanceNorm2d InstanceNorm3d', one),
      ...each('Conv1d Conv2d Conv3d ConvTranspose1d ConvTranspose2d ConvTranspose3d', convolution),
      ...each('MaxPool1d MaxPool2d MaxPool3d AvgPool1d AvgPool2d AvgPool3d', one),
      ...each('MaxUnpool1d MaxUnpool2d MaxUnpool3d Unfold LayerNorm RMSNorm LocalResponseNorm', one),
      ...each('LPPool1d LPPool2d Fold GroupNorm Linear Embedding EmbeddingBag', two),
      ...each('RReLU PReLU GELU Softplus Hardtanh CosineSimilarity PairwiseDistance', none),
      ...each(
        'MSELoss L1Loss SmoothL1Loss HuberLoss CrossEntropyLoss NLLLoss BCELoss BCEWithLogitsLoss',
        none,
      ),
      ...each('KLDivLoss PoissonNLLLoss HingeEmbeddingLoss GaussianNLLLoss CosineEmbeddingLoss', none),
      ...each('MarginRankingLoss TripletMarginLoss TripletMarginWithDistanceLoss CTCLoss', none),
      ...each('MultiMarginLoss MultiLabelMarginLoss MultiLabelSoftMarginLoss SoftMarginLoss', none),
      ...each('Upsample UpsamplingNearest2d UpsamplingBilinear2d', none),
      Bilinear: () => [2, 2, 2],
      ...each('RNN LSTM GRU', () => [2, 2, 1]),
      ...each('RNNCell LSTMCell GRUCell', two),
      ...each('MultiheadAttention TransformerEncoderLayer TransformerDecoderLayer', two),
      TransformerEncoder: () => [new nn.TransformerEncoderLayer(2, 1), 1],
      TransformerDecoder: () => [new nn.TransformerDecoderLayer(2, 1), 1],
      Transformer: none,
      ...each('BilinearScore MLPScore LearnedPositions sinusoidalPositions', two),
      ...each('RotaryPositions SinusoidalPositions AttentionPooling', () => [2]),
      AdditiveScore: () => [2, 2, 2],
      AdaptiveLogSoftmaxWithLoss: () => [2, 4, [2]],
      buffer: () => [x()],
      fuse: () => [linear(), x()],
      summary: () => [linear(), [1, 2]],
    },
  ],
  [
    'nn.init',
    nn.init,
    {
      ...each('orthogonal_ truncNormal_ xavierUniform_ xavierNormal_ kaimingUniform_ kaimingNormal_', () => [
        x(),
      ]),
      ...each('uniform_ normal_', () => [x(), 0, 1]),
      sparse_: () => [x(), 0.5],
      dirac_: weight,
    },
  ],
  [
    'nn.utils',
    nn.utils,
    {
      ...each('spectralNorm removeSpectralNorm weightNorm removeWeightNorm', () => [linear()]),
      ...each('clipGradNorm_ clipGradNorm', () => [[leaf()], 1]),
    },
  ],
  [
    'optim',
    optim,
    each(
      'Adadelta Adafactor Adagrad Adam AdamW Adamax ASGD LBFGS NAdam RAdam RMSprop Rprop SGD SparseAdam',
      params,
    ),
  ],
  [
    'optim.lrScheduler',
    optim.lrScheduler,
    {
      ...each('ConstantLR LinearLR PolynomialLR ReduceLROnPlateau', scheduled),
      ...each('CosineAnnealingLR CosineAnnealingWarmRestarts OneCycleLR ExponentialLR StepLR', scheduledBy),
      ...each('LambdaLR MultiplicativeLR', () => [optimizer(), () => 1]),
      CyclicLR: () => [optimizer(), 0.1, 1],
      LRScheduler: () => [optimizer(), {}],
      MultiStepLR: () => [optimizer(), [1]],
    },
  ],
  [
    'data',
    data,
    {
      ...each('loadMnist drawnDigits blobs imbalanced noisyPolynomial spirals twoMoons xor', none),
      ...each('MinMaxScaler Standardizer', none),
      ...each('DistributedSampler DataLoader RandomSampler trainValidationTest', () => [set()]),
      ...each('readCsv streamCsv CsvDataset', () => ['none.csv']),
      parseCsv: () => ['a\n1'],
      ...each('findFiles lookFor', () => [data.mnistFiles]),
      SubsetRandomSampler: () => [[0]],
      WeightedRandomSampler: () => [[1], 1],
      randomSplit: () => [set(), [1, 1]],
    },
  ],
  [
    'train',
    train,
    {
      ...each('EarlyStopping search Trainer', none),
      recordRun: () => [{ path: '.' }],
      SummaryWriter: () => ['.'],
      integer: () => [1, 2],
    },
  ],
  [
    'vision',
    vision,
    {
      ...each('drawnShapes AlexNet GoogLeNet NetworkInNetwork', none),
      ...each('CIFAR10 CIFAR100 FashionMNIST MNIST ImageDataset', () => [zeros([1, 1, 2, 2]), [0]]),
      ...each('gradCam occlusion saliency smoothGrad', () => [conv(), images()]),
      ...each('convOutputSize convTransposeOutputSize poolOutputSize', () => [8, 3]),
      ImageFolder: () => ['.'],
      decodeImage: () => [new Uint8Array()],
      readImage: () => ['none.png'],
      encodeImage: () => [zeros([1, 2, 2]), 'png'],
      writeImage: () => ['none/none.png', zeros([1, 2, 2])],
      activationMaximization: () => [conv(), [3, 8, 8], 0],
      featureMaps: () => [conv(), images(), '0'],
      filters: () => [conv()],
      CifarResNet: () => [8],
      ResNet: () => [18],
      VGG: () => [11],
      googLeNetLoss: () => [{ logits: x() }, classes()],
    },
  ],
  [
    'vision.transforms',
    vision.transforms,
    {
      ...each('ColorJitter ElasticTransform RandomErasing', none),
      ...each(
        'Pad RandomCrop RandomResizedCrop Resize RandomAffine RandomRotation GaussianBlur MixUp AddNoise',
        one,
      ),
      ...each('pad resize rotate gaussianBlur', () => [images(), 1]),
      affine: () => [images(), {}],
      elasticTransform: () => [images(), zeros([1, 8, 8, 2])],
      rgbToGrayscale: () => [images()],
    },
  ],
  [
    'text',
    text,
    {
      ...each('readAnalogies readConllu readLines readTokens readWordPairs', () => [new Uint8Array()]),
      ...each('buildVocab Vocab', () => [[]]),
      BpttBatches: () => [[1, 2]],
      BucketBatchSampler: () => [[1]],
      corpusBleu: () => [['a'], ['a']],
      sentenceBleu: () => ['a', 'a'],
      ...each('RecurrentClassifier SumClassifier Tagger TextCnn', () => [new nn.Embedding(3, 2), 2]),
      ConcatClassifier: () => [new nn.Embedding(3, 2), 2, 4],
      ...each('LanguageModel Seq2Seq TextGenerator', two),
      generate: () => [{ step: () => null }, [1]],
      generateAll: () => [{ step: () => null }, [[1]]],
      padBatch: () => [[[1]]],
      Word2Vec: () => [corpus],
      ...each('analogyAccuracy similarityScore wordMap', () => [vectors, []]),
      tokenProbabilities: () => [[1]],
      ...each('madeNames madeReviews madeStory madeTaggedSentences madeTranslations', none),
      ...each('padCollate reversals writtenDates', none),
      readParallel: () => [[new Uint8Array(), new Uint8Array()]],
    },
  ],
  [
    'metrics',
    metrics,
    {
      ...each('Accuracy AveragePrecision BalancedAccuracy ClassificationReport ConfusionMatrix F1', none),
      ...each('MeanAbsoluteError MeanSquaredError Perplexity Precision R2 Recall RocAuc RocCurve', none),
      ...each('accuracy averagePrecision balancedAccuracy classificationReport confusionMatrix f1', pair),
      ...each('precision recall rocAuc rocCurve', pair),
      ...each('meanAbsoluteError meanSquaredError r2', () => [x(), x()]),
      perplexity: pair,
      ...each('kMeans pca', () => [x(), 1]),
      TopK: one,
      topK: () => [x(), classes(), 1],
      precisionRecallCurve: () => [tensor([0.1, 0.9]), tensor([0, 1])],
      tsne: () => [x()],
      trustworthiness: () => [x(), x()],
    },
  ],
  [
    'io',
    io,
    {
      saveNpy: () => ['none/none', x()],
      serializeNpy: () => [x()],
      ...each('saveNpz saveSafetensors', () => ['none/none', { x: x() }]),
      ...each('serializeNpz serializeSafetensors', () => [{ x: x() }]),
      loadTorch: () => ['none'],
      loadTorchBytes: () => [new Uint8Array()],
    },
  ],
  [
    'viz',
    viz,
    {
      ...each('activations barChart histogram lineChart panels parallelCoordinates learningCurves', () => [
        [],
      ]),
      ...each('confusionMatrix heatmap', () => [[[1]]]),
      contour: () => [{ x: [0, 1], y: [0, 1], f: () => 0 }, []],
      decisionBoundary: () => [{ x: [0], y: [0], classes: [0] }, () => x()],
      imageGrid: () => [images()],
      scatter: () => [{ x: [0], y: [0] }],
      weights: () => [linear()],
    },
  ],
];

type Any = (...args: readonly unknown[]) => unknown;
const isClass = (value: Any): boolean => String(value).startsWith('class');

/** The parameters of a function, or of the constructor that a class has or inherits, as the source names them. */
function parametersOf(value: Any): string {
  for (let f: unknown = value; typeof f === 'function'; f = Object.getPrototypeOf(f)) {
    const text = Function.prototype.toString.call(f);
    const found = isClass(f as Any)
      ? /\n\s*constructor\(([^)]*)\)/.exec(text)
      : /^[^(]*\(((?:[^()]|\([^()]*\))*)\)/.exec(text);
    if (found) return found[1]!;
    if (!isClass(f as Any)) return '';
  }
  return '';
}

for (const [entryName, entry, before] of entries) {
  const exported = Object.entries(entry).filter(
    (item): item is [string, Any] => typeof item[1] === 'function',
  );

  test(`${entryName}: the table has everything that takes options`, () => {
    const takers = exported.filter(([, value]) => /\b(options|given)\b/.test(parametersOf(value)));
    expect(takers.map(([name]) => name).filter((name) => !Object.hasOwn(before, name))).toEqual([]);
  });

  test.each(Object.keys(before))(`${entryName}.%s refuses other options`, async (name) => {
    const value =
      Object.getOwnPropertyDescriptor(entry, name)?.value ?? (entry as Record<string, Any>)[name]!;
    const call = async (options: unknown): Promise<string> => {
      try {
        const args = [...before[name]!(), options];
        const made: unknown = isClass(value) ? Reflect.construct(value, args) : (value as Any)(...args);
        if (made !== null && typeof made === 'object' && Symbol.asyncIterator in made && !isClass(value))
          await (made as AsyncGenerator).next();
        else await made;
      } catch (error) {
        if (!(error instanceof MyelinError)) throw error;
        return error.message;
      }
      return 'accepted';
    };
    expect(await call({ noSuchOption: 1 })).toContain("there's no option 'noSuchOption'");
    expect(await call(new Map())).toMatch(/must be an object, got a Map/);
  });
}
