// Made by `npm run generate` from the declarations in kernels/. Don't edit it.

/** A place in the memory of the engine. */
type Address = number;

/** The kernels, as the native addon and the WebAssembly modules export them. */
export interface KernelAbi {
  /**
   * plan's operands: q, k, v, mask, out.
   */
  attention_forward(
    plan: Address,
    q: Address,
    k: Address,
    v: Address,
    mask: Address,
    out: Address,
    lse: Address,
    scale: number,
  ): void;

  /**
   * The gradients of q, k, and v from that of out, g. plan's operands: q, k, v, mask, out, g, dq, dk, dv.
   */
  attention_backward(
    plan: Address,
    q: Address,
    k: Address,
    v: Address,
    mask: Address,
    out: Address,
    lse: Address,
    g: Address,
    dq: Address,
    dk: Address,
    dv: Address,
    scale: number,
  ): void;

  /**
   * y[n,o,i] = act(bias[o] + Σ_{c,u} w[o,c,u] · x[n,c, i·stride + u·dilation − padding]); bias may be null.
   */
  conv_forward(
    dtype: number,
    x: Address,
    w: Address,
    bias: Address,
    y: Address,
    meta: Address,
    activation: number,
  ): void;

  /**
   * dx = act(bias + gradient of conv_forward in x); with its bias and activation it is also the
   * transposed convolution, whose input is dy and whose output is dx. bias has `in channels` elements.
   */
  conv_input_gradient(
    dtype: number,
    dy: Address,
    w: Address,
    bias: Address,
    dx: Address,
    meta: Address,
    activation: number,
  ): void;

  /**
   * dw = gradient in w, dbias[o] = Σ_{n,i} dy[n,o,i] (dbias may be null).
   */
  conv_weight_gradient(
    dtype: number,
    x: Address,
    dy: Address,
    dw: Address,
    dbias: Address,
    meta: Address,
  ): void;

  /**
   * out[r] = Σ_i a[r, i]·b[r, i]; a and b (rows, width).
   */
  row_products(dtype: number, a: Address, b: Address, out: Address, rows: number, width: number): void;

  /**
   * out[r] = √Σ_i (a[r, i] − b[r, i] + eps)².
   */
  row_distances(
    dtype: number,
    a: Address,
    b: Address,
    out: Address,
    rows: number,
    width: number,
    eps: number,
  ): void;

  /**
   * da and db (rows, width), null where they are not wanted, from the gradient g (rows) of the distances; 0 where a
   * distance is 0.
   */
  row_distances_backward(
    dtype: number,
    g: Address,
    a: Address,
    b: Address,
    distances: Address,
    da: Address,
    db: Address,
    rows: number,
    width: number,
    eps: number,
  ): void;

  /**
   * out (rows·(rows − 1)/2): the distances of rows i < j of x (rows, width), pair by pair: (0, 1), (0, 2) …
   */
  pair_distances(dtype: number, x: Address, out: Address, rows: number, width: number): void;

  /**
   * dx (rows, width) from the gradient g of the distances; a pair at distance 0 adds nothing.
   */
  pair_distances_backward(
    dtype: number,
    g: Address,
    x: Address,
    distances: Address,
    dx: Address,
    rows: number,
    width: number,
  ): void;

  /**
   * indices and distances (queries, k): the k rows of points (count, width) nearest to each row of queries, from the
   * nearest on, 1 ≤ k ≤ count. With `others`, query i is row i of points and is not its own neighbor: then k < count.
   */
  nearest(
    dtype: number,
    queryRows: Address,
    points: Address,
    indices: Address,
    distances: Address,
    queries: number,
    count: number,
    width: number,
    k: number,
    others: number,
  ): void;

  /**
   * ranks (count, k): how many other rows of x (count, width) are nearer to row i than row neighbors[i, j] is.
   */
  neighbor_ranks(
    dtype: number,
    x: Address,
    neighbors: Address,
    ranks: Address,
    count: number,
    width: number,
    k: number,
  ): void;

  unary(op: number, dtype: number, a: Address, out: Address, layout: Address, p: number, q: number): void;

  /**
   * → bool.
   */
  test(op: number, dtype: number, a: Address, out: Address, layout: Address): void;

  binary(
    op: number,
    dtype: number,
    a: Address,
    b: Address,
    out: Address,
    layout: Address,
    p: number,
    q: number,
  ): void;

  /**
   * As binary with a number for the second operand, or for the first if `reversed`. layout has strides
   * for out and the tensor operand only.
   */
  binary_number(
    op: number,
    dtype: number,
    a: Address,
    number: number,
    reversed: number,
    out: Address,
    layout: Address,
    p: number,
    q: number,
  ): void;

  /**
   * → bool.
   */
  compare(op: number, dtype: number, a: Address, b: Address, out: Address, layout: Address): void;

  compare_number(op: number, dtype: number, a: Address, number: number, out: Address, layout: Address): void;

  /**
   * a is b, or |a - b| ≤ atol + rtol·|b| in float64, or with equal_nan both are NaN → bool.
   */
  is_close(
    dtype: number,
    a: Address,
    b: Address,
    out: Address,
    layout: Address,
    rtol: number,
    atol: number,
    equalNan: number,
  ): void;

  ternary(
    op: number,
    dtype: number,
    a: Address,
    b: Address,
    c: Address,
    out: Address,
    layout: Address,
    p: number,
  ): void;

  /**
   * The cross products of vectors of 3 elements along the middle axis of contiguous (outer, 3, inner) arrays.
   */
  cross(dtype: number, a: Address, b: Address, out: Address, outer: number, inner: number): void;

  /**
   * condition (bool) ? a : b.
   */
  where(dtype: number, condition: Address, a: Address, b: Address, out: Address, layout: Address): void;

  /**
   * out = a, converted from dtype `from` to dtype `to` as C++ does; a float that an integer cannot hold
   * becomes the smallest int32, and bytes keep the low 8 bits.
   */
  copy(from: number, to: number, a: Address, out: Address, layout: Address): void;

  fill(dtype: number, value: number, out: Address, layout: Address): void;

