import type { OptimizerLike } from './gradient-step.js';
import type { Members } from './named.js';

/** The current rates: `lr`; for several groups `lr.0` …; for several optimizers `lr.NAME`, `lr.NAME.0` …. */
export function learningRates(optimizers: Members<OptimizerLike>): Record<string, number> {
  const rates: Record<string, number> = {};
  for (const [name, { paramGroups }] of optimizers.entries())
    paramGroups.forEach(({ lr }, i) => {
      const place = [name, ...(paramGroups.length > 1 ? [String(i)] : [])].filter((part) => part !== '');
      rates[['lr', ...place].join('.')] = lr;
    });
  return rates;
}
