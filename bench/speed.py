"""Latency of the float, the rival's and octet's models, interleaved in one run, with one and two threads.

Sessions are as users open them unless --precise is given: session.x64quantprecision=1 makes ONNX Runtime 1.31 take its
uint8 x uint8 kernels, at about twice the time, even on processors with VNNI, where the results are the same.
"""

import statistics
import time
from itertools import cycle, islice

from models import first, samples, selected
from rival import rival_of
from running import arguments, parsed, save, session, spread, table

WARM_UP = 5
SAMPLES = 8
SLICE_SECONDS = 0.15  # one round measures each model for about this long


class Runner:
    """One session that goes round a few test samples."""

    def __init__(self, path, threads: int, precise: bool, feeds: list):
        self.session = session(path, threads, precise)
        self.feeds = cycle(feeds)
        self.rounds: list[float] = []
        for feed in islice(self.feeds, WARM_UP):
            self.session.run(None, feed)

    def measure(self) -> None:
        times, end = [], time.perf_counter() + SLICE_SECONDS
        while time.perf_counter() < end:
            feed, start = next(self.feeds), time.perf_counter()
            self.session.run(None, feed)
            times.append(time.perf_counter() - start)
        self.rounds.append(1000 * statistics.median(times))


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--rounds", type=int, default=21)
    parser.add_argument("--precise", action="store_true", help="set session.x64quantprecision=1, as accuracy.py does")
    options = parsed(parser)
    results, rows = {}, []
    for model in selected(options.model):
        feeds = list(samples(first(model.test(), SAMPLES)))
        paths = {"float": model.path, "rival": rival_of(model, options.out)[0]}
        octet = options.out / f"{model.name}.octet.onnx"
        if octet.exists():
            paths["octet"] = octet
        else:
            print(f"{octet} is missing: run accuracy.py first")
        for threads in (1, 2):
            runners = {maker: Runner(path, threads, options.precise, feeds) for maker, path in paths.items()}
            for turn in range(options.rounds):
                # Every other round goes backwards, so that no model always follows the same one.
                for runner in list(runners.values())[:: 1 if turn % 2 else -1]:
                    runner.measure()
            result = {maker: spread(runner.rounds) for maker, runner in runners.items()}
            results[f"{model.name} {threads}"] = result
            cells = [f"{r['median']:.3f} ({r['low']:.3f}-{r['high']:.3f})" for r in result.values()]
            ratio = f"{result['octet']['median'] / result['rival']['median']:.2f}" if "octet" in result else None
            rows.append([model.name, threads, *cells, *([ratio] if ratio else ["", ""])])
    table(["model", "threads", "float, ms (quartiles)", "rival", "octet", "octet / rival"], rows)
    save(options.out, "speed.precise" if options.precise else "speed", results)


if __name__ == "__main__":
    main()
