internal import NetworkFormats
internal import Networks

/// LeNet-5 (LeCun et al. 1998, with rectified linear units and maximum pooling) for 28×28 handwritten digits, with the
/// weights that `Scripts/lenet5` trained.
enum LeNet5 {
  /// - Parameter folder: `Configs/lenet5` of the installation, with `weights.npz`.
  static func network(weights folder: String) throws(NetworkError) -> Network {
    var builder = NetworkBuilder("lenet5", seed: 1)
    var x = builder.input("image", [1, 28, 28])
    x = builder.relu(builder.convolution(x, "conv1", filters: 6, kernel: 5))
    x = builder.maxPool(x, "pool1", kernel: 2, stride: 2)
    x = builder.relu(builder.convolution(x, "conv2", filters: 16, kernel: 5, padding: 0))
    x = builder.maxPool(x, "pool2", kernel: 2, stride: 2)
    x = builder.flatten(x)
    x = builder.relu(builder.linear(x, "fc1", 120))
    x = builder.relu(builder.linear(x, "fc2", 84))
    builder.output(builder.linear(x, "fc3", 10))

    let file = folder + "/weights.npz"
    let trained = try NumPyArchive.tensors(path: file)
    for (name, random) in builder.network.constants {
      // The training script calls the weights of a layer weights, not weight.
      let key = name.replacing(".weight", with: ".weights")
      guard let tensor = trained[key], tensor.count == random.count,
        tensor.type.element == .float32
      else {
        throw NetworkError("the array '\(key)' is missing or has another size", file: file)
      }
      builder.replace(name, tensor.reshaped(random.shape))
    }
    return builder.network
  }

  /// The handwritten digits of the installation, one 1×1×28×28 tensor each: pixel / 127.
  static func images(folder: String, count: Int) throws(NetworkError) -> [Tensor] {
    let bytes = try HostBytes.read(folder + "/images.bin")
    let size = 28 * 28
    return (0..<min(count, bytes.count / size)).map { index in
      Tensor(
        [1, 1, 28, 28],
        bytes[index * size..<(index + 1) * size].map { Float(Int8(bitPattern: $0)) / 127 })
    }
  }
}
