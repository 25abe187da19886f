"""The models that the benchmarks run: one table, each with its calibration samples, test samples and measure of quality."""

import gzip
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Callable, Iterator

import numpy as np

import metrics

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("OCTET_TEST_DATA", ROOT.parent / "shared" / "data"))
CALIBRATION_SAMPLES = 64

Arrays = dict[str, np.ndarray]


@dataclass(frozen=True)
class Photographs:
    """A folder of pictures, taken in the order of their names, that octet decodes by itself."""

    folder: str
    preprocess: str  # octet's --preprocess
    decode: Callable[[str, list[str]], Arrays]  # the same, by Pillow and numpy

    def names(self, count: int) -> list[str]:
        return picture_names(self.folder)[:count]


@dataclass(frozen=True)
class Model:
    """A float model with its data. Arrays hold one sample per index of the first axis; every run takes a batch of one."""

    name: str
    file: str
    calibration: Callable[[], Arrays] | Photographs
    test: Callable[[], Arrays]
    quality: Callable[[Arrays, Arrays], float]  # (outputs, float outputs) -> percent
    measure: str
    mode: str = "static"
    unrolled: bool = False  # octet convert --unroll makes what is quantized; the float outputs are the file's own

    @property
    def path(self) -> Path:
        return DATA / self.file


def images(folder: str, names: list[str] | None = None) -> np.ndarray:
    """Pictures of one size as [n, h, w, c] bytes, RGB as stored (gray stays gray), sorted by name unless a list is given."""
    try:
        from PIL import Image
    except ImportError:  # a venv does not see Debian's python3-pil; the Python version is the same
        sys.path.append("/usr/lib/python3/dist-packages")
        from PIL import Image
    paths = [DATA / folder / name for name in names or picture_names(folder)]
    pixels = [np.asarray(image if image.mode == "L" else image.convert("RGB")) for image in map(Image.open, paths)]
    stacked = np.stack(pixels)
    return stacked[..., None] if stacked.ndim == 3 else stacked


def picture_names(folder: str) -> list[str]:
    return sorted(path.name for path in (DATA / folder).iterdir() if path.suffix in (".jpg", ".png"))


def imagenet_labels() -> tuple[list[str], np.ndarray]:
    """Names and classes of the test photographs, in the order of labels.txt."""
    rows = [line.split()[:2] for line in (DATA / "imagenet/test/labels.txt").read_text().splitlines()]
    return [name for name, _ in rows], np.array([int(label) for _, label in rows])


def chw(pixels: np.ndarray, mean, deviation) -> np.ndarray:
    """[n, h, w, c] bytes to [n, c, h, w] floats, (x - mean) / deviation."""
    values = (pixels.astype(np.float32) - np.float32(mean)) / np.float32(deviation)
    return np.ascontiguousarray(values.transpose(0, 3, 1, 2))


def normalized(folder: str, names: list[str]) -> Arrays:
    mean, deviation = np.float32([0.485, 0.456, 0.406]), np.float32([0.229, 0.224, 0.225])
    values = images(folder, names).astype(np.float32) / np.float32(255)
    return {"input": np.ascontiguousarray(((values - mean) / deviation).transpose(0, 3, 1, 2))}


def faces(folder: str, names: list[str] | None = None) -> Arrays:
    return {"input": chw(images(folder, names), 127, 128)}


def idx(file: str, offset: int) -> np.ndarray:
    return np.frombuffer(gzip.decompress((DATA / file).read_bytes())[offset:], np.uint8)


def cifar(file: str) -> tuple[Arrays, np.ndarray]:
    rows = idx(file, 0).reshape(-1, 3073)
    return {"input": rows[:, 1:].reshape(-1, 3, 32, 32).astype(np.float32)}, rows[:, 0]


def keywords() -> np.ndarray:
    features = (np.load(DATA / "mlperf_tiny/kws01_test_mfcc_i8.npy").astype(np.float32) - 83) * np.float32(0.5847029)
    return features.transpose(0, 3, 1, 2).copy()


def arrays(**files: str) -> Arrays:
    return {name: np.load(DATA / file) for name, file in files.items()}


def sentences(part: str) -> Arrays:
    return arrays(input_ids=f"minilm/{part}_ids.npy", attention_mask=f"minilm/{part}_mask.npy")


def sentence_pairs() -> Arrays:
    first, second = sentences("test1"), sentences("test2")
    return {name: np.concatenate([first[name], second[name]]) for name in first}


def words(part: str) -> Arrays:
    return arrays(**{name: f"g2p_gru/{part}_{name}.npy" for name in ("char_ids", "char_len", "prev_phone_ids")})


