"""Time and peak memory of `octet quantize` (fast and default) and of the rival for MobileNetV2 at several numbers of photographs,
against plain float inference of the same photographs. The kinds take turns; the ratios are those of one turn."""

import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from accuracy import data_arguments
from models import Model, selected
from rival import command as rival_command
from running import arguments, measure, parsed, save, session, spread, table

COUNTS = [25, 64, 100]


def plain(model: Model, count: int) -> None:
    """Decodes and runs the photographs, as many one-thread runs side by side as there are cores, in one session."""
    judge, photographs = session(model.path, threads=1), model.calibration

    def one(name: str) -> None:
        judge.run(None, photographs.decode(photographs.folder, [name]))

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(one, photographs.names(count)))


def main() -> None:
    if sys.argv[1:2] == ["--plain"]:
        plain(selected([sys.argv[2]])[0], int(sys.argv[3]))
        return
    parser = arguments(__doc__)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--rival-only", action="store_true", help="leave octet out")
    options = parsed(parser)
    results, rows = {}, []
    for model in selected(options.model or ["mobilenet_v2"]):
        for count in COUNTS:
            output = options.out / "cost.onnx"
            octet = [options.octet, "quantize", model.path, "-o", output, *data_arguments(model, options.out, count)]
            commands = {"plain float": [sys.executable, Path(__file__).resolve(), "--plain", model.name, count],
                        "rival": rival_command(model, output, count)}
            if not options.rival_only:
                commands |= {"octet fast": [*octet, "--effort", "fast"], "octet default": octet}
            turns = []
            for _ in range(options.repeats):
                turns.append({})
                for kind, command in commands.items():
                    output.unlink(missing_ok=True)
                    turns[-1][kind] = measure(command, options.out / "cost.log")
            for kind in commands:
                seconds = spread([turn[kind]["seconds"] for turn in turns])
                ratio = spread([turn[kind]["seconds"] / turn["plain float"]["seconds"] for turn in turns])
                peak = spread([turn[kind]["peak_mb"] for turn in turns])
                results[f"{model.name} {count} {kind}"] = {"seconds": seconds, "ratio": ratio, "peak_mb": peak}
                rows.append([count, kind, f"{seconds['median']:.2f} ({seconds['low']:.2f}-{seconds['high']:.2f})",
                             f"{ratio['median']:.2f} ({ratio['low']:.2f}-{ratio['high']:.2f})", f"{peak['median']:.0f}"])
    table(["photographs", "", "seconds (quartiles)", "times plain float", "peak MB"], rows)
    save(options.out, "cost", results)


if __name__ == "__main__":
    main()
