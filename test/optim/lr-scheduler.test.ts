import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { CosineAnnealingLR, type LRScheduler, type Schedulable } from '../../src/optim/lr-scheduler.js';

const { rates } = JSON.parse(
  readFileSync(new URL('../recordings/schedules.json', import.meta.url), 'utf8'),
) as { rates: Record<string, number[][]> };

const schedules: Record<string, (optimizer: Schedulable) => LRScheduler> = {
  CosineAnnealingLR: (optimizer) => new CosineAnnealingLR(optimizer, 50),
  'CosineAnnealingLR up and down': (optimizer) => new CosineAnnealingLR(optimizer, 7, { etaMin: 0.01 }),
};

const optimizer = (): Schedulable => ({ paramGroups: [{ lr: 0.1 }, { lr: 0.03 }] });

test.each(Object.keys(rates))("%s goes through PyTorch's rates, also when resumed half-way", (name) => {
  const recorded = rates[name]!;
  let schedule = schedules[name]!(optimizer());
  recorded.forEach((expected, i) => {
    if (i === 20) {
      const state = JSON.parse(JSON.stringify(schedule.stateDict())) as ReturnType<LRScheduler['stateDict']>;
      schedule = schedules[name]!(optimizer());
      schedule.loadStateDict(state);
    }
    schedule.step();
    schedule.getLastLr().forEach((lr, group) => {
      expect(Math.abs(lr - expected[group]!), `step ${i}`).toBeLessThan(1e-12);
    });
  });
});

test('mistakes are named', () => {
  expect(() => new CosineAnnealingLR(optimizer(), 0)).toThrow('tMax must be a positive whole number, not 0');
  const { lrs: _lrs, ...state } = new CosineAnnealingLR(optimizer(), 3).stateDict();
  expect(() => new CosineAnnealingLR(optimizer(), 3).loadStateDict({ ...state, lrs: [1] })).toThrow(
    'the schedule was for 1 parameter groups, the optimizer has 2',
  );
});
