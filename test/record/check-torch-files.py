"""Loads .pt files with PyTorch, also as data only, and prints what they hold as JSON.

    python3 test/record/check-torch-files.py FILE …
    python3 test/record/check-torch-files.py --train FILE
    python3 test/record/check-torch-files.py --optimizers FILE
    python3 test/record/check-torch-files.py --schedules FILE

With --train, FILE is a checkpoint of the network below, which it takes one more step from. With --optimizers, FILE
is a list of those of record-optim.py, half-way, and with --schedules of those of record-schedules.py; it goes the
other half.
"""

import json
import runpy
import sys
import warnings
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


def recorder_called(name):
    return runpy.run_path(str(Path(__file__).with_name(name)))


def optimizers(path):
    recorder = recorder_called("record-optim.py")
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


def schedules(path):
    warnings.simplefilter("ignore")
    recorder = recorder_called("record-schedules.py")
    result = []
    for case in torch.load(path):
        optimizer = recorder["optimizer"](case["kind"])
        schedule = recorder["SCHEDULES"][case["name"]](optimizer)
        optimizer.load_state_dict(case["optimizer"])
        schedule.load_state_dict(case["schedule"])
        steps = []
        for i in range(recorder["HALF"], recorder["STEPS"]):
            recorder["step"](schedule, i)
            steps.append(recorder["seen"](optimizer))
        result.append(steps)
    return result


if sys.argv[1] == "--train":
    print(json.dumps(train(sys.argv[2])))
elif sys.argv[1] == "--optimizers":
    print(json.dumps(optimizers(sys.argv[2])))
elif sys.argv[1] == "--schedules":
    print(json.dumps(schedules(sys.argv[2])))
else:
    for path in sys.argv[1:]:
        value = describe(torch.load(path))
        data = as_data(path)
        print(json.dumps({"value": value, "data": "same" if data == value else data}))
