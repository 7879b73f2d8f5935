/** Conversions between float32 and the 16- and 8-bit floats that files hold; each rounds to nearest, ties to even. */

const scratch = new Float32Array(1);
const scratchBits = new Uint32Array(scratch.buffer);

/** Value of a float with the given mantissa bits and exponent bias; its top exponent isn't reserved. */
function smallFloat(bits: number, exponentBits: number, mantissaBits: number): number {
  const bias = 2 ** (exponentBits - 1) - 1;
  const mantissa = bits & (2 ** mantissaBits - 1);
  const exponent = (bits >> mantissaBits) & (2 ** exponentBits - 1);
  const sign = bits >> (exponentBits + mantissaBits) ? -1 : 1;
  return exponent === 0
    ? sign * mantissa * 2 ** (1 - bias - mantissaBits)
    : sign * (1 + mantissa / 2 ** mantissaBits) * 2 ** (exponent - bias);
}

/** IEEE 754 half precision: 5 exponent bits, 10 mantissa bits. */
export function fromFloat16(bits: number): number {
  if ((bits & 0x7c00) !== 0x7c00) return smallFloat(bits, 5, 10);
  if (bits & 0x3ff) return Number.NaN;
  return bits & 0x8000 ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

/** The upper half of a float32. */
export function fromBfloat16(bits: number): number {
  scratchBits[0] = bits << 16;
  return scratch[0]!;
}

/** 8 bits with a 5-bit exponent: the upper half of a float16. */
export const fromFloat8E5M2 = (bits: number): number => fromFloat16(bits << 8);

/** 8 bits with a 4-bit exponent and no infinity; it's NaN when all bits but the sign are set. */
export const fromFloat8E4M3 = (bits: number): number =>
  (bits & 0x7f) === 0x7f ? Number.NaN : smallFloat(bits, 4, 3);

export function toFloat16(value: number): number {
  scratch[0] = value;
  const bits = scratchBits[0]!;
  const sign = (bits >>> 16) & 0x8000;
  const magnitude = bits & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00;
  // 65520 and above round to infinity.
  if (magnitude >= 0x477ff000) return sign | 0x7c00;
  if (magnitude < 0x38800000) {
    // Subnormal: multiples of 2^-24. Beyond 2^52 a double holds only integers, so adding rounds.
    const rounded = Math.abs(scratch[0]!) * 2 ** 24 + 2 ** 52 - 2 ** 52;
    return sign | rounded;
  }
  const roundBit = (magnitude >>> 13) & 1;
  return sign | ((magnitude - 0x38000000 + 0xfff + roundBit) >>> 13);
}

export function toBfloat16(value: number): number {
  scratch[0] = value;
  const bits = scratchBits[0]!;
  if ((bits & 0x7fffffff) > 0x7f800000) return (bits >>> 16) | 0x40;
  return ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16) & 0xffff;
}
