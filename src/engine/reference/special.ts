const { abs, exp, log, sin, sqrt, trunc, PI } = Math;

/** 2/√π ∫₀ˣ e^(−t²) dt by its series e^(−x²) Σ 2ⁿ x^(2n+1) / (1·3·…·(2n + 1)), for moderate x. */
function erfSeries(x: number): number {
  let [sum, term] = [x, x];
  for (let n = 1; n < 100; n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / sqrt(PI)) * exp(-x * x) * sum;
}

/** 1 − erf(x) by its continued fraction, for x ≥ 2.5. */
function erfcFraction(x: number): number {
  let fraction = x;
  for (let n = 80; n > 0; n--) fraction = x + n / 2 / fraction;
  return exp(-x * x) / (sqrt(PI) * fraction);
}

export const erf = (x: number): number =>
  abs(x) < 2.5 ? erfSeries(x) : Math.sign(x) * (1 - erfcFraction(abs(x)));

export const erfc = (x: number): number => (x >= 2.5 ? erfcFraction(x) : 1 - erf(x));

/** The x with erf(x) = y, by Newton's method from a rough value (Winitzki 2008). */
export function erfInverse(y: number): number {
  if (!(abs(y) < 1)) return abs(y) === 1 ? y * Number.POSITIVE_INFINITY : Number.NaN;
  if (y === 0) return y;
  const l = Math.log1p(-y * y);
  const t = 2 / (PI * 0.147) + l / 2;
  let x = sqrt(sqrt(t * t - l / 0.147) - t);
  for (let i = 0; i < 4; i++) {
    const error = abs(y) < 0.5 ? erf(x) - abs(y) : 1 - abs(y) - erfc(x);
    x -= error / ((2 / sqrt(PI)) * exp(-x * x));
  }
  return Math.sign(y) * x;
}

export const normalCdf = (x: number): number => erfc(-x / Math.SQRT2) / 2;

/** ln |Γ(x)| by Stirling's series from 10 on, the recurrence below it, and reflection below ½. */
export function logGamma(x: number): number {
  if (abs(x) === Number.POSITIVE_INFINITY) return Number.POSITIVE_INFINITY;
  if (x < 0.5) return log(PI / abs(sin(PI * (x % 2)))) - logGamma(1 - x);
  let [y, product] = [x, 1];
  for (; y < 10; y++) product *= y;
  const z = 1 / (y * y);
  const series = (1 / 12 - z * (1 / 360 - z * (1 / 1260 - z * (1 / 1680 - z / 1188)))) / y;
  return (y - 0.5) * log(y) - y + log(2 * PI) / 2 + series - log(product);
}

/** d/dx ln Γ(x), likewise; ∓∞ at ±0. */
export function digamma(x: number): number {
  if (x === 0) return -1 / x;
  if (x < 0.5) {
    if (x === trunc(x)) return Number.NaN;
    return digamma(1 - x) - PI / Math.tan(PI * (x - trunc(x)));
  }
  let [y, sum] = [x, 0];
  for (; y < 10; y++) sum -= 1 / y;
  const z = 1 / (y * y);
  const series = z * (1 / 12 - z * (1 / 120 - z * (1 / 252 - z * (1 / 240 - z * (1 / 132)))));
  return sum + log(y) - 0.5 / y - series;
}

/** The derivative of `digamma`, likewise. */
export function trigamma(x: number): number {
  if (x < 0.5) return (PI / sin(PI * (x - trunc(x)))) ** 2 - trigamma(1 - x);
  let [y, sum] = [x, 0];
  for (; y < 10; y++) sum += 1 / (y * y);
  const z = 1 / (y * y);
  const series = z * (1 / 6 - z * (1 / 30 - z * (1 / 42 - z * (1 / 30 - z * (5 / 66)))));
  return sum + (1 + 0.5 / y + series) / y;
}
