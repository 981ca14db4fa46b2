internal import Diagnostics
internal import Networks

/// Turns the sections of a configuration into nodes, keeping track of shapes as Darknet does.
struct DarknetBuilder {
  /// A value between layers.
  struct Value {
    var name: String
    var channels: Int
    var height: Int
    var width: Int
    /// Whether its shape is 1×channels instead of 1×channels×height×width.
    var isFlat = false

    var count: Int { channels * height * width }
    var text: String { "\(channels)×\(height)×\(width)" }
  }

  var network: Network
  /// The result of each layer, by position.
  var layers: [Value] = []
  /// What the next layer takes.
  var current = Value(name: "data", channels: 0, height: 0, width: 0)
  /// Parameters in the order of the file, with the names of the constants they become.
  private var parameters: [(layer: DarknetParameters, weights: String, bias: String)] = []

  init(name: String) { network = Network(name: name) }

  /// Keys that only matter in training or for speed, in any section.
  static let ignoredKeys: Set<String> = [
    "learning_rate", "momentum", "decay", "dontload", "dontloadscales", "stopbackward",
    "onlyforward", "onlybackward", "jitter", "numload", "truth", "smooth", "clip",
  ]

  mutating func build(_ configuration: DarknetConfiguration) throws(NetworkError) {
    guard let first = configuration.sections.first else {
      throw NetworkError("has no sections", suggestion: "a configuration begins with [net]")
    }
    guard configuration.sections.count <= Limits.nodes / 8 else {
      throw NetworkError("has \(configuration.sections.count) sections, which is too many")
    }
    try input(first)
    for section in configuration.sections.dropFirst() {
      var options = DarknetOptions(section, ignored: Self.ignoredKeys)
      try layer(section, &options)
      guard Limits.elementCount(of: [current.channels, current.height, current.width]) != nil else {
        throw section.error("the result \(current.text) is too large")
      }
      layers.append(current)
      network.warnings += try options.unknown()
    }
    guard !layers.isEmpty else { throw first.error("there are no layers") }
    if !network.outputs.contains(current.name) { network.outputs.append(current.name) }
  }

  /// The finished network.
  consuming func network(_ weights: DarknetWeights) throws(NetworkError) -> Network {
    switch weights {
    case .file(let bytes):
      var reader = try DarknetReader(bytes, for: parameters.map(\.layer))
      for (layer, weights, bias) in parameters {
        let constants = layer.constants(&reader, transposed: reader.storesTransposed)
        store(weights, constants.weights, layer)
        store(bias, constants.bias, layer)
      }
    case .generated(let generator):
      let count = parameters.reduce(0) { $0 + $1.layer.count }
      guard count <= DarknetFile.generatedLimit else {
        throw NetworkError(
          "\(count) parameters are needed; without a weights file at most "
            + "\(DarknetFile.generatedLimit) are made")
      }
      for (layer, weights, bias) in parameters {
        let shape = layer.form == .normalisation ? [layer.channels] : layer.shape
        store(weights, generator(weights, shape), layer)
        store(bias, generator(bias, [layer.channels]), layer)
      }
    }
    return network
  }

  /// Constants of a layer that only normalises are factors per channel.
  private mutating func store(_ name: String, _ tensor: Tensor, _ layer: DarknetParameters) {
    let isNormalisation = layer.form == .normalisation
    network.constants[name] = isNormalisation ? tensor.reshaped([1, layer.channels, 1, 1]) : tensor
  }

  private mutating func input(
    _ section: DarknetConfiguration.Section
  ) throws(NetworkError) {
    guard section.name == "net" || section.name == "network" else {
      throw section.error("the first section must be [net]")
    }
    var options = DarknetOptions(section, ignored: Self.trainingKeys)
    let height = try options.integer("height", default: 0)
    let width = try options.integer("width", default: 0)
    let channels = try options.integer("channels", default: 0)
    let count = try options.integer("inputs", default: 0)
    network.warnings += try options.unknown()
    if height > 0, width > 0, channels > 0 {
      current = Value(name: "data", channels: channels, height: height, width: width)
    } else if count > 0 {
      current = Value(name: "data", channels: count, height: 1, width: 1)
    } else {
      throw section.error("height, width and channels are needed")
    }
    let shape = [1, current.channels, current.height, current.width]
    guard Limits.elementCount(of: shape) != nil else {
      throw section.error("the input \(current.text) is too large")
    }
    network.inputs = [Declaration("data", TensorType(.float32, shape))]
  }

