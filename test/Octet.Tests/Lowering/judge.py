"""Runs models in the reference ONNX Runtime and checks them.

usage: judge.py MANIFEST
MANIFEST has a line "model<TAB>inputs<TAB>outputs<TAB>precision" for each model: a folder of NAME.npy for its inputs, a folder that gets
OUTPUT_INDEX.npy, and "precise" for kernels that do not saturate, or "plain".
Prints one JSON line for each: {"model": …, "problem": null or what the checker or the runtime said}.
"""

import json
import sys
from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort

ort.set_default_logger_severity(3)


def judge(model, inputs, outputs, precise):
    onnx.checker.check_model(model, full_check=True)
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    if precise:
        options.add_session_config_entry("session.x64quantprecision", "1")
    session = ort.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    feed = {item.name: np.load(inputs / f"{item.name}.npy") for item in session.get_inputs()}
    for index, value in enumerate(session.run(None, feed)):
        np.save(outputs / f"{index}.npy", value)


def main(manifest):
    for line in Path(manifest).read_text(encoding="utf-8").splitlines():
        model, inputs, outputs, precision = line.split("\t")
        problem = None
        try:
            judge(model, Path(inputs), Path(outputs), precision == "precise")
        except Exception as error:
            problem = str(error)[:500]
        print(json.dumps({"model": model, "problem": problem}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
