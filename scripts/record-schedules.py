"""Records the learning rates of PyTorch's schedules, for test/optim/lr-scheduler.test.ts.

    python3 scripts/record-schedules.py
"""

import json
import warnings
from pathlib import Path

import torch
from torch.optim import lr_scheduler

ROOT = Path(__file__).resolve().parent.parent
STEPS = 50

SCHEDULES = {
    "CosineAnnealingLR": lambda o: lr_scheduler.CosineAnnealingLR(o, 50),
    "CosineAnnealingLR up and down": lambda o: lr_scheduler.CosineAnnealingLR(o, 7, eta_min=0.01),
}


def record(make):
    groups = [{"params": [torch.zeros(1)]}, {"params": [torch.zeros(1)], "lr": 0.03}]
    optimizer = torch.optim.SGD(groups, lr=0.1)
    schedule = make(optimizer)
    rates = []
    for _ in range(STEPS):
        schedule.step()
        rates.append([group["lr"] for group in optimizer.param_groups])
    return rates


def main():
    warnings.simplefilter("ignore")
    recording = {"torch": torch.__version__, "rates": {name: record(make) for name, make in SCHEDULES.items()}}
    (ROOT / "test/recordings/schedules.json").write_text(json.dumps(recording) + "\n")


main()