  private static let trainingKeys: Set<String> = ignoredKeys.union([
    "batch", "subdivisions", "time_steps", "notruth", "random", "adam", "B1", "B2", "eps",
    "max_crop", "min_crop", "max_ratio", "min_ratio", "center", "angle", "aspect", "saturation",
    "exposure", "hue", "policy", "burn_in", "power", "max_batches", "step", "scale", "steps",
    "scales", "gamma", "mosaic", "cutmix", "mixup", "blur", "flip", "letter_box", "track",
    "optimized_memory", "workspace_size_limit_MB", "seq_scales", "sgdr_cycle", "sgdr_mult",
    "ema_alpha", "label_smooth_eps", "augment_speed", "loss_scale", "cutmix_mosaic", "crop",
    "weights_reject_freq", "equidistant_point", "badlabels_rejection_percentage",
    "num_sigmas_reject_badlabels", "max_chart_loss", "mosaic_bound", "dynamic_minibatch",
    "sequential_subdivisions", "attention", "gaussian_noise", "adversarial_lr", "try_fix_nan",
    "reset", "contrastive", "unsupervised",
  ])

  // MARK: What layers are made of.

  /// The name of the layer being built.
  func name(_ prefix: String) -> String { "\(prefix)\(layers.count)" }

  /// Adds a node over the current value and makes its result the current value.
  mutating func add(_ name: String, _ operator: Operator, _ others: [String] = []) {
    network.nodes.append(Node(name, `operator`, [current.name] + others, [name]))
    current.name = name
  }

  mutating func constant(_ name: String, _ tensor: Tensor) -> String {
    network.constants[name] = tensor
    return name
  }

  /// Registers the parameters of a layer: returns the names of weights and bias.
  ///
  /// - Throws: `NetworkError` when they are too many.
  mutating func parameters(
    _ name: String, _ form: DarknetParameters.Form, _ shape: [Int], isNormalised: Bool,
    _ section: DarknetConfiguration.Section
  ) throws(NetworkError) -> [String] {
    guard Limits.elementCount(of: shape) != nil else {
      throw section.error("weights of the shape \(TensorType.text(shape)) are too large")
    }
    let parameters = DarknetParameters(
      layer: name, form: form, shape: shape, isNormalised: isNormalised, line: section.line)
    let names = (weights: name + ".weights", bias: name + ".bias")
    self.parameters.append((parameters, names.weights, names.bias))
    return [names.weights, names.bias]
  }

  /// Adds the activation that a section asks for.
  mutating func activate(
    _ name: String, _ options: inout DarknetOptions, default activation: String
  ) throws(NetworkError) {
    let option = options.option("activation")
    let text = option?.value ?? activation
    guard let function = DarknetActivation.function(text) else {
      let message = "activation '\(text.prefix(40))' is not supported"
      let suggestion = DarknetActivation.suggestion(for: text)
      guard let option else { throw options.section.error(message, suggestion: suggestion) }
      throw options.error(message, option, suggestion: suggestion)
    }
    let node = text == "linear" ? name : "\(name).\(text)"
    switch function {
    case .none: break
    case .unary(let function): add(node, .unary(function))
    case .clip(let least, let greatest):
      add(
        node, .clip,
        [
          constant(node + ".least", Tensor(scalar: least)),
          constant(node + ".greatest", Tensor(scalar: greatest)),
        ])
    }
  }

  /// Gives the current value the shape 1×channels×height×width.
  mutating func unflatten() {
    guard current.isFlat else { return }
    let shape = [1, current.channels, current.height, current.width]
    reshape(current.name + ".image", shape)
    current.isFlat = false
  }

  /// Gives the current value the shape 1×count.
  mutating func flatten(_ name: String) {
    guard !current.isFlat else { return }
    add(name + ".flat", .flatten(axis: 1))
    current = Value(
      name: current.name, channels: current.count, height: 1, width: 1, isFlat: true)
  }

  mutating func reshape(_ name: String, _ shape: [Int]) {
    // The same value can be needed as an image by several layers.
    let unique = network.constants[name + ".shape"] == nil ? name : "\(name)\(layers.count)"
    let shape = constant(unique + ".shape", Tensor([shape.count], shape.map(Int64.init)))
    add(unique, .reshape(zeroMeansZero: false), [shape])
  }

  /// The result of an earlier layer; negative positions count from the current one.
  func layer(
    _ position: Int, _ options: DarknetOptions
  ) throws(NetworkError) -> Value {
    let index = position < 0 ? position + layers.count : position
    guard layers.indices.contains(index) else {
      throw options.section.error(
        "there is no layer \(position) before this one",
        suggestion: "this is layer \(layers.count); layers count from 0, and -1 is the last one")
    }
    return layers[index]
  }
}
