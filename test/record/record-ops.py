"""Evaluates the op table's samples with PyTorch: reads specs as JSON, writes results and gradients."""

import base64
import json
import math
import sys

import torch
import torch.nn.functional as F

DTYPES = {
    "float32": torch.float32,
    "float64": torch.float64,
    "int32": torch.int32,
    "uint8": torch.uint8,
    "bool": torch.bool,
}


def pack(t):
    """A tensor as shape, dtype and base64 of its little-endian elements; int64 becomes int32."""
    t = t.detach()
    if t.dtype == torch.int64:
        t = t.to(torch.int32)
    t = t.contiguous()
    name = str(t.dtype).removeprefix("torch.")
    return {
        "shape": list(t.shape),
        "dtype": name,
        "data": base64.b64encode(t.numpy().tobytes()).decode(),
    }


def weights(t, k):
    """The gradient that flows into result k; the tests use the same formula."""
    w = [math.cos(1 + 3 * k + 0.7 * i) for i in range(t.numel())]
    return torch.tensor(w, dtype=t.dtype).reshape(t.shape)


def run(spec):
    inputs = []
    for x in spec["inputs"]:
        # JSON has no NaN or infinity: they come as text.
        data = [float(v) if isinstance(v, str) else v for v in x["data"]]
        t = torch.tensor(data, dtype=DTYPES[x["dtype"]]).reshape(x["shape"])
        inputs.append(t.requires_grad_(x["grad"]))
    names = {f"x{i}": t for i, t in enumerate(inputs)}
    result = eval(spec["torch"], {"torch": torch, "F": F, "math": math, **names})
    outputs = list(result) if isinstance(result, (tuple, list)) else [result]
    outputs = [y if torch.is_tensor(y) else torch.tensor(y) for y in outputs]
    grads = None
    if spec["grad"]:
        roots = [(y, weights(y, k)) for k, y in enumerate(outputs) if y.requires_grad]
        wanted = [t for t in inputs if t.requires_grad]
        found = torch.autograd.grad([y for y, _ in roots], wanted, [w for _, w in roots], allow_unused=True)
        by_id = {id(t): g for t, g in zip(wanted, found)}
        grads = [None if by_id.get(id(t)) is None else pack(by_id[id(t)]) for t in inputs]
    return {"fingerprint": spec["fingerprint"], "outputs": [pack(y) for y in outputs], "grads": grads}


def main():
    specs = json.load(sys.stdin)
    cases = {}
    for spec in specs:
        try:
            cases[spec["key"]] = run(spec)
        except Exception as error:
            sys.exit(f"{spec['key']}: {spec['torch']}: {error}")
    json.dump({"torch": torch.__version__, "cases": cases}, sys.stdout)


main()
