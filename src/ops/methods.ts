// Written by `npm run generate` from the functions that `attach` makes methods. Change those, not this file.

import type { BackwardOptions } from '../autograd/backward.js';
import type { DType } from '../core/dtype.js';
import type { EngineName } from '../core/engine-names.js';
import type { WriteInstead } from '../core/foreign-names.js';
import type { Shape } from '../core/shape.js';
import type { Dims, KeepDimOptions } from './axes.js';
import type { CreationOptions, NestedNumbers, NumberArray } from './creation/creation.js';
import type { ShrinkOptions } from './elementwise/activations.js';
import type { AlphaOptions } from './elementwise/arithmetic.js';
import type { ToleranceOptions } from './elementwise/compare.js';
import type { DivOptions } from './elementwise/division.js';
import type { Bound, ClampOptions, ValueOptions } from './elementwise/ternary.js';
import type { LogitOptions, NanToNumOptions, RoundOptions } from './elementwise/unary.js';
import type { ScatterReduceOptions, ScatterReduction } from './indexing/gather.js';
import type { IndexAddOptions } from './indexing/index-axis.js';
import type { Index, SetAtOptions } from './indexing/indexing.js';
import type { KeepdimOptions, SortOptions, TopkOptions, ValuesAndIndices } from './ordering.js';
import type { AddmmOptions } from './products/linear.js';
import type { Operand } from './promotion.js';
import type { RandomOptions } from './random/draw.js';
import type { MultinomialOptions } from './random/sampling.js';
import type { VarianceOptions } from './reduce/moments.js';
import type { QuantileOptions } from './reduce/quantile.js';
import type { SumOptions } from './reduce/reduce.js';
import type { DiffOptions, DTypeOptions, Extremes } from './reduce/scans.js';
import type { AminmaxOptions, CovOptions, HistcOptions } from './reduce/statistics.js';
import type { BincountOptions, Counts, Inverse, IsinOptions, UniqueOptions } from './search.js';
import type { DiagEmbedOptions, TriangleOptions } from './shape/rearrange.js';
import type { DiagonalOptions } from './shape/slices.js';
import type { FlattenOptions } from './shape/views.js';
import type { SoftmaxOptions } from './softmax.js';

declare module '../tensor/tensor.js' {
  interface Tensor {
    // From autograd/methods.ts.

    /**
     * Adds the gradient of this tensor to `.grad` of every leaf that requires one.
     *
     * @param gradient gradient of this tensor; 1 if it has one element
     */
    backward(gradient?: Tensor | null, options?: BackwardOptions): void;

    /**
     * Calls `hook` with the gradient of this tensor whenever one is computed; what it returns, if anything,
     * replaces it. Returns a function that removes the hook.
     */
    registerHook(hook: Hook): () => void;

    /**
     * Keeps the gradient of a result in `.grad`, as leaves do; several backward passes add up. Nothing happens
     * for leaves.
     */
    retainGrad(): void;

    // From ops/cast.ts.

    /**
     * `x` in another dtype, on another engine, or with another tensor's dtype and engine; `x` itself if nothing
     * changes. Floats become integers by truncation toward zero; everything but 0 is true.
     *
     * @differs a float that int32 can't hold becomes −2³¹ on every processor (in C++ it's undefined)
     * @example
     * x.to('float64');
     * x.to('wasm');
     */
    to(target: DType | EngineName | Tensor): Tensor;

    /** Async `to`, which also works from engines whose results arrive later. */
    toAsync(target: DType | EngineName | Tensor): Promise<Tensor>;

    /** `x.to('float32')`. */
    float(): Tensor;

    /** `x.to('float64')`. */
    double(): Tensor;

    /** `x.to('int32')`. */
    int(): Tensor;

    /** `x.to('uint8')`. */
    byte(): Tensor;

    /** `x.to('bool')`. */
    bool(): Tensor;

    /** `x` in the dtype of `other`. */
    typeAs(other: Tensor): Tensor;

    /** A dense copy of `x`. */
    clone(): Tensor;

    /** `x` itself if its elements are in row-major order without gaps, otherwise a copy whose elements are. */
    contiguous(): Tensor;

    /**
     * Copies `source`, broadcast and converted, into `x`.
     *
     * @throws ShapeError if `source` doesn't broadcast to the shape of x
     */
    copy_(source: Tensor): Tensor;

    /**
     * Sets every element of `x` to `value`, a number or a tensor without axes.
     *
     * @throws DTypeError for a number that x's dtype can't hold
     */
    fill_(value: Operand): Tensor;

    /** Sets every element of `x` to 0. */
    zero_(): Tensor;

    // From ops/creation/new.ts.

    /** Zeros in the dtype of x and on its engine. */
    newZeros(shape: Shape, options?: CreationOptions): Tensor;

    /** Ones in the dtype of x and on its engine. */
    newOnes(shape: Shape, options?: CreationOptions): Tensor;

    /** A tensor filled with one value, in the dtype of x and on its engine. */
    newFull(shape: Shape, value: number | boolean, options?: CreationOptions): Tensor;

    /** A tensor with undefined content, in the dtype of x and on its engine. */
    newEmpty(shape: Shape, options?: CreationOptions): Tensor;

    /** A tensor of `data` in the dtype of x and on its engine. */
    newTensor(data: NestedNumbers | NumberArray, options?: CreationOptions): Tensor;

    // From ops/elementwise/activations.ts.

    /** max(x, 0). */
    relu(): Tensor;

    /** x = relu(x). */
    relu_(): Tensor;

    /** 1 / (1 + e^-x). */
    sigmoid(): Tensor;

    /** x = sigmoid(x). */
    sigmoid_(): Tensor;

    /**
     * x for x > 0, weight · x otherwise, with one learned weight, or one per channel.
     *
     * @shape x (N, C, …), weight (C) or (1) → like x
     * @throws ShapeError if there's more than one weight, but not one for each channel
     */
    prelu(weight: Tensor): Tensor;

    /** 0 within ±lambd, x outside. */
    hardshrink(options?: ShrinkOptions): Tensor;

    // From ops/elementwise/arithmetic.ts.

    /**
     * a + alpha · b. For booleans, a or b.
     *
     * Here a is the tensor itself.
     */
    add(b: Operand, options?: AlphaOptions): Tensor;

    /**
     * a - alpha · b.
     *
     * Here a is the tensor itself.
     *
     * @throws DTypeError for booleans; see logicalXor
     */
    sub(b: Operand, options?: AlphaOptions): Tensor;

    /**
     * b - alpha · a.
     *
     * Here a is the tensor itself.
     */
    rsub(b: Operand, options?: AlphaOptions): Tensor;

    /**
     * a · b. For booleans, a and b.
     *
     * Here a is the tensor itself.
     */
    mul(b: Operand): Tensor;

    /** x += alpha · other. */
    add_(other: Operand, options?: AlphaOptions): Tensor;

    /** x -= alpha · other. */
    sub_(other: Operand, options?: AlphaOptions): Tensor;

    /** x *= other. */
    mul_(other: Operand): Tensor;

    // From ops/elementwise/binary.ts.

    /**
     * The angle of the point (b, a), in (-π, π].
     *
     * Here a is the tensor itself.
     */
    atan2(b: Tensor): Tensor;

    /**
     * √(a² + b²), without overflow.
     *
     * Here a is the tensor itself.
     */
    hypot(b: Tensor): Tensor;

    /**
     * a · log b, and 0 where a = 0.
     *
     * Here a is the tensor itself.
     */
    xlogy(b: Operand): Tensor;

    /**
     * log(e^a + e^b), without overflow.
     *
     * Here a is the tensor itself.
     */
    logaddexp(b: Tensor): Tensor;

    /**
     * log₂(2^a + 2^b), without overflow.
     *
     * Here a is the tensor itself.
     */
    logaddexp2(b: Tensor): Tensor;

    /**
     * |a| with the sign of b.
     *
     * Here a is the tensor itself.
     */
    copysign(b: Operand): Tensor;

    /**
     * 0 where x < 0, `values` where x = 0, 1 where x > 0; its gradient is zero.
     *
     * @param values a tensor of x's dtype, or a number; it gets no gradient
     * @throws DTypeError if the dtypes differ
     * @differs PyTorch has no gradient here, and takes no number
     * @source notes 2.2
     */
    heaviside(values: Tensor | number): Tensor;

