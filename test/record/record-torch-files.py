"""Records files that torch.save writes, for test/io/torch/files.test.ts.

    python3 test/record/record-torch-files.py

Each file has its values beside it in test/recordings/torch/values.json.gz.
"""

import argparse
import collections
import datetime
import decimal
import functools
import gzip
import http
import io
import json
import math
import pickle
import sys
import zipfile
from pathlib import Path, PurePosixPath

import numpy as np
import torch
import torch.nn as nn

FOLDER = Path(__file__).parents[2] / "test/recordings/torch"
LIMIT = 20_000


def scalar(value):
    if isinstance(value, float) and not math.isfinite(value):
        return {"float": str(value)}
    return value


def describe(value):
    """The value in JSON; what JSON lacks is an object with one telling key."""
    if torch.is_tensor(value):
        described = {
            "tensor": [scalar(v) for v in value.detach().double().reshape(-1).tolist()],
            "shape": list(value.shape),
            "strides": list(value.stride()),
            "offset": value.storage_offset(),
            "dtype": str(value.dtype)[6:],
            "requiresGrad": value.requires_grad,
        }
        if isinstance(value, nn.Parameter):
            described["parameter"] = True
        return described
    if isinstance(value, np.ndarray):
        return {"array": [scalar(v) for v in value.reshape(-1).astype("f8").tolist()], "shape": list(value.shape)}
    if isinstance(value, np.generic):
        return scalar(value.item())
    if isinstance(value, (bytes, bytearray)):
        return {"bytes": list(value)}
    if isinstance(value, (set, frozenset)):
        return {"set": sorted(value)}
    if isinstance(value, argparse.Namespace):
        return describe(vars(value))
    if isinstance(value, dict):
        plain = all(type(k) is str for k in value) or all(type(k) is int for k in value)
        if plain:
            return {"dict": {str(k): describe(v) for k, v in value.items()}}
        return {"map": [[describe(k), describe(v)] for k, v in value.items()]}
    if isinstance(value, torch.device):
        return str(value)
    if isinstance(value, torch.dtype):
        return str(value)[6:]
    if isinstance(value, (list, tuple)):
        return [describe(v) for v in value]
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 2**53:
        return {"int": str(value)}
    return scalar(value)


FLOATS = [0.0, -0.0, 1.5, -2.25, 0.1, 65504.0, 6e-8, 3e38, float("inf"), float("-inf"), float("nan")]
INTEGERS = [0, 1, -1, 2, -128, 127]


def dtypes():
    out = {}
    for dtype in [torch.float16, torch.bfloat16, torch.float32, torch.float64]:
        out[str(dtype)[6:]] = torch.tensor(FLOATS, dtype=dtype)
    for dtype in [torch.int8, torch.int16, torch.int32, torch.int64]:
        out[str(dtype)[6:]] = torch.tensor(INTEGERS + [torch.iinfo(torch.int32 if dtype == torch.int64 else dtype).min], dtype=dtype)
    out["uint8"] = torch.tensor([0, 1, 255], dtype=torch.uint8)
    out["bool"] = torch.tensor([True, False, True])
    return out


def views():
    base = torch.arange(24, dtype=torch.float32)
    grid = base.reshape(4, 6)
    half = torch.arange(6, dtype=torch.float16)
    return {
        "base": base,
        "grid": grid,
        "transposed": grid.t(),
        "columns": grid[:, 1::2],
        "inner": grid[1:3, 2:5],
        "expanded": base[3:4].expand(5),
        "diagonal": grid.diagonal(),
        "scalar": grid[2, 3],
        "empty": torch.zeros(0, 3),
        "emptyView": grid[4:],
        "channelsLast": torch.arange(16.0).reshape(1, 2, 2, 4).contiguous(memory_format=torch.channels_last),
        "half": half,
        "halfEven": half[::2],
        "parameter": nn.Parameter(torch.ones(2, 2)),
        "frozen": nn.Parameter(torch.ones(1), requires_grad=False),
        "learning": torch.ones(3, requires_grad=True),
    }