  /**
   * out[i] = first + i · step for i < half, last − (n − 1 − i) · step from there on, for a dtype of numbers.
   */
  ramp(dtype: number, first: number, step: number, last: number, half: number, n: number, out: Address): void;

  /**
   * meta: m, n, k,
   *       a_row, a_k      A's strides, from row to row and along k (a transposed matrix swaps them)
   *       b_k, b_col      B's
   *       c_row           C's rows; its columns are adjacent
   *       rank            batch dimensions r, then r numbers each: the batch's shape and the batch
   *                       strides of A, B and C (0 = broadcast; C's may not be)
   * dtype is float32, float64 or int32; int32 wraps around and knows no activation.
   * row_bias (m), col_bias (n) or null; activation as in gemm_output.h; beta = 0 does not read C.
   */
  gemm(
    dtype: number,
    meta: Address,
    a: Address,
    b: Address,
    c: Address,
    rowBias: Address,
    colBias: Address,
    alpha: number,
    beta: number,
    activation: number,
  ): void;

  /**
   * y[o, i, j] = x[o, index[i], j]
   */
  index_select(dtype: number, x: Address, index: Address, y: Address, meta: Address): number;

  /**
   * y[o, index[i], j] = x[o, i, j]; of equal indices the last one stays. x_stride 0: x is one value
   */
  index_copy(dtype: number, y: Address, index: Address, x: Address, meta: Address, xStride: number): number;

  /**
   * y[o, index[i], j] += alpha · x[o, i, j], in the order of i; for bool, logical or
   */
  index_add(dtype: number, y: Address, index: Address, x: Address, meta: Address, alpha: number): number;

  /**
   * offsets[i] = (first ? 0 : offsets[i]) + stride · index[i], negative indices wrapped: several index tensors become one
   */
  index_offsets(
    index: Address,
    count: number,
    size: number,
    stride: number,
    first: number,
    offsets: Address,
  ): number;

  /**
   * y[o, i, j] = x[o, index[o, i, j], j]
   */
  gather(dtype: number, x: Address, index: Address, y: Address, meta: Address): number;

  /**
   * y[o, index[o, i, j], j] = or ∘= x[o, i, j], in the order of i. mode: 0 assign, 1 sum, 2 prod, 3 mean, 4 amax, 5 amin;
   * without include_self an element that is written starts from the mode's neutral element. x_stride 0: x is one value.
   */
  scatter(
    dtype: number,
    y: Address,
    index: Address,
    x: Address,
    meta: Address,
    mode: number,
    includeSelf: number,
    xStride: number,
  ): number;

  masked_count(mask: Address, count: number): number;

  /**
   * y = the elements of x whose mask is set, in order; returns how many
   */
  masked_select(dtype: number, x: Address, mask: Address, y: Address, count: number): number;

  /**
   * y[the k-th set position of the mask] = x[k]
   */
  masked_scatter(dtype: number, y: Address, mask: Address, x: Address, count: number): void;

  /**
   * y (matrices, rows, columns) = x where column − row ≥ diagonal (upper) or ≤ diagonal (lower), else 0
   */
  triangle(
    dtype: number,
    x: Address,
    y: Address,
    matrices: number,
    rows: number,
    columns: number,
    diagonal: number,
    upper: number,
  ): void;

  /**
   * The gradient of an embedding: dw (rows, width) = Σ over i with index[i] = row, row ≠ padding, of weights[i] · dy[from[i]] (…, width),
   * divided by how often the row occurs if scale_by_frequency. Without `from` it is dy[i], without weights they are 1.
   */
  embedding_grad(
    dtype: number,
    dy: Address,
    from: Address,
    weights: Address,
    index: Address,
    dw: Address,
    count: number,
    rows: number,
    width: number,
    padding: number,
    scaleByFrequency: number,
  ): number;

  /**
   * y (bags, width): the sum, mean or maximum (mode 0, 1, 2) of w's rows index[offsets[b] … offsets[b+1]), each times
   * weights[i] (sum only; may be null), rows equal to padding left out (−1: none). Writes bag_of (count), the bag of each index
   * (−1 before the first bag), sizes (bags), how many rows counted, and for the maximum argmax (bags, width), the row taken (0
   * in an empty bag). A bad offset at position p returns −2 − p.
   */
  embedding_bag(
    dtype: number,
    w: Address,
    index: Address,
    offsets: Address,
    weights: Address,
    y: Address,
    bagOf: Address,
    sizes: Address,
    argmax: Address,
    count: number,
    bags: number,
    rows: number,
    width: number,
    mode: number,
    padding: number,
  ): number;

  /**
   * logits (N, C, S), target (N, S). With w = weight (C) or ones, ε = smoothing and p = softmax(logits):
   *   loss = −(1 − ε)·w[t]·log p[t] − ε/C · Σ_c w[c]·log p[c]; 0 where the target is `ignore`
   * out: the losses (N, S), or one number: their sum, or that over Σ w[t] of the targets not ignored.
   * stats (2·N·S + 1), for the backward pass: maxima, logarithms of the sums, and what the sum was divided by.
   * Returns the position of the first target outside [0, C) that is not `ignore`, or −1.
   *
   * meta = [N, C, S, ignore, reduction]
   */
  cross_entropy(
    dtype: number,
    logits: Address,
    target: Address,
    weight: Address,
    out: Address,
    stats: Address,
    meta: Address,
    smoothing: number,
  ): number;

  /**
   * dx (N, C, S) from the gradient g of `out`.
   */
  cross_entropy_backward(
    dtype: number,
    g: Address,
    logits: Address,
    target: Address,
    weight: Address,
    stats: Address,
    dx: Address,
    meta: Address,
    smoothing: number,
  ): void;

  /**
   * The loss `op` of loss_pointwise.h for each of n elements of its operands, which repeat theirs with a period
   * (n: one for each, 1: a number); v and weight may be null. A weight multiplies its loss.
   * out: the losses (n), or if `summed` their sum divided by the divisor, which is 1 otherwise.
   *
   * meta = [n, summed, periods of x, t, v, weight, and in the backward pass of g]
   */
  pointwise_loss(
    op: number,
    dtype: number,
    x: Address,
    t: Address,
    v: Address,
    weight: Address,
    out: Address,
    meta: Address,
    divisor: number,
    p: number,
    q: number,
  ): void;