    // From ops/elementwise/bitwise.ts.

    /**
     * The bits that are set in both a and b.
     *
     * Here a is the tensor itself.
     */
    bitwiseAnd(b: Operand): Tensor;

    /**
     * The bits that are set in a or b.
     *
     * Here a is the tensor itself.
     */
    bitwiseOr(b: Operand): Tensor;

    /**
     * The bits that are set in exactly one of a and b.
     *
     * Here a is the tensor itself.
     */
    bitwiseXor(b: Operand): Tensor;

    /**
     * a · 2^b; bits that are shifted out are lost.
     *
     * Here a is the tensor itself.
     */
    bitwiseLeftShift(b: Operand): Tensor;

    /**
     * ⌊a / 2^b⌋.
     *
     * Here a is the tensor itself.
     */
    bitwiseRightShift(b: Operand): Tensor;

    /** The bits that aren't set in x; for booleans, not x. */
    bitwiseNot(): Tensor;

    // From ops/elementwise/compare.ts.

    /**
     * a = b, element by element.
     *
     * Here a is the tensor itself.
     */
    eq(b: Operand): Tensor;

    /**
     * a ≠ b.
     *
     * Here a is the tensor itself.
     */
    ne(b: Operand): Tensor;

    /**
     * a < b.
     *
     * Here a is the tensor itself.
     */
    lt(b: Operand): Tensor;

    /**
     * a ≤ b.
     *
     * Here a is the tensor itself.
     */
    le(b: Operand): Tensor;

    /**
     * a > b.
     *
     * Here a is the tensor itself.
     */
    gt(b: Operand): Tensor;

    /**
     * a ≥ b.
     *
     * Here a is the tensor itself.
     */
    ge(b: Operand): Tensor;

    /**
     * a ≠ 0 and b ≠ 0.
     *
     * Here a is the tensor itself.
     */
    logicalAnd(b: Operand): Tensor;

    /**
     * a ≠ 0 or b ≠ 0.
     *
     * Here a is the tensor itself.
     */
    logicalOr(b: Operand): Tensor;

    /**
     * Exactly one of a and b isn't 0.
     *
     * Here a is the tensor itself.
     */
    logicalXor(b: Operand): Tensor;

    /** x = 0. */
    logicalNot(): Tensor;

    /** Whether each element is NaN. bool. */
    isnan(): Tensor;

    /** Whether each element is ∞ or −∞. bool. */
    isinf(): Tensor;

    /** Whether each element is a number other than ±∞ and NaN. bool. */
    isfinite(): Tensor;

    /** Whether each element is ∞. bool. */
    isposinf(): Tensor;

    /** Whether each element is −∞. bool. */
    isneginf(): Tensor;

    /** Whether the sign bit is set, which it also is for -0. */
    signbit(): Tensor;

    /**
     * |a - b| ≤ atol + rtol·|b|; equal infinities are close.
     *
     * Here a is the tensor itself.
     *
     * @throws DTypeError if the dtypes differ
     */
    isclose(b: Tensor, options?: ToleranceOptions): Tensor;

    /**
     * Whether all elements are close; see `isclose`. Returns a promise, which is always truthy: await it, or use
     * `allcloseSync`.
     *
     * Here a is the tensor itself.
     */
    allclose(b: Tensor, options?: ToleranceOptions): Promise<boolean>;

    /**
     * Synchronous `allclose`.
     *
     * Here a is the tensor itself.
     *
     * @throws EngineError on an engine whose results arrive later
     */
    allcloseSync(b: Tensor, options?: ToleranceOptions): boolean;

    /**
     * Whether shape and elements are the same. Returns a promise, which is always truthy: await it, or use
     * `equalSync`.
     *
     * Here a is the tensor itself.
     */
    equal(b: Tensor): Promise<boolean>;

    /**
     * Synchronous `equal`.
     *
     * Here a is the tensor itself.
     *
     * @throws EngineError on an engine whose results arrive later
     */
    equalSync(b: Tensor): boolean;

    /** x = logicalAnd(x, other), in the dtype of x. */
    logicalAnd_(other: Operand): Tensor;

    /** x = logicalOr(x, other), in the dtype of x. */
    logicalOr_(other: Operand): Tensor;

    /** x = logicalNot(x), in the dtype of x. */
    logicalNot_(): Tensor;

    // From ops/elementwise/division.ts.

    /**
     * a / b; for integers, float32 unless it's rounded.
     *
     * Here a is the tensor itself.
     *
     * @throws ArgumentError for integers divided by the number 0, if the quotient is rounded
     * @differs a rounded quotient of an integer and a 0 in a tensor is 0 (PyTorch throws)
     */
    div(b: Operand, options?: DivOptions): Tensor;

    /**
     * ⌊a / b⌋.
     *
     * Here a is the tensor itself.
     *
     * @throws ArgumentError for integers divided by the number 0
     * @differs integers divided by a 0 in a tensor give 0 (PyTorch throws)
     */
    floorDivide(b: Operand): Tensor;

    /**
     * a - b·⌊a/b⌋: the remainder with the sign of b, like Python's `%`.
     *
     * Here a is the tensor itself.
     *
     * @throws ArgumentError for integers divided by the number 0
     * @differs integers divided by a 0 in a tensor stay unchanged (PyTorch throws)
     */
    remainder(b: Operand): Tensor;

    /**
     * The remainder with the sign of a, like C's `fmod`.
     *
     * Here a is the tensor itself.
     *
     * @throws ArgumentError for integers divided by the number 0
     * @differs integers divided by a 0 in a tensor stay unchanged (PyTorch throws)
     */
    fmod(b: Operand): Tensor;

    /** x /= other. */
    div_(other: Operand, options?: DivOptions): Tensor;

    /** x = remainder(x, other). */
    remainder_(other: Operand): Tensor;

    // From ops/elementwise/maximum.ts.

    /**
     * The larger of a and b; NaN if either is. Where they're equal, each gets half of the gradient.
     *
     * Here a is the tensor itself.
     */
    maximum(b: Operand): Tensor;

    /**
     * The smaller of a and b; NaN if either is.
     *
     * Here a is the tensor itself.
     */
    minimum(b: Operand): Tensor;

    /**
     * The larger of a and b; if one is NaN, the other.
     *
     * Here a is the tensor itself.
     */
    fmax(b: Tensor): Tensor;

    /**
     * The smaller of a and b; if one is NaN, the other.
     *
     * Here a is the tensor itself.
     */
    fmin(b: Tensor): Tensor;

    // From ops/elementwise/power.ts.

    /**
     * x^exponent.
     *
     * @throws ArgumentError for integers to the power of a negative whole number
     */
    pow(exponent: Operand): Tensor;

    /** x = x^other. */
    pow_(other: Operand): Tensor;

    // From ops/elementwise/ternary.ts.

    /** condition ? this : other. */
    where(condition: Tensor, other: Operand): Tensor;

    /**
     * x limited to [min, max]; NaN stays, and a NaN limit makes NaN. Where min > max, the result is max. A limit
     * may be a number, a tensor that broadcasts, or null. The gradient is 1 within the limits and at them.
     *
     * @throws ArgumentError without a limit
     */
    clamp(min?: Bound | ClampOptions, max?: Bound): Tensor;

    /** Another name for `clamp`. */
    clip(min?: Bound | ClampOptions, max?: Bound): Tensor;

    /** `clamp` with only a lower limit. */
    clampMin(min: Tensor | number): Tensor;

    /** `clamp` with only an upper limit. */
    clampMax(max: Tensor | number): Tensor;

    /** x = clamp(x, min, max). */
    clamp_(min?: Bound | ClampOptions, max?: Bound): Tensor;

    /**
     * a + weight · (b - a), exact at both ends.
     *
     * Here a is the tensor itself.
     */
    lerp(b: Tensor, weight: Tensor | number): Tensor;

    /** x + value · a · b. */
    addcmul(a: Tensor, b: Tensor, options?: ValueOptions): Tensor;

    /** x + value · a / b. */
    addcdiv(a: Tensor, b: Tensor, options?: ValueOptions): Tensor;

    /** x = lerp(x, end, weight). */
    lerp_(end: Tensor, weight: Tensor | number): Tensor;

    /** x += value · a · b. */
    addcmul_(a: Tensor, b: Tensor, options?: ValueOptions): Tensor;