def nested():
    shared = [1, 2]
    return {
        "none": None,
        "yes": True,
        "no": False,
        "ints": [0, 255, 256, 65535, 65536, -1, -(2**31), 2**31, 2**53 - 1, -(2**53), 10**20, -(10**30)],
        "floats": [0.5, -1e300, float("inf"), float("nan")],
        "text": "naïve ☃ 🎉\n\\'\"",
        "long": "x" * 300,
        "bytes": b"\x00\xffab\n",
        "noBytes": b"",
        "bytearray": bytearray(b"\x01\x80"),
        "tuple": (1, "a", (2, 3, 4, 5)),
        "set": {1, 2, 3},
        "frozen": frozenset([4, 5]),
        "ordered": collections.OrderedDict([("b", 1), ("a", 2)]),
        "default": collections.defaultdict(list, {"k": [1]}),
        "counter": collections.Counter("aab"),
        "byNumber": {0: "zero", 7: "seven"},
        "mixed": {1: "one", "two": 2},
        "byTuple": {(1, 2): "pair"},
        "size": torch.Size([2, 3]),
        "device": torch.device("cpu"),
        "cuda": torch.device("cuda:1"),
        "dtype": torch.bfloat16,
        "namespace": argparse.Namespace(lr=0.1, name="run"),
        "numpyFloat": np.float64(0.25),
        "numpyInt": np.int64(-3),
        "numpyBool": np.bool_(True),
        "array": np.arange(6, dtype=np.float32).reshape(2, 3),
        "fortran": np.asfortranarray(np.arange(6, dtype=np.int16).reshape(2, 3)),
        "bigEndian": np.array([1.5, -2.0], dtype=">f8"),
        "shared": [shared, shared],
        "__proto__": {"polluted": True},
        "constructor": 1,
        "empty": {},
        "": [],
    }


def network():
    torch.manual_seed(0)
    return nn.Sequential(nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4), nn.ReLU(), nn.Flatten(), nn.Linear(16, 3))


def checkpoint(make):
    model = network()
    optimizer = make(model.parameters())
    for step in range(3):
        loss = model(torch.sin(torch.arange(32.0) + step).reshape(2, 1, 4, 4)).square().sum()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return {"epoch": 3, "loss": loss.item(), "model": model.state_dict(), "optimizer": optimizer.state_dict()}




def as_big_endian(data):
    """The file as a machine with the opposite byte order writes it."""
    source = zipfile.ZipFile(io.BytesIO(data))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as target:
        for item in source.infolist():
            content = source.read(item)
            if "/data/" in item.filename:
                content = np.frombuffer(content, dtype="<f4").astype(">f4").tobytes()
            target.writestr(item.filename, content)
        target.writestr("archive/byteorder", "big")
    return out.getvalue()


def deflated(data):
    """The archive packed again by another program."""
    source = zipfile.ZipFile(io.BytesIO(data))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for item in source.infolist():
            target.writestr(item.filename, source.read(item))
    return out.getvalue()


def saved(value, **options):
    out = io.BytesIO()
    torch.save(value, out, **options)
    return out.getvalue()


LEGACY = {"_use_new_zipfile_serialization": False}
adam = checkpoint(lambda p: torch.optim.Adam(p, lr=0.01, amsgrad=True))
sgd = checkpoint(lambda p: torch.optim.SGD([{"params": list(p)}], lr=0.1, momentum=0.9, nesterov=True))
two = {"a": torch.tensor([1.0, -2.5]), "b": torch.tensor([[3.0]])}
cases = {
    "dtypes": (dtypes(), saved(dtypes())),
    "dtypes-legacy": (dtypes(), saved(dtypes(), **LEGACY)),
    "views": (views(), saved(views())),
    "views-legacy": (views(), saved(views(), **LEGACY)),
    "nested": (nested(), saved(nested())),
    "nested-legacy": (nested(), saved(nested(), **LEGACY)),
    **{f"protocol-{p}": (nested(), saved(nested(), pickle_protocol=p)) for p in [3, 4, 5]},
    **{f"protocol-{p}-legacy": (nested(), saved(nested(), pickle_protocol=p, **LEGACY)) for p in [0, 1, 4]},
    "adam": (adam, saved(adam)),
    "sgd-legacy": (sgd, saved(sgd, **LEGACY)),
    "tensor": (torch.arange(3), saved(torch.arange(3))),
    "big-endian": (two, as_big_endian(saved(two))),
    "deflated": (two, deflated(saved(two))),
}