  /**
   * dx, dt, dv (n), null where they are not wanted, from the gradient g of `out`.
   */
  pointwise_loss_backward(
    op: number,
    dtype: number,
    g: Address,
    x: Address,
    t: Address,
    v: Address,
    weight: Address,
    dx: Address,
    dt: Address,
    dv: Address,
    meta: Address,
    divisor: number,
    p: number,
    q: number,
  ): void;

  /**
   * −w[t]·x[t] of log-probabilities x (N, C, S) and targets (N, S), 0 where the target is `ignore`; out, meta and what
   * is returned as for cross_entropy. divisor: one number, for the backward pass.
   */
  nll(
    dtype: number,
    x: Address,
    target: Address,
    weight: Address,
    out: Address,
    divisor: Address,
    meta: Address,
  ): number;

  nll_backward(
    dtype: number,
    g: Address,
    target: Address,
    weight: Address,
    divisor: Address,
    dx: Address,
    meta: Address,
  ): void;

  /**
   * w[t]/C · Σ_{c ≠ t} max(0, margin − x[t] + x[c])^p for each row of x (N, C), p = 1 or 2; out: the losses (N), or one
   * number. Returns the position of the first target that isn't a class, or −1.
   *
   * meta = [N, C, reduction, p]
   */
  multi_margin(
    dtype: number,
    x: Address,
    target: Address,
    weight: Address,
    out: Address,
    meta: Address,
    margin: number,
  ): number;

  multi_margin_backward(
    dtype: number,
    g: Address,
    x: Address,
    target: Address,
    weight: Address,
    dx: Address,
    meta: Address,
    margin: number,
  ): void;

  /**
   * 1/C · Σ_{t in T} Σ_{c not in T} max(0, 1 − x[t] + x[c]), T the numbers of a row of target (N, C) before its first −1.
   * Returns as multi_margin.
   *
   * meta = [N, C, reduction]
   */
  multilabel_margin(dtype: number, x: Address, target: Address, out: Address, meta: Address): number;

  multilabel_margin_backward(
    dtype: number,
    g: Address,
    x: Address,
    target: Address,
    dx: Address,
    meta: Address,
  ): void;

  /**
   * losses (N): −log of the probability that x (T, N, C), logarithms of probabilities, spells each target; infinite, or
   * 0 with zeroInfinity, where it cannot. lengths (3, N): steps, labels, and where the labels begin.
   * alphas (N, T, places): for the backward pass; places = 2 · the longest target + 1.
   *
   * meta = [T, N, C, places, blank, zeroInfinity]
   */
  ctc(
    dtype: number,
    x: Address,
    labels: Address,
    lengths: Address,
    alphas: Address,
    losses: Address,
    meta: Address,
  ): void;

  /**
   * dx (T, N, C) from the gradient g of the losses; 0 of an infinite loss.
   */
  ctc_backward(
    dtype: number,
    g: Address,
    x: Address,
    labels: Address,
    lengths: Address,
    alphas: Address,
    losses: Address,
    dx: Address,
    meta: Address,
  ): void;

  /**
   * y = (x − mean)·rstd·gamma + beta for each row of x (rows, n), rstd = 1/√(var + eps); gamma and beta (n).
   * rms: mean is taken as 0 and is not written.
   */
  layer_norm(
    rms: number,
    dtype: number,
    x: Address,
    gamma: Address,
    beta: Address,
    y: Address,
    mean: Address,
    rstd: Address,
    rows: number,
    n: number,
    eps: number,
  ): void;

  layer_norm_backward(
    rms: number,
    dtype: number,
    g: Address,
    x: Address,
    mean: Address,
    rstd: Address,
    gamma: Address,
    dx: Address,
    dgamma: Address,
    dbeta: Address,
    rows: number,
    n: number,
  ): void;

  /**
   * x (batch, channels, space): statistics over each of `groups` groups of channels, mean and rstd
   * (batch, groups); gamma and beta (channels).
   */
  group_norm(
    dtype: number,
    x: Address,
    gamma: Address,
    beta: Address,
    y: Address,
    mean: Address,
    rstd: Address,
    batch: number,
    channels: number,
    space: number,
    groups: number,
    eps: number,
  ): void;

  group_norm_backward(
    dtype: number,
    g: Address,
    x: Address,
    mean: Address,
    rstd: Address,
    gamma: Address,
    dx: Address,
    dgamma: Address,
    dbeta: Address,
    batch: number,
    channels: number,
    space: number,
    groups: number,
  ): void;

  /**
   * x (batch, channels, space): statistics over batch and space, mean and rstd (channels), always written.
   * train: statistics of x; running ones, where not null, become running + momentum·(x's − running), the
   * variance unbiased. Otherwise the running statistics are used as they are. A residual like x, where not
   * null, is added to the result, then relu applied.
   */
  batch_norm(
    train: number,
    relu: number,
    dtype: number,
    x: Address,
    gamma: Address,
    beta: Address,
    residual: Address,
    y: Address,
    mean: Address,
    rstd: Address,
    runningMean: Address,
    runningVar: Address,
    batch: number,
    channels: number,
    space: number,
    momentum: number,
    eps: number,
  ): void;

  /**
   * g: the gradient of what the normalized values became, before a residual and relu.
   */
  batch_norm_backward(
    train: number,
    dtype: number,
    g: Address,
    x: Address,
    mean: Address,
    rstd: Address,
    gamma: Address,
    dx: Address,
    dgamma: Address,
    dbeta: Address,
    batch: number,
    channels: number,
    space: number,
  ): void;

  /**
   * b ← momentum·b + (1-dampening)·g (b ← g at the first step); θ ← θ - lr·b, with `nesterov`
   * θ ← θ - lr·(g + momentum·b). State: b, if momentum ≠ 0.
   */
  sgd_step(
    dtype: number,
    tensors: Address,
    count: number,
    lr: number,
    momentum: number,
    dampening: number,
    weightDecay: number,
    nesterov: number,
    maximize: number,
  ): void;

