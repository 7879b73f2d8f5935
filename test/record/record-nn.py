"""Records what PyTorch's modules hold and compute, for test/nn/parity.test.ts.

    python3 test/record/record-nn.py

Each case of test/nn/cases.json: seed, build the module, draw the inputs, run it in training, then in
evaluation. Needs PyTorch; the recording is committed.
"""

import gzip
import json
import math
from collections import OrderedDict
from pathlib import Path

import torch
from torch import nn

SEED = 17
ROOT = Path(__file__).resolve().parents[2]


def pack(t):
    return {"shape": list(t.shape), "data": [float(f"{x:.9g}") for x in t.detach().double().flatten().tolist()]}


def draw(spec):
    if isinstance(spec, dict):
        return torch.randint(0, spec["below"], spec["shape"])
    return torch.randn(spec)


class Elementwise(nn.Module):
    """A function as a module, where PyTorch has no module or computes it on other inputs."""

    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, *inputs):
        return self.function(*inputs)


class AdaptiveSoftmax(nn.Module):
    def __init__(self):
        super().__init__()
        self.softmax = nn.AdaptiveLogSoftmaxWithLoss(8, 12, [2, 5], div_value=2.0, head_bias=True)

    def forward(self, x, y):
        output, loss = self.softmax(x, y)
        whole = self.softmax.log_prob(x) * loss + output.unsqueeze(1)
        return torch.cat([whole, self.softmax.predict(x).float().unsqueeze(1)], 1)


class Scales(nn.Module):
    def __init__(self, scales):
        super().__init__()
        self.scales = scales

    def forward(self, x):
        for scale in self.scales:
            x = x * scale + 1
        return x


class NamedScales(nn.Module):
    def __init__(self, scales):
        super().__init__()
        self.scales = scales

    def forward(self, x):
        return x * self.scales["inner"] + self.scales["outerMost"]


class Tied(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.Linear(4, 4)
        self.decoder = nn.Linear(4, 4)
        self.decoder.weight = self.encoder.weight

    def forward(self, x):
        return self.decoder(torch.tanh(self.encoder(x)))


class Frozen(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4))
        self.head = nn.Linear(4, 2)
        self.body.requires_grad_(False)

    def forward(self, x):
        return self.head(self.body(x))


def hooked():
    model = nn.Sequential(nn.Linear(3, 4), nn.Linear(4, 4), nn.Bilinear(4, 4, 2))
    first, second, third = model
    first.register_forward_pre_hook(lambda module, inputs: (inputs[0] * 2,))
    first.register_forward_hook(lambda module, inputs, output: output + inputs[0].sum())
    first.register_full_backward_hook(lambda module, inputs, outputs: (inputs[0] * outputs[0].sum(),))
    second.register_full_backward_hook(lambda module, inputs, outputs: (inputs[0] * 3,))
    second.register_full_backward_hook(lambda module, inputs, outputs: (inputs[0] + 1,))
    third.register_forward_pre_hook(lambda module, inputs: (inputs[0], inputs[0].tanh()))
    third.register_full_backward_hook(lambda module, inputs, outputs: (inputs[1], inputs[0]))
    return model


class Recurrent(nn.Module):
    """A recurrent layer or cell, all of whose results are one vector; with lengths, on packed sequences."""

    def __init__(self, net, lengths=None):
        super().__init__()
        self.net = net
        self.lengths = lengths

    def forward(self, x, *states):
        states = None if len(states) == 0 else states[0] if len(states) == 1 else states
        if self.lengths is None:
            results = self.net(x, states)
        else:
            first = self.net.batch_first
            packed = nn.utils.rnn.pack_padded_sequence(x, self.lengths, first, enforce_sorted=False)
            output, states = self.net(packed, states)
            total = x.size(1 if first else 0)
            output, _ = nn.utils.rnn.pad_packed_sequence(output, first, total_length=total)
            results = (output, states)
        return torch.cat([y.flatten() for y in tensors_in(results)])


