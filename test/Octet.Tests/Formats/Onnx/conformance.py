"""Compares models with what Octet wrote of them: the checker's word, and the outputs in ONNX Runtime, bit for bit.

usage: conformance.py models      prints the models of the onnx wheel's own tests
       conformance.py MANIFEST
MANIFEST has a line "original<TAB>converted" for each pair. One JSON line is printed for each: {"model": …, "verdict": …, "detail": …}, where the
verdict is
  same      the checker takes both, and the outputs are the same
  random    the same, but the original differs from itself from run to run
  ran       the same, but the checker refuses the original, too (detail: why)
  checked   ONNX Runtime cannot run the original (detail: why); the checker takes both, and both say the same
  unjudged  neither the checker nor ONNX Runtime takes the original; both say the same
and for what must not be
  checker   refuses only what Octet wrote
  runtime   loads or runs only the original
  outputs   they differ
  message   ONNX Runtime cannot run the original, and they do not say the same
"""

import glob
import json
import os
import sys

import numpy as np
import onnx
import onnxruntime as ort
from onnx import numpy_helper

ort.set_default_logger_severity(4)


def checked(path):
    try:
        onnx.checker.check_model(path, full_check=True)
        return None
    except Exception as error:  # the checker raises many kinds
        return str(error).strip().splitlines()[0][:200]


def read_value(path, kind):
    with open(path, "rb") as file:
        data = file.read()
    if kind.startswith("seq("):
        return numpy_helper.to_list(onnx.SequenceProto.FromString(data))
    if kind.startswith("optional("):
        return numpy_helper.to_optional(onnx.OptionalProto.FromString(data))
    return numpy_helper.to_array(onnx.TensorProto.FromString(data))


TYPES = {"float": np.float32, "double": np.float64, "float16": np.float16, "int64": np.int64, "int32": np.int32, "int16": np.int16,
         "int8": np.int8, "uint8": np.uint8, "uint16": np.uint16, "uint32": np.uint32, "uint64": np.uint64, "bool": np.bool_}


def inputs_of(session, original):
    sets = sorted(glob.glob(os.path.join(os.path.dirname(original), "test_data_set_*")))
    inputs = session.get_inputs()
    if sets and os.path.basename(original) == "model.onnx":
        files = [os.path.join(sets[0], f"input_{i}.pb") for i in range(len(inputs))]
        if all(os.path.exists(f) for f in files):
            return {i.name: read_value(f, i.type) for i, f in zip(inputs, files)}
    random = np.random.default_rng(1)
    values = {}
    for item in inputs:
        shape = [d if isinstance(d, int) and d >= 0 else 2 for d in item.shape]
        kind = TYPES[item.type[len("tensor("):-1]]
        values[item.name] = (random.random(shape) * (3 if kind != np.bool_ else 2)).astype(kind)
    return values


def same(a, b):
    if isinstance(a, (list, tuple)):
        return len(a) == len(b) and all(same(x, y) for x, y in zip(a, b))
    if a is None or b is None:
        return a is b
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(same(a[k], b[k]) for k in a)
    if isinstance(a, ort.OrtValue) or not isinstance(a, np.ndarray):
        return a == b
    if a.dtype != b.dtype or a.shape != b.shape:
        return False
    if a.dtype == object:
        return a.tolist() == b.tolist()
    return np.array_equal(a, b, equal_nan=a.dtype.kind in "fc")


def normal_tensor(tensor):
    if tensor.data_type not in (onnx.TensorProto.STRING, onnx.TensorProto.BFLOAT16) and not tensor.HasField("raw_data"):
        tensor.CopyFrom(numpy_helper.from_array(numpy_helper.to_array(tensor), tensor.name))


def normal_graph(graph):
    """Brings a graph into the one form in which Octet writes it: raw tensors, sorted attributes, no empty domains."""
    for tensor in graph.initializer:
        normal_tensor(tensor)
    inputs = sorted(graph.input, key=lambda i: i.name)
    del graph.input[:]
    graph.input.extend(inputs)
    for node in graph.node:
        attributes = sorted(node.attribute, key=lambda a: a.name)
        del node.attribute[:]
        node.attribute.extend(attributes)
        if not node.domain:
            node.ClearField("domain")
        for attribute in node.attribute:
            if attribute.HasField("t"):
                normal_tensor(attribute.t)
            if attribute.HasField("g"):
                normal_graph(attribute.g)


def normal(path):
    model = onnx.load(path)
    normal_graph(model.graph)
    opsets = sorted((o.domain, o.version) for o in model.opset_import)
    del model.opset_import[:]
    model.opset_import.extend(onnx.helper.make_opsetid(*o) for o in opsets)
    return model


def session_of(path):
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    return ort.InferenceSession(path, options, providers=["CPUExecutionProvider"])


def run(path, original):
    session = session_of(path)
    return session.run(None, inputs_of(session, original))


def judge(original, converted):
    before, after = checked(original), checked(converted)
    if before is None and after is not None:
        return "checker", after
    try:
        expected = run(original, original)
    except Exception as error:
        detail = str(error).strip().splitlines()[0][:200]
        if normal(original) != normal(converted):
            return "message", detail
        return ("checked", detail) if before is None else ("unjudged", f"checker: {before}; runtime: {detail}")
    try:
        actual = run(converted, original)
    except Exception as error:
        return "runtime", str(error).strip().splitlines()[0][:300]
    if not same(expected, actual):
        # Operators that draw random numbers without a seed differ from themselves, too.
        return ("random", "") if not same(expected, run(original, original)) else ("outputs", "")
    return ("same", "") if before is None else ("ran", f"checker: {before}")


def main(manifest):
    if manifest == "models":
        print("\n".join(glob.glob(os.path.join(os.path.dirname(onnx.__file__), "backend", "test", "data", "**", "*.onnx"), recursive=True)))
        return
    with open(manifest, encoding="utf-8") as file:
        for line in file:
            original, converted = line.rstrip("\n").split("\t")
            verdict, detail = judge(original, converted)
            print(json.dumps({"model": original, "verdict": verdict, "detail": detail}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
