import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { python } from './torch.js';
import type { MemoryWorkload } from './workload.js';

/** What the process holds in memory, and the most that it ever held: Linux says both, in kB. */
const STATUS = '/proc/self/status';

/** Work that is done a few times, and by how much memory grows meanwhile, since the library was loaded. */
interface Script {
  readonly imports: string;
  readonly setup: string;
  readonly run: string;
}

const oursOf = ({ imports, setup, run }: Script): string => `
import { readFileSync } from 'node:fs';
${imports}
const memory = (key) => 1024 * Number(new RegExp(key + ':\\\\s*(\\\\d+)').exec(readFileSync('${STATUS}', 'utf8'))[1]);
setThreads(Number(process.argv[1]));
const before = memory('VmRSS');
${setup}
for (let i = 0; i < 5; i++)
  tidy(() => {
${run}
  });
console.log(memory('VmHWM') - before);`;

const rivalOf = ({ imports, setup, run }: Script): string => `
import re, sys
${imports}
def memory(key):
    return 1024 * int(re.search(key + r':\\s*(\\d+)', open('${STATUS}').read())[1])
torch.set_num_threads(int(sys.argv[1]))
before = memory('VmRSS')
${setup}
for i in range(5):
${run}
print(memory('VmHWM') - before)`;

/** What a script prints; null where it fails. */
function printed(command: string, args: readonly string[]): number | null {
  const { status, stdout } = spawnSync(command, args, { encoding: 'utf8' });
  return status === 0 ? Number(stdout) : null;
}

/** A row of both sides' peaks, each in a process of its own. */
function peaks(row: string, name: string, target: number, ours: Script, rival: Script): MemoryWorkload {
  const script = oursOf(ours);
  return {
    ...{ row, name, target, engine: 'native', unit: 'bytes' },
    ours(threads) {
      const bytes = printed(process.execPath, ['--input-type=module', '-e', script, String(threads)]);
      if (bytes === null) throw new Error(`failed to run: ${script}`);
      return bytes;
    },
    rival: (threads) => printed(python, ['-c', rivalOf(rival), String(threads)]),
  };
}

/** As `step` of ResNet-18 in vision.ts. */
const resnet = peaks(
  'peak memory of training, ResNet-18, batch 8, 3×64×64, SGD with momentum',
  '5 steps in a process of its own',
  1,
  {
    imports: `
import { randint, randn, setThreads, tidy } from 'myelin';
import * as F from 'myelin/functional';
import * as optim from 'myelin/optim';
import { ResNet } from 'myelin/vision';`,
    setup: `
const model = new ResNet(18);
const optimizer = new optim.SGD(model.parameters(), { lr: 1e-3, momentum: 0.9 });
const x = randn([8, 3, 64, 64]);
const y = randint(0, 1000, [8]);`,
    run: `
    const loss = F.crossEntropy(model.forward(x), y);
    optimizer.zeroGrad();
    loss.backward();
    optimizer.step();`,
  },
  {
    imports: `
import torch, torchvision
import torch.nn.functional as F`,
    setup: `
model = torchvision.models.resnet18()
optimizer = torch.optim.SGD(model.parameters(), lr=1e-3, momentum=0.9)
x = torch.randn(8, 3, 64, 64)
y = torch.randint(0, 1000, (8,))`,
    run: `
    loss = F.cross_entropy(model(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()`,
  },
);

/** As in attention.ts. */
const attention = (shape: readonly number[]): MemoryWorkload =>
  peaks(
    'peak memory of attention, forward and backward',
    shape.join(' × '),
    4,
    {
      imports: `
import { randn, setThreads, tidy } from 'myelin';
import * as F from 'myelin/functional';`,
      setup: `
const inputs = [0, 1, 2].map(() => randn([${shape}]).requiresGrad_());
const g = randn([${shape}]);`,
      run: `
    for (const x of inputs) {
      x.grad?.dispose();
      x.grad = null;
    }
    F.scaledDotProductAttention(...inputs).backward(g);`,
    },
    {
      imports: 'import torch',
      setup: `
q, k, v = (torch.randn(${shape}).requires_grad_() for _ in range(3))
g = torch.randn(${shape})`,
      run: `
    q.grad = k.grad = v.grad = None
    weights = torch.softmax(q * q.shape[-1] ** -0.5 @ k.transpose(-2, -1), -1)
    (weights @ v).backward(g)
    del weights`,
    },
  );

export const memoryWorkloads: readonly MemoryWorkload[] = existsSync(STATUS)
  ? [resnet, attention([1, 8, 2048, 64]), attention([4, 12, 512, 64]), attention([1, 25, 1024, 64])]
  : [];