    /** x += value · a / b. */
    addcdiv_(a: Tensor, b: Tensor, options?: ValueOptions): Tensor;

    // From ops/elementwise/unary.ts.

    /** |x|. Its gradient at 0 is 0. */
    abs(): Tensor;

    /** -x. */
    neg(): Tensor;

    /** x². */
    square(): Tensor;

    /** -1, 0, or 1 by the sign of x; 0 for NaN. */
    sign(): Tensor;

    /** The same as `sign`: there are no complex numbers here. */
    sgn(): Tensor;

    /**
     * x itself.
     *
     * @throws DTypeError for booleans
     */
    positive(): Tensor;

    /** sin(πx) / (πx), and 1 at 0, where its gradient is 0. */
    sinc(): Tensor;

    /** The smallest whole number ≥ x. */
    ceil(): Tensor;

    /** The largest whole number ≤ x. */
    floor(): Tensor;

    /** x without its fraction. */
    trunc(): Tensor;

    /** The nearest whole number; ties go to the even one. */
    round(options?: RoundOptions): Tensor;

    /** x - trunc(x). */
    frac(): Tensor;

    /** √x. */
    sqrt(): Tensor;

    /** 1/√x. */
    rsqrt(): Tensor;

    /** 1/x. */
    reciprocal(): Tensor;

    /** e^x. */
    exp(): Tensor;

    /** 2^x. */
    exp2(): Tensor;

    /** e^x - 1, accurate near 0. */
    expm1(): Tensor;

    /** The natural logarithm. */
    log(): Tensor;

    /** The logarithm to base 2. */
    log2(): Tensor;

    /** The logarithm to base 10. */
    log10(): Tensor;

    /** ln(1 + x), accurate near 0. */
    log1p(): Tensor;

    /** The sine of an angle in radians. */
    sin(): Tensor;

    /** The cosine of an angle in radians. */
    cos(): Tensor;

    /** The tangent of an angle in radians. */
    tan(): Tensor;

    /** The angle in [−π/2, π/2] whose sine is x; NaN outside [−1, 1]. */
    asin(): Tensor;

    /** The angle in [0, π] whose cosine is x; NaN outside [−1, 1]. */
    acos(): Tensor;

    /** The angle in (−π/2, π/2) whose tangent is x. */
    atan(): Tensor;

    /** The hyperbolic sine: (e^x − e^−x) / 2. */
    sinh(): Tensor;

    /** The hyperbolic cosine: (e^x + e^−x) / 2. */
    cosh(): Tensor;

    /** The hyperbolic tangent: (e^x − e^−x) / (e^x + e^−x), between −1 and 1. */
    tanh(): Tensor;

    /** The inverse of `sinh`: ln(x + √(x² + 1)). */
    asinh(): Tensor;

    /** The inverse of `cosh`: ln(x + √(x² − 1)); NaN below 1. */
    acosh(): Tensor;

    /** The inverse of `tanh`: ½ ln((1 + x) / (1 − x)); NaN outside [−1, 1]. */
    atanh(): Tensor;

    /** The error function, 2/√π ∫₀ˣ e^(-t²) dt. */
    erf(): Tensor;

    /** 1 - erf(x), accurate where that's small. */
    erfc(): Tensor;

    /** The inverse of `erf`. */
    erfinv(): Tensor;

    /** ψ(x), the derivative of `lgamma`. */
    digamma(): Tensor;

    /** ln |Γ(x)|. */
    lgamma(): Tensor;

    /** ln(x / (1 - x)), the inverse of `sigmoid`. */
    logit(options?: LogitOptions): Tensor;

    /** Degrees to radians. */
    deg2rad(): Tensor;

    /** Radians to degrees. */
    rad2deg(): Tensor;

    /** Replaces NaN and the infinities with numbers. */
    nanToNum(options?: NanToNumOptions): Tensor;

    /** x = −x. */
    neg_(): Tensor;

    /** x = |x|. */
    abs_(): Tensor;

    /** x = e^x. */
    exp_(): Tensor;

    /** x = ln x. */
    log_(): Tensor;

    /** x = √x. */
    sqrt_(): Tensor;

    /** x = 1/√x. */
    rsqrt_(): Tensor;

    /** x = x². */
    square_(): Tensor;

    /** x = 1/x. */
    reciprocal_(): Tensor;

    /** x = tanh(x). */
    tanh_(): Tensor;

    /** x = floor(x). */
    floor_(): Tensor;

    /** x = ceil(x). */
    ceil_(): Tensor;

    /** x = trunc(x). */
    trunc_(): Tensor;

    /** x = round(x, options). */
    round_(options?: RoundOptions): Tensor;

    /** x = nanToNum(x, options). */
    nanToNum_(options?: NanToNumOptions): Tensor;

    // From ops/indexing/gather.ts.

    /**
     * out[i, j, k] = x[i, index[i, j, k], k] for dim = 1, and so on.
     *
     * @param index int32, with as many axes as `x`, none longer except `dim`
     * @shape → the shape of `index`
     * @throws IndexError for an index out of range
     */
    gather(dim: number, index: Tensor): Tensor;

    /**
     * x with out[i, index[i, j, k], k] = source[i, j, k] for dim = 1, and so on; of equal indices, the last one wins.
     *
     * @param source a tensor no shorter than `index`, or one number
     * @throws IndexError for an index out of range
     */
    scatter(dim: number, index: Tensor, source: Tensor | number): Tensor;

    /** Like `scatter`, in place. */
    scatter_(dim: number, index: Tensor, source: Tensor | number): Tensor;

    /** x with source[i, j, k] added to out[i, index[i, j, k], k] for dim = 1, and so on; equal indices add up. */
    scatterAdd(dim: number, index: Tensor, source: Tensor): Tensor;

    /** Like `scatterAdd`, in place. */
    scatterAdd_(dim: number, index: Tensor, source: Tensor): Tensor;

    /**
     * x with the source's elements that share a place reduced there.
     *
     * @param reduce `sum`, `prod`, `mean`, `amax` or `amin`
     * @throws IndexError for an index out of range
     */
    scatterReduce(
      dim: number,
      index: Tensor,
      source: Tensor,
      reduce: ScatterReduction,
      options?: ScatterReduceOptions,
    ): Tensor;

    /**
     * `gather`, with `x` and `index` broadcast in the other axes; without `dim`, on the flattened tensors.
     * Accepts the results of `argsort` and `argmax` (with keepdim).
     */
    takeAlongDim(index: Tensor, dim?: number): Tensor;

    // From ops/indexing/index-axis.ts.

    /**
     * The positions along an axis that `index` lists; a copy.
     *
     * @param index int32, one axis
     * @shape x (A, L, B), index (n) → (A, n, B)
     * @throws IndexError for an index out of range, which includes negative ones
     */
    indexSelect(dim: number, index: Tensor): Tensor;

    /**
     * x with alpha·source[…, i, …] added at x[…, index[i], …], for every i; equal indices add up.
     *
     * @shape x (A, L, B), index (n), source (A, n, B) → (A, L, B)
     */
    indexAdd(dim: number, index: Tensor, source: Tensor, options?: IndexAddOptions): Tensor;

    /** Like `indexAdd`, in place. */
    indexAdd_(dim: number, index: Tensor, source: Tensor, options?: IndexAddOptions): Tensor;

    /**
     * x with source[…, i, …] written to x[…, index[i], …], for every i; of equal indices, the last one wins.
     *
     * @shape x (A, L, B), index (n), source (A, n, B) → (A, L, B)
     */
    indexCopy(dim: number, index: Tensor, source: Tensor): Tensor;

    /** Like `indexCopy`, in place. */
    indexCopy_(dim: number, index: Tensor, source: Tensor): Tensor;

    /** x with `value`, a number or a tensor without axes, at the positions of an axis that `index` lists. */
    indexFill(dim: number, index: Tensor, value: number | Tensor): Tensor;

    /** Like `indexFill`, in place. */
    indexFill_(dim: number, index: Tensor, value: number | Tensor): Tensor;

    /**
     * The elements of the flattened tensor that `index` names, in the shape of `index`; negative indices
     * count from the end.
     */
    take(index: Tensor): Tensor;

    // From ops/indexing/indexing.ts.

