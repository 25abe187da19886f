"""Generated C: the loops that compilers vectorise against the plain nest of loops, compiled alike, and TensorFlow Lite's interpreter; instructions on a Cortex-M4."""
import json
import re
import shutil
import subprocess
import time
from pathlib import Path

import numpy as np

from accuracy import data_arguments
from models import DATA, Model, selected
from running import arguments, parsed, save, table

FLAGS = ["-std=c99", "-Wall", "-Wextra", "-Werror", "-Wconversion"]
HERE = Path(__file__).resolve().parent
CORTEX = HERE.parent / "test/Octet.Tests/Formats/C"
ROUNDS = 7


def generate(octet: Path, model: Model, out: Path, loops: str) -> tuple[Path, dict]:
    folder = out / f"{model.name}.{loops}.c"
    shutil.rmtree(folder, ignore_errors=True)
    command = [octet, "quantize", model.path, *data_arguments(model, out, 16), "--effort", "fast", "--target", "fpga-int8", "--format", "c", "--loops", loops, "-o", folder]
    subprocess.run([str(a) for a in command], check=True, capture_output=True)
    report = next(folder.glob("*.report.json"))
    return folder, json.loads(report.read_text())["c"]


def milliseconds(folder: Path, name: str, flags: list[str], macs: int) -> float:
    """Of a run: the least of some rounds, each of records enough for a quarter of a second."""
    program = folder / "bench"
    subprocess.run(["gcc", *FLAGS, *flags, f"{name}.c", f"{name}_test.c", "-o", str(program)], cwd=folder, check=True)
    size = int(re.search(r"INPUT_SIZE (\d+)", (folder / f"{name}.h").read_text())[1])
    count = max(2, int(1e9 / macs))
    np.random.default_rng(0).integers(-128, 128, size * count, dtype=np.int8).tofile(folder / "in.bin")
    best = float("inf")
    for _ in range(ROUNDS):
        start = time.perf_counter()
        subprocess.run([program, "in.bin", "out.bin"], cwd=folder, check=True)
        best = min(best, time.perf_counter() - start)
    return best / count * 1e3


def instructions(folder: Path, name: str, optimization: str) -> tuple[int, int, int]:
    """Instructions of a run on an emulated Cortex-M4, and bytes of flash and RAM of the network."""
    capital = name.upper()
    machine = ["-mcpu=cortex-m4", "-mthumb", optimization]
    subprocess.run(["arm-none-eabi-gcc", *FLAGS, *machine, "-c", f"{name}.c", "-o", "network.o"], cwd=folder, check=True)
    text, data, bss = (int(n) for n in subprocess.run(["arm-none-eabi-size", "network.o"], cwd=folder, check=True, capture_output=True, text=True).stdout.splitlines()[1].split()[:3])
    subprocess.run(
        ["arm-none-eabi-gcc", "-std=c99", *machine, "--specs=rdimon.specs", "-T", str(CORTEX / "cortex_m.ld"), "-I.", f'-DNETWORK_H="{name}.h"', f"-DINPUT_SIZE={capital}_INPUT_SIZE",
         f"-DOUTPUT_SIZE={capital}_OUTPUT_SIZE", f"-DNETWORK_RUN={name}_run", "network.o", str(HERE / "c_cortex_m.c"), str(CORTEX / "cortex_m.c"), "-o", "bench.elf"], cwd=folder, check=True)
    printed = subprocess.run(
        ["qemu-system-arm", "-M", "mps2-an386", "-nographic", "-icount", "shift=0", "-semihosting-config", "enable=on,target=native", "-kernel", "bench.elf"],
        cwd=folder, check=True, capture_output=True, text=True).stdout
    return int(printed), text, data + bss


def lite_milliseconds(path: Path) -> float:
    """Of a run of TensorFlow Lite's interpreter with one thread."""
    from tflite_runtime.interpreter import Interpreter
    interpreter = Interpreter(str(path), num_threads=1)
    interpreter.allocate_tensors()
    best = float("inf")
    for _ in range(ROUNDS * 20):
        start = time.perf_counter()
        interpreter.invoke()
        best = min(best, time.perf_counter() - start)
    return best * 1e3


def main() -> None:
    options = parsed(arguments(__doc__))
    saved, rows, small = {}, [], []
    for model in selected(options.model or ["mobilenet_v2", "kws", "resnet8", "lenet"]):
        forms = {loops: generate(options.octet, model, options.out, loops) for loops in ("plain", "fast")}
        macs = forms["plain"][1]["multiplyAccumulates"]
        for flags in (["-O3"], ["-O3", "-march=native"]):
            ms = {loops: milliseconds(folder, told["name"], flags, macs) for loops, (folder, told) in forms.items()}
            saved[f"{model.name} {' '.join(flags)}"] = {**ms, "macs": macs}
            rows.append([model.name, " ".join(flags), f"{ms['plain']:.3f}", f"{macs / ms['plain'] / 1e6:.2f}", f"{ms['fast']:.3f}", f"{macs / ms['fast'] / 1e6:.2f}", f"{ms['plain'] / ms['fast']:.1f}"])
        if model.name == "lenet" and shutil.which("qemu-system-arm"):
            for loops, (folder, told) in forms.items():
                for optimization in ("-Os", "-O2", "-O3"):
                    count, flash, ram = instructions(folder, told["name"], optimization)
                    saved[f"cortex-m4 {loops} {optimization}"] = {"instructions": count, "flash": flash, "ram": ram}
                    small.append([loops, optimization, f"{count:,}", f"{flash:,}", f"{ram:,}"])
    table(["network", "gcc", "plain, ms", "10^9 MAC/s", "fast, ms", "10^9 MAC/s", "times"], rows)
    lite = lite_milliseconds(DATA / "mlperf_tiny/kws_ref_model.tflite")
    saved["tensorflow lite, kws"] = lite
    print(f"\nTensorFlow Lite's interpreter, one thread, on its own int8 KWS network of the same shape: {lite:.3f} ms\n")
    table(["LeNet on a Cortex-M4", "gcc", "instructions", "flash, bytes", "RAM, bytes"], small)
    save(options.out, "c", saved)


if __name__ == "__main__":
    main()