  /**
   * m ← β₁m + (1-β₁)g; v ← β₂v + (1-β₂)g²; θ ← θ - lr/(1-β₁ᵗ) · m / (√(v/(1-β₂ᵗ)) + ε); `amsgrad`
   * divides by the largest v so far. `decoupled` (AdamW): θ ← (1 - lr·weight_decay)·θ instead of the
   * decay within g. State: m, v, and the largest v if amsgrad.
   */
  adam_step(
    dtype: number,
    tensors: Address,
    count: number,
    lr: number,
    beta1: number,
    beta2: number,
    epsilon: number,
    weightDecay: number,
    decoupled: number,
    amsgrad: number,
    maximize: number,
  ): void;

  /**
   * s ← s + g²; θ ← θ - lr/(1 + (t-1)·lr_decay) · g/(√s + ε). State: s.
   */
  adagrad_step(
    dtype: number,
    tensors: Address,
    count: number,
    lr: number,
    lrDecay: number,
    epsilon: number,
    weightDecay: number,
    maximize: number,
  ): void;

  /**
   * s ← ρs + (1-ρ)g²; Δ = √(a + ε)/√(s + ε) · g; a ← ρa + (1-ρ)Δ²; θ ← θ - lr·Δ. State: s, a.
   */
  adadelta_step(
    dtype: number,
    tensors: Address,
    count: number,
    lr: number,
    rho: number,
    epsilon: number,
    weightDecay: number,
    maximize: number,
  ): void;

  /**
   * s ← αs + (1-α)g²; d = g/(√s + ε), centered: s less the square of a running mean of g;
   * b ← momentum·b + d; θ ← θ - lr·b (or d, if momentum = 0). State: s, b if momentum > 0, mean if centered.
   */
  rmsprop_step(
    dtype: number,
    tensors: Address,
    count: number,
    lr: number,
    alpha: number,
    epsilon: number,
    weightDecay: number,
    momentum: number,
    centered: number,
    maximize: number,
  ): void;

  /**
   * m ← β₁m + (1-β₁)g; u ← max(β₂u, |g| + ε); θ ← θ - lr/(1-β₁ᵗ) · m/u. State: m, u.
   */
  adamax_step(
    dtype: number,
    tensors: Address,
    count: number,
    lr: number,
    beta1: number,
    beta2: number,
    epsilon: number,
    weightDecay: number,
    maximize: number,
  ): void;

  /**
   * Adam with Nesterov momentum: μₜ = β₁(1 - ½·0.96^(t·momentum_decay)). Column 7: the product of μ up
   * to this step. State: m, v.
   */
  nadam_step(
    dtype: number,
    tensors: Address,
    count: number,
    lr: number,
    beta1: number,
    beta2: number,
    epsilon: number,
    weightDecay: number,
    momentumDecay: number,
    maximize: number,
  ): void;

  /**
   * Adam whose adaptive rate is rectified for its variance, and left out while that is intractable. State: m, v.
   */
  radam_step(
    dtype: number,
    tensors: Address,
    count: number,
    lr: number,
    beta1: number,
    beta2: number,
    epsilon: number,
    weightDecay: number,
    maximize: number,
  ): void;

  /**
   * Step sizes grow by `grow` where the sign of g holds and shrink by `shrink` (and the step is left
   * out) where it turns; θ ← θ - sign(g)·size. State: the gradient before, the step sizes.
   */
  rprop_step(
    dtype: number,
    tensors: Address,
    count: number,
    shrink: number,
    grow: number,
    leastSize: number,
    largestSize: number,
    maximize: number,
  ): void;

  /**
   * ‖all gradients‖ of order p (may be infinite), together with others whose norm is `before`; also
   * written to `out`.
   */
  gradient_norm(
    dtype: number,
    tensors: Address,
    count: number,
    p: number,
    before: number,
    out: Address,
  ): number;

  /**
   * g ← factor·g.
   */
  gradient_scale(dtype: number, tensors: Address, count: number, factor: number): void;

  /**
   * g ← min(max(g, -limit), limit).
   */
  gradient_clamp(dtype: number, tensors: Address, count: number, limit: number): void;

  /**
   * y (planes, D', H', W') = x (planes, D, H, W) with borders
   */
  pad(dtype: number, x: Address, y: Address, meta: Address, mode: number, value: number): void;

  /**
   * dx (planes, D, H, W) = for each element, the sum of dy where it stands
   */
  pad_backward(dtype: number, dy: Address, dx: Address, meta: Address, mode: number): void;

  /**
   * y = max over the window, indices (may be null) = the first place that has it. A NaN counts as the
   * largest; of several the last is taken.
   */
  max_pool(dtype: number, x: Address, y: Address, indices: Address, planes: number, window: Address): void;

  /**
   * y = Σ over the window / divisor; a divisor of 0 means the number of elements in the window, with
   * `count_padding` those of the padding too.
   */
  average_pool(
    dtype: number,
    x: Address,
    y: Address,
    planes: number,
    window: Address,
    countPadding: number,
    divisor: number,
  ): void;

  average_pool_backward(
    dtype: number,
    dy: Address,
    dx: Address,
    planes: number,
    window: Address,
    countPadding: number,
    divisor: number,
  ): void;

  /**
   * Pooling to a given size: window i of n input and m output elements is [⌊i·n/m⌋, ⌈(i+1)·n/m⌉). Only
   * the first two triples of `window` are read.
   */
  adaptive_average_pool(dtype: number, x: Address, y: Address, planes: number, window: Address): void;

  adaptive_average_pool_backward(
    dtype: number,
    dy: Address,
    dx: Address,
    planes: number,
    window: Address,
  ): void;

  adaptive_max_pool(
    dtype: number,
    x: Address,
    y: Address,
    indices: Address,
    planes: number,
    window: Address,
  ): void;

  /**
   * y[p, indices[p, i]] = x[p, i], with `accumulate` +=, elsewhere 0; x (planes, count), y (planes, size).
   * The gradient of max pooling, and unpooling. All indices lie in range.
   */
  plane_scatter(
    dtype: number,
    x: Address,
    indices: Address,
    y: Address,
    planes: number,
    count: number,
    size: number,
    accumulate: number,
  ): void;

