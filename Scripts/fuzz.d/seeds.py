"""Files that the fuzzer begins with.

    seeds.py FORMAT FOLDER      FORMAT is onnx, darknet, scalesim or npy
"""

import os
import shutil
import subprocess
import sys
import tempfile

import numpy as np

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "../.."))


def onnx(folder):
    """Small networks of one or a few nodes, of many versions; those of the tests."""
    script = os.path.join(ROOT, "Tests/NetworkFormatsTests/Oracle/onnx_files.py")
    with tempfile.TemporaryDirectory() as made:
        subprocess.run([sys.executable, script, "make", made], check=True)
        for name in os.listdir(made):
            path = os.path.join(made, name)
            if name.endswith(".onnx") and os.path.getsize(path) < 4096:
                shutil.copy(path, folder)


NET = "[net]\nheight=8\nwidth=8\nchannels=3\n\n"
SECTIONS = {
    "convolutional": "batch_normalize=1\nfilters=4\nsize=3\nstride=1\npad=1\nactivation=leaky\n",
    "depthwise": "filters=3\ngroups=3\nsize=3\nstride=2\npadding=1\nactivation=mish\n",
    "maxpool": "size=2\nstride=2\n", "avgpool": "", "softmax": "groups=1\n",
    "connected": "output=10\nactivation=linear\n", "dropout": "probability=.5\n",
    "upsample": "stride=2\n", "route": "layers=-1\n", "shortcut": "from=-1\nactivation=linear\n",
    "reorg": "stride=2\n", "batchnorm": "", "crop": "crop_height=6\ncrop_width=6\n",
    "yolo": "mask=0\nanchors=1,2\nclasses=1\nnum=1\n", "region": "anchors=1,2\nclasses=1\nnum=1\n",
}


def darknet(folder):
    """Every section behind a convolution, and two small networks."""
    def write(name, text):
        with open(os.path.join(folder, name), "w") as file:
            file.write(text)

    def section(name):
        return f"[{'convolutional' if name == 'depthwise' else name}]\n{SECTIONS[name]}\n"

    for name in SECTIONS:
        write(name, NET + section("convolutional") + section(name))
    write("chain", NET + "".join(section(n) for n in
          ("convolutional", "maxpool", "convolutional", "avgpool", "connected", "softmax")))
    write("branch", NET + section("convolutional") + section("convolutional") + section("shortcut")
          + "[route]\nlayers=-1,0\n\n" + section("upsample") + section("yolo"))
    write("weights", NET + section("convolutional") + "\n\n" + "\1\0\0\0" * 5 + "\0" * 500)


def scalesim(folder):
    """Both forms of the table."""
    texts = {
        "conv.csv": "Layer name, IFMAP Height, IFMAP Width, Filter Height, Filter Width, Channels, "
        "Num Filter, Strides,\nConv1, 8, 8, 3, 3, 3, 4, 1,\nConv2DP, 6, 6, 3, 3, 4, 1, 2,\n",
        "gemm.csv": "Layer, M, N, K,\nfc1, 4, 8, 16,\nfc2, 4, 10, 8, 2:4\n",
    }
    for name, text in texts.items():
        with open(os.path.join(folder, name), "w") as file:
            file.write(text)


def npy(folder):
    """Every element type in both byte orders, versions 1 and 2 of the format."""
    for kind in "b1 i1 u1 i2 u2 i4 u4 i8 u8 f2 f4 f8".split():
        for order in "<>":
            array = np.arange(6).reshape(2, 3).astype(order + kind)
            np.save(os.path.join(folder, f"{kind}{'le' if order == '<' else 'be'}.npy"), array)
    np.save(os.path.join(folder, "fortran.npy"), np.asfortranarray(np.ones((3, 4), np.float32)))
    np.save(os.path.join(folder, "scalar.npy"), np.float32(1))
    with open(os.path.join(folder, "version2.npy"), "wb") as file:
        np.lib.format.write_array(file, np.ones(3, np.int8), version=(2, 0))


if __name__ == "__main__":
    os.makedirs(sys.argv[2], exist_ok=True)
    {"onnx": onnx, "darknet": darknet, "scalesim": scalesim, "npy": npy}[sys.argv[1]](sys.argv[2])