    /**
     * Indexing, like `x[…]` in Python: `x.at(0, slice(1, -1), null, '...', mask)`.
     *
     * Numbers, ranges, null, and '...' make a view. Lists and tensors pick positions and make a copy: several broadcast
     * to one shape, which replaces the axes that they index, or comes first if those aren't neighbors.
     *
     * @throws IndexError for too many indices, an index out of range, or a mask that doesn't fit
     * @differs the step of a range is at least 1, as in PyTorch and unlike NumPy
     * @example
     * const x = arange(12).reshape([3, 4]);
     * x.at(-1); // [8, 9, 10, 11]
     * x.at('...', slice(0, 2)).shape; // [3, 2]
     * x.at([0, 2], [1, 3]); // [1, 11]
     */
    at(...indices: Index[]): Tensor;

    /** Async `at`, which also works on engines whose results arrive later. */
    atAsync(...indices: Index[]): Promise<Tensor>;

    /**
     * Writes to the part of `x` that `at(…indices)` would read, in place: `x[…] = value` in Python.
     *
     * @param value a number, or a tensor that broadcasts to that part
     * @throws ShapeError if the value doesn't broadcast, IndexError as in `at`
     * @example
     * x.setAt([slice(null, 2), 0], 1);
     */
    setAt(indices: readonly Index[], value: number | Tensor, options?: SetAtOptions): Tensor;

    /** Async `setAt`, which also works on engines whose results arrive later. */
    setAtAsync(indices: readonly Index[], value: number | Tensor, options?: SetAtOptions): Promise<Tensor>;

    /** A copy of `x` with values written or added at positions: `setAt`, but makes a new tensor. */
    indexPut(indices: readonly Index[], values: number | Tensor, options?: SetAtOptions): Tensor;

    /** Async `indexPut`, which also works on engines whose results arrive later. */
    indexPutAsync(
      indices: readonly Index[],
      values: number | Tensor,
      options?: SetAtOptions,
    ): Promise<Tensor>;

    /** Like `indexPut`, in place: another name for `setAt`. */
    indexPut_(indices: readonly Index[], value: number | Tensor, options?: SetAtOptions): Tensor;

    /** Like `indexPutAsync`, in place: another name for `setAtAsync`. */
    indexPutAsync_(
      indices: readonly Index[],
      value: number | Tensor,
      options?: SetAtOptions,
    ): Promise<Tensor>;

    // From ops/indexing/masked.ts.

    /**
     * x with `value` where the mask is set. The two broadcast.
     *
     * @param mask bool
     * @param value a number, or a tensor without axes
     * @throws DTypeError for a number that x's dtype can't hold
     */
    maskedFill(mask: Tensor, value: number | Tensor): Tensor;

    /** Like `maskedFill`, in place; the mask broadcasts to `x`. */
    maskedFill_(mask: Tensor, value: number | Tensor): Tensor;

    /**
     * The elements whose mask is set, in row-major order, as a list. The two broadcast.
     *
     * @shape x, mask → (number of set elements)
     */
    maskedSelect(mask: Tensor): Tensor;

    /** Async `maskedSelect`, which also works on engines whose results arrive later. */
    maskedSelectAsync(mask: Tensor): Promise<Tensor>;

    /**
     * x with the elements of `source`, in order, where the mask is set. x and the mask broadcast.
     *
     * @throws ShapeError if the source has fewer elements than are set in the mask
     */
    maskedScatter(mask: Tensor, source: Tensor): Tensor;

    /** Like `maskedScatter`, in place; the mask broadcasts to `x`. */
    maskedScatter_(mask: Tensor, source: Tensor): Tensor;

    // From ops/ordering.ts.

    /**
     * Sorts along an axis. NaN counts as the greatest value; equal elements keep their order.
     *
     * @param dim default −1
     */
    sort(dim?: number, options?: SortOptions): ValuesAndIndices;

    /** The positions that sort an axis, int32; see `sort`. */
    argsort(dim?: number, options?: SortOptions): Tensor;

    /** `sort(x, 0).values`. */
    msort(): Tensor;

    /**
     * The k greatest or least elements along an axis, in order.
     *
     * @param dim default −1
     * @throws ArgumentError if the axis has fewer than k
     * @differs of equal elements, the first ones are taken; PyTorch doesn't specify which
     */
    topk(k: number, dim?: number, options?: TopkOptions): ValuesAndIndices;

    /**
     * The k-th least element along an axis; k = 1 is the least. NaN counts as the greatest.
     *
     * @param dim default −1
     * @throws ArgumentError if there's no such element
     */
    kthvalue(k: number, dim?: number, options?: KeepdimOptions): ValuesAndIndices;

    /**
     * The median; for an even number of elements, the lower of the two in the middle. NaN if any is NaN.
     *
     * @returns the median of all elements or, with `dim`, the medians along an axis and their positions
     */
    median(): Tensor;
    /**
     * The median; for an even number of elements, the lower of the two in the middle. NaN if any is NaN.
     *
     * @returns the median of all elements or, with `dim`, the medians along an axis and their positions
     */
    median(dim: number, options?: KeepdimOptions): ValuesAndIndices;

    /** Like `median`, but ignores NaNs. */
    nanmedian(): Tensor;
    /** Like `median`, but ignores NaNs. */
    nanmedian(dim: number, options?: KeepdimOptions): ValuesAndIndices;

    // From ops/products/linear.ts.

    /**
     * beta · input + alpha · a·b
     *
     * Here input is the tensor itself.
     *
     * @shape a (M, K), b (K, N), input broadcasts to (M, N) → (M, N)
     * @throws ShapeError if inner lengths disagree or the input doesn't broadcast, DTypeError unless dtypes are the same
     */
    addmm(a: Tensor, b: Tensor, options?: AddmmOptions): Tensor;

    /**
     * beta · input + alpha · a·b for batches of matrices.
     *
     * Here input is the tensor itself.
     *
     * @shape a (B, M, K), b (B, K, N), input broadcasts to (B, M, N) → (B, M, N)
     * @throws ShapeError if shapes disagree or the input doesn't broadcast, DTypeError unless dtypes are the same
     */
    baddbmm(a: Tensor, b: Tensor, options?: AddmmOptions): Tensor;

    // From ops/products/matmul.ts.

    /**
     * The matrix product over the last two axes; the axes before them are a batch and broadcast. A vector is a
     * row on the left or a column on the right, and the result drops its axis.
     *
     * y[…,i,j] = Σ_k a[…,i,k] · b[…,k,j]
     *
     * Here a is the tensor itself.
     *
     * @shape a (…, M, K) or (K), b (…, K, N) or (K) → (…, M, N), (…, M), (…, N) or ()
     * @throws ShapeError if inner lengths disagree or an operand has no axes, DTypeError unless dtypes are the same
     * @example
     * randn([8, 1, 3, 4]).matmul(randn([5, 4, 2])).shape; // [8, 5, 3, 2]
     */
    matmul(b: Tensor): Tensor;

    /**
     * The product of two matrices.
     *
     * Here a is the tensor itself.
     *
     * @shape a (M, K), b (K, N) → (M, N)
     * @throws ShapeError for other shapes; see `matmul`
     */
    mm(b: Tensor): Tensor;

    /**
     * The products of two batches of matrices.
     *
     * Here a is the tensor itself.
     *
     * @shape a (B, M, K), b (B, K, N) → (B, M, N)
     * @throws ShapeError for other shapes; see `matmul`
     */
    bmm(b: Tensor): Tensor;

    /**
     * Matrix times vector.
     *
     * Here a is the tensor itself.
     *
     * @shape a (M, K), x (K) → (M)
     */
    mv(x: Tensor): Tensor;

    /**
     * The sum of products of two vectors.
     *
     * Here a is the tensor itself.
     *
     * @shape a (K), b (K) → ()
     */
    dot(b: Tensor): Tensor;

    /**
     * All products of two vectors' elements.
     *
     * Here a is the tensor itself.
     *
     * @shape a (M), b (N) → (M, N)
     */
    outer(b: Tensor): Tensor;

    // From ops/products/products.ts.

    /** The sum of a matrix's diagonal; int32 for integers. */
    trace(): Tensor;

    /**
     * Σ a[i]·b[i] of two vectors; the same as `dot`, because there are no complex numbers here.
     *
     * Here a is the tensor itself.
     */
    vdot(b: Tensor): Tensor;

