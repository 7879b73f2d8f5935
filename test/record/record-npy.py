"""Records files that numpy writes, for test/io/npy.test.ts.

    python3 test/record/record-npy.py
"""

import base64
import io
import json
from pathlib import Path

import numpy as np
from numpy.lib import format as npy

ROOT = Path(__file__).resolve().parents[2]


def text(data):
    return base64.b64encode(data).decode()


def npy_bytes(array, version=None):
    file = io.BytesIO()
    npy.write_array(file, array, version)
    return file.getvalue()


def npz_bytes(save, **arrays):
    file = io.BytesIO()
    save(file, **arrays)
    return file.getvalue()


def case(name, array, version=None):
    return {
        "name": name,
        "file": text(npy_bytes(array, version)),
        "shape": list(array.shape),
        "values": array.flatten().tolist(),
    }


def main():
    random = np.random.default_rng(1)
    cases = []
    for dtype in ["?", "i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8", "f2", "f4", "f8"]:
        values = random.integers(-100 if dtype[0] in "if" else 0, 100, (2, 3)) * (0.25 if dtype[0] == "f" else 1)
        for order in "<>":
            cases.append(case(order + dtype, (values % 2 if dtype == "?" else values).astype(order + dtype)))
    cases.append(case("0-d", np.array(2.5)))
    cases.append(case("1-d", np.arange(5, dtype="f4")))
    cases.append(case("empty", np.zeros((3, 0, 2), "f4")))
    cases.append(case("Fortran order", np.asfortranarray(np.arange(24, dtype="f8").reshape(2, 3, 4))))
    cases.append(case("Fortran order, big-endian", np.asfortranarray(np.arange(6, dtype=">i2").reshape(2, 3))))
    cases.append(case("version 2", np.arange(6, dtype="i4").reshape(3, 2), (2, 0)))
    cases.append(case("version 3", np.arange(6, dtype="i4").reshape(3, 2), (3, 0)))
    x, y = np.arange(12, dtype="f4").reshape(3, 4), np.array([1, 0, 2])
    refused = {
        "objects": np.array([{"a": 1}, None], dtype=object),
        "complex": np.array([1j]),
        "text": np.array(["a", "bc"]),
        "bytes": np.array([b"a"]),
        "records": np.array([(1, 2.0)], dtype=[("a", "i4"), ("b", "f4")]),
        "dates": np.array(["2020-01-01"], dtype="M8[D]"),
        "too large": np.array([2**40]),
    }
    recording = {
        "numpy": np.__version__,
        "cases": cases,
        "refused": {name: text(npy_bytes(array)) for name, array in refused.items()},
        "stored": text(npz_bytes(np.savez, x=x, y=y)),
        "deflated": text(npz_bytes(np.savez_compressed, x=x, y=y)),
    }
    (ROOT / "test/recordings/npy.json").write_text(json.dumps(recording) + "\n")


main()
