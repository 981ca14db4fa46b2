"""Arrays as NumPy writes them.

    numpy_files.py make FOLDER      writes TYPE-ORDER-VERSION-RANK.npy and the same array plainly as .expected.npy
    numpy_files.py check FOLDER     every NAME.again.npy holds the array of NAME.npy
"""

import glob
import sys

import numpy as np

mode, folder = sys.argv[1:]
random = np.random.default_rng(3)
if mode == "make":
    for kind in "f2 f4 f8 i1 i2 i4 i8 u1 u2 u4 u8 b1".split():
        for endian in "<>":
            for order in "CF":
                for rank, shape in enumerate([(), (5,), (3, 4), (2, 3, 4), (2, 0, 3)]):
                    array = random.integers(-100, 100, shape) if kind != "b1" else random.integers(0, 2, shape)
                    array = np.asarray(array).astype(endian + kind)
                    array = np.asfortranarray(array) if order == "F" else np.ascontiguousarray(array).reshape(shape)
                    version = [(1, 0), (2, 0), (3, 0)][rank % 3]
                    name = f"{folder}/{kind}-{'little' if endian == '<' else 'big'}-{order}-{rank}"
                    with open(name + ".npy", "wb") as file:
                        np.lib.format.write_array(file, array, version=version)
    with open(f"{folder}/bytes.npy", "wb") as file:
        np.save(file, np.array([1, 2], "<u2").view("V2"))
else:
    paths = sorted(glob.glob(folder + "/*.again.npy"))
    assert len(paths) >= 200, len(paths)
    for path in paths:
        again, array = np.load(path), np.load(path.replace(".again", ""))
        assert again.dtype == array.dtype.newbyteorder("="), path
        assert again.shape == array.shape and (again == array).all(), path
        with open(path, "rb") as file:
            np.lib.format.read_magic(file)
            np.lib.format.read_array_header_1_0(file)
            assert file.tell() % 64 == 0, path
