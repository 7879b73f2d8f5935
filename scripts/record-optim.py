"""Records trajectories of PyTorch's optimizers, for test/optim/trajectories.test.ts.

    python3 scripts/record-optim.py
"""

import gzip
import json
import math
from pathlib import Path

import torch

STEPS = 50
SHAPES = [[], [3], [5, 7], [2, 3, 4]]
CONFIGS = [
    ["SGD", {"lr": 0.1}],
    ["SGD", {"lr": 0.1, "momentum": 0.9, "dampening": 0.1, "weight_decay": 0.01}],
    ["SGD", {"lr": 0.1, "momentum": 0.9, "nesterov": True, "maximize": True}],
    ["Adam", {"lr": 0.01}],
    ["Adam", {"lr": 0.01, "betas": [0.8, 0.99], "weight_decay": 0.02, "amsgrad": True, "maximize": True}],
    ["AdamW", {"lr": 0.01, "weight_decay": 0.1}],
    ["AdamW", {"lr": 0.01, "amsgrad": True}],
    ["Adagrad", {"lr": 0.05, "lr_decay": 0.1, "weight_decay": 0.02, "initial_accumulator_value": 0.1}],
    ["Adadelta", {"rho": 0.8, "weight_decay": 0.02}],
    ["RMSprop", {}],
    ["RMSprop", {"momentum": 0.9, "centered": True, "weight_decay": 0.02}],
    ["Adamax", {"weight_decay": 0.02}],
    ["RAdam", {"lr": 0.01, "weight_decay": 0.02}],
    ["Rprop", {}],
]


def start(shape, k):
    n = math.prod(shape)
    return torch.tensor([math.sin(1 + k + 0.7 * i) for i in range(n)], dtype=torch.float64).reshape(shape)


def gradient(shape, k, step):
    n = math.prod(shape)
    return torch.tensor([math.cos(k + 0.3 * i + 0.5 * step) / (1 + 0.1 * i) for i in range(n)], dtype=torch.float64).reshape(shape)


def plain(value):
    return value.reshape(-1).tolist() if torch.is_tensor(value) and value.dim() > 0 else float(value)


def run(name, options):
    params = [start(s, k).requires_grad_() for k, s in enumerate(SHAPES)]
    groups = [{"params": params[:2]}, {"params": params[2:], "lr": 0.02}]
    optimizer = getattr(torch.optim, name)(groups, **options)
    trajectory = []
    for step in range(STEPS):
        for k, p in enumerate(params):
            # The second parameter joins late: its count of steps is its own.
            p.grad = None if k == 1 and step < 3 else gradient(p.shape, k, step)
        optimizer.step()
        if step % 7 == 0 or step == STEPS - 1:
            trajectory.append({"step": step, "params": [p.detach().reshape(-1).tolist() for p in params]})
    saved = optimizer.state_dict()
    state = {i: {k: plain(v) for k, v in s.items() if v is not None} for i, s in saved["state"].items()}
    return {"name": name, "options": options, "trajectory": trajectory, "state": state, "groups": saved["param_groups"]}


def main():
    result = {"torch": torch.__version__, "steps": STEPS, "shapes": SHAPES, "cases": [run(*c) for c in CONFIGS]}
    path = Path(__file__).resolve().parent.parent / "test" / "recordings" / "optim.json.gz"
    path.write_bytes(gzip.compress(json.dumps(result).encode(), mtime=0))


main()