    /**
     * The cross product of vectors of 3 elements along an axis; the other axes broadcast.
     *
     * Here a is the tensor itself.
     *
     * @param dim the axis, or null (default) for the first one of length 3
     * @throws ShapeError if that axis isn't of length 3 in both
     */
    cross(b: Tensor, dim?: number | null): Tensor;

    /**
     * The Kronecker product: y[i·m + k, j·n + l] = a[i, j]·b[k, l] for b (m, n), and so on for other ranks.
     *
     * Here a is the tensor itself.
     *
     * @shape a (A₀, A₁, …), b (B₀, B₁, …) → (A₀·B₀, A₁·B₁, …); the one with fewer axes gets axes of length 1 in front
     */
    kron(b: Tensor): Tensor;

    // From ops/random/in-place.ts.

    /** Fills with numbers drawn uniformly from [from, to) (default [0, 1)). */
    uniform_(from?: number, to?: number, options?: RandomOptions): Tensor;

    /** Fills with numbers drawn from N(mean, std²) (default N(0, 1)). */
    normal_(mean?: number, std?: number, options?: RandomOptions): Tensor;

    /** Fills with numbers drawn from Exp(rate): density rate·exp(-rate·x) (default rate 1). */
    exponential_(rate?: number, options?: RandomOptions): Tensor;

    /** Fills with e to the power of numbers drawn from N(mean, std²) (default mean 1, std 2). */
    logNormal_(mean?: number, std?: number, options?: RandomOptions): Tensor;

    /** Fills with numbers drawn from the Cauchy distribution (default median 0, sigma 1). */
    cauchy_(median?: number, sigma?: number, options?: RandomOptions): Tensor;

    /**
     * Fills with the number of trials up to the first success, which has probability p; integers stop at the
     * largest that their dtype holds.
     *
     * @throws DTypeError for bool
     */
    geometric_(p: number, options?: RandomOptions): Tensor;

    /**
     * Fills with whole numbers drawn uniformly from low (default 0) to high - 1; without limits, from all that
     * the dtype holds, starting with 0.
     *
     * @throws DTypeError for numbers that the dtype can't hold
     */
    random_(options?: RandomOptions): Tensor;
    /**
     * Fills with whole numbers drawn uniformly from low (default 0) to high - 1; without limits, from all that
     * the dtype holds, starting with 0.
     *
     * @throws DTypeError for numbers that the dtype can't hold
     */
    random_(high: number, options?: RandomOptions): Tensor;
    /**
     * Fills with whole numbers drawn uniformly from low (default 0) to high - 1; without limits, from all that
     * the dtype holds, starting with 0.
     *
     * @throws DTypeError for numbers that the dtype can't hold
     */
    random_(low: number, high: number, options?: RandomOptions): Tensor;

    // From ops/random/sampling.ts.

    /**
     * Fills with 1 with probability p (default 0.5), otherwise 0; a tensor p has one for each element.
     *
     * @throws ArgumentError unless p is in [0, 1]
     */
    bernoulli_(p?: Tensor | number, options?: RandomOptions): Tensor;

    /**
     * 1 with the probability that each element of `x` holds, otherwise 0.
     *
     * @throws ArgumentError unless they're in [0, 1]
     */
    bernoulli(options?: RandomOptions): Tensor;

    /**
     * Indices drawn with the probabilities in the rows of `x`, up to scale.
     *
     * @shape x (n) or (rows, n) → (samples) or (rows, samples), int32
     * @throws ArgumentError for more samples than columns without replacement, for a weight that's negative or not
     *   finite, and for a row of zeros
     */
    multinomial(samples: number, options?: MultinomialOptions): Tensor;

    // From ops/reduce/extremes.ts.

    /**
     * The largest element over axes, by default all; NaN if there is one. Ties share the gradient.
     *
     * @throws ShapeError if there is nothing to pick from
     */
    amax(dim?: Dims | KeepDimOptions, options?: KeepDimOptions): Tensor;

    /** The smallest element over axes, by default all; NaN if there is one. Ties share the gradient. */
    amin(dim?: Dims | KeepDimOptions, options?: KeepDimOptions): Tensor;

    /**
     * The position of the largest element, the first one of ties, along an axis or, by default, in the flattened
     * tensor. int32. NaN counts as the largest.
     */
    argmax(dim?: number | null | KeepDimOptions, options?: KeepDimOptions): Tensor;

    /** The position of the smallest element, the first one of ties; NaN counts as the smallest. int32. */
    argmin(dim?: number | null | KeepDimOptions, options?: KeepDimOptions): Tensor;

    /**
     * The largest element of all; or, with an axis, the largest along it and their positions, the first one
     * of ties; or, with another tensor, the larger element of each pair. NaN counts as the largest.
     *
     * The gradient goes to the element that was picked; without an axis, ties share it.
     *
     * @throws ShapeError if there is nothing to pick from
     * @example
     * const { values, indices } = tensor([[1, 5], [7, 2]]).max(1); // [5, 7], [1, 0]
     */
    max(): Tensor;
    /**
     * The largest element of all; or, with an axis, the largest along it and their positions, the first one
     * of ties; or, with another tensor, the larger element of each pair. NaN counts as the largest.
     *
     * The gradient goes to the element that was picked; without an axis, ties share it.
     *
     * @throws ShapeError if there is nothing to pick from
     * @example
     * const { values, indices } = tensor([[1, 5], [7, 2]]).max(1); // [5, 7], [1, 0]
     */
    max(dim: number, options?: KeepDimOptions): Extremes;
    /**
     * The largest element of all; or, with an axis, the largest along it and their positions, the first one
     * of ties; or, with another tensor, the larger element of each pair. NaN counts as the largest.
     *
     * The gradient goes to the element that was picked; without an axis, ties share it.
     *
     * @throws ShapeError if there is nothing to pick from
     * @example
     * const { values, indices } = tensor([[1, 5], [7, 2]]).max(1); // [5, 7], [1, 0]
     */
    max(other: Tensor): Tensor;

    /** Like `max`, but for the smallest; NaN counts as the smallest. */
    min(): Tensor;
    /** Like `max`, but for the smallest; NaN counts as the smallest. */
    min(dim: number, options?: KeepDimOptions): Extremes;
    /** Like `max`, but for the smallest; NaN counts as the smallest. */
    min(other: Tensor): Tensor;

    // From ops/reduce/moments.ts.

    /**
     * The variance over axes, by default all: Σ (x − mean)² / (n − correction), with correction 1 by default.
     * Two passes: first the mean, then the squares. Exactly 0 for equal elements.
     *
     * @throws DTypeError for integers and booleans
     */
    var(dim?: Dims | VarianceOptions, options?: VarianceOptions): Tensor;

    /** The square root of `var`; where it's 0, so is the gradient. */
    std(dim?: Dims | VarianceOptions, options?: VarianceOptions): Tensor;

    /** Variance and mean. */
    varMean(dim?: Dims | VarianceOptions, options?: VarianceOptions): [variance: Tensor, mean: Tensor];

    /** Standard deviation and mean. */
    stdMean(dim?: Dims | VarianceOptions, options?: VarianceOptions): [std: Tensor, mean: Tensor];

    /**
     * The p-norm (Σ |x|^p)^(1/p) over axes, by default all. p = 0 counts the elements that aren't 0; ∞ and −∞
     * give the largest and smallest magnitude. At 0, the gradient is 0.
     *
     * @param p order (default 2; 'fro' is 2, too)
     * @throws DTypeError for integers and booleans
     */
    norm(p?: number | 'fro', dim?: Dims, options?: KeepDimOptions): Tensor;

    // From ops/reduce/quantile.ts.

    /**
     * The q-quantile: the value with the fraction q of the elements below it. With ranks r = q·(n − 1) in
     * ascending order, linear interpolation gives x[⌊r⌋] + (r − ⌊r⌋)·(x[⌈r⌉] − x[⌊r⌋]). NaN if there's a NaN.
     *
     * @param q a number from 0 to 1, or a list of them in the dtype of x
     * @param dim an axis, or null for all elements (default)
     * @shape x (…, n, …) → (…), or (Q, …) for a list q
     * @throws ArgumentError for q outside 0 to 1, ShapeError if there are no elements
     * @example
     * quantile(tensor([1, 2, 3, 4]), 0.5); // 2.5
     */
    quantile(q: Tensor | number, dim?: number | null, options?: QuantileOptions): Tensor;