class Settings(dict):
    """A class of the user's own."""


def half_known():
    """Weights beside objects that have no counterpart."""
    model = nn.Linear(2, 2)
    with torch.no_grad():
        for p in model.parameters():
            p.fill_(0.5)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    return {
        "model": model.state_dict(),
        "onecycle": torch.optim.lr_scheduler.OneCycleLR(optimizer, 0.1, total_steps=10).state_dict(),
        "plateau": torch.optim.lr_scheduler.ReduceLROnPlateau(optimizer).state_dict(),
        "scheduler": torch.optim.lr_scheduler.StepLR(optimizer, 3),
        "counts": collections.defaultdict(int, a=1),
        "deque": collections.deque([1.0, 2.0], 100),
        "path": PurePosixPath("/data/set"),
        "when": datetime.datetime(2020, 1, 2, 3, 4, 5),
        "delta": datetime.timedelta(1, 2),
        "date64": np.datetime64("2020-01-01"),
        "text": np.str_("a"),
        "scalar": np.float32(1.5),
        "dtype": np.dtype("f4"),
        "texts": np.array(["a", "bb"]),
        "records": np.array([(1, 2.0)], dtype=[("a", "i4"), ("b", "f4")]),
        "objects": np.array([1, "a"], object),
        "settings": Settings(lr=0.1),
        "namespace": argparse.Namespace(lr=0.1),
        "slice": slice(1, 2),
        "complex": 1 + 2j,
        "activation": nn.ReLU,
        "module": nn.ReLU(),
        "function": torch.nn.functional.relu,
        "partial": functools.partial(torch.zeros, dtype=torch.int32),
        "decimal": decimal.Decimal("1.5"),
        "enum": http.HTTPStatus.OK,
        "sparse": torch.eye(2).to_sparse(),
        "quantized": torch.quantize_per_tensor(torch.ones(2), 0.5, 0, torch.qint8),
        "z": torch.tensor([1 + 2j]),
        "ids": torch.tensor([1, 2**40]),
        "list": [torch.tensor([2**40]), torch.tensor([7])],
        "error": ValueError("no"),
    }


broken = {
    "model": saved(network()),
    "model-legacy": saved(nn.Identity(), **LEGACY),
    "complex": saved({"z": torch.tensor([1 + 2j])}),
    "overflow": saved({"fine": torch.tensor([1]), "ids": torch.tensor([1, 2**40])}),
    "pickle-dump": pickle.dumps(two),
    "objects": saved(half_known()),
    "objects-legacy": saved(half_known(), **LEGACY),
    "objects-protocol-4": saved(half_known(), pickle_protocol=4),
}
script = io.BytesIO()
torch.jit.save(torch.jit.script(nn.Linear(1, 1)), script)
broken["torchscript"] = script.getvalue()

FOLDER.mkdir(exist_ok=True)
for name, data in [*[(n, d) for n, (_, d) in cases.items()], *broken.items()]:
    if len(data) > LIMIT:
        sys.exit(f"{name}: {len(data)} bytes, more than {LIMIT}")
    (FOLDER / f"{name}.pt").write_bytes(data)
values = json.dumps({"torch": torch.__version__, "files": {n: describe(v) for n, (v, _) in cases.items()}})
(FOLDER / "values.json.gz").write_bytes(gzip.compress(values.encode(), mtime=0))
print({n: len(d) for n, (_, d) in cases.items()})
