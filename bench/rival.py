"""Times PyTorch for the benchmark: one JSON request a line on stdin, one answer a line on stdout."""

import json
import sys
import time

import torch
import torch.nn as nn
import torch.nn.functional as F

scope = {}
code = None


def loop(count):
    start = time.perf_counter()
    for _ in range(count):
        exec(code, scope)
    return time.perf_counter() - start


for line in sys.stdin:
    request = json.loads(line)
    if "setup" in request:
        torch.set_num_threads(request["threads"])
        torch.manual_seed(0)
        scope = {"torch": torch, "nn": nn, "F": F}
        try:
            exec(request["setup"], scope)
            # The timed statements become a function: local names, as in anybody's training loop.
            body = "\n".join("    " + s for s in request["run"].splitlines())
            exec(f"def run():\n{body}\n", scope)
            code = compile("run()", "run", "exec")
            answer = {"version": torch.__version__}
        except ModuleNotFoundError as error:
            answer = {"missing": error.name}
        except Exception as error:
            answer = {"failed": str(error)}
    else:
        answer = {"seconds": loop(request["count"])}
    print(json.dumps(answer), flush=True)