    /** Like `quantile`, but ignores NaNs; NaN if there's nothing else. */
    nanquantile(q: Tensor | number, dim?: number | null, options?: QuantileOptions): Tensor;

    // From ops/reduce/reduce.ts.

    /**
     * The sum over axes, by default all. For integers and booleans, int32 unless `dtype` says otherwise. Rounding
     * errors grow at most with the logarithm of the count: long sums accumulate in double precision.
     *
     * @param dim an axis, a list of axes, or null for all
     * @param options.dtype converts the tensor first, and is the result's dtype; for bool, whether the sum isn't 0
     * @shape (A, B, C) → sum(1) → (A, C); sum([0, 2], { keepdim: true }) → (1, B, 1)
     * @throws IndexError if there's no such axis, ArgumentError if one is named twice, DTypeError if int32 can't
     *   hold a sum of integers
     * @differs PyTorch sums integers in int64, which wraps
     */
    sum(dim?: Dims | SumOptions, options?: SumOptions): Tensor;

    /**
     * The mean over axes, by default all; NaN if there are no elements.
     *
     * @throws DTypeError for integers and booleans, unless `dtype` makes them floats
     */
    mean(dim?: Dims | SumOptions, options?: SumOptions): Tensor;

    /**
     * The product over one axis, or all. For integers and booleans, int32 unless `dtype` says otherwise.
     *
     * @throws DTypeError if the dtype can't hold a product of integers
     */
    prod(dim?: number | null | SumOptions, options?: SumOptions): Tensor;

    /** Whether any element isn't 0; NaN isn't 0. bool. */
    any(dim?: Dims | KeepDimOptions, options?: KeepDimOptions): Tensor;

    /** Whether no element is 0. bool; true if there are no elements. */
    all(dim?: Dims | KeepDimOptions, options?: KeepDimOptions): Tensor;

    /** The number of elements that aren't 0. int32. */
    countNonzero(dim?: Dims): Tensor;

    /**
     * The sum over the axes along which `shape` would have been broadcast to x's shape: the gradient of
     * broadcasting.
     *
     * @throws ShapeError if `shape` doesn't broadcast to x's shape
     */
    sumToSize(shape: Shape): Tensor;

    /**
     * log Σ e^x over axes, without overflow.
     *
     * @throws DTypeError for integers and booleans
     */
    logsumexp(dim: Dims, options?: KeepDimOptions): Tensor;

    // From ops/reduce/scans.ts.

    /**
     * Running sums along an axis: y[i] = x[0] + … + x[i]. For integers and booleans, int32 unless `dtype` says otherwise.
     *
     * @throws IndexError if there's no such axis, DTypeError if the dtype can't hold a sum of integers
     * @example
     * tensor([1, 2, 3]).cumsum(0); // [1, 3, 6]
     */
    cumsum(dim: number, options?: DTypeOptions): Tensor;

    /**
     * Running products along an axis: y[i] = x[0] · … · x[i]. For integers and booleans, int32 unless `dtype` says otherwise.
     *
     * @throws DTypeError if the dtype can't hold a product of integers
     */
    cumprod(dim: number, options?: DTypeOptions): Tensor;

    /** Running maxima along an axis and their positions, the last one of ties, where the gradient goes. */
    cummax(dim: number): Extremes;

    /** Running minima along an axis and their positions, the last one of ties. */
    cummin(dim: number): Extremes;

    /**
     * Running log Σ e^x along an axis, without overflow: y[i] = log(e^x[0] + … + e^x[i]).
     *
     * @throws DTypeError for integers and booleans
     */
    logcumsumexp(dim: number): Tensor;

    /** Differences of neighbors along an axis: y[i] = x[i + 1] − x[i]; for booleans, whether they differ. */
    diff(options?: DiffOptions): Tensor;

    // From ops/reduce/statistics.ts.

    /** Like `sum`, with NaN counted as 0. */
    nansum(dim?: Dims | SumOptions, options?: SumOptions): Tensor;

    /**
     * The mean of the elements that aren't NaN; NaN if there are none.
     *
     * @throws DTypeError for integers and booleans
     */
    nanmean(dim?: Dims | SumOptions, options?: SumOptions): Tensor;

    /** The smallest and largest elements; as in `amin` and `amax`, ties share the gradient. */
    aminmax(options?: AminmaxOptions): { readonly min: Tensor; readonly max: Tensor };

    /**
     * The most frequent element along an axis, the smallest one of ties, and its last position.
     *
     * @param dim default −1
     */
    mode(dim?: number, options?: KeepDimOptions): ValuesAndIndices;

    /**
     * Counts elements in `bins` intervals of equal width from min to max. If these are equal, the elements' range
     * is used. Elements outside and NaNs don't count.
     *
     * @returns the counts in the dtype of x
     * @differs PyTorch counts NaN in some interval
     * @throws DTypeError for integers, ArgumentError for a range that isn't finite or ascending
     * @example
     * histc(tensor([1, 2, 1]), { bins: 4, min: 0, max: 3 }); // [0, 2, 1, 0]
     */
    histc(options?: HistcOptions): Tensor;

    /**
     * Covariances of variables (rows) over observations (columns):
     * C[i, j] = Σₖ w[k]·(x[i, k] − μ[i])·(x[j, k] − μ[j]) / (Σ w − correction), where μ are the weighted means. With `aweights`,
     * the divisor is Σ w − correction · Σ w·a / Σ w.
     *
     * @shape x (V, N) → (V, V); (N) → ()
     * @source notes 2.2
     */
    cov(options?: CovOptions): Tensor;

    /** Pearson's correlations of variables (rows): cov[i, j] / √(cov[i, i]·cov[j, j]), from −1 to 1. */
    corrcoef(): Tensor;

    // From ops/search.ts.

    /**
     * The distinct elements, in ascending order. Each NaN is distinct from every other.
     *
     * @returns the elements; with options, an array of those of [elements, inverse, counts] that they request
     * @example
     * unique(tensor([3, 1, 3])); // [1, 3]
     */
    unique(options: Inverse & Counts): [Tensor, Tensor, Tensor];
    /**
     * The distinct elements, in ascending order. Each NaN is distinct from every other.
     *
     * @returns the elements; with options, an array of those of [elements, inverse, counts] that they request
     * @example
     * unique(tensor([3, 1, 3])); // [1, 3]
     */
    unique(options: Inverse | Counts): [Tensor, Tensor];
    /**
     * The distinct elements, in ascending order. Each NaN is distinct from every other.
     *
     * @returns the elements; with options, an array of those of [elements, inverse, counts] that they request
     * @example
     * unique(tensor([3, 1, 3])); // [1, 3]
     */
    unique(options?: UniqueOptions): Tensor;

    /** Async `unique`, which also works on engines whose results arrive later. */
    uniqueAsync(options: Inverse & Counts): Promise<[Tensor, Tensor, Tensor]>;
    /** Async `unique`, which also works on engines whose results arrive later. */
    uniqueAsync(options: Inverse | Counts): Promise<[Tensor, Tensor]>;
    /** Async `unique`, which also works on engines whose results arrive later. */
    uniqueAsync(options?: UniqueOptions): Promise<Tensor>;

    /** The first element of each run of equal neighbors; returns the same as `unique`. */
    uniqueConsecutive(options: Inverse & Counts): [Tensor, Tensor, Tensor];
    /** The first element of each run of equal neighbors; returns the same as `unique`. */
    uniqueConsecutive(options: Inverse | Counts): [Tensor, Tensor];
    /** The first element of each run of equal neighbors; returns the same as `unique`. */
    uniqueConsecutive(options?: UniqueOptions): Tensor;

    /** Async `uniqueConsecutive`, which also works on engines whose results arrive later. */
    uniqueConsecutiveAsync(options: Inverse & Counts): Promise<[Tensor, Tensor, Tensor]>;
    /** Async `uniqueConsecutive`, which also works on engines whose results arrive later. */
    uniqueConsecutiveAsync(options: Inverse | Counts): Promise<[Tensor, Tensor]>;
    /** Async `uniqueConsecutive`, which also works on engines whose results arrive later. */
    uniqueConsecutiveAsync(options?: UniqueOptions): Promise<Tensor>;

