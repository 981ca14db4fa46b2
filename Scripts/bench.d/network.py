"""Prints the multiply-accumulates per second of onnxruntime on one core: network.py MODEL MACS."""

import sys
import time

import numpy as np
import onnxruntime

options = onnxruntime.SessionOptions()
options.intra_op_num_threads = 1
options.inter_op_num_threads = 1
session = onnxruntime.InferenceSession(sys.argv[1], options, providers=["CPUExecutionProvider"])
declared = session.get_inputs()[0]
shape = [side if isinstance(side, int) else 1 for side in declared.shape]
image = np.random.default_rng(1).standard_normal(shape).astype(np.float32)
start = time.perf_counter()
session.run(None, {declared.name: image})
print(float(sys.argv[2]) / (time.perf_counter() - start))
