// Newton's method for a minimum, with first and second derivatives from autograd.
import { grad, noGrad, tensor } from 'myelin';

const x = tensor(2.5).requiresGrad_();

for (let step = 0; step < 8; step++) {
  const y = x.pow(4).sub(x.pow(2).mul(3)).add(x); // x⁴ − 3x² + x
  const [slope] = grad([y], [x], { createGraph: true });
  const [curvature] = grad([slope!], [x]);
  noGrad(() => x.sub_(slope!.div(curvature!)));
  console.log(`step ${step}: x = ${await x.item()}`);
}

export const minimum = await x.item();