    /**
     * The coordinates of the elements other than 0, in row-major order.
     *
     * @shape x → (n, number of axes), int32; with `asTuple`, one list (n) for each axis
     */
    nonzero(options: { asTuple: true }): Tensor[];
    /**
     * The coordinates of the elements other than 0, in row-major order.
     *
     * @shape x → (n, number of axes), int32; with `asTuple`, one list (n) for each axis
     */
    nonzero(options?: { asTuple?: false }): Tensor;

    /** Async `nonzero`, which also works on engines whose results arrive later. */
    nonzeroAsync(options: { asTuple: true }): Promise<Tensor[]>;
    /** Async `nonzero`, which also works on engines whose results arrive later. */
    nonzeroAsync(options?: { asTuple?: false }): Promise<Tensor>;

    /** Another name for `nonzero`. */
    argwhere(): Tensor;

    /** Async `argwhere`, which also works on engines whose results arrive later. */
    argwhereAsync(): Promise<Tensor>;

    /**
     * How often each of 0, 1, 2, … occurs, or the sum of its weights.
     *
     * @shape (n) → (largest element + 1, at least `minlength`); int32, or the dtype of floating weights, float64 for others
     * @throws IndexError for a negative element
     */
    bincount(options?: BincountOptions): Tensor;

    /** Async `bincount`, which also works on engines whose results arrive later. */
    bincountAsync(options?: BincountOptions): Promise<Tensor>;

    /**
     * Whether each element is among `testElements`. NaN never is.
     *
     * Here elements is the tensor itself.
     *
     * @returns bool, in the shape of the elements
     */
    isin(testElements: Tensor | number, options?: IsinOptions): Tensor;

    // From ops/shape/join.ts.

    /**
     * Copies the tensor repeats[i] times along axis i; more numbers than axes add axes in front.
     *
     * @shape (A, B) → repeat([2, 3]) → (2A, 3B)
     * @throws ShapeError for fewer numbers than axes
     */
    repeat(repeats: readonly number[]): Tensor;

    /** Like `repeat`, but fewer numbers than axes apply to the last axes. */
    tile(dims: readonly number[]): Tensor;

    /**
     * Repeats each position of an axis before the next one: [a, b] → [a, a, b, b].
     *
     * @param repeats how often; an int32 tensor or an array has a number for each position
     * @param dim the axis; without it, the flattened tensor is repeated
     * @throws ShapeError unless there's a number for each position
     */
    repeatInterleave(repeats: number | readonly number[] | Tensor, dim?: number): Tensor;

    /** Async `repeatInterleave`, which also works on engines whose results arrive later if `repeats` is a tensor. */
    repeatInterleaveAsync(repeats: number | readonly number[] | Tensor, dim?: number): Promise<Tensor>;

    // From ops/shape/rearrange.ts.

    /** Reverses the order along axes; a copy. */
    flip(dims: number | readonly number[]): Tensor;

    /** Swaps left and right: reverses the second axis. */
    fliplr(): Tensor;

    /** Swaps top and bottom: reverses the first axis. */
    flipud(): Tensor;

    /**
     * Moves elements along axes; those that leave one end come back at the other.
     *
     * @param shifts how far, one number for each of `dims`
     * @param dims without them, the flattened tensor is rolled
     */
    roll(shifts: number | readonly number[], dims?: number | readonly number[]): Tensor;

    /**
     * Rotates the plane of two axes by k quarter turns, from the first toward the second.
     *
     * @param k the number of quarter turns; negative ones turn back (default 1)
     * @param dims the axes (default [0, 1])
     */
    rot90(k?: number, dims?: readonly [number, number]): Tensor;

    /**
     * The lower triangle of matrices, zeros above the diagonal.
     *
     * @shape (…, R, C) → (…, R, C)
     */
    tril(diagonal?: number | TriangleOptions): Tensor;

    /**
     * The upper triangle of matrices, zeros below the diagonal.
     *
     * @shape (…, R, C) → (…, R, C)
     */
    triu(diagonal?: number | TriangleOptions): Tensor;

    /** The matrix with the vector `x` on a diagonal, or the diagonal of the matrix `x`. */
    diag(diagonal?: number): Tensor;

    /**
     * Matrices with the last axis of `x` on a diagonal, zeros elsewhere.
     *
     * @shape (…, D) → (…, D + |offset|, D + |offset|)
     */
    diagEmbed(options?: DiagEmbedOptions): Tensor;

    // From ops/shape/slices.ts.

    /**
     * The position `index` along the axis `dim`, which is dropped; negative positions count from the end. A view.
     *
     * @throws IndexError if there's no such position
     */
    select(dim: number, index: number): Tensor;

    /**
     * The positions `start … start + length − 1` along the axis `dim`. A view.
     *
     * @throws IndexError unless they all exist
     */
    narrow(dim: number, start: number, length: number): Tensor;

    /**
     * The positions `start`, `start + step`, … before `end` along the axis `dim`, like Python's `x[start:end:step]`. A view.
     *
     * @param start null means from the beginning; negative numbers count from the end
     * @param end null means to the end
     * @param step at least 1
     */
    slice(dim?: number, start?: number | null, end?: number | null, step?: number): Tensor;

    /**
     * The diagonal of two axes, as a new last axis. A view.
     *
     * @shape (A, B, …) → (…, D)
     */
    diagonal(options?: DiagonalOptions): Tensor;

    /**
     * All windows of `size` elements along the axis `dim`, `step` apart. A view; overlapping windows share elements.
     *
     * @shape (…, L, …) → (…, ⌊(L − size)/step⌋ + 1, …, size)
     */
    unfold(dim: number, size: number, step: number): Tensor;

    /**
     * Splits an axis into pieces. Views.
     *
     * @param sizes the length of every piece (the last may be shorter), or a list of all the lengths
     * @throws ShapeError if the given lengths don't add up to the axis's
     */
    split(sizes: number | readonly number[], dim?: number): Tensor[];

    /** Splits an axis into at most `chunks` pieces, all of the same length except the last. Views. */
    chunk(chunks: number, dim?: number): Tensor[];

    /** All positions along an axis, each without that axis. Views. */
    unbind(dim?: number): Tensor[];

    // From ops/shape/views.ts.

    /**
     * The same elements in another shape: a view if the memory allows it, otherwise a copy.
     *
     * @param shape one length may be −1, which is computed from the number of elements
     * @throws ShapeError if the shape has a different number of elements
     * @example
     * arange(6).reshape([2, -1]).shape; // [2, 3]
     */
    reshape(shape: Shape): Tensor;

    /** All elements as a list: a view if possible. */
    ravel(): Tensor;

    /**
     * Like `reshape`, but never a copy.
     *
     * @throws ShapeError if no view of this memory can have that shape
     */
    view(shape: Shape): Tensor;

    /** `x.view(other.shape)`. */
    viewAs(other: Tensor): Tensor;

    /** `x.reshape(other.shape)`. */
    reshapeAs(other: Tensor): Tensor;

    /**
     * Merges the axes `startDim … endDim` into one; a tensor without axes gets one.
     *
     * @shape (A, B, C, D) → flatten(1) → (A, B·C·D)
     * @throws IndexError for axes that don't exist
     */
    flatten(start?: number | FlattenOptions, end?: number): Tensor;

    /**
     * Splits an axis into several: the inverse of `flatten`.
     *
     * @param sizes their lengths; one may be −1
     * @shape (A, B·C) → unflatten(1, [B, C]) → (A, B, C)
     */
    unflatten(dim: number, sizes: Shape): Tensor;

    /** Swaps two axes. A view. */
    transpose(dim0: number, dim1: number): Tensor;

    /** Another name of `transpose`. */
    swapaxes(dim0: number, dim1: number): Tensor;

    /** Another name of `transpose`. */
    swapdims(dim0: number, dim1: number): Tensor;

    /**
     * The transpose of a matrix; a vector or scalar doesn't change.
     *
     * @throws ShapeError for more than two axes
     */
    t(): Tensor;

    /**
     * Reorders the axes: axis i of the result is axis dims[i] of `x`. A view.
     *
     * @shape (N, H, W, C) → permute([0, 3, 1, 2]) → (N, C, H, W)
     * @throws ShapeError if an axis is missing, ArgumentError if one is named twice
     */
    permute(dims: readonly number[]): Tensor;

