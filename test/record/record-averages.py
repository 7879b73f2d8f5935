"""Records averages of a model's weights over a training, for test/optim/swa-utils/averages.test.ts.

    python3 test/record/record-averages.py
"""

import json
import math
from pathlib import Path

import torch
from torch.optim.swa_utils import AveragedModel, update_bn

ROOT = Path(__file__).resolve().parents[2]


def wave(shape, k):
    n = math.prod(shape)
    return torch.tensor([math.sin(1 + k + 0.7 * i) for i in range(n)], dtype=torch.float64).reshape(shape)


def plain(state):
    return {name: value.reshape(-1).tolist() for name, value in state.items()}


def run(avg_fn, use_buffers):
    model = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.BatchNorm1d(4), torch.nn.Linear(4, 2)).double()
    with torch.no_grad():
        for k, p in enumerate(model.parameters()):
            p.copy_(wave(p.shape, k))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    averaged = AveragedModel(model, avg_fn=avg_fn, use_buffers=use_buffers)
    for step in range(5):
        optimizer.zero_grad()
        model(wave([6, 3], step)).pow(2).mean().backward()
        optimizer.step()
        averaged.update_parameters(model)
        if not use_buffers:  # as PyTorch does since 2.0
            for own, source in zip(averaged.module.buffers(), model.buffers()):
                own.copy_(source)
    before = plain(averaged.state_dict())
    update_bn([wave([6, 3], 10 + i) for i in range(3)], averaged)
    return {"averaged": before, "after": plain(averaged.state_dict())}


def main():
    cases = {
        "swa": run(None, False),
        "ema": run(lambda a, p, n: 0.9 * a + 0.1 * p, False),
        "ema of buffers": run(lambda a, p, n: 0.9 * a + 0.1 * p, True),
    }
    (ROOT / "test/recordings/averages.json").write_text(json.dumps({"torch": torch.__version__, "cases": cases}) + "\n")


if __name__ == "__main__":
    main()
