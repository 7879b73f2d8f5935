import { NonFiniteError } from '../core/errors.js';
import { type Inspection, inspectNonFinite } from './anomaly.js';
import { inspecting } from './mode.js';

function faultOf(inspection: Inspection, work: () => void): NonFiniteError | undefined {
  try {
    inspecting(inspection, work);
  } catch (error) {
    if (error instanceof NonFiniteError) return error;
    throw error;
  }
  return undefined;
}

/**
 * The first fault of `work`, which goes forward and backward: a NaN that no operand had, or an infinity made
 * of finite numbers. It knows the module of its operation, also where it arose in backward, which runs outside
 * of modules: `work` is run again, and the fault thrown where that operation is recorded.
 *
 * @param work does the same each time
 */
export function traceNonFinite(work: () => void): NonFiniteError | undefined {
  let start: number | undefined;
  let faulty: number | undefined;
  const fault = faultOf((operation, phase, operands, results, attrs, sequence) => {
    if (phase === 'forward') start ??= sequence;
    else faulty = sequence;
    inspectNonFinite(operation, phase, operands, results, attrs);
    faulty = undefined;
  }, work);
  if (fault === undefined || start === undefined || faulty === undefined) return fault;
  const place = faulty - start;
  start = undefined;
  faultOf((_operation, phase, _operands, _results, _attrs, sequence) => {
    if (phase !== 'forward' || sequence === undefined) return;
    start ??= sequence;
    if (sequence - start === place) throw fault;
  }, work);
  return fault;
}
