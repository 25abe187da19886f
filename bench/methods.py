"""Threshold methods against each other: SQNR of the integer models that `octet quantize --method` makes, all else as users have it, and `auto` less the best of the others."""

import json

from accuracy import data_arguments
from metrics import sqnr
from models import CALIBRATION_SAMPLES, selected
from running import arguments, measure, parsed, run, save, table

MODELS = ["lenet", "resnet8", "kws", "mobilenet_v2"]
ARQ = "arq"  # of weights alone


def methods(octet, out) -> list[str]:
    """`auto`, and every method that can choose a range of activations."""
    listing = out / "methods.list.json"
    measure([octet, "threshold", "--list", "--json", listing])
    return ["auto", *(method["name"] for method in json.loads(listing.read_text()) if method["name"] != ARQ)]


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--effort", default="normal")
    options = parsed(parser)
    results = {}
    for model in selected(options.model or MODELS):
        test = model.test()
        reference = run(model.path, test)
        output = options.out / "methods.onnx"
        results[model.name] = {}
        for method in methods(options.octet, options.out):
            output.unlink(missing_ok=True)
            measure([options.octet, "quantize", model.path, "-o", output, *data_arguments(model, options.out), "--samples", CALIBRATION_SAMPLES,
                     "--method", method, "--effort", options.effort], options.out / "methods.log")
            given = run(output, test)
            results[model.name][method] = min(float(sqnr(reference[name], given[name])) for name in reference)
    names = list(results)
    rows = [[method, *(f"{results[name][method]:.2f}" for name in names)] for method in next(iter(results.values()))]
    best = {name: max(value for method, value in results[name].items() if method != "auto") for name in names}
    rows.append(["auto less the best other", *(f"{results[name]['auto'] - best[name]:+.2f}" for name in names)])
    table(["method", *names], rows)
    save(options.out, "methods", results)


if __name__ == "__main__":
    main()