    /** Moves axes to new places; the others keep their order. A view. */
    movedim(source: number | readonly number[], destination: number | readonly number[]): Tensor;

    /** Another name for `movedim`. */
    moveaxis(source: number | readonly number[], destination: number | readonly number[]): Tensor;

    /** Drops axes of length 1: all of them, or those among the named ones. A view. */
    squeeze(dim?: number | readonly number[]): Tensor;

    /** Adds an axis of length 1 before the axis `dim`; −1 adds it at the end. A view. */
    unsqueeze(dim: number): Tensor;

    /**
     * Repeats axes of length 1 without copying, and adds axes in front.
     *
     * @param shape −1 keeps a length
     * @throws ShapeError if an axis of another length would have to grow
     */
    expand(shape: Shape): Tensor;

    /** `x.expand(other.shape)`. */
    expandAs(other: Tensor): Tensor;

    /** Another name for `expand`. */
    broadcastTo(shape: Shape): Tensor;

    // From ops/softmax.ts.

    /**
     * Positive numbers that sum to 1 along an axis: yᵢ = e^xᵢ / Σⱼ e^xⱼ, computed without overflow.
     *
     * @throws DTypeError for integers and booleans, IndexError if there's no such axis
     * @source notes 2.4; Bridle 1990, doi:10.1007/978-3-642-76153-9_28
     * @example
     * tensor([0, 0]).softmax(0); // [0.5, 0.5]
     */
    softmax(dim: number, options?: SoftmaxOptions): Tensor;

    /** The logarithm of `softmax`: yᵢ = xᵢ − log Σⱼ e^xⱼ. Accurate even where softmax itself would be 0. */
    logSoftmax(dim: number, options?: SoftmaxOptions): Tensor;

    // From tensor/print.ts.

    /**
     * The tensor as PyTorch prints it: four digits, powers of ten if they're needed, the ends of the axes
     * of more than 1000 elements, and the dtype unless it shows (float32 has points, int32 has none).
     *
     * @throws DisposedError; EngineError if the engine's results arrive later
     * @differs int32 counts as the usual integer, as int64 does in PyTorch
     */
    toString(): string;

    // Names that only PyTorch has.

    /** @deprecated Write `await x.data()`; a typed array; await x.toArray() gives nested arrays. */
    readonly numpy: WriteInstead<'await x.data()'>;

    /** @deprecated Write `await x.toArray()`; x.toArraySync() gives it at once. */
    readonly array: WriteInstead<'await x.toArray()'>;

    /** @deprecated Write `await x.toArray()`; x.toArraySync() gives it at once. */
    readonly tolist: WriteInstead<'await x.toArray()'>;

    /** @deprecated Write `x`; values are read in the same way from every engine. */
    readonly cpu: WriteInstead<'x'>;

    /** @deprecated Write `x`; tensors are made on the engine that setEngine chooses. */
    readonly cuda: WriteInstead<'x'>;

    /** @deprecated Write `x.engine.name`; 'native', 'wasm' or 'reference'. */
    readonly device: WriteInstead<'x.engine.name'>;

    /** @deprecated Write `x.engine.name`; 'native', 'wasm' or 'reference'. */
    readonly is_cuda: WriteInstead<'x.engine.name'>;

    /** @deprecated Write `x.engine.name`; 'native', 'wasm' or 'reference'. */
    readonly get_device: WriteInstead<'x.engine.name'>;

    /** @deprecated Write `x.to('int32')`; there's no int64. */
    readonly long: WriteInstead<"x.to('int32')">;

    /** @deprecated Write `x.to('int32')`; there's no int16. */
    readonly short: WriteInstead<"x.to('int32')">;

    /** @deprecated Write `x.to('int32')`; there's no int8. */
    readonly char: WriteInstead<"x.to('int32')">;

    /** @deprecated Write `x.to('float32')`; there's no float16. */
    readonly half: WriteInstead<"x.to('float32')">;

    /** @deprecated Write `x.to('float32')`; there's no bfloat16. */
    readonly bfloat16: WriteInstead<"x.to('float32')">;

    /** @deprecated Write `x.to('float64')`; x.dtype is what it is now. */
    readonly type: WriteInstead<"x.to('float64')">;

    /** @deprecated Write `x.numel()`. */
    readonly nelement: WriteInstead<'x.numel()'>;

    /** @deprecated Write `x.ndim`. */
    readonly ndimension: WriteInstead<'x.ndim'>;

    /** @deprecated Write `x.strides`. */
    readonly stride: WriteInstead<'x.strides'>;

    /** @deprecated Write `x.size(0)`; x.numel() counts all elements. */
    readonly length: WriteInstead<'x.size(0)'>;

    /** @deprecated Write `x.storage`; memory has no address; tensors that share it have the same storage. */
    readonly data_ptr: WriteInstead<'x.storage'>;

    /** @deprecated Write `x.storage`; await x.data() reads the elements. */
    readonly untyped_storage: WriteInstead<'x.storage'>;

    /** @deprecated Write `(await x.data()).BYTES_PER_ELEMENT`; 4 for float32 and int32, 8 for float64, 1 for uint8 and bool. */
    readonly element_size: WriteInstead<'(await x.data()).BYTES_PER_ELEMENT'>;

    /** @deprecated Write `x.offset`. */
    readonly storage_offset: WriteInstead<'x.offset'>;

    /** @deprecated Write `x.dtype.startsWith('float')`. */
    readonly is_floating_point: WriteInstead<"x.dtype.startsWith('float')">;

    /** @deprecated Write `x.clone()`; x.copy_(y) copies y's elements into x. */
    readonly copy: WriteInstead<'x.clone()'>;

    /** @deprecated Write `x`. */
    readonly pin_memory: WriteInstead<'x'>;

    /** @deprecated Write `x = x.detach()`. */
    readonly detach_: WriteInstead<'x = x.detach()'>;

    /** @deprecated Write `x.copy_(x.square())`; functions take whole tensors, not one element at a time. */
    readonly apply_: WriteInstead<'x.copy_(x.square())'>;

    /** @deprecated Write `x.copy_(x.mul(y))`; functions take whole tensors, not one element at a time. */
    readonly map_: WriteInstead<'x.copy_(x.mul(y))'>;

    /** @deprecated Write `x = x.unsqueeze(0)`; a tensor's shape never changes. */
    readonly unsqueeze_: WriteInstead<'x = x.unsqueeze(0)'>;

    /** @deprecated Write `x = x.squeeze()`; a tensor's shape never changes. */
    readonly squeeze_: WriteInstead<'x = x.squeeze()'>;

    /** @deprecated Write `x = x.t()`; a tensor's shape never changes. */
    readonly t_: WriteInstead<'x = x.t()'>;

    /** @deprecated Write `x = x.transpose(0, 1)`; a tensor's shape never changes. */
    readonly transpose_: WriteInstead<'x = x.transpose(0, 1)'>;

    /** @deprecated Write `x = x.reshape([2, 3])`; a tensor's shape never changes. */
    readonly resize_: WriteInstead<'x = x.reshape([2, 3])'>;

    /** @deprecated Write `x.abs()`. */
    readonly absolute: WriteInstead<'x.abs()'>;

    /** @deprecated Write `x.neg()`. */
    readonly negative: WriteInstead<'x.neg()'>;

    /** @deprecated Write `x.mul(y)`. */
    readonly multiply: WriteInstead<'x.mul(y)'>;

    /** @deprecated Write `x.sub(y)`. */
    readonly subtract: WriteInstead<'x.sub(y)'>;

    /** @deprecated Write `x.div(y)`. */
    readonly divide: WriteInstead<'x.div(y)'>;

    /** @deprecated Write `x.div(y)`. */
    readonly true_divide: WriteInstead<'x.div(y)'>;

    /** @deprecated Write `x.gt(y)`. */
    readonly greater: WriteInstead<'x.gt(y)'>;

    /** @deprecated Write `x.ge(y)`. */
    readonly greater_equal: WriteInstead<'x.ge(y)'>;

    /** @deprecated Write `x.lt(y)`. */
    readonly less: WriteInstead<'x.lt(y)'>;

    /** @deprecated Write `x.le(y)`. */
    readonly less_equal: WriteInstead<'x.le(y)'>;

    /** @deprecated Write `x.ne(y)`. */
    readonly not_equal: WriteInstead<'x.ne(y)'>;
  }
}
