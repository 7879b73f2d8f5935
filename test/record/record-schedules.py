"""Records what PyTorch's schedules do to an optimizer, for test/optim/lr-scheduler: learning rates and
momenta over 50 steps, and the states half-way.

    python3 test/record/record-schedules.py
"""

import gzip
import json
import math
import warnings
from pathlib import Path

import torch
from torch.optim import lr_scheduler as lrs
from torch.optim.swa_utils import SWALR

ROOT = Path(__file__).resolve().parents[2]
STEPS = 50
HALF = 20

# For each name, the schedule of an optimizer; test/optim/lr-scheduler/schedules.ts has the same.
SCHEDULES = {
    "LambdaLR": lambda o: lrs.LambdaLR(o, lambda t: 0.95**t),
    "LambdaLR, one each": lambda o: lrs.LambdaLR(o, [lambda t: 1 / (1 + t), lambda t: 1 + t]),
    "MultiplicativeLR": lambda o: lrs.MultiplicativeLR(o, lambda t: 1 - 0.5 / (1 + t)),
    "StepLR": lambda o: lrs.StepLR(o, 7),
    "StepLR, gamma": lambda o: lrs.StepLR(o, 3, gamma=0.7),
    "MultiStepLR": lambda o: lrs.MultiStepLR(o, [3, 17, 17, 40], gamma=0.5),
    "ConstantLR": lambda o: lrs.ConstantLR(o),
    "ConstantLR, long": lambda o: lrs.ConstantLR(o, factor=0.1, total_iters=30),
    "LinearLR": lambda o: lrs.LinearLR(o),
    "LinearLR, down": lambda o: lrs.LinearLR(o, start_factor=0.9, end_factor=0.2, total_iters=31),
    "ExponentialLR": lambda o: lrs.ExponentialLR(o, 0.9),
    "PolynomialLR": lambda o: lrs.PolynomialLR(o),
    "PolynomialLR, power": lambda o: lrs.PolynomialLR(o, total_iters=40, power=2.5),
    "CosineAnnealingLR": lambda o: lrs.CosineAnnealingLR(o, 50),
    "CosineAnnealingLR up and down": lambda o: lrs.CosineAnnealingLR(o, 7, eta_min=0.01),
    "CosineAnnealingWarmRestarts": lambda o: lrs.CosineAnnealingWarmRestarts(o, 9),
    "CosineAnnealingWarmRestarts, longer": lambda o: lrs.CosineAnnealingWarmRestarts(o, 4, T_mult=2, eta_min=0.001),
    "OneCycleLR": lambda o: lrs.OneCycleLR(o, 0.5, total_steps=50),
    "OneCycleLR, three phases": lambda o: lrs.OneCycleLR(o, [0.5, 0.2], epochs=6, steps_per_epoch=10, pct_start=0.4,
        anneal_strategy="linear", div_factor=10, final_div_factor=100, three_phase=True, base_momentum=[0.7, 0.8],
        max_momentum=0.9),
    "OneCycleLR, momentum kept": lambda o: lrs.OneCycleLR(o, 0.5, total_steps=64, cycle_momentum=False),
    "CyclicLR": lambda o: lrs.CyclicLR(o, 0.01, 0.1, step_size_up=7),
    "CyclicLR, triangular2": lambda o: lrs.CyclicLR(o, [0.01, 0.02], [0.1, 0.3], step_size_up=4, step_size_down=6,
        mode="triangular2", base_momentum=0.5, max_momentum=[0.8, 0.95]),
    "CyclicLR, exp_range": lambda o: lrs.CyclicLR(o, 0.01, 0.1, step_size_up=5, mode="exp_range", gamma=0.97),
    "CyclicLR, function": lambda o: lrs.CyclicLR(o, 0.01, 0.1, step_size_up=5, scale_fn=lambda x: 1 / (1 + x),
        scale_mode="iterations", cycle_momentum=False),
    "SequentialLR": lambda o: lrs.SequentialLR(o, [lrs.LinearLR(o, start_factor=0.1, total_iters=10),
        lrs.CosineAnnealingLR(o, 20), lrs.ExponentialLR(o, 0.8)], [10, 30]),
    "SequentialLR of all kinds": lambda o: lrs.SequentialLR(o, [lrs.ConstantLR(o), lrs.StepLR(o, 2),
        lrs.MultiStepLR(o, [0, 2]), lrs.PolynomialLR(o), lrs.CosineAnnealingWarmRestarts(o, 4),
        lrs.LambdaLR(o, lambda t: 1 / (1 + t)), lrs.MultiplicativeLR(o, lambda t: 0.8), lrs.LinearLR(o),
        lrs.ConstantLR(o, factor=0.5, total_iters=3)], [3, 8, 13, 18, 25, 30, 36, 40]),
    "SequentialLR, OneCycleLR": lambda o: lrs.SequentialLR(o, [lrs.ConstantLR(o), lrs.OneCycleLR(o, 0.5, total_steps=60)], [15]),
    "ChainedScheduler": lambda o: lrs.ChainedScheduler([lrs.ConstantLR(o, factor=0.2, total_iters=10), lrs.ExponentialLR(o, 0.9),
        lrs.StepLR(o, 9)]),
    "ChainedScheduler, SequentialLR": lambda o: lrs.ChainedScheduler([lrs.ExponentialLR(o, 0.97),
        lrs.SequentialLR(o, [lrs.StepLR(o, 3), lrs.ExponentialLR(o, 0.9)], [24])]),
    "SWALR": lambda o: SWALR(o, 0.02),
    "SWALR, linear": lambda o: SWALR(o, [0.3, 0.001], anneal_epochs=30, anneal_strategy="linear"),
    "SWALR at once": lambda o: SWALR(o, 0.02, anneal_epochs=0),
    "CosineAnnealingLR after 12": lambda o: lrs.CosineAnnealingLR(resumed(o), 30, last_epoch=12),
    "StepLR after 12": lambda o: lrs.StepLR(resumed(o), 7, last_epoch=12),
    "ReduceLROnPlateau": lambda o: lrs.ReduceLROnPlateau(o, patience=2),
    "ReduceLROnPlateau, all options": lambda o: lrs.ReduceLROnPlateau(o, mode="max", factor=0.5, patience=1, threshold=0.05,
        threshold_mode="abs", cooldown=3, min_lr=[0.01, 0.001], eps=1e-4),
    "ReduceLROnPlateau, max": lambda o: lrs.ReduceLROnPlateau(o, mode="max", patience=3, threshold=0.1),
    "ReduceLROnPlateau, abs": lambda o: lrs.ReduceLROnPlateau(o, patience=3, factor=0.9, threshold=0.02, threshold_mode="abs"),
}


