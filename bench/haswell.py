"""MobileNetV2 on a processor without VNNI, whose uint8 x int8 kernels add pairs in 16 bits and saturate.

`qemu-x86_64 -cpu Haswell` (Debian's qemu-user) runs ONNX Runtime as on such a processor, on any x86-64 machine. The float
references are computed natively: a float photograph takes a minute there, an integer one about two seconds.
"""

import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np

import metrics
from models import first, selected
from running import arguments, parsed, run, save, table


def emulated(path: Path, inputs: Path, outputs: Path, precise: bool) -> np.ndarray:
    """The first output of a model over the samples in `inputs`, on the emulated processor."""
    qemu = shutil.which("qemu-x86_64") or sys.exit("qemu-x86_64 is missing: apt-get install qemu-user")
    command = [qemu, "-cpu", "Haswell", sys.executable, __file__, "--one", path, inputs, outputs, str(int(precise))]
    subprocess.run([str(part) for part in command], check=True)
    return np.load(outputs)


def main() -> None:
    if sys.argv[1:2] == ["--one"]:
        model, inputs, outputs, precise = sys.argv[2:]
        np.save(outputs, next(iter(run(Path(model), dict(np.load(inputs)), precise == "1").values())))
        return
    parser = arguments(__doc__)
    parser.add_argument("--photographs", type=int, default=32)
    options = parsed(parser)
    results, rows = {}, []
    for model in selected(options.model or ["mobilenet_v2"]):
        test = first(model.test(), options.photographs)
        inputs = options.out / "haswell.inputs.npz"
        np.savez(inputs, **test)
        reference = next(iter(run(model.path, test).values()))
        for maker in ("rival", "octet"):
            path = options.out / f"{model.name}.{maker}.onnx"
            if not path.exists():
                print(f"{path} is missing: run accuracy.py first")
                continue
            found = {}
            for precise in (True, False):
                mode = "precise" if precise else "fast"
                found[f"native {mode}"] = next(iter(run(path, test, precise).values()))
                found[f"Haswell {mode}"] = emulated(path, inputs, options.out / "haswell.outputs.npy", precise)
            noise = {where: metrics.sqnr(reference, outputs) for where, outputs in found.items()}
            results[f"{model.name} {maker}"] = noise
            rows.append([model.name, maker, *(f"{noise[where]:.2f}" for where in noise)])
    table(["model", "SQNR, dB", *(noise if rows else [])], rows)
    save(options.out, "haswell", results)


if __name__ == "__main__":
    main()