def spoken(part: str) -> Arrays:
    return {"logmel": np.load(DATA / f"fsdd/{part}_logmel.npy")[:, None]}


def top1(labels: Callable[[], np.ndarray]):
    return lambda outputs, _: metrics.top1(next(iter(outputs.values())), labels())


def detections(outputs: Arrays, reference: Arrays) -> float:
    return metrics.detection_f1(outputs, reference, np.load(DATA / "ultraface/priors_4420x4.npy"))


def similarity(outputs: Arrays, _: Arrays) -> float:
    return metrics.pair_spearman(outputs["sentence_embedding"], np.load(DATA / "minilm/score.npy"))


def phonemes(outputs: Arrays, _: Arrays) -> float:
    return metrics.token_accuracy(outputs["logits"], np.load(DATA / "g2p_gru/test_labels.npy"))


def face_detector(name: str, file: str) -> Model:
    folder = "ultraface/img320x240"
    return Model(name, f"ultraface/{file}", Photographs(folder, "rgb,mean=127,std=128", faces), lambda: faces(folder),
                 detections, "F1 of float detections")


MODELS = [
    Model("lenet", "mnist/lenet_bn.onnx",
          lambda: {"input": chw(images("mnist/png_calib"), 0, 1)},
          lambda: {"input": idx("mnist/t10k-images-idx3-ubyte.gz", 16).reshape(-1, 1, 28, 28).astype(np.float32)},
          top1(lambda: idx("mnist/t10k-labels-idx1-ubyte.gz", 8)), "top-1"),
    Model("resnet8", "cifar10/resnet8_bn.onnx",
          lambda: cifar("cifar10/cifar10_calib500.bin.gz")[0],
          lambda: cifar("cifar10/cifar10_test_first2000.bin.gz")[0],
          top1(lambda: cifar("cifar10/cifar10_test_first2000.bin.gz")[1]), "top-1"),
    Model("kws", "mlperf_tiny/kws_dscnn_bn.onnx",
          lambda: {"input": keywords()[:100]}, lambda: {"input": keywords()[100:]},
          top1(lambda: np.load(DATA / "mlperf_tiny/kws01_labels.npy")[100:]), "top-1"),
    Model("mobilenet_v2", "imagenet/mobilenet_v2_bn.onnx",
          Photographs("imagenet/calibration", "imagenet", normalized),
          lambda: normalized("imagenet/test", imagenet_labels()[0]),
          top1(lambda: imagenet_labels()[1]), "top-1"),
    face_detector("ultraface_op13", "ultraface_rfb320_op13.onnx"),
    face_detector("ultraface_bn_op13", "ultraface_rfb320_bn_op13.onnx"),
    Model("minilm", "minilm/minilm_l3_s48.onnx", lambda: sentences("calib"), sentence_pairs,
          similarity, "Spearman", mode="dynamic"),
    Model("fsdd", "fsdd/fsdd_dscnn_bn.onnx", lambda: spoken("calib"), lambda: spoken("test"),
          top1(lambda: np.load(DATA / "fsdd/test_labels.npy")), "top-1"),
    Model("g2p", "g2p_gru/g2p_gru.onnx", lambda: words("calib"), lambda: words("test"), phonemes, "phonemes"),
    Model("g2p_unrolled", "g2p_gru/g2p_gru.onnx", lambda: words("calib"), lambda: words("test"), phonemes, "phonemes",
          unrolled=True),
    Model("g2p_dynamic", "g2p_gru/g2p_gru.onnx", lambda: words("calib"), lambda: words("test"), phonemes, "phonemes",
          mode="dynamic"),
]


def first(arrays: Arrays, count: int) -> Arrays:
    return {name: values[:count] for name, values in arrays.items()}


def samples(arrays: Arrays) -> Iterator[Arrays]:
    """One feed per sample, with a batch axis of one."""
    for index in range(len(next(iter(arrays.values())))):
        yield {name: values[index : index + 1] for name, values in arrays.items()}


def calibration_samples(model: Model, count: int) -> Iterator[Arrays]:
    """The first samples one by one; photographs are decoded when asked for, so that they do not count as the rival's memory."""
    if isinstance(model.calibration, Photographs):
        for name in model.calibration.names(count):
            yield model.calibration.decode(model.calibration.folder, [name])
    else:
        yield from samples(first(model.calibration(), count))


def selected(names: list[str] | None) -> list[Model]:
    known = {model.name: model for model in MODELS}
    unknown = [name for name in names or [] if name not in known]
    if unknown:
        raise SystemExit(f"unknown model {', '.join(unknown)}; known: {', '.join(known)}")
    return [known[name] for name in names] if names else MODELS
