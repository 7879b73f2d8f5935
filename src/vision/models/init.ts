import * as nn from '../../nn/index.js';

/**
 * Initializes networks of convolutions with ReLU: weights from N(0, 2 / fanOut), so gradients keep their size from
 * layer to layer; biases 0; batch norms are left alone. Linear layers stay unless `linearStd` gives the standard
 * deviation of their weights.
 *
 * @source He et al. 2015, arXiv:1502.01852
 */
export function initConvNet(model: nn.Module, { linearStd }: { readonly linearStd?: number } = {}): void {
  for (const module of model.modules()) {
    if (module instanceof nn.Conv2d)
      nn.init.kaimingNormal_(module.weight, { mode: 'fan_out', nonlinearity: 'relu' });
    else if (module instanceof nn.Linear && linearStd !== undefined)
      nn.init.normal_(module.weight, 0, linearStd);
    else continue;
    if (module.bias) nn.init.zeros_(module.bias);
  }
}

/**
 * Initializes VGG and GoogLeNet for small images: weights of convolutions and hidden linear layers from N(0, 2 /
 * fanIn), biases 0, so signals keep their size through layers with ReLU, no matter how many units those have. The last
 * layer is left alone.
 *
 * @source notes 3.10; He et al. 2015, arXiv:1502.01852
 */
export function initForReLU(model: nn.Module): void {
  const layers = [...model.modules()].filter(
    (module) => module instanceof nn.Conv2d || module instanceof nn.Linear,
  );
  for (const { weight, bias } of layers.slice(0, -1)) {
    nn.init.kaimingNormal_(weight, { nonlinearity: 'relu' });
    if (bias) nn.init.zeros_(bias);
  }
}

/**
 * Initializes networks that pool but aren't normalized: weights from N(0, 2 / (fanIn + fanOut)), biases 0. Taking the
 * largest of several pixels makes up for what ReLU takes away from a signal.
 *
 * @source Glorot and Bengio 2010, Understanding the difficulty of training deep feedforward neural networks
 */
export function initXavier(model: nn.Module): void {
  for (const module of model.modules())
    if (module instanceof nn.Conv2d || module instanceof nn.Linear) {
      nn.init.xavierNormal_(module.weight);
      if (module.bias) nn.init.zeros_(module.bias);
    }
}
