"""Trains the sample's network on freshly drawn pictures and writes it as ONNX, with its batch normalizations kept.

    python3 train.py OUT.onnx

Needs PyTorch 1.13, numpy and Pillow. One thread and fixed seeds: the same machine gives the same weights.
The pictures of the splits `calibration` and `test` are never trained on; the accuracy printed is that of `test`.
"""

import sys

import numpy as np
import torch
from torch import nn

import draw

MEAN = (0.42, 0.40, 0.38)
STD = (0.25, 0.22, 0.20)
TRAIN_PICTURES = 20000
EPOCHS = 12
BATCH = 64
PEAK_RATE = 0.01
GAIN_SPREAD = 1.0  # standard deviation of the natural logarithm of the batch normalizations' first gains


def convolution(inputs, outputs, size, stride=1, groups=1, activation=None):
    layers = [
        nn.Conv2d(inputs, outputs, size, stride, size // 2, groups=groups, bias=False),
        nn.BatchNorm2d(outputs),
    ]
    # Uneven gains: large networks trained for long end with channels of very different ranges, which is what makes quantizing them hard.
    nn.init.trunc_normal_(layers[1].weight, std=GAIN_SPREAD, a=-2.5, b=2.5).data.exp_()
    return layers + ([activation()] if activation else [])


class InvertedResidual(nn.Module):
    """Widen by 1x1, filter each channel by 3x3, narrow by 1x1; added to its input where the shapes allow."""

    def __init__(self, inputs, outputs, stride, widening=3):
        super().__init__()
        inner = inputs * widening
        self.body = nn.Sequential(
            *convolution(inputs, inner, 1, activation=nn.ReLU6),
            *convolution(inner, inner, 3, stride, groups=inner, activation=nn.ReLU6),
            *convolution(inner, outputs, 1),
        )
        self.residual = stride == 1 and inputs == outputs

    def forward(self, x):
        return x + self.body(x) if self.residual else self.body(x)


class ShapesNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            *convolution(3, 16, 3, 2, activation=nn.ReLU6),
            InvertedResidual(16, 16, 1),
            InvertedResidual(16, 24, 2),
            InvertedResidual(24, 24, 1),
            InvertedResidual(24, 32, 2),
            *convolution(32, 64, 1, activation=nn.ReLU),
        )
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.classifier = nn.Linear(64, len(draw.CLASSES))

    def forward(self, x):
        return self.classifier(torch.flatten(self.pool(self.features(x)), 1))


def load(split, count):
    pictures = np.empty((count, 3, draw.SIZE, draw.SIZE), np.uint8)
    labels = np.empty(count, np.int64)
    for number in range(count):
        picture, labels[number] = draw.draw(split, number)
        pictures[number] = np.asarray(picture.convert("RGB")).transpose(2, 0, 1)
    return torch.from_numpy(pictures), torch.from_numpy(labels)


def prepare(pictures):
    mean, std = (torch.tensor(v).reshape(1, 3, 1, 1) for v in (MEAN, STD))
    return (pictures.float() / 255 - mean) / std


def accuracy(network, pictures, labels):
    network.eval()
    with torch.no_grad():
        return 100 * (network(prepare(pictures)).argmax(1) == labels).float().mean().item()


def train(network, pictures, labels):
    optimizer = torch.optim.AdamW(network.parameters(), lr=PEAK_RATE, weight_decay=1e-2)
    batches = len(pictures) // BATCH
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, PEAK_RATE, total_steps=EPOCHS * batches)
    for epoch in range(EPOCHS):
        network.train()
        total = 0.0
        for chosen in torch.randperm(len(pictures))[: batches * BATCH].reshape(batches, BATCH):
            batch = pictures[chosen]
            if torch.rand(1).item() < 0.5:  # every shape has an axis of symmetry and is drawn at any turn, so its mirror image is as good
                batch = batch.flip(3)
            loss = nn.functional.cross_entropy(network(prepare(batch)), labels[chosen])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            total += loss.item()
        yield epoch, total / batches


def main(path):
    torch.manual_seed(20)
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    network = ShapesNet()
    test = load("test", draw.COUNTS["test"])
    for epoch, loss in train(network, *load("train", TRAIN_PICTURES)):
        print(f"epoch {epoch + 1}/{EPOCHS}: loss {loss:.4f}, test accuracy {accuracy(network, *test):.2f} %", flush=True)

    network.eval()
    torch.onnx.export(
        network,
        torch.zeros(1, 3, draw.SIZE, draw.SIZE),
        path,
        # EVAL would fold the batch normalizations into the convolutions; PRESERVE leaves them, in inference form.
        training=torch.onnx.TrainingMode.PRESERVE,
        do_constant_folding=False,
        opset_version=13,
        input_names=["image"],
        output_names=["logits"],
        dynamic_axes={"image": {0: "N"}, "logits": {0: "N"}},
    )


if __name__ == "__main__":
    main(sys.argv[1])
