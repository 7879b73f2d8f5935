import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { python } from './torch.js';
import type { MemoryWorkload } from './workload.js';

/** What the process holds in memory, and the most that it ever held: Linux says both, in kB. */
const STATUS = '/proc/self/status';

/** As `step` of ResNet-18 in vision.ts, five times; prints by how much memory grew since the library was loaded. */
const ours = `
import { readFileSync } from 'node:fs';
import { randint, randn, setThreads, tidy } from 'myelin';
import * as F from 'myelin/functional';
import * as optim from 'myelin/optim';
import { ResNet } from 'myelin/vision';
const memory = (key) => 1024 * Number(new RegExp(key + ':\\\\s*(\\\\d+)').exec(readFileSync('${STATUS}', 'utf8'))[1]);
setThreads(Number(process.argv[1]));
const before = memory('VmRSS');
const model = new ResNet(18);
const optimizer = new optim.SGD(model.parameters(), { lr: 1e-3, momentum: 0.9 });
const x = randn([8, 3, 64, 64]);
const y = randint(0, 1000, [8]);
for (let i = 0; i < 5; i++)
  tidy(() => {
    const loss = F.crossEntropy(model.forward(x), y);
    optimizer.zeroGrad();
    loss.backward();
    optimizer.step();
  });
console.log(memory('VmHWM') - before);`;

const rival = `
import re, sys
import torch, torchvision
import torch.nn.functional as F
def memory(key):
    return 1024 * int(re.search(key + r':\\s*(\\d+)', open('${STATUS}').read())[1])
torch.set_num_threads(int(sys.argv[1]))
before = memory('VmRSS')
model = torchvision.models.resnet18()
optimizer = torch.optim.SGD(model.parameters(), lr=1e-3, momentum=0.9)
x = torch.randn(8, 3, 64, 64)
y = torch.randint(0, 1000, (8,))
for i in range(5):
    loss = F.cross_entropy(model(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
print(memory('VmHWM') - before)`;

/** What a script prints; null where it fails. */
function printed(command: string, args: readonly string[]): number | null {
  const { status, stdout } = spawnSync(command, args, { encoding: 'utf8' });
  return status === 0 ? Number(stdout) : null;
}

function ourPeak(threads: number): number {
  const bytes = printed(process.execPath, ['--input-type=module', '-e', ours, String(threads)]);
  if (bytes === null) throw new Error(`failed to run: ${ours}`);
  return bytes;
}

export const memoryWorkloads: readonly MemoryWorkload[] = existsSync(STATUS)
  ? [
      {
        row: 'peak memory of training, ResNet-18, batch 8, 3×64×64, SGD with momentum',
        name: '5 steps in a process of its own',
        target: 1,
        engine: 'native',
        unit: 'bytes',
        ours: ourPeak,
        rival: (threads) => printed(python, ['-c', rival, String(threads)]),
      },
    ]
  : [];
