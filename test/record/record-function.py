"""Records what PyTorch's torch.autograd.Function does, for test/autograd/function.test.ts.

    python3 test/record/record-function.py
"""

import json
from pathlib import Path

import torch
from torch.autograd import Function, grad
from torch.autograd.function import once_differentiable

ROOT = Path(__file__).resolve().parent.parent.parent


def leaf(values):
    return torch.tensor(values, dtype=torch.float64, requires_grad=True)


class ScaledExp(Function):
    @staticmethod
    def forward(ctx, x, factor):
        y = (x * factor).exp()
        ctx.save_for_backward(y)
        ctx.factor = factor
        return y

    @staticmethod
    def backward(ctx, g):
        (y,) = ctx.saved_tensors
        return g * y * ctx.factor, None


class Polar(Function):
    """Two results, of which a loss may use one."""

    seen = None

    @staticmethod
    def forward(ctx, x, y):
        r = (x * x + y * y).sqrt()
        ctx.save_for_backward(x, y, r)
        return r, torch.atan2(y, x)

    @staticmethod
    def backward(ctx, gr, ga):
        x, y, r = ctx.saved_tensors
        Polar.seen = [gr.tolist(), ga.tolist()]
        return gr * x / r - ga * y / r**2, gr * y / r + ga * x / r**2


class Raw(Function):
    """As materializeGrads: false."""

    seen = None

    @staticmethod
    def forward(ctx, x):
        ctx.set_materialize_grads(False)
        return x * 2, x * 3

    @staticmethod
    def backward(ctx, a, b):
        Raw.seen = [g is None for g in (a, b)]
        return a * 2 if b is None else b * 3


class Largest(Function):
    @staticmethod
    def forward(ctx, x):
        values, places = x.sort()
        rank = values * 0 + 1
        ctx.mark_non_differentiable(rank)
        ctx.save_for_backward(places)
        return values, places, rank

    @staticmethod
    def backward(ctx, g, _places, _rank):
        (places,) = ctx.saved_tensors
        return torch.zeros_like(g).scatter(0, places, g)


class Broadcast(Function):
    """Returns gradients of the result's shape and dtype, not of the inputs'."""

    @staticmethod
    def forward(ctx, x, bias):
        return x + bias

    @staticmethod
    def backward(ctx, g):
        return g, g.float()


class Negate(Function):
    """Returns its input as it is."""

    @staticmethod
    def forward(ctx, x):
        return x

    @staticmethod
    def backward(ctx, g):
        return -g


class Needs(Function):
    seen = None

    @staticmethod
    def forward(ctx, x, y, text):
        Needs.seen = list(ctx.needs_input_grad)
        return x * y

    @staticmethod
    def backward(ctx, g):
        return g * 5, g * 7, None, None


class Once(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x**3

    @staticmethod
    @once_differentiable
    def backward(ctx, g):
        (x,) = ctx.saved_tensors
        return g * 3 * x**2


class Returning(Function):
    """Returns what it was told from backward."""

    @staticmethod
    def forward(ctx, x, y, what):
        ctx.what = what
        return x * y

    @staticmethod
    def backward(ctx, g):
        return ctx.what


def error_of(work):
    try:
        work()
    except Exception as error:
        return str(error).split("\n")[0]
    return None


def refusal(what):
    return error_of(lambda: Returning.apply(leaf([1, 2]), leaf([3, 4]), what).sum().backward())


def main():
    cases = {}

    x = leaf([0.1, -0.2, 0.3])
    y = ScaledExp.apply(x, 3)
    (first,) = grad(y.pow(2).sum(), x, create_graph=True)
    (second,) = grad(first.sum(), x)
    cases["scaledExp"] = {"y": y.tolist(), "first": first.tolist(), "second": second.tolist()}

    x, y = leaf([3, 1]), leaf([4, -2])
    r, angle = Polar.apply(x, y)
    angle.sum().backward()
    cases["angle"] = {"x": x.grad.tolist(), "y": y.grad.tolist(), "seen": Polar.seen}
    x, y = leaf([3, 1]), leaf([4, -2])
    r, angle = Polar.apply(x, y)
    gx, gy = grad((r * angle).sum(), (x, y), create_graph=True)
    sx, sy = grad((gx * gy).sum(), (x, y))
    cases["polar"] = {"gx": gx.tolist(), "gy": gy.tolist(), "sx": sx.tolist(), "sy": sy.tolist()}

    x = leaf([1, 2])
    Raw.apply(x)[1].sum().backward()
    cases["raw"] = {"seen": Raw.seen, "x": x.grad.tolist()}

    x = leaf([3, 1, 2])
    values, places, rank = Largest.apply(x)
    (values * torch.tensor([1.0, 10.0, 100.0], dtype=torch.float64) * rank).sum().backward()
    cases["largest"] = {"requiresGrad": [t.requires_grad for t in (values, places, rank)], "x": x.grad.tolist()}

    x, bias = leaf([[1, 2, 3], [4, 5, 6]]), leaf([[0.5], [1.5]])
    Broadcast.apply(x, bias).pow(2).sum().backward()
    cases["broadcast"] = {"bias": bias.grad.tolist(), "dtype": str(bias.grad.dtype)}

    x = leaf([1, 2])
    y = Negate.apply(x)
    y.pow(2).sum().backward()
    cases["negate"] = {
        "same": y is x,
        "sharesMemory": y.data_ptr() == x.data_ptr(),
        "x": x.grad.tolist(),
        "inPlace": error_of(lambda: Negate.apply(leaf([1, 2]) * 1).mul_(2)) is not None,
    }

    x, y = leaf([1, 2]), torch.tensor([3.0, 4.0])
    Needs.apply(x, y, "text").sum().backward()
    seen = {"graph": Needs.seen}
    with torch.no_grad():
        seen["requiresGrad"] = Needs.apply(x, y, "text").requires_grad
    seen["noGrad"] = Needs.seen
    cases["needs"] = {**seen, "x": x.grad.tolist(), "y": y.grad}

    x = leaf([2])
    (first,) = grad(Once.apply(x * 1).pow(2).sum(), x, create_graph=True)
    cases["once"] = {
        "first": first.tolist(),
        "refused": error_of(lambda: first.sum().backward()),
    }

    g = torch.ones(2, dtype=torch.float64)
    cases["refused"] = {
        "tooFew": refusal((g, g)),
        "extraNull": refusal((g, g, None, None)),
        "tooMany": refusal((g, g, None, g)),
        "notTensor": refusal((g, 3, None)),
        "notNull": refusal((g, g, g)),
        "shape": refusal((torch.ones(3), g, None)),
        "null": refusal((None, g, None)),
    }

    path = ROOT / "test/recordings/function.json"
    path.write_text(json.dumps({"torch": torch.__version__, "cases": cases}) + "\n")


if __name__ == "__main__":
    main()
