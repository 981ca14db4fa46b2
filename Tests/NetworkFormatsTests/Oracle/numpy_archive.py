"""Writes FOLDER/plain.npz, one.npz, empty.npz and compressed.npz with NumPy."""

import sys
from pathlib import Path

import numpy as np

folder = Path(sys.argv[1])
arrays = {
    "a": np.arange(6, dtype=np.float32).reshape(2, 3),
    "name with/slash": np.array([-1, 2], dtype=np.int8),
    "scalar": np.array(7, dtype=np.int64),
    "none": np.zeros((0, 4), dtype=np.uint8),
}
np.savez(folder / "plain.npz", **arrays)
np.savez(folder / "one.npz", np.array([True, False]))
np.savez(folder / "empty.npz")
np.savez_compressed(folder / "compressed.npz", **arrays)