def resumed(optimizer):
    for group in optimizer.param_groups:
        group["initial_lr"] = 2 * group["lr"]
    return optimizer


def metric(step):
    """Gets better in jumps, with waves on it; the last ones are no numbers."""
    return math.nan if step > 45 else math.cos(0.9 * step) * 0.1 + 3 / (1 + step // 10)


def optimizer(name):
    groups = [{"params": [torch.zeros(1)]}, {"params": [torch.zeros(1)], "lr": 0.03}]
    if name == "SGD":
        return torch.optim.SGD(groups, lr=0.1, momentum=0.6)
    return torch.optim.Adam(groups, lr=0.1, betas=(0.6, 0.99))


def seen(o):
    """Rate and momentum of each group."""
    return [[g["lr"], g["momentum"] if "momentum" in g else g["betas"][0]] for g in o.param_groups]


def step(schedule, i):
    schedule.step(*([metric(i)] if isinstance(schedule, lrs.ReduceLROnPlateau) else []))


def plain(value):
    """Without what isn't data: bound methods and weak references."""
    if isinstance(value, dict):
        return {str(k): plain(v) for k, v in value.items() if not callable(v)}
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    names = {"inf": "Infinity", "-inf": "-Infinity", "nan": "NaN"}
    return {"$number": names[str(value)]} if isinstance(value, float) and not math.isfinite(value) else value


def record(name, make, kind):
    o = optimizer(kind)
    schedule = make(o)
    steps = [seen(o)]
    state = None
    for i in range(STEPS):
        if i == HALF:
            state = {"schedule": plain(schedule.state_dict()), "groups": plain(o.state_dict()["param_groups"])}
        step(schedule, i)
        steps.append(seen(o))
    return {"name": name, "optimizer": kind, "steps": steps, "state": state}


def fractions():
    """Cosine with restarts, told where to go."""
    result = []
    for options in [{"T_0": 3}, {"T_0": 2, "T_mult": 3, "eta_min": 0.01}]:
        o = optimizer("SGD")
        schedule = lrs.CosineAnnealingWarmRestarts(o, **options)
        rates = []
        for epoch in [0, 0.25, 1, 2.75, 3, 8.5, 30, 5.5, None, None]:
            schedule.step(epoch)
            rates.append([epoch, o.param_groups[0]["lr"], schedule.last_epoch])
        result.append(rates)
    return result


def main():
    warnings.simplefilter("ignore")
    cases = [record(name, make, "SGD") for name, make in SCHEDULES.items()]
    cases += [record(name, SCHEDULES[name], "Adam") for name in SCHEDULES if name.startswith("OneCycleLR")]
    recording = {"torch": torch.__version__, "half": HALF, "cases": cases, "fractions": fractions()}
    (ROOT / "test/recordings/schedules.json.gz").write_bytes(gzip.compress(json.dumps(recording).encode(), mtime=0))


if __name__ == "__main__":
    main()