  /**
   * The position of the first of n indices outside [0, size), or -1.
   */
  first_outside(indices: Address, n: number, size: number): number;

  /**
   * y[p, i] = x[p, indices[p, i]]; x (planes, size), y (planes, count).
   */
  plane_gather(
    dtype: number,
    x: Address,
    indices: Address,
    y: Address,
    planes: number,
    count: number,
    size: number,
  ): void;

  /**
   * out[i] ~ U[from, to): 24 random bits (float32) or 53 (float64).
   */
  random_uniform(dtype: number, out: Address, n: number, from: number, to: number, state: Address): void;

  /**
   * out[i] ~ N(mean, std²). n ≥ 16: Box–Muller in groups of 16; fewer, or `one_by_one`: in float64, a
   * pair at a time, the second of which is kept in the state.
   */
  random_normal(
    dtype: number,
    out: Address,
    n: number,
    mean: number,
    std: number,
    oneByOne: number,
    state: Address,
  ): void;

  /**
   * out[i] ~ U{from, …, from + range - 1}, range ≥ 1.
   */
  random_integers(dtype: number, out: Address, n: number, from: number, range: number, state: Address): void;

  /**
   * A permutation of 0 … n-1 (Fisher–Yates).
   */
  random_permutation(out: Address, n: number, state: Address): void;

  /**
   * out[i] = 1 with probability p, else 0.
   */
  random_bernoulli(dtype: number, out: Address, n: number, p: number, state: Address): void;

  /**
   * out[i] = 1 with probability p[i], else 0; p is of `p_dtype`, float32 or float64.
   */
  random_bernoulli_each(
    dtype: number,
    out: Address,
    pDtype: number,
    p: Address,
    n: number,
    state: Address,
  ): void;

  /**
   * mask[i] = 1 with probability 1-p, y[i] = x[i] · mask[i]/(1-p).
   */
  random_dropout(
    dtype: number,
    x: Address,
    y: Address,
    mask: Address,
    n: number,
    p: number,
    state: Address,
  ): void;

  /**
   * dx[i] = dy[i] · mask[i]/(1-p): the gradient of dropout, and the gradient of that.
   */
  dropout_backward(dtype: number, dy: Address, mask: Address, dx: Address, n: number, p: number): void;

  /**
   * slopes[i] ~ U[lower, upper) in float64 where x[i] ≤ 0, for which alone it draws, else 1; y = x · slopes.
   */
  random_rrelu(
    dtype: number,
    x: Address,
    slopes: Address,
    y: Address,
    n: number,
    lower: number,
    upper: number,
    state: Address,
  ): void;

  /**
   * out[i] ~ Exp(rate).
   */
  random_exponential(dtype: number, out: Address, n: number, rate: number, state: Address): void;

  /**
   * out[i] ~ exp(N(mean, std²)).
   */
  random_log_normal(dtype: number, out: Address, n: number, mean: number, std: number, state: Address): void;

  /**
   * out[i] ~ Cauchy(median, sigma).
   */
  random_cauchy(dtype: number, out: Address, n: number, median: number, sigma: number, state: Address): void;

  /**
   * out[i] ~ number of trials up to the first success of probability p.
   */
  random_geometric(dtype: number, out: Address, n: number, p: number, state: Address): void;

  /**
   * out[i] ~ N(mean, std²) cut off outside [low, high], as torch.nn.init.trunc_normal_ draws it.
   */
  random_truncated_normal(
    dtype: number,
    out: Address,
    n: number,
    mean: number,
    std: number,
    low: number,
    high: number,
    state: Address,
  ): void;

  /**
   * out (rows, samples): indices drawn from each row of weights (rows, n), with or without putting back.
   */
  random_multinomial(
    dtype: number,
    weights: Address,
    rows: number,
    n: number,
    samples: number,
    replacement: number,
    out: Address,
    state: Address,
  ): void;

  /**
   * operands: out, h_n, c_n, reserve (0: no backward pass follows), x, h0, c0; of each direction ih, hh, bih, bhh, hr.
   */
  recurrent_forward(dtype: number, plan: Address, layout: Address, operands: Address): void;

  /**
   * operands: the gradients to write of x, h0, c0 and of each direction's ih, hh, bih, bhh, hr; the gradients of out,
   * h_n, c_n; out, reserve, x, h0, c0; of each direction ih, hh, bih, bhh, hr.
   */
  recurrent_backward(dtype: number, plan: Address, layout: Address, operands: Address): void;

  /**
   * out[k] = (op over the reduced axes / divisor)^power, `out` contiguous over the kept axes.
   *
   * meta = [kept rank, reduced rank, kept sizes…, kept strides…, reduced sizes…, reduced strides…]
   * center: one float64 per output (kSumSquaredDiff and kSumDiff only, else null)
   * divisor and power apply to float outputs; power 0.5 is a square root.
   * Returns 1 if an integer result is beyond int32, whose output is then 0; else 0.
   */
  reduce(
    op: number,
    dtype: number,
    x: Address,
    center: Address,
    out: Address,
    meta: Address,
    exponent: number,
    divisor: number,
    power: number,
  ): number;

  /**
   * Position of the largest (op kMax) or smallest (kMin) element along one axis; the first of equals,
   * and a NaN before anything else. `values` may be null. Both outputs are contiguous over the kept axes.
   *
   * meta = [kept rank, 1, kept sizes…, kept strides…, size, stride]
   */
  arg_reduce(op: number, dtype: number, x: Address, values: Address, indices: Address, meta: Address): void;

  /**
   * Running sum (op kSum) or product (kProd) along the middle axis of a contiguous (outer, n, inner)
   * array; from the end where reverse is set. Floats accumulate in double; integers give int32.
   * Returns 1 if an integer result is beyond int32, as `reduce` does.
   */
  scan(
    op: number,
    dtype: number,
    x: Address,
    y: Address,
    outer: number,
    n: number,
    inner: number,
    reverse: number,
  ): number;

