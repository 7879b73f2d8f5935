"""Loads .pt files with PyTorch, also as data only, and prints what they hold as JSON.

    python3 scripts/check-torch-files.py FILE …
    python3 scripts/check-torch-files.py --train FILE
    python3 scripts/check-torch-files.py --continue FILE

With --train, FILE is a checkpoint of the network below, which it takes one more step from. With --continue, FILE
is a list of optimizers with the parameters of record-optim.py, half-way; it goes the other half.
"""

import json
import runpy
import sys
from pathlib import Path

import torch


def describe(value):
    if torch.is_tensor(value):
        kind = "parameter" if isinstance(value, torch.nn.Parameter) else "tensor"
        # Non-finite numbers as text: JSON has none.
        elements = [v if abs(v) < float("inf") else str(v) for v in value.detach().double().reshape(-1).tolist()]
        return [kind, str(value.dtype), list(value.shape), elements, value.requires_grad]
    if isinstance(value, dict):
        return [type(value).__name__, [[describe(k), describe(v)] for k, v in value.items()]]
    if isinstance(value, (list, tuple)):
        return [type(value).__name__, [describe(v) for v in value]]
    if isinstance(value, set):
        return ["set", sorted(value)]
    return [type(value).__name__, repr(value)]


def as_data(path):
    """What a load that constructs tensors only makes of it, or why it does not."""
    try:
        return describe(torch.load(path, weights_only=True))
    except Exception as error:
        return str(error)[-80:]


def train(path):
    checkpoint = torch.load(path)
    model = torch.nn.Sequential(torch.nn.Conv2d(1, 2, 3), torch.nn.BatchNorm2d(2))
    optimizer = torch.optim.Adam(model.parameters(), lr=1)
    model.load_state_dict(checkpoint["model"])
    optimizer.load_state_dict(checkpoint["optimizer"])
    loss = torch.nn.functional.mse_loss(model(torch.arange(32.0).sin().reshape(2, 1, 4, 4)), torch.arange(16.0).cos().reshape(2, 2, 2, 2))
    loss.backward()
    optimizer.step()
    return {name: value.reshape(-1).tolist() for name, value in model.state_dict().items()}


def go_on(path):
    recorder = runpy.run_path(str(Path(__file__).with_name("record-optim.py")))
    result = []
    for case in torch.load(path):
        params = [p.requires_grad_() for p in case["params"]]
        optimizer = recorder["make"](case["name"], params, {"lr": 1})
        optimizer.load_state_dict(case["optimizer"])
        if case["name"] == "NAdam":
            for group in optimizer.param_groups:
                group["foreach"] = True
        for step in range(recorder["HALF"], 2 * recorder["HALF"]):
            recorder["take"](optimizer, params, step)
        result.append([p.reshape(-1).tolist() for p in params])
    return result


if sys.argv[1] == "--train":
    print(json.dumps(train(sys.argv[2])))
elif sys.argv[1] == "--continue":
    print(json.dumps(go_on(sys.argv[2])))
else:
    for path in sys.argv[1:]:
        value = describe(torch.load(path))
        data = as_data(path)
        print(json.dumps({"value": value, "data": "same" if data == value else data}))
