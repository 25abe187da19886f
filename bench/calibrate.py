"""Time and peak memory of `octet calibrate` for MobileNetV2 (every method of one sweep, every method that can be saved, at two numbers of photographs) and of solving one more
method from the saved statistics, against plain float inference of the same photographs. The kinds take turns; the ratios are those of one turn."""

import sys
from pathlib import Path

from accuracy import data_arguments
from models import selected
from running import arguments, measure, parsed, save, spread, table

COUNTS = [50, 100]


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--repeats", type=int, default=5)
    options = parsed(parser)
    results, rows = {}, []
    for model in selected(options.model or ["mobilenet_v2"]):
        for count in COUNTS:
            data = data_arguments(model, options.out, count)
            one, every = options.out / "calibrate.octs", options.out / "calibrate.all.octs"
            calibrate = [options.octet, "calibrate", model.path, *data]
            commands = {"plain float": [sys.executable, Path(__file__).resolve().parent / "cost.py", "--plain", model.name, count],
                        "calibrate, histograms": [*calibrate, "-o", options.out / "calibrate.max.octs", "--methods", "max,kl,mse,percentile"],
                        "calibrate, one sweep": [*calibrate, "-o", one],
                        "calibrate, all": [*calibrate, "-o", every, "--methods", "all"],
                        "calibrate, all, one target": [*calibrate, "-o", options.out / "calibrate.target.octs", "--methods", "all", "--target", "onnxruntime"],
                        "solve kl": [options.octet, "stats", "solve", one, "--method", "kl"],
                        "quantize from statistics": [options.octet, "quantize", model.path, "--statistics", one, "--method", "kl", "-o", options.out / "calibrate.onnx"]}
            turns = []
            for _ in range(options.repeats):
                turns.append({kind: measure(command, options.out / "calibrate.log") for kind, command in commands.items()})
            for kind in commands:
                seconds = spread([turn[kind]["seconds"] for turn in turns])
                ratio = spread([turn[kind]["seconds"] / turn["plain float"]["seconds"] for turn in turns])
                processor = spread([turn[kind]["processor_seconds"] for turn in turns])
                work = spread([turn[kind]["processor_seconds"] / turn["plain float"]["processor_seconds"] for turn in turns])
                peak = spread([turn[kind]["peak_mb"] for turn in turns])
                results[f"{model.name} {count} {kind}"] = {"seconds": seconds, "ratio": ratio, "processor_seconds": processor, "processor_ratio": work, "peak_mb": peak}
                rows.append([count, kind, f"{seconds['median']:.2f} ({seconds['low']:.2f}-{seconds['high']:.2f})",
                             f"{ratio['median']:.2f} ({ratio['low']:.2f}-{ratio['high']:.2f})",
                             f"{processor['median']:.2f}", f"{work['median']:.2f} ({work['low']:.2f}-{work['high']:.2f})", f"{peak['median']:.0f}"])
    table(["photographs", "", "seconds (quartiles)", "times plain float", "processor seconds", "times plain float", "peak MB"], rows)
    save(options.out, "calibrate", results)


if __name__ == "__main__":
    main()
