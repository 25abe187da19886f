"""The rival: ONNX Runtime's own Python quantizer (quant_pre_process, then quantize_static or quantize_dynamic)."""

import json
import logging
import sys
from pathlib import Path

from models import CALIBRATION_SAMPLES, Model, calibration_samples, selected
from running import arguments, measure, parsed, save, table


def quantize(model: Model, output: Path, count: int) -> None:
    """Per channel, QDQ, uint8 activations, int8 weights, MinMax over the first samples one by one."""
    from onnxruntime.quantization import (CalibrationDataReader, CalibrationMethod, QuantFormat, QuantType,
                                          quantize_dynamic, quantize_static)
    from onnxruntime.quantization.shape_inference import quant_pre_process

    class Reader(CalibrationDataReader):
        def __init__(self):
            self.feeds = calibration_samples(model, count)

        def get_next(self):
            return next(self.feeds, None)

    logging.getLogger().setLevel(logging.ERROR)
    prepared = output.with_suffix(".prepared.onnx")
    # The symbolic part wants sympy, which the reference environment leaves out; these models have no shapes that need it.
    quant_pre_process(str(model.path), str(prepared), skip_symbolic_shape=True)
    if model.mode == "dynamic":
        quantize_dynamic(str(prepared), str(output), weight_type=QuantType.QInt8, per_channel=True)
    else:
        quantize_static(str(prepared), str(output), Reader(), quant_format=QuantFormat.QDQ, per_channel=True,
                        activation_type=QuantType.QUInt8, weight_type=QuantType.QInt8,
                        calibrate_method=CalibrationMethod.MinMax)


def command(model: Model, output: Path, count: int = CALIBRATION_SAMPLES) -> list:
    """What runs `quantize` in a process of its own."""
    return [sys.executable, Path(__file__).resolve(), "--one", model.name, output, count]


def rival_of(model: Model, out: Path, fresh: bool = False) -> tuple[Path, dict]:
    """The rival's model in `out`, made in a process of its own unless it is there, and what making it cost."""
    output, record = out / f"{model.name}.rival.onnx", out / f"{model.name}.rival.json"
    if fresh or not record.exists():
        cost = measure(command(model, output), out / f"{model.name}.rival.log")
        record.write_text(json.dumps({**cost, "bytes": output.stat().st_size}))
    return output, json.loads(record.read_text())


def main() -> None:
    if sys.argv[1:2] == ["--one"]:
        quantize(selected([sys.argv[2]])[0], Path(sys.argv[3]), int(sys.argv[4]))
        return
    parser = arguments(__doc__)
    parser.add_argument("--fresh", action="store_true", help="quantize again where a result is there")
    options = parsed(parser)
    costs = {model.name: rival_of(model, options.out, options.fresh)[1] for model in selected(options.model)}
    table(["model", "seconds", "peak MB", "bytes"],
          [[name, f"{cost['seconds']:.1f}", f"{cost['peak_mb']:.0f}", cost["bytes"]] for name, cost in costs.items()])
    save(options.out, "rival", costs)


if __name__ == "__main__":
    main()