  /**
   * The recurrence y[i] = b[i] + a[i]·y[i−1] along the middle axis, or, where reverse is set, its transpose
   * y[i] = b[i] + a[i+1]·y[i+1]. float32 and float64.
   */
  scan_linear(
    dtype: number,
    a: Address,
    b: Address,
    y: Address,
    outer: number,
    n: number,
    inner: number,
    reverse: number,
  ): void;

  /**
   * Running log Σ e^x along the middle axis. float32 and float64, in double.
   */
  scan_logsumexp(dtype: number, x: Address, y: Address, outer: number, n: number, inner: number): void;

  /**
   * Running maximum (kMax) or minimum (kMin) and where it stands, the last of equals.
   */
  scan_extreme(
    op: number,
    dtype: number,
    x: Address,
    values: Address,
    indices: Address,
    outer: number,
    n: number,
    inner: number,
  ): void;

  /**
   * d[indices[i]] = Σ g[i] along the middle axis, the indices as scan_extreme gave them. float32 and float64.
   */
  scan_extreme_backward(
    dtype: number,
    g: Address,
    indices: Address,
    d: Address,
    outer: number,
    n: number,
    inner: number,
  ): void;

  /**
   * d[i] = g·Π_{k≠i} x[k] along the middle axis of contiguous x and d, g (outer, inner). float32 and float64.
   */
  prod_backward(
    dtype: number,
    x: Address,
    g: Address,
    d: Address,
    outer: number,
    n: number,
    inner: number,
  ): void;

  /**
   * Resizes (planes, D, H, W) along each axis; fewer axes have leading lengths of 1. `sizes` holds the
   * input's D, H, W and the output's. A scale is the ratio input/output to step by along its axis, or 0 for
   * that of the sizes. Nearest modes take any dtype, the others float32 and float64.
   */
  resize(
    dtype: number,
    x: Address,
    y: Address,
    planes: number,
    sizes: Address,
    scaleD: number,
    scaleH: number,
    scaleW: number,
    mode: number,
    alignCorners: number,
  ): void;

  /**
   * dx, the gradient of resize; dtype float32 or float64.
   */
  resize_backward(
    dtype: number,
    dy: Address,
    dx: Address,
    planes: number,
    sizes: Address,
    scaleD: number,
    scaleH: number,
    scaleW: number,
    mode: number,
    alignCorners: number,
  ): void;

  /**
   * Patches of images x (N, C, H, W) as columns: y (N, C·kH·kW, L). `window` holds pairs (H, W): input
   * size, counts of patches, kernel, stride, padding, dilation.
   */
  unfold(dtype: number, x: Address, y: Address, planes: number, window: Address): void;

  /**
   * The sum of columns y (N, C·kH·kW, L) at their places in x (N, C, H, W).
   */
  fold(dtype: number, y: Address, x: Address, planes: number, window: Address): void;

  /**
   * y (N, C, Ho, Wo) = x (N, C, H, W) at the places of grid (N, Ho, Wo, 2), x before y, in [-1, 1].
   * sizes: N, C, H, W, Ho, Wo. mode: 0 bilinear, 1 nearest; padding: 0 zeros, 1 border, 2 reflection.
   */
  grid_sample(
    dtype: number,
    x: Address,
    grid: Address,
    y: Address,
    sizes: Address,
    mode: number,
    padding: number,
    alignCorners: number,
  ): void;

  grid_sample_backward(
    dtype: number,
    dy: Address,
    x: Address,
    grid: Address,
    dx: Address,
    dgrid: Address,
    sizes: Address,
    mode: number,
    padding: number,
    alignCorners: number,
  ): void;

  /**
   * y = softmax(x), or its logarithm where log_form is set.
   */
  softmax(
    logForm: number,
    dtype: number,
    x: Address,
    y: Address,
    outer: number,
    n: number,
    inner: number,
  ): void;

  /**
   * dx from the output y and its gradient g: y·(g − Σ g·y), for the logarithm g − e^y·Σ g.
   */
  softmax_backward(
    logForm: number,
    dtype: number,
    g: Address,
    y: Address,
    dx: Address,
    outer: number,
    n: number,
    inner: number,
  ): void;

  /**
   * y (outer, inner) = log Σ e^x; −inf where every x is, or where n is 0.
   */
  logsumexp(dtype: number, x: Address, y: Address, outer: number, n: number, inner: number): void;

  /**
   * values and indices (outer, size, inner) of the stable sort; values may be null
   */
  sort(
    dtype: number,
    x: Address,
    values: Address,
    indices: Address,
    outer: number,
    size: number,
    inner: number,
    descending: number,
  ): void;

  /**
   * values and indices (outer, k, inner): the k first of the stable sort, 0 ≤ k ≤ size
   */
  topk(
    dtype: number,
    x: Address,
    values: Address,
    indices: Address,
    outer: number,
    size: number,
    inner: number,
    k: number,
    largest: number,
  ): void;

  /**
   * values and indices (outer, inner) of the k-th smallest, 0 ≤ k < size
   */
  kth_value(
    dtype: number,
    x: Address,
    values: Address,
    indices: Address,
    outer: number,
    size: number,
    inner: number,
    k: number,
  ): void;

  /**
   * values and indices (outer, inner) of the lower median; the first NaN if there is one, unless they are ignored
   */
  median(
    dtype: number,
    x: Address,
    values: Address,
    indices: Address,
    outer: number,
    size: number,
    inner: number,
    ignoreNan: number,
  ): void;

  /**
   * Groups equal rows of x (rows, width): in ascending lexicographic order, or runs only if consecutive. Writes each group's
   * first row (groups; all rows have room), and unless they are null the group of each row (rows) and the group's size (groups);
   * returns the number of groups. A row that holds a NaN equals none.
   */
  unique(
    dtype: number,
    x: Address,
    rows: number,
    width: number,
    consecutive: number,
    first: Address,
    inverse: Address,
    counts: Address,
  ): number;

  nonzero_count(dtype: number, x: Address, count: number): number;

  /**
   * out (n, rank): the coordinates of the elements that are not 0, in row-major order; x is dense with this shape
   */
  nonzero(dtype: number, x: Address, shape: Address, rank: number, out: Address): void;

