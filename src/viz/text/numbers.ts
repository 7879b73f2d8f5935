import { percent } from '../../core/percent.js';

/** Numbers, all written with a power of ten if one of them has to be. */
const needsPower = (value: number): boolean =>
  Number.isFinite(value) && value !== 0 && (Math.abs(value) < 1e-4 || Math.abs(value) >= 1e6);

const withPower = (value: number, digits: number): string =>
  value
    .toExponential(digits - 2)
    .replace(/\.?0+e/, 'e')
    .replace('e+', 'e');

/** A number in few characters: about `digits` significant ones. */
export function short(value: number, digits = 4): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? '∞' : '-∞';
  if (needsPower(value)) return withPower(value, digits);
  return String(Number.isInteger(value) ? value : Number(value.toPrecision(digits)));
}

/** Numbers that belong together, in few characters each: all of them with a power of ten (except for 0), or none. */
export function alike(numbers: readonly number[], digits = 4): string[] {
  const powers = numbers.some(needsPower);
  return numbers.map((value) =>
    powers && Number.isFinite(value) && value !== 0 ? withPower(value, digits) : short(value, digits),
  );
}

/** Below this share of the greatest, a mark of an axis is a 0 with a rounding error. */
const ROUNDING = 1e-12;

/** The marks of an axis, as `alike` writes them. */
export function marksAlike(marks: readonly number[], digits?: number): string[] {
  const most = marks.reduce((a, b) => (Number.isFinite(b) ? Math.max(a, Math.abs(b)) : a), 0);
  return alike(
    marks.map((value) => (Math.abs(value) < ROUNDING * most ? 0 : value)),
    digits,
  );
}

/** A share in percent, with one decimal unless it's exactly 0 or 1; other shares are never shown as 0 % or 100 %. */
export function cautiousPercent(share: number): string {
  const shown = share * 100;
  if (shown > 0 && shown < 0.1) return '<0.1 %';
  if (shown > 99.9 && shown < 100) return '>99.9 %';
  return percent(share, Number.isInteger(share) ? 0 : 1);
}
