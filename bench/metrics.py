"""Measures of quality, all in percent except the SQNR."""

import numpy as np

SCORE, SUPPRESSION, MATCH = 0.6, 0.3, 0.5  # detection score, IoU of non-maximum suppression, IoU of a match
CENTRE_VARIANCE, SIZE_VARIANCE = 0.1, 0.2


def sqnr(reference: np.ndarray, actual: np.ndarray) -> float:
    """10 log10(sum f^2 / sum (f - q)^2) over all values, in decibels; infinite where the two are equal."""
    reference, actual = reference.astype(np.float64), actual.astype(np.float64)
    noise = np.sum((reference - actual) ** 2)
    return float("inf") if noise == 0 else float(10 * np.log10(np.sum(reference**2) / noise))


def top1(scores: np.ndarray, labels: np.ndarray) -> float:
    return 100 * float(np.mean(scores.reshape(len(labels), -1).argmax(1) == labels))


def token_accuracy(logits: np.ndarray, labels: np.ndarray) -> float:
    """Share of the gold tokens predicted, positions labelled -1 left out."""
    valid = labels >= 0
    return 100 * float(np.mean(logits.argmax(-1)[valid] == labels[valid]))


def ranks(values: np.ndarray) -> np.ndarray:
    """Ranks from 0, ties share the mean of their places."""
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    return (np.cumsum(counts) - (counts + 1) / 2)[inverse]


def pair_spearman(embeddings: np.ndarray, scores: np.ndarray) -> float:
    """Rank correlation of the cosine of the pairs (i, i + n) with the n scores."""
    unit = embeddings / np.linalg.norm(embeddings, axis=1, keepdims=True)
    cosine = np.sum(unit[: len(scores)] * unit[len(scores):], axis=1)
    return 100 * float(np.corrcoef(ranks(cosine), ranks(scores))[0, 1])


def decode(offsets: np.ndarray, priors: np.ndarray) -> np.ndarray:
    """SSD box offsets [n, 4] to corners (x1, y1, x2, y2) in parts of the picture."""
    centre = priors[:, :2] + offsets[:, :2] * CENTRE_VARIANCE * priors[:, 2:]
    half = priors[:, 2:] * np.exp(offsets[:, 2:] * SIZE_VARIANCE) / 2
    return np.concatenate([centre - half, centre + half], axis=1)


def overlap(box: np.ndarray, boxes: np.ndarray) -> np.ndarray:
    """Intersection over union of one box with many."""
    sides = np.minimum(box[2:], boxes[:, 2:]) - np.maximum(box[:2], boxes[:, :2])
    shared = np.prod(np.maximum(sides, 0), axis=1)
    area = np.prod(boxes[:, 2:] - boxes[:, :2], axis=1)
    return shared / (np.prod(box[2:] - box[:2]) + area - shared)


def detect(scores: np.ndarray, offsets: np.ndarray, priors: np.ndarray) -> np.ndarray:
    """Boxes of one picture with score over .6 after non-maximum suppression at .3, best first."""
    kept = scores[:, 1] > SCORE
    boxes = decode(offsets[kept], priors[kept])[np.argsort(-scores[kept, 1], kind="stable")]
    found = []
    while len(boxes):
        found.append(boxes[0])
        boxes = boxes[1:][overlap(boxes[0], boxes[1:]) <= SUPPRESSION]
    return np.array(found).reshape(-1, 4)


def detection_f1(outputs: dict, reference: dict, priors: np.ndarray) -> float:
    """F1 against the reference's detections over all pictures; each box, best first, takes the free one it overlaps most."""
    matched = total = 0
    for picture in range(len(outputs["scores"])):
        wanted, found = (detect(o["scores"][picture], o["boxes"][picture], priors) for o in (reference, outputs))
        total += len(wanted) + len(found)
        for box in found:
            if not len(wanted):
                break
            shared = overlap(box, wanted)
            if shared.max() >= MATCH:
                matched += 1
                wanted = np.delete(wanted, shared.argmax(), axis=0)
    return 100 * 2 * matched / total
