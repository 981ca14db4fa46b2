"""fp32 training of the network in plain NumPy: im2col forward and backward passes, Adam."""

import io
import json
import time
import zipfile
from pathlib import Path

import numpy as np

from architecture import LAYERS, im2col, layer_input, pooling_windows, to_images
from digits import PIXEL_MAXIMUM, SPLIT_SEED, Digits

TRAINING_SEED = 5
EPOCHS = 40
BATCH = 32
LEARNING_RATE = 2e-3
WEIGHT_DECAY = 1e-3
MAXIMUM_SHIFT = 2  # augmentation: whole-pixel shifts up to this many pixels each way

Parameters = dict[str, np.ndarray]  # "<layer>.weights" [M][K] and "<layer>.bias" [M], fp32


def normalise(images: np.ndarray) -> np.ndarray:
    """Quantised pixels [B][28][28] to the real values they stand for, fp32 [B][1][28][28]."""
    return (images.astype(np.float32) / np.float32(PIXEL_MAXIMUM))[:, None]


def initial_parameters(random: np.random.RandomState) -> Parameters:
    """He-normal weights, zero biases."""
    parameters = {}
    for layer in LAYERS:
        deviation = np.sqrt(2.0 / layer.k)
        weights = random.standard_normal((layer.filters, layer.k)) * deviation
        parameters[f"{layer.name}.weights"] = weights.astype(np.float32)
        parameters[f"{layer.name}.bias"] = np.zeros(layer.filters, np.float32)
    return parameters


def forward(parameters: Parameters, x: np.ndarray, tape: list | None = None) -> np.ndarray:
    """Logits [B][10] of images [B][1][28][28]; `tape` collects what the backward pass needs."""
    for layer in LAYERS:
        x = layer_input(layer, x)
        columns = im2col(layer, x)
        product = columns @ parameters[f"{layer.name}.weights"].T
        x = to_images(layer, product + parameters[f"{layer.name}.bias"])
        activation = np.maximum(x, 0) if layer.relu else x
        x, winners = activation, None
        if layer.pool:
            windows = pooling_windows(activation)
            winners = windows.argmax(axis=-1)[..., None]
            x = np.take_along_axis(windows, winners, axis=-1)[..., 0]
        if tape is not None:
            tape.append((layer, columns, activation, winners))
    return x.reshape(len(x), -1)


def _scatter_columns(layer, gradient: np.ndarray, batch: int) -> np.ndarray:
    """Transpose of im2col: sums patch gradients [B*P*Q][K] into image gradients [B][C][H][W]."""
    side, kernel, pad = layer.output_side, layer.kernel, layer.padding
    patches = gradient.reshape(batch, side, side, layer.channels, kernel, kernel)
    padded = layer.side + 2 * pad
    image = np.zeros((batch, layer.channels, padded, padded), np.float32)
    for r in range(kernel):
        for s in range(kernel):
            image[:, :, r : r + side, s : s + side] += patches[..., r, s].transpose(0, 3, 1, 2)
    return image[:, :, pad : pad + layer.side, pad : pad + layer.side]


