"""Accuracy of octet's and the rival's int8 models against the float ones, all judged by the same ONNX Runtime."""

import shutil
from pathlib import Path

import numpy as np

import metrics
from models import CALIBRATION_SAMPLES, DATA, Model, Photographs, first, selected
from rival import rival_of
from running import arguments, measure, parsed, run, save, table


def data_arguments(model: Model, out: Path, count: int = CALIBRATION_SAMPLES) -> list:
    """The calibration samples in a form that octet reads: a folder of the first pictures, else one .npy file per input."""
    if isinstance(model.calibration, Photographs):
        folder = out / f"{model.name}.{count}.photographs"
        folder.mkdir(exist_ok=True)
        for name in model.calibration.names(count):
            shutil.copy(DATA / model.calibration.folder / name, folder / name)
        return ["--data", folder, "--preprocess", model.calibration.preprocess]
    files = {}
    for name, values in first(model.calibration(), count).items():
        files[name] = out / f"{model.name}.{name}.npy"
        np.save(files[name], values)
    named = [f"{name}={file}" for name, file in files.items()]
    return ["--data", ",".join(named) if len(named) > 1 else next(iter(files.values()))]


def octet_of(model: Model, out: Path, octet: Path, effort: str | None) -> tuple[Path, dict]:
    """octet's model in `out`, always made anew, and what making it cost."""
    output = out / f"{model.name}.octet.onnx"
    output.unlink(missing_ok=True)
    path = model.path
    if model.unrolled:
        path = out / f"{model.name}.onnx"
        measure([octet, "convert", model.path, "--unroll", "-o", path], out / f"{model.name}.convert.log")
    command = [octet, "quantize", path, "-o", output]
    command += ["--mode", "dynamic"] if model.mode == "dynamic" else \
        [*data_arguments(model, out), "--samples", CALIBRATION_SAMPLES]
    if effort:
        command += ["--effort", effort]
    cost = measure(command, out / f"{model.name}.octet.log")
    return output, {**cost, "bytes": output.stat().st_size}


def judged(model: Model, candidates: dict[str, tuple[Path, dict]]) -> dict:
    """SQNR of each output, quality and its drop, for each candidate."""
    test = model.test()
    reference = run(model.path, test)
    floats = model.quality(reference, reference)
    results = {"float": {"quality": floats}}
    for name, (path, cost) in candidates.items():
        outputs = run(path, test)
        quality = model.quality(outputs, reference)
        results[name] = {"sqnr": {output: metrics.sqnr(reference[output], outputs[output]) for output in reference},
                         "quality": quality, "drop": floats - quality, **cost}
    return results


def row(model: Model, name: str, result: dict) -> list:
    if name == "float":
        return [model.name, name, None, f"{model.measure} {result['quality']:.2f}"] + [None] * 4
    noise = ", ".join(f"{output} {value:.2f}" for output, value in result["sqnr"].items())
    return [model.name, name, noise, f"{result['quality']:.2f}", f"{result['drop']:+.2f}", f"{result['seconds']:.1f}",
            f"{result['peak_mb']:.0f}", f"{result['bytes'] / 1000:.0f}"]


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--effort", help="octet's --effort; default: its own default")
    parser.add_argument("--rival-only", action="store_true", help="leave octet out")
    options = parsed(parser)
    results, rows = {}, []
    for model in selected(options.model):
        candidates = {"rival": rival_of(model, options.out)}
        if not options.rival_only:
            candidates["octet"] = octet_of(model, options.out, options.octet, options.effort)
        results[model.name] = judged(model, candidates)
        rows += [row(model, name, result) for name, result in results[model.name].items()]
    table(["model", "", "SQNR of outputs, dB", "quality, %", "drop", "seconds", "peak MB", "kB"], rows)
    save(options.out, "accuracy", results)


if __name__ == "__main__":
    main()