class Attention(nn.Module):
    """Attention or a transformer, all of whose results are one vector.

    `order` says which inputs its arguments are; inputs after those go to the options in `named`.
    """

    def __init__(self, net, order=(0, 1, 2), named=(), **options):
        super().__init__()
        self.net = net
        self.order = order
        self.named = named
        self.options = options

    def forward(self, *inputs):
        rest = inputs[max(self.order) + 1 :]
        options = {**self.options, **dict(zip(self.named, rest))}
        results = self.net(*(inputs[i] for i in self.order), **options)
        return torch.cat([y.flatten() for y in tensors_in(results)])


def padding(lengths, total):
    return torch.tensor([[i >= n for i in range(total)] for n in lengths])


def later(targets, sources):
    return torch.ones(targets, sources, dtype=torch.bool).triu(1)


def some(*shape):
    """Hides every third position, but never the first of a row."""
    at = torch.arange(math.prod(shape)).reshape(shape)
    return (at % 3 == 1) & (torch.arange(shape[-1]) > 0)


def waves(*shape):
    return torch.cos(torch.arange(math.prod(shape)) * 0.9).reshape(shape)


def packed_vector(packed):
    """All that a PackedSequence holds, as one vector."""
    parts = [packed.data, packed.batch_sizes, packed.sorted_indices, packed.unsorted_indices]
    return torch.cat([x.flatten().float() for x in parts if x is not None])


def tensors_in(value):
    if value is None:
        return []
    return [value] if torch.is_tensor(value) else [y for part in value for y in tensors_in(part)]


def record(case):
    torch.manual_seed(SEED)
    module = eval(case["torch"])
    state = {key: pack(value) for key, value in module.state_dict().items()}
    inputs = [draw(spec) for spec in case["inputs"]]
    for x in inputs if case.get("allGrads") else inputs[:1]:
        if x.is_floating_point():
            x.requires_grad_()
    y = module(*inputs)
    weights = torch.tensor([math.cos(1 + 0.7 * i) for i in range(y.numel())]).reshape(y.shape)
    (y * weights).sum().backward()
    grads = {k: None if p.grad is None else pack(p.grad) for k, p in module.named_parameters()}
    out = {"state": state, "output": pack(y), "grads": grads}
    out["inputGrads"] = [None if x.grad is None else pack(x.grad) for x in inputs]
    out["stateAfter"] = {key: pack(value) for key, value in module.named_buffers()}
    module.eval()
    out["evalOutput"] = pack(module(*inputs))
    out["next"] = torch.rand(1).item()
    return out


INIT = {
    "uniform_": lambda x: nn.init.uniform_(x, -2, 3),
    "normal_": lambda x: nn.init.normal_(x, 1, 0.5),
    "constant_": lambda x: nn.init.constant_(x, 0.3),
    "xavierUniform_": lambda x: nn.init.xavier_uniform_(x, gain=nn.init.calculate_gain("tanh")),
    "xavierNormal_": lambda x: nn.init.xavier_normal_(x),
    "kaimingUniform_": lambda x: nn.init.kaiming_uniform_(x, mode="fan_out", nonlinearity="relu"),
    "kaimingNormal_": lambda x: nn.init.kaiming_normal_(x, a=0.1),
    "truncNormal_": lambda x: nn.init.trunc_normal_(x, std=0.5, a=-0.4, b=1),
    "dirac_": lambda x: nn.init.dirac_(x, 2),
}


def record_init(fill):
    torch.manual_seed(SEED)
    x = torch.empty(6, 4, 3, 2)
    fill(x)
    return pack(x)


def main():
    cases = json.loads((ROOT / "test/nn/cases.json").read_text())
    recording = {
        "torch": torch.__version__,
        "seed": SEED,
        "cases": {c["name"]: record(c) for c in cases},
        "init": {name: record_init(fill) for name, fill in INIT.items()},
        "eye_": pack(nn.init.eye_(torch.empty(3, 5))),
    }
    target = ROOT / "test/recordings/nn.json.gz"
    target.write_bytes(gzip.compress(json.dumps(recording).encode(), 9, mtime=0))
    print(f"{len(cases)} modules, {target.stat().st_size // 1000} kB")


main()