def gradients(parameters: Parameters, x: np.ndarray, labels: np.ndarray) -> Parameters:
    """Gradient of the mean cross-entropy over the batch."""
    batch = len(x)
    tape: list = []
    logits = forward(parameters, x, tape)
    exponentials = np.exp(logits - logits.max(axis=1, keepdims=True))
    flow = exponentials / exponentials.sum(axis=1, keepdims=True)
    flow[np.arange(batch), labels] -= 1
    flow /= batch
    result = {}
    for layer, columns, activation, winners in reversed(tape):
        side = layer.output_side
        if winners is not None:
            flow = flow.reshape(winners.shape)
            spread = np.zeros(winners.shape[:-1] + (4,), np.float32)
            np.put_along_axis(spread, winners, flow, axis=-1)
            spread = spread.reshape(batch, layer.filters, side // 2, side // 2, 2, 2)
            flow = spread.transpose(0, 1, 2, 4, 3, 5)
        flow = flow.reshape(batch, layer.filters, side, side)
        if layer.relu:
            flow = flow * (activation > 0)
        rows = flow.transpose(0, 2, 3, 1).reshape(-1, layer.filters)
        result[f"{layer.name}.weights"] = rows.T @ columns
        result[f"{layer.name}.bias"] = rows.sum(axis=0)
        if layer is not LAYERS[0]:
            weights = parameters[f"{layer.name}.weights"]
            flow = _scatter_columns(layer, rows @ weights, batch)
    return result


def _shifted(random: np.random.RandomState, images: np.ndarray) -> np.ndarray:
    """Each image moved by a random whole number of pixels, zeros moved in."""
    reach, side = MAXIMUM_SHIFT, images.shape[1]
    padded = np.pad(images, ((0, 0), (reach, reach), (reach, reach)))
    corners = random.randint(0, 2 * reach + 1, size=(len(images), 2))
    return np.stack(
        [image[y : y + side, x : x + side] for image, (y, x) in zip(padded, corners)]
    )


def train(digits: Digits) -> tuple[Parameters, dict]:
    """Trains from scratch; returns the parameters and a record of how they were made."""
    import sklearn

    random = np.random.RandomState(TRAINING_SEED)
    parameters = initial_parameters(random)
    first = {name: np.zeros_like(value) for name, value in parameters.items()}
    second = {name: np.zeros_like(value) for name, value in parameters.items()}
    batches = len(digits.training) // BATCH
    step = 0
    began = time.monotonic()
    for epoch in range(EPOCHS):
        order = random.permutation(digits.training)
        for index in range(batches):
            chosen = order[index * BATCH : (index + 1) * BATCH]
            images = normalise(_shifted(random, digits.images[chosen]))
            gradient = gradients(parameters, images, digits.labels[chosen])
            rate = LEARNING_RATE * 0.5 * (1 + np.cos(np.pi * step / (EPOCHS * batches)))
            step += 1
            for name, value in parameters.items():
                first[name] = 0.9 * first[name] + 0.1 * gradient[name]
                second[name] = 0.999 * second[name] + 0.001 * gradient[name] ** 2
                update = (first[name] / (1 - 0.9**step)) / (
                    np.sqrt(second[name] / (1 - 0.999**step)) + 1e-8
                )
                if name.endswith(".weights"):
                    update = update + WEIGHT_DECAY * value
                parameters[name] = (value - rate * update).astype(np.float32)
        if epoch % 5 == 4:
            correct = correct_predictions(parameters, digits, digits.training)
            print(
                f"epoch {epoch + 1:3d}: training {correct}/{len(digits.training)} correct, "
                f"{time.monotonic() - began:.0f} s"
            )
    record = {
        "optimiser": "Adam, cosine learning rate, decoupled weight decay",
        "training_seed": TRAINING_SEED,
        "split_seed": SPLIT_SEED,
        "epochs": EPOCHS,
        "batch": BATCH,
        "learning_rate": LEARNING_RATE,
        "weight_decay": WEIGHT_DECAY,
        "augmentation": f"shifts up to {MAXIMUM_SHIFT} pixels",
        "numpy": np.__version__,
        "scikit_learn": sklearn.__version__,
    }
    return parameters, record


def predictions(parameters: Parameters, images: np.ndarray) -> np.ndarray:
    """fp32 classes of quantised images [B][28][28]."""
    return forward(parameters, normalise(images)).argmax(axis=1)


def correct_predictions(parameters: Parameters, digits: Digits, indices: np.ndarray) -> int:
    """How many of the images at `indices` the fp32 network classifies correctly."""
    found = predictions(parameters, digits.images[indices])
    return int((found == digits.labels[indices]).sum())


def save(path: Path, parameters: Parameters, record: dict) -> None:
    """Writes an uncompressed .npz whose bytes depend on its contents alone."""
    text = json.dumps(record, indent=2).encode()
    arrays = {**parameters, "record": np.frombuffer(text, np.uint8)}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for name, array in arrays.items():
            buffer = io.BytesIO()
            np.lib.format.write_array(buffer, array, version=(1, 0), allow_pickle=False)
            entry = zipfile.ZipInfo(f"{name}.npy", date_time=(1980, 1, 1, 0, 0, 0))
            entry.create_system = 3
            archive.writestr(entry, buffer.getvalue())


def restore(path: Path) -> tuple[Parameters, dict]:
    """Reads what `save` wrote."""
    with np.load(path, allow_pickle=False) as archive:
        arrays = {name: archive[name] for name in archive.files}
    record = json.loads(arrays.pop("record").tobytes())
    return arrays, record