  /**
   * The largest element + 1 (0 if there is none), or −1 − the position of the first negative one.
   */
  bincount_size(x: Address, count: number): number;

  /**
   * out[v] = how often v occurs in x (int32), or the sum of the weights where it does (dtype); out (size) holds all of x
   */
  bincount(dtype: number, x: Address, weights: Address, out: Address, count: number, size: number): void;

  /**
   * out (rows, count) = where each of values (rows, count) would go into its row of sorted (rows, size), or into the one row
   * there is if shared: before equal elements, or after them if right
   */
  searchsorted(
    dtype: number,
    sorted: Address,
    values: Address,
    out: Address,
    rows: number,
    size: number,
    count: number,
    shared: number,
    right: number,
  ): void;

  /**
   * out (count) = whether each element of x is among those of set (size), or is not if invert; NaN is among none
   */
  isin(
    dtype: number,
    x: Address,
    set: Address,
    out: Address,
    count: number,
    size: number,
    invert: number,
  ): void;

  /**
   * p (rows, k) from squared distances (rows, k): p ∝ e^(−β·d) in each row, with the β at which the row's entropy is
   * log(perplexity).
   */
  tsne_probabilities(distances: Address, p: Address, rows: number, k: number, perplexity: number): void;

  /**
   * The gradient (n, dims) at y (n, dims). The joint probabilities p are a sparse matrix: row i holds starts[i] …
   * starts[i+1]−1 of columns and weights. Cells are taken for their center of mass where their size is below
   * `angle` times the distance. order (n): any order of the points; the tree's own is written back, which makes the
   * next tree cheaper. divergence (1) may be null.
   */
  tsne_gradient(
    dims: number,
    n: number,
    y: Address,
    order: Address,
    starts: Address,
    columns: Address,
    weights: Address,
    angle: number,
    exaggeration: number,
    gradient: Address,
    divergence: Address,
  ): void;

  /**
   * A step with momentum and a gain for each coordinate, which grows by 0.2 while the sign of the gradient stays and
   * shrinks by 0.8 when it turns. The gradient is multiplied by the gains.
   */
  tsne_step(
    size: number,
    y: Address,
    gradient: Address,
    velocity: Address,
    gains: Address,
    momentum: number,
    learningRate: number,
  ): void;

  /**
   * Trains on rounds [round, round + rounds) of an epoch. The corpus is cut into `shards` of equal length, and a shard into
   * chunks of `chunk` words; a round trains on the next chunk of every shard, each from the rows as they were before it,
   * and then joins what the shards changed. At most 64 shards. With one shard, rows change as they are trained.
   *
   * rows (2, words, stride): the vectors, then the rows that predict; stride is a multiple of 16, columns beyond the
   * vectors' size are zero. keep (words): the share of each word's occurrences that trains. share, alias (words): the noise
   * distribution as an alias table. rates (rounds): learning rates. bag: 0 skip-gram, 1 CBOW. tally (shards, 3) grows by the
   * loss, the number of pairs it was measured on, and the number of words trained.
   */
  word2vec_train(
    rows: Address,
    words: number,
    stride: number,
    tokens: Address,
    count: number,
    keep: Address,
    share: Address,
    alias: Address,
    rates: Address,
    bag: number,
    window: number,
    negative: number,
    shards: number,
    chunk: number,
    seed: number,
    epoch: number,
    round: number,
    rounds: number,
    tally: Address,
  ): void;

  /**
   * counts[w] = number of different words within `window` of word w in its sentences. places[starts[w]] … are the
   * places of word w in the corpus, in order.
   */
  cooccurrence_counts(
    tokens: Address,
    count: number,
    starts: Address,
    places: Address,
    words: number,
    window: number,
    counts: Address,
  ): void;

  /**
   * columns, values: for each word those words, in the order of their first meeting, and Σ 1 / distance over all their meetings (or, without
   * `weighted`, the number of meetings); the row of word w begins at row_starts[w].
   */
  cooccurrence_fill(
    tokens: Address,
    count: number,
    starts: Address,
    places: Address,
    words: number,
    window: number,
    weighted: number,
    rowStarts: Address,
    columns: Address,
    values: Address,
  ): void;

  /**
   * Sorts the elements of a sparse matrix (words, words) into blocks: block (a, b) holds the elements whose row is a and
   * column b modulo `parts`, in the order of the matrix; it begins at block_starts[a·parts + b] (parts² + 1).
   */
  glove_blocks(
    rowStarts: Address,
    columns: Address,
    values: Address,
    words: number,
    parts: number,
    blockStarts: Address,
    toRows: Address,
    toColumns: Address,
    toValues: Address,
  ): void;

  /**
   * Shuffles the elements of each block.
   */
  glove_shuffle(
    rows: Address,
    columns: Address,
    values: Address,
    blockStarts: Address,
    blocks: number,
    seed: number,
  ): void;

  /**
   * One pass of AdaGrad over blocks (a, a + step modulo parts) for every a, which share no row:
   *   cost = Σ f(x)·(v_i·u_j + b_i + c_j − log x)²,  f(x) = min(1, (x / x_max)^power)
   * rows (2, words, stride) hold v and u, biases (2, words) b and c; row_squares and bias_squares, of the same shapes,
   * the sums of the squared gradients. cost (parts) grows by ½·f(x)·(…)².
   */
  glove_train(
    rows: Address,
    biases: Address,
    rowSquares: Address,
    biasSquares: Address,
    words: number,
    stride: number,
    elementRows: Address,
    elementColumns: Address,
    values: Address,
    blockStarts: Address,
    parts: number,
    step: number,
    rate: number,
    xMax: number,
    power: number,
    cost: Address,
  ): void;
}

/** Kernels that were built from other declarations have another number. */
export const abiVersion = 645735295;

/** A table without a prototype: V8 finds many names that vary from call to call faster in one. */
const table = <const T extends object>(entries: T): T => Object.assign(Object.create(null), entries);

