"""What the scripts share: sessions of the judge, runs over data, measured commands, printing."""

import argparse
import json
import platform
import subprocess
import sys
from datetime import date
from pathlib import Path

import numpy as np
import onnxruntime

from models import samples

HERE = Path(__file__).resolve().parent
ERRORS_ONLY = 3


def session(path: Path, threads: int = 0, precise: bool = True) -> onnxruntime.InferenceSession:
    """The judge: ONNX Runtime's defaults, with exact 32-bit sums on processors whose fast kernels saturate (`precise`)."""
    options = onnxruntime.SessionOptions()
    options.log_severity_level = ERRORS_ONLY
    options.intra_op_num_threads = threads
    if precise:
        options.add_session_config_entry("session.x64quantprecision", "1")
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def run(path: Path, arrays: dict[str, np.ndarray], precise: bool = True) -> dict[str, np.ndarray]:
    """All outputs over all samples, stacked along the first axis."""
    judge = session(path, precise=precise)
    rows = [judge.run(None, feed) for feed in samples(arrays)]
    return {output.name: np.concatenate(column) for output, column in zip(judge.get_outputs(), zip(*rows))}


def measure(command: list, log: Path | None = None) -> dict:
    """Seconds, processor seconds and peak MB of a command; an error with its last words where it fails."""
    launcher = [sys.executable, "-I", "-S", str(HERE / "measured.py"), *map(str, command)]
    result = subprocess.run(launcher, capture_output=True, text=True)
    if log:
        log.write_text(result.stderr)
    measured = json.loads(result.stdout.splitlines()[-1])
    if measured["exit"] != 0:
        raise SystemExit(f"exit {measured['exit']}: {' '.join(map(str, command))}\n{result.stderr[-2000:]}")
    return measured


def machine() -> dict:
    cpuinfo = Path("/proc/cpuinfo").read_text() if Path("/proc/cpuinfo").exists() else ""
    name = next((line.split(":")[1].strip() for line in cpuinfo.splitlines() if line.startswith("model name")), "?")
    return {"date": date.today().isoformat(), "processor": name, "cores": cpuinfo.count("processor\t"),
            "vnni": "avx512_vnni" in cpuinfo or "avx_vnni" in cpuinfo, "system": platform.platform(),
            "judge": f"onnxruntime {onnxruntime.__version__} (Python)"}


def spread(values) -> dict:
    low, middle, high = np.percentile(values, [25, 50, 75])
    return {"median": float(middle), "low": float(low), "high": float(high)}


def arguments(description: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--model", action="append", help="a name in models.py; may be repeated; default all")
    parser.add_argument("--out", type=Path, default=Path("artifacts/bench"), help="folder for models and results")
    parser.add_argument("--octet", type=Path, default=Path("artifacts/bin/Octet.Cli/release/octet"), help="the built tool")
    return parser


def parsed(parser: argparse.ArgumentParser) -> argparse.Namespace:
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    return options


def save(out: Path, name: str, results) -> None:
    file = out / f"{name}.json"
    file.write_text(json.dumps({"machine": machine(), "results": results}, indent=1) + "\n")
    print(f"\n{json.dumps(machine())}\nwritten: {file}")


def table(header: list[str], rows: list[list]) -> None:
    """A Markdown table."""
    cells = [header, *[["" if cell is None else str(cell) for cell in row] for row in rows]]
    widths = [max(len(row[column]) for row in cells) for column in range(len(header))]
    lines = ["| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths)) + " |" for row in cells]
    print("\n".join([lines[0], "|" + "|".join("-" * (width + 2) for width in widths) + "|", *lines[1:]]), flush=True)
