"""Draws the pictures of the sample: ten shapes, 32x32, noisy, each picture fixed by its split and its number.

    python3 draw.py OUT.zip

Needs numpy and Pillow. A picture depends on nothing but (split, number), so more of them can be drawn without changing the first.
"""

import io
import sys
import zipfile

import numpy as np
from PIL import Image

SIZE = 32
CLASSES = ["circle", "crescent", "cross", "frame", "heart", "hexagon", "ring", "square", "star", "triangle"]
COUNTS = {"calibration": 100, "test": 500}
SPLITS = {"train": 1, "calibration": 2, "test": 3}
OVERSAMPLING = 3
COLOURS = 16  # a palette of 16 packs two pixels into a byte, which keeps noise of this kind near 600 bytes a picture


def polygon(x, y, corners, inner_radius):
    """How many of the half planes of a regular polygon each point lies in."""
    angles = 2 * np.pi * np.arange(corners) / corners + np.pi / 2
    return sum((x * np.cos(a) + y * np.sin(a) < inner_radius).astype(int) for a in angles)


def inside(name, x, y):
    """True where a point lies in the shape; every shape has about the same extent, 1."""
    radius = np.hypot(x, y)
    edge = np.maximum(np.abs(x), np.abs(y))
    if name == "circle":
        return radius < 0.95
    if name == "crescent":
        return (radius < 1) & (np.hypot(x - 0.5, y) > 0.8)
    if name == "cross":
        return (edge < 0.95) & (np.minimum(np.abs(x), np.abs(y)) < 0.3)
    if name == "frame":
        return (edge < 0.85) & (edge > 0.48)
    if name == "heart":
        u, v = 1.2 * x, 1.2 * y - 0.1
        return (u * u + v * v - 1) ** 3 < u * u * v ** 3
    if name == "hexagon":
        return polygon(x, y, 6, 0.86) == 6
    if name == "ring":
        return (radius < 1) & (radius > 0.58)
    if name == "square":
        return edge < 0.82
    if name == "star":
        return polygon(x, y, 5, np.cos(np.radians(72)) * 1.1) >= 4  # a pentagram: in all half planes but one at most
    if name == "triangle":
        return polygon(x, y, 3, 0.55) == 3
    raise ValueError(name)


def coverage(mask):
    """The share of a pixel that a shape covers, from the oversampled mask."""
    return mask.reshape(SIZE, OVERSAMPLING, SIZE, OVERSAMPLING).mean(axis=(1, 3))[..., None]


def draw(split, number):
    """The picture (a 16-colour Pillow image) and its label, which goes round the classes so that any first N are balanced."""
    rng = np.random.default_rng([SPLITS[split], number])
    label = number % len(CLASSES)
    ticks = (np.arange(SIZE * OVERSAMPLING) + 0.5) / (SIZE * OVERSAMPLING) * 2 - 1
    px, py = np.meshgrid(ticks, ticks)

    slope = rng.uniform(0, 2 * np.pi)
    blend = coverage(0.5 + 0.5 * (px * np.cos(slope) + py * np.sin(slope)) / np.sqrt(2))
    near, far = rng.uniform(60, 196, (2, 3))
    canvas = near * blend + far * (1 - blend)

    extent = rng.uniform(0.6, 0.85)
    centre = rng.uniform(-1, 1, 2) * (0.95 - extent)
    turn = rng.uniform(0, 2 * np.pi)
    squeeze = rng.uniform(0.85, 1.0)
    dx, dy = px - centre[0], py - centre[1]
    x = (dx * np.cos(turn) + dy * np.sin(turn)) / extent
    y = (dy * np.cos(turn) - dx * np.sin(turn)) / (extent * squeeze)

    contrast = rng.uniform(90, 170)
    direction = rng.choice([-1, 1]) + 0.7 * rng.normal(size=3)  # lighter or darker, and of another hue
    colour = (near + far) / 2 + contrast * np.sqrt(3) * direction / np.linalg.norm(direction)
    shape = coverage(inside(CLASSES[label], x, y))
    canvas = canvas * (1 - shape) + np.clip(colour, 0, 255) * shape

    for _ in range(rng.integers(0, 3)):  # scratches across everything
        angle, offset, width = rng.uniform(0, np.pi), rng.uniform(-0.8, 0.8), rng.uniform(0.02, 0.06)
        scratch = coverage(np.abs(px * np.cos(angle) + py * np.sin(angle) - offset) < width)
        canvas = canvas * (1 - scratch) + rng.uniform(0, 255, 3) * scratch

    grain = rng.normal(size=(SIZE, SIZE, 1)) + 0.3 * rng.normal(size=(SIZE, SIZE, 3))
    canvas = canvas * rng.uniform(0.6, 1.1) + grain * rng.uniform(3, 18)
    pixels = np.clip(np.rint(canvas), 0, 255).astype(np.uint8)
    picture = Image.fromarray(pixels, "RGB").quantize(COLOURS, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    return picture, label


def main(path):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:

        def add(name, content):
            entry = zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0))
            entry.create_system = 3
            entry.external_attr = 0o100644 << 16
            entry.compress_type = zipfile.ZIP_STORED if name.endswith(".png") else zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)

        for split, count in COUNTS.items():
            labels = []
            for number in range(count):
                picture, label = draw(split, number)
                encoded = io.BytesIO()
                picture.save(encoded, "PNG", optimize=True)
                name = f"{split}/{number:03}.png"
                add(name, encoded.getvalue())
                labels.append(f"{name} {label} {CLASSES[label]}\n")
            add(f"{split}-labels.txt", "".join(labels))


if __name__ == "__main__":
    main(sys.argv[1])