/** The codes by which kernels know a dtype, an operation or a mode. */
export const codes = {
  unary: table({
    abs: 0,
    neg: 1,
    sign: 2,
    square: 3,
    cube: 4,
    relu: 5,
    clamp: 6,
    bitwiseNot: 7,
    ceil: 8,
    floor: 9,
    round: 10,
    trunc: 11,
    frac: 12,
    sqrt: 13,
    rsqrt: 14,
    reciprocal: 15,
    exp: 16,
    exp2: 17,
    expm1: 18,
    log: 19,
    log2: 20,
    log10: 21,
    log1p: 22,
    sin: 23,
    cos: 24,
    tan: 25,
    asin: 26,
    acos: 27,
    atan: 28,
    sinh: 29,
    cosh: 30,
    tanh: 31,
    asinh: 32,
    acosh: 33,
    atanh: 34,
    erf: 35,
    erfc: 36,
    erfinv: 37,
    lgamma: 38,
    digamma: 39,
    trigamma: 40,
    nanToNum: 41,
    sigmoid: 42,
    logSigmoid: 43,
    leakyRelu: 44,
    elu: 45,
    selu: 46,
    celu: 47,
    gelu: 48,
    geluTanh: 49,
    silu: 50,
    mish: 51,
    softplus: 52,
    softsign: 53,
    hardsigmoid: 54,
    hardswish: 55,
    hardshrink: 56,
    softshrink: 57,
    tanhshrink: 58,
    threshold: 59,
    sinc: 60,
    logit: 61,
  }),
  test: table({
    logicalNot: 0,
    isnan: 1,
    isinf: 2,
    isfinite: 3,
    isposinf: 4,
    isneginf: 5,
    signbit: 6,
  }),
  binary: table({
    add: 0,
    addScaled: 1,
    sub: 2,
    mul: 3,
    maximum: 4,
    minimum: 5,
    floorDivide: 6,
    truncDivide: 7,
    remainder: 8,
    fmod: 9,
    pow: 10,
    heaviside: 11,
    bitwiseAnd: 12,
    bitwiseOr: 13,
    bitwiseXor: 14,
    shiftLeft: 15,
    shiftRight: 16,
    div: 17,
    fmax: 18,
    fmin: 19,
    atan2: 20,
    hypot: 21,
    xlogy: 22,
    logaddexp: 23,
    logaddexp2: 24,
    copysign: 25,
    prelu: 26,
    gate: 27,
    absBackward: 28,
    sqrtBackward: 29,
    rsqrtBackward: 30,
    reciprocalBackward: 31,
    squareBackward: 32,
    cubeBackward: 33,
    tanhBackward: 34,
    sigmoidBackward: 35,
    reluBackward: 36,
    clampBackward: 37,
    hardtanhBackward: 38,
    leakyReluBackward: 39,
    eluBackward: 40,
    celuBackward: 41,
    geluBackward: 42,
    geluTanhBackward: 43,
    siluBackward: 44,
    mishBackward: 45,
    softplusBackward: 46,
    logSigmoidBackward: 47,
    softsignBackward: 48,
    hardsigmoidBackward: 49,
    hardswishBackward: 50,
    shrinkBackward: 51,
    tanhshrinkBackward: 52,
    thresholdBackward: 53,
    preluWeightBackward: 54,
    sincBackward: 55,
    logitBackward: 56,
    sinBackward: 57,
    cosBackward: 58,
    tanBackward: 59,
    asinBackward: 60,
    acosBackward: 61,
    atanBackward: 62,
    sinhBackward: 63,
    coshBackward: 64,
    asinhBackward: 65,
    acoshBackward: 66,
    atanhBackward: 67,
    erfBackward: 68,
    erfcBackward: 69,
    exp2Backward: 70,
    expm1Backward: 71,
    log2Backward: 72,
    log10Backward: 73,
    log1pBackward: 74,
  }),
  compare: table({
    eq: 0,
    ne: 1,
    lt: 2,
    le: 3,
    gt: 4,
    ge: 5,
    logicalAnd: 6,
    logicalOr: 7,
    logicalXor: 8,
  }),
  ternary: table({
    clampTensor: 0,
    lerp: 1,
    addcmul: 2,
    addcdiv: 3,
    divBackward: 4,
    powBackward: 5,
    powExponentBackward: 6,
    atan2Backward: 7,
    hypotBackward: 8,
    copysignBackward: 9,
    maximumBackward: 10,
    minimumBackward: 11,
    preluBackward: 12,
    gateBackward: 13,
    logsumexpBackward: 14,
  }),
  recurrentKind: {
    rnn_tanh: 0,
    rnn_relu: 1,
    lstm: 2,
    gru: 3,
  },
  pointwiseLoss: table({
    squared: 0,
    absolute: 1,
    bent: 2,
    crossEntropy: 3,
    logitCrossEntropy: 4,
    weightedLogitCrossEntropy: 5,
    divergence: 6,
    logDivergence: 7,
    gaussian: 8,
    poisson: 9,
    poissonRate: 10,
    hinge: 11,
    ranking: 12,
    logistic: 13,
  }),
  dtype: {
    float32: 0,
    float64: 1,
    int32: 2,
    uint8: 3,
    bool: 4,
  },
  reduce: table({
    sum: 0,
    prod: 1,
    max: 2,
    min: 3,
    any: 4,
    all: 5,
    countNonzero: 6,
    sumAbs: 7,
    sumSquares: 8,
    maxAbs: 9,
    minAbs: 10,
    sumPower: 11,
    sumSquaredDiff: 12,
    sumDiff: 13,
  }),
  activation: {
    none: 0,
    relu: 1,
    tanh: 2,
    sigmoid: 3,
    gelu: 4,
  },
  lossReduction: {
    none: 0,
    mean: 1,
    total: 2,
  },
  interpolation: {
    nearest: 0,
    nearestExact: 1,
    linear: 2,
    cubic: 3,
  },
  gridPadding: {
    zeros: 0,
    border: 1,
    reflection: 2,
  },
  padMode: {
    constant: 0,
    reflect: 1,
    replicate: 2,
    circular: 3,
  },
  scatterMode: table({
    assign: 0,
    sum: 1,
    prod: 2,
    mean: 3,
    max: 4,
    min: 5,
  }),
  bagMode: {
    sum: 0,
    mean: 1,
    max: 2,
  },
} as const;
