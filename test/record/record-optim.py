"""Records trajectories of PyTorch's optimizers, for test/optim/trajectories.test.ts and test/optim/torch-state.test.ts.

    python3 test/record/record-optim.py
"""

import copy
import gzip
import io
import json
import math
from pathlib import Path

import torch

ROOT = Path(__file__).resolve().parents[2]
STEPS = 50
HALF = 10
SHAPES = [[], [3], [5, 7], [2, 3, 4]]
SMALL = [[], [3], [2, 3]]
CONFIGS = [
    ["SGD", {"lr": 0.1}],
    ["SGD", {"lr": 0.1, "weight_decay": 0.05}],
    ["SGD", {"lr": 0.1, "maximize": True}],
    ["SGD", {"lr": 0.1, "momentum": 0.9}],
    ["SGD", {"lr": 0.1, "momentum": 0.9, "dampening": 0.1, "weight_decay": 0.01}],
    ["SGD", {"lr": 0.1, "momentum": 0.9, "nesterov": True, "maximize": True}],
    ["SGD", {"lr": 0.1, "momentum": 0.8, "nesterov": True, "weight_decay": 0.01}],
    ["Adam", {"lr": 0.01}],
    ["Adam", {"lr": 0.01, "amsgrad": True}],
    ["Adam", {"lr": 0.01, "betas": [0.8, 0.99], "weight_decay": 0.02, "amsgrad": True, "maximize": True}],
    ["AdamW", {"lr": 0.01, "weight_decay": 0.1}],
    ["AdamW", {"lr": 0.01, "amsgrad": True}],
    ["AdamW", {"lr": 0.01, "eps": 1e-3, "maximize": True}],
    ["Adagrad", {}],
    ["Adagrad", {"lr": 0.05, "lr_decay": 0.1, "weight_decay": 0.02, "initial_accumulator_value": 0.1}],
    ["Adagrad", {"eps": 1e-3, "maximize": True}],
    ["Adadelta", {}],
    ["Adadelta", {"rho": 0.8, "weight_decay": 0.02}],
    ["Adadelta", {"lr": 0.5, "eps": 1e-4, "maximize": True}],
    ["RMSprop", {}],
    ["RMSprop", {"momentum": 0.9}],
    ["RMSprop", {"centered": True}],
    ["RMSprop", {"momentum": 0.9, "centered": True, "weight_decay": 0.02}],
    ["RMSprop", {"alpha": 0.9, "maximize": True}],
    ["Adamax", {}],
    ["Adamax", {"weight_decay": 0.02, "betas": [0.8, 0.99]}],
    ["Adamax", {"eps": 1e-3, "maximize": True}],
    ["NAdam", {}],
    ["NAdam", {"lr": 0.01, "betas": [0.8, 0.99], "weight_decay": 0.02, "momentum_decay": 0.01}],
    ["RAdam", {}],
    ["RAdam", {"lr": 0.01, "weight_decay": 0.02}],
    ["Rprop", {}],
    ["Rprop", {"lr": 0.1, "etas": [0.4, 1.5], "step_sizes": [1e-3, 0.5]}],
    ["Rprop", {"maximize": True}],
    ["ASGD", {"lr": 0.1}],
    ["ASGD", {"lr": 0.1, "lambd": 0.01, "alpha": 0.5, "t0": 20, "weight_decay": 0.02}],
    ["ASGD", {"t0": 5, "maximize": True}],
    ["SparseAdam", {}],
    ["SparseAdam", {"lr": 0.05, "betas": [0.8, 0.99], "eps": 1e-3}],
    ["SparseAdam", {"maximize": True}],
    ["Adafactor", {}],
    ["Adafactor", {"lr": 0.5, "beta2_decay": -0.5, "eps": [1e-4, 1e-2], "d": 1.5, "weight_decay": 0.02}],
    ["Adafactor", {"maximize": True}],
    ["LBFGS", {"lr": 0.3, "max_iter": 1, "history_size": 5}],
    ["LBFGS", {"lr": 0.5, "max_iter": 3, "history_size": 4}],
    ["LBFGS", {"max_iter": 1, "line_search_fn": "strong_wolfe", "history_size": 5}],
    ["LBFGS", {"max_iter": 4, "max_eval": 6, "line_search_fn": "strong_wolfe", "tolerance_grad": 1e-3, "history_size": 5}],
]


