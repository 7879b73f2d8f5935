/** How views that are changed in place, and their base, find their new places in the graph. */
import { AutogradError } from '../core/errors.js';
import type { Shape } from '../core/shape.js';
import { copied } from '../tensor/filled.js';
import { empty, onStaleView, type Tensor, view } from '../tensor/tensor.js';
import { type BackwardContext, type Grads, Node } from './node.js';
import { defineOp } from './op.js';

interface Layout {
  readonly shape: Shape;
  readonly strides: Shape;
  readonly offset: number;
}

/** A view, and the tensor whose memory it shows. */
interface Window {
  readonly base: Layout;
  readonly view: Layout;
}

const layoutOf = ({ shape, strides, offset }: Tensor): Layout => ({ shape, strides, offset });

/** A copy of `whole` that lies in memory as the base does, and the part of it that the view shows. */
function laidOut(whole: Tensor, { base, view: shown }: Window): { copy: Tensor; part: Tensor } {
  const span = base.shape.reduce((end, n, axis) => end + (n - 1) * base.strides[axis]!, 1);
  const memory = empty([Math.max(0, span)], whole.dtype, whole.engine);
  const copy = view(memory, base.shape, base.strides, 0);
  whole.engine.copy(copy, whole);
  return { copy, part: view(memory, shown.shape, shown.strides, shown.offset - base.offset) };
}

/** The part of a tensor of the base's shape that the view covers. */
const partOp: (inputs: [Tensor], window: Window) => Tensor = defineOp<[Tensor], Window>({
  name: 'asStrided',
  forward: (_, [whole], window) => copied(laidOut(whole, window).part),
  backward: ({ attrs }, g) => [replaceOp([placeOf(g, attrs), g], attrs)],
});

/** Zeros of the base's shape. */
function placeOf(like: Tensor, { base }: Window): Tensor {
  const zeros = empty(base.shape, like.dtype, like.engine);
  like.engine.fill(zeros, 0);
  return zeros;
}

/** The first with the second, or zeros, where the view is. */
const replaceOp: (inputs: [Tensor, Tensor | null], window: Window) => Tensor = defineOp<
  [Tensor, Tensor | null],
  Window
>({
  name: 'copySlices',
  forward(_, [whole, value], window) {
    const { copy, part } = laidOut(whole, window);
    if (value === null) whole.engine.fill(part, 0);
    else whole.engine.copy(part, value);
    return copy;
  },
  backward: ({ attrs, needs }, g): Grads => [
    needs[0] ? replaceOp([g, null], attrs) : null,
    needs[1] ? partOp([g], attrs) : null,
  ],
});

const asStrided = {
  name: 'asStrided',
  backward: ({ attrs }: BackwardContext<Window>, [g]: Grads): Grads => [
    replaceOp([placeOf(g!, attrs), g!], attrs),
  ],
};

const copySlices = {
  name: 'copySlices',
  backward: ({ attrs, needs }: BackwardContext<Window>, [g]: Grads): Grads => [
    needs[0] ? replaceOp([g!, null], attrs) : null,
    needs[1] ? partOp([g!], attrs) : null,
  ],
};

function setNode<A>(tensor: Tensor, node: Node<A>): void {
  node.outputs = 1;
  tensor.gradFn = node;
  tensor.gradIndex = 0;
}

/** Makes a view a view of what its base is now. @throws AutogradError where code of the user's would be passed by */
function renew(stale: Tensor): void {
  const made = stale.viewVersion;
  stale.viewVersion = stale.storage.version;
  const node = stale.gradFn as Node | null;
  if (node?.definition.showsGradients) {
    stale.viewVersion = made;
    throw new AutogradError(
      node.name,
      `a result of ${node.name} shows memory that was changed in place since\n  hint: clone() the tensor before the change`,
    );
  }
  const base = stale.base!;
  if (!base.requiresGrad) return;
  setNode(stale, new Node(asStrided, { base: layoutOf(base), view: layoutOf(stale) }, [base]));
}

onStaleView(renew);

/** Records that `target`, a view of `base`, was given the value of `result`: the base is another tensor since. */
export function rebase(target: Tensor, base: Tensor, result: Tensor): void {
  const window = { base: layoutOf(base), view: layoutOf(target) };
  setNode(base, new Node(copySlices, window, [base, result]));
  renew(target);
}
