"""Speed of octet's own integer engine against ONNX Runtime's int8 kernels: the same models and samples, one thread, in turns.

Models are those that accuracy.py made. ONNX Runtime runs as users open it, octet as `octet run` does, whose median time of a sample
leaves its start and the reading of samples out.
"""

import json
import statistics
import subprocess
import time

import numpy as np

from models import first, samples, selected
from running import arguments, parsed, save, session, spread, table

MODELS = ["mobilenet_v2", "resnet8", "kws", "lenet"]
SAMPLES = 32
RUNS = {"mobilenet_v2": 128}  # samples of one turn, the same ones again and again; more of the small models, which take microseconds
DEFAULT_RUNS = 4096


def octet_milliseconds(options, path, data) -> float:
    command = [options.octet, "run", path, "--data", data, "--threads", "1", "-o", options.out / "integer.npy", "--json", "-"]
    result = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    if result.returncode != 0:
        raise SystemExit(f"exit {result.returncode}: {result.stderr[-2000:]}")
    told = json.loads(result.stdout)
    if told["floatLayers"]:
        print(f"{path.name}: float layers {', '.join(told['floatLayers'])}")
    return told["milliseconds"]


def runtime_milliseconds(runtime, feeds, runs: int) -> float:
    times = []
    for run in range(runs):
        feed, start = feeds[run % len(feeds)], time.perf_counter()
        runtime.run(None, feed)
        times.append(time.perf_counter() - start)
    return 1000 * statistics.median(times)


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--turns", type=int, default=7)
    options = parsed(parser)
    results, rows = {}, []
    for model in selected(options.model or MODELS):
        path = options.out / f"{model.name}.octet.onnx"
        if not path.exists():
            print(f"{path} is missing: run accuracy.py first")
            continue
        chosen = first(model.test(), SAMPLES)
        runs = RUNS.get(model.name, DEFAULT_RUNS)
        data = options.out / f"integer.{model.name}.npy"
        (array,) = chosen.values()
        np.save(data, np.concatenate([array] * (runs // len(array))))
        runtime, feeds = session(path, 1, precise=False), list(samples(chosen))
        times = {"onnxruntime": [], "octet": []}
        for turn in range(options.turns):
            order = [("onnxruntime", lambda: runtime_milliseconds(runtime, feeds, runs)), ("octet", lambda: octet_milliseconds(options, path, data))]
            for maker, measure in order[:: -1 if turn % 2 else 1]:
                times[maker].append(measure())
        data.unlink()
        result = {maker: spread(values) for maker, values in times.items()}
        result["speed"] = result["onnxruntime"]["median"] / result["octet"]["median"]
        results[model.name] = result
        cells = [f"{result[maker]['median']:.3f} ({result[maker]['low']:.3f}-{result[maker]['high']:.3f})" for maker in times]
        rows.append([model.name, *cells, f"{result['speed']:.2f}"])
    (options.out / "integer.npy").unlink(missing_ok=True)
    table(["model", "ONNX Runtime, ms (quartiles)", "octet", "speed of octet / ONNX Runtime"], rows)
    save(options.out, "integer", results)


if __name__ == "__main__":
    main()
