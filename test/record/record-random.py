"""Records PyTorch's random streams, for test/ops/random/streams.test.ts.

    python3 test/record/record-random.py

Run it where PyTorch uses AVX2: its builds without round their normal samples differently.
"""

import base64
import gzip
import hashlib
import json
from pathlib import Path

import torch
import torch.nn.functional as F

SEEDS = [0, 42, 2**31 + 5, 123456789012]
SIZES = [1, 2, 15, 16, 17, 31, 1000, 100003]
MOST = 200  # elements that are kept; of longer tensors every so many, and a hash of all
DTYPES = {"float32": torch.float32, "float64": torch.float64}


def draws(n, dtype):
    """What the test draws, in the same order from one stream."""
    e = lambda: torch.empty(n, dtype=dtype)
    yield "rand", torch.rand(n, dtype=dtype)
    yield "uniform_", e().uniform_(-0.0371, 0.0371)
    yield "randn", torch.randn(n, dtype=dtype)
    yield "normal_", e().normal_(0.3, 0.02)
    yield "normal_ with gaps", torch.empty(n, 2, dtype=dtype)[:, 0].normal_(0.3, 0.02)
    yield "exponential_", e().exponential_(1.7)
    yield "bernoulli_", e().bernoulli_(0.37)
    p = torch.rand(n, dtype=dtype)
    yield "bernoulli", torch.bernoulli(p)
    yield "dropout", F.dropout(p, 0.3)
    yield "logNormal_", e().log_normal_(0.3, 0.5)
    yield "cauchy_", e().cauchy_(0.3, 0.5)
    yield "geometric_", e().geometric_(0.3)
    yield "random_", e().random_(-5, 5)
    yield "truncNormal_", torch.nn.init.trunc_normal_(e(), 0.1, 0.7, -1, 1.5)
    yield "randint", torch.randint(-7, 1000000, (n,))
    yield "randint of 64 bits", torch.randint(-7, 2**40 - 7, (n,), dtype=torch.float64)
    yield "randperm", torch.randperm(n)
    if n < 2000:
        w = torch.rand(2, n, dtype=dtype)
        yield "multinomial with replacement", torch.multinomial(w, 7, True)
        yield "multinomial", torch.multinomial(w, min(n, 7))


def pack(t):
    if t.dtype == torch.int64:
        t = t.to(torch.int32)
    flat = t.contiguous().reshape(-1)
    every = max(1, flat.numel() // MOST)
    return {
        "dtype": str(t.dtype).removeprefix("torch."),
        "length": flat.numel(),
        "every": every,
        "data": base64.b64encode(flat[::every].contiguous().numpy().tobytes()).decode(),
        "sha256": hashlib.sha256(flat.numpy().tobytes()).hexdigest(),
    }


def states():
    """Saved states, fresh, in the middle, with a kept normal sample, and what comes after each."""
    torch.manual_seed(7)
    for count in [0, 5, 619, 3]:
        if count:
            torch.rand(count)
        if count == 3:
            torch.randn(3)
        state = torch.get_rng_state()
        after = torch.randn(5)
        yield {"state": base64.b64encode(state.numpy().tobytes()).decode(), "after": after.tolist()}
        torch.set_rng_state(state)


def inits():
    """Initializers that are made of draws, each from seed 11."""
    fills = {
        "orthogonal_ 6 4": (lambda x: torch.nn.init.orthogonal_(x), (6, 4)),
        "orthogonal_ 4 6": (lambda x: torch.nn.init.orthogonal_(x, 1.5), (4, 6)),
        "orthogonal_ 3 2 5": (lambda x: torch.nn.init.orthogonal_(x), (3, 2, 5)),
        "sparse_ 7 5": (lambda x: torch.nn.init.sparse_(x, 0.3, 0.5), (7, 5)),
    }
    for name, (fill, shape) in fills.items():
        torch.manual_seed(11)
        yield name, fill(torch.empty(shape)).reshape(-1).tolist()


def main():
    cases = []
    for seed in SEEDS:
        for n in SIZES:
            for name, dtype in DTYPES.items():
                if n >= 1000 and seed != 42:
                    continue
                torch.manual_seed(seed)
                cases.append({"seed": seed, "n": n, "dtype": name, "draws": {k: pack(t) for k, t in draws(n, dtype)}})
    result = {"torch": torch.__version__, "cases": cases, "states": list(states()), "inits": dict(inits())}
    path = Path(__file__).resolve().parents[2] / "test" / "recordings" / "random-streams.json.gz"
    path.write_bytes(gzip.compress(json.dumps(result).encode(), mtime=0))


main()