class Adafactor(torch.optim.Optimizer):
    """The formulas of torch.optim.Adafactor, which PyTorch has since 2.5, element by element of its documentation."""

    def __init__(self, params, lr=1e-2, beta2_decay=-0.8, eps=(None, 1e-3), d=1.0, weight_decay=0.0, maximize=False):
        super().__init__(params, dict(lr=lr, beta2_decay=beta2_decay, eps=list(eps), d=d, weight_decay=weight_decay, maximize=maximize))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is not None:
                    self.change(p, -p.grad if group["maximize"] else p.grad, self.state[p], group)

    @staticmethod
    def change(p, g, state, group):
        eps = group["eps"][0] if group["eps"][0] is not None else torch.finfo(p.dtype).eps
        t = state["step"] = state.get("step", 0) + 1
        weight = t ** group["beta2_decay"]
        rms = lambda x: (x ** 2).mean().sqrt().item()
        alpha = max(group["eps"][1], rms(p)) * min(group["lr"], t ** -0.5)
        p *= 1 - group["lr"] * group["weight_decay"]

        def follow(name, now):
            state[name] = (1 - weight) * state.get(name, torch.zeros_like(now)) + weight * now
            return state[name]

        if p.dim() > 1:
            rows = follow("row_var", (g ** 2).mean(-1, keepdim=True))
            columns = follow("col_var", (g ** 2).mean(-2, keepdim=True))
            variance = rows @ columns / rows.mean(-2, keepdim=True).clamp(min=eps)
        else:
            variance = follow("variance", g ** 2)
        update = g / variance.clamp(min=eps ** 2).sqrt()
        p -= alpha * update / max(1, rms(update) / group["d"])


def start(shape, k):
    n = math.prod(shape)
    return torch.tensor([math.sin(1 + k + 0.7 * i) for i in range(n)], dtype=torch.float64).reshape(shape)


def gradient(shape, k, step):
    n = math.prod(shape)
    return torch.tensor([math.cos(k + 0.3 * i + 0.5 * step) / (1 + 0.1 * i) for i in range(n)], dtype=torch.float64).reshape(shape)


def valley(params):
    """Rosenbrock's function of all parameters end to end, for the optimizers that want a loss."""
    x = torch.cat([p.reshape(-1) for p in params])
    return (2 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2).mean()


def plain(value):
    """Numbers to 13 digits, which keeps the recording small."""
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    if value is None:
        return None
    if torch.is_tensor(value) and value.dim() > 0:
        return plain(value.detach().reshape(-1).tolist())
    return float(f"{float(value):.13g}")


def make(name, params, options):
    # The plain loop of NAdam before PyTorch 2.0 has a factor too many, its foreach has not.
    foreach = {"foreach": True} if name == "NAdam" else {}
    kind = Adafactor if name == "Adafactor" else getattr(torch.optim, name)
    if name == "LBFGS":
        return kind(params, **options)
    return kind([{"params": params[:2]}, {"params": params[2:], "lr": 0.02}], **options, **foreach)


def take(optimizer, params, step):
    if isinstance(optimizer, torch.optim.LBFGS):

        def closure():
            optimizer.zero_grad()
            loss = valley(params)
            loss.backward()
            return loss

        optimizer.step(closure)
        return
    if isinstance(optimizer, torch.optim.SparseAdam):
        for k, p in enumerate(params):
            # Every other row has a gradient; a scalar has no rows.
            g = gradient(p.shape, k, step)
            if p.dim() > 0:
                g[[row for row in range(len(g)) if (row + step) % 2 > 0]] = 0
            p.grad = None if p.dim() == 0 else g.to_sparse(1)
        optimizer.step()
        return
    for k, p in enumerate(params):
        # The second parameter joins late: its count of steps is its own.
        p.grad = None if k == 1 and step < 3 else gradient(p.shape, k, step)
    optimizer.step()


def run(name, options):
    params = [start(s, k).requires_grad_() for k, s in enumerate(SHAPES)]
    optimizer = make(name, params, options)
    trajectory = []
    for step in range(STEPS):
        take(optimizer, params, step)
        if step % 10 == 0 or step == STEPS - 1:
            trajectory.append({"step": step, "params": [plain(p.detach().reshape(-1)) for p in params]})
    saved = optimizer.state_dict()
    state = {i: {k: plain(v) for k, v in s.items() if v is not None} for i, s in saved["state"].items()}
    return {"name": name, "options": options, "trajectory": trajectory, "state": state, "groups": saved["param_groups"]}


def half_way(name, options):
    """Parameters and state after some steps, and the parameters after as many more."""
    params = [start(s, k).requires_grad_() for k, s in enumerate(SMALL)]
    optimizer = make(name, params, options)
    for step in range(HALF):
        take(optimizer, params, step)
    before = copy.deepcopy({"params": [p.detach() for p in params], "optimizer": optimizer.state_dict()})
    for step in range(HALF, 2 * HALF):
        take(optimizer, params, step)
    return {"name": name, "options": options, **before, "after": [p.detach() for p in params]}


def main():
    result = {"torch": torch.__version__, "steps": STEPS, "shapes": SHAPES, "cases": [run(*c) for c in CONFIGS]}
    (ROOT / "test/recordings/optim.json.gz").write_bytes(gzip.compress(json.dumps(result).encode(), mtime=0))
    one_each = list({name: (name, options) for name, options in CONFIGS}.values())
    file = io.BytesIO()
    torch.save([half_way(*c) for c in one_each], file)
    (ROOT / "test/recordings/optim-half-way.pt.gz").write_bytes(gzip.compress(file.getvalue(), mtime=0))


if __name__ == "__main__":
    main()
