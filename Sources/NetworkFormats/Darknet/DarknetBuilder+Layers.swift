internal import Diagnostics
internal import Networks

extension DarknetBuilder {
  /// Adds the nodes of one section.
  mutating func layer(
    _ section: DarknetConfiguration.Section, _ options: inout DarknetOptions
  ) throws(NetworkError) {
    switch section.name {
    case "convolutional", "conv": try convolution(&options)
    case "connected", "conn": try connected(&options)
    case "maxpool", "max": try maxPool(&options)
    case "avgpool", "avg": averagePool()
    case "dropout": _ = options.option("probability")
    case "softmax", "soft": try softmax(&options)
    case "shortcut": try shortcut(&options)
    case "route": try route(&options)
    case "upsample": try upsample(&options)
    case "reorg": try reorganisation(&options)
    case "batchnorm": try normalisation(&options)
    case "activation":
      let name = name("activation")
      try activate(name, &options, default: "linear")
    case "cost": _ = (options.option("type"), options.option("scale"))
    case "yolo", "region", "detection": detection(section, &options)
    case _: throw Self.unknown(section)
    }
  }

  private static let sectionNames = [
    "convolutional", "connected", "maxpool", "avgpool", "dropout", "softmax", "shortcut", "route",
    "upsample", "reorg", "batchnorm", "activation", "cost", "yolo", "region", "detection",
  ]

  private static let unsupportedNames = [
    "local", "deconvolutional", "crop", "normalization", "rnn", "gru", "lstm", "crnn", "iseg",
    "sam", "scale_channels", "gaussian_yolo", "conv_lstm", "logistic", "l2norm",
  ]

  private static func unknown(_ section: DarknetConfiguration.Section) -> NetworkError {
    if unsupportedNames.contains(section.name) {
      return section.error("layers of this kind are not supported")
    }
    let near = Suggestion.nearest(to: section.name, among: sectionNames)
    return section.error(
      "unknown section",
      suggestion: near.map { "did you mean [\($0)]?" }
        ?? "known are " + sectionNames.joined(separator: ", "))
  }

  private mutating func convolution(_ options: inout DarknetOptions) throws(NetworkError) {
    unflatten()
    let filters = try options.integer("filters", default: 1)
    let size = try options.integer("size", default: 1)
    let stride = try options.integer("stride", default: 1)
    let strideX = try options.integer("stride_x", default: stride)
    let strideY = try options.integer("stride_y", default: stride)
    let groups = try options.integer("groups", default: 1)
    let padsByHalf = try options.flag("pad")
    let given = try options.integer("padding", default: 0, in: 0...Limits.elements)
    let isNormalised = try options.flag("batch_normalize")
    for key in ["binary", "xnor", "flipped", "antialiasing", "deform", "share_index"] {
      try options.refuse(key)
    }
    try options.refuse("dilation", unless: "1")
    // Darknet pads all four sides alike.
    let padding = padsByHalf ? size / 2 : given
    guard current.channels % groups == 0, filters % groups == 0 else {
      throw options.section.error(
        "\(current.channels) channels and \(filters) filters cannot be split into \(groups) groups")
    }
    let name = name("conv")
    let height = current.height + 2 * padding - size
    let width = current.width + 2 * padding - size
    guard height >= 0, width >= 0 else {
      throw options.section.error(
        "a window of \(size)×\(size) is larger than its operand \(current.text) with a padding of "
          + "\(padding)")
    }
    let constants = try parameters(
      name, .convolution, [filters, current.channels / groups, size, size],
      isNormalised: isNormalised, options.section)
    let window = Window(
      kernel: [size, size], strides: [strideY, strideX],
      pads: [padding, padding, padding, padding])
    add(name, .convolution(Convolution(window, groups: groups)), constants)
    current.channels = filters
    current.height = height / strideY + 1
    current.width = width / strideX + 1
    try activate(name, &options, default: "logistic")
  }

  private mutating func connected(_ options: inout DarknetOptions) throws(NetworkError) {
    let name = name("connected")
    let count = try options.integer("output", default: 1)
    let isNormalised = try options.flag("batch_normalize")
    flatten(name)
    let constants = try parameters(
      name, .connected, [count, current.channels], isNormalised: isNormalised, options.section)
    add(name, .gemm(GEMM(transposesB: true)), constants)
    current.channels = count
    try activate(name, &options, default: "logistic")
  }

  /// Darknet gives the padding of both sides together, by default the window less one, and starts at minus the half
  /// of it; windows may reach over the end, where nothing counts.
  private mutating func maxPool(_ options: inout DarknetOptions) throws(NetworkError) {
    unflatten()
    let stride = try options.integer("stride", default: 1)
    let size = try options.integer("size", default: stride)
    let padding = try options.integer("padding", default: size - 1, in: 0...Limits.elements)
    for key in ["maxpool_depth", "antialiasing"] { try options.refuse(key) }
    let strides = [
      try options.integer("stride_y", default: stride),
      try options.integer("stride_x", default: stride),
    ]
    let begin = padding / 2
    var ends: [Int] = []
    var sides: [Int] = []
    for (side, stride) in zip([current.height, current.width], strides) {
      let room = side + padding - size
      let output = room / stride + 1
      let end = max(0, (output - 1) * stride + size - begin - side)
      guard room >= 0, begin < size, end < size else {
        throw options.section.error(
          "a window of \(size)×\(size) with a padding of \(padding) does not fit its operand "
            + current.text)
      }
      ends.append(end)
      sides.append(output)
    }
    let window = Window(kernel: [size, size], strides: strides, pads: [begin, begin] + ends)
    add(name("maxpool"), .maxPool(Pooling(window)))
    (current.height, current.width) = (sides[0], sides[1])
  }

  private mutating func averagePool() {
    unflatten()
    add(name("avgpool"), .globalAveragePool)
    (current.height, current.width) = (1, 1)
  }

  private mutating func softmax(_ options: inout DarknetOptions) throws(NetworkError) {
    let groups = try options.integer("groups", default: 1)
    let temperature = try options.number("temperature", default: 1)
    let isSpatial = try options.flag("spatial")
    _ = options.option("noloss")
    try options.refuse("tree", unless: "")
    guard temperature > 0, current.count % groups == 0 else {
      throw options.section.error("groups or temperature do not fit the operand \(current.text)")
    }
    let name = name("softmax")
    if temperature != 1 {
      let factor = constant(name + ".factor", Tensor(scalar: 1 / temperature))
      add(name + ".cooled", .binary(.multiply), [factor])
    }
    if isSpatial {
      unflatten()
      add(name, .softmax(axis: 1))
    } else if groups == 1 {
      flatten(name)
      add(name, .softmax(axis: 1))
    } else {
      flatten(name)
      let count = current.channels
      reshape(name + ".groups", [1, groups, count / groups])
      add(name + ".each", .softmax(axis: 2))
      reshape(name, [1, count])
    }
  }

  /// Adds an earlier layer; where channels differ, only the common ones.
  private mutating func shortcut(_ options: inout DarknetOptions) throws(NetworkError) {
    for key in ["weights_type", "weights_normalization"] { try options.refuse(key, unless: "none") }
    guard let positions = try options.integers("from", in: -Limits.nodes...Limits.nodes),
      !positions.isEmpty
    else { throw options.section.error("'from' is missing") }
    unflatten()
    let name = name("shortcut")
    for (index, position) in positions.enumerated() {
      let part = index == 0 ? name : "\(name).\(index)"
      var other = try layer(position, options)
      guard other.height == current.height, other.width == current.width else {
        throw options.section.error(
          "layers of \(other.text) and \(current.text) cannot be added: their heights and widths "
            + "differ")
      }
      let result = current
      if other.isFlat || other.channels != current.channels {
        current = other
        unflatten()
        if other.channels > result.channels {
          slice(part + ".common", channels: 0..<result.channels)
        } else if other.channels < result.channels {
          let missing = result.channels - other.channels
          let pads = constant(
            part + ".pads", Tensor([8], [0, 0, 0, 0, 0, Int64(missing), 0, 0]))
          add(part + ".common", .pad(.constant), [pads])
        }
        other = current
        current = result
      }
      add(part, .binary(.add), [other.name])
    }
    try activate(name, &options, default: "linear")
  }

  /// Puts earlier layers one behind the other, or takes a part of their channels.
  private mutating func route(_ options: inout DarknetOptions) throws(NetworkError) {
    guard let positions = try options.integers("layers", in: -Limits.nodes...Limits.nodes),
      !positions.isEmpty
    else { throw options.section.error("'layers' is missing") }
    let groups = try options.integer("groups", default: 1)
    let group = try options.integer("group_id", default: 0, in: 0...Limits.elements)
    let name = name("route")
    var parts: [Value] = []
    for (index, position) in positions.enumerated() {
      current = try layer(position, options)
      unflatten()
      guard current.channels % groups == 0, group < groups else {
        throw options.section.error(
          "there is no group \(group) of \(groups) among \(current.channels) channels")
      }
      if groups > 1 {
        let size = current.channels / groups
        let part = positions.count == 1 ? name : "\(name).\(index)"
        slice(part, channels: group * size..<(group + 1) * size)
        current.channels = size
      }
      parts.append(current)
    }
    guard let first = parts.first else { return }
    current = first
    guard parts.count > 1 else { return }
    for part in parts where part.height != first.height || part.width != first.width {
      throw options.section.error(
        "layers of \(first.text) and \(part.text) cannot be joined: their heights and widths differ"
      )
    }
    add(name, .concat(axis: 1), parts.dropFirst().map(\.name))
    current.channels = parts.reduce(0) { $0 + $1.channels }
  }

  private mutating func slice(_ name: String, channels: Range<Int>) {
    let starts = constant(name + ".starts", Tensor([1], [Int64(channels.lowerBound)]))
    let ends = constant(name + ".ends", Tensor([1], [Int64(channels.upperBound)]))
    let axes = constant(name + ".axes", Tensor([1], [Int64(1)]))
    add(name, .slice, [starts, ends, axes])
  }

  private mutating func upsample(_ options: inout DarknetOptions) throws(NetworkError) {
    unflatten()
    let stride = try options.integer("stride", default: 2)
    let scale = try options.number("scale", default: 1)
    let name = name("upsample")
    let factors = constant(name + ".scales", Tensor([4], [1, 1, Float(stride), Float(stride)]))
    let resize = Resize(mode: .nearest, coordinates: .asymmetric, rounding: .floor)
    network.nodes.append(Node(name, .resize(resize), [current.name, "", factors], [name]))
    current.name = name
    // Each factor is below 2³¹.
    current.height *= stride
    current.width *= stride
    if scale != 1 {
      add(
        name + ".scaled", .binary(.multiply), [constant(name + ".scale", Tensor(scalar: scale))])
    }
  }

  /// Blocks become channels. Darknet takes its operand for one of channels/stride² channels and sides that are
  /// stride times as long, whatever its shape, and so do we.
  private mutating func reorganisation(_ options: inout DarknetOptions) throws(NetworkError) {
    unflatten()
    let stride = try options.integer("stride", default: 1, in: 1...(1 << 15))
    for key in ["reverse", "flatten", "extra"] { try options.refuse(key) }
    let block = stride * stride
    guard current.channels % block == 0, current.height % stride == 0, current.width % stride == 0
    else {
      throw options.section.error("\(current.text) cannot be reorganised by \(stride)")
    }
    let name = name("reorg")
    let wide = [1, current.channels / block, current.height * stride, current.width * stride]
    reshape(name + ".wide", wide)
    add(name + ".blocks", .spaceToDepth(block: stride))
    (current.height, current.width) = (current.height / stride, current.width / stride)
    current.channels *= block
    reshape(name, [1, current.channels, current.height, current.width])
  }

  /// A normalisation of its own: a factor and an addend per channel.
  private mutating func normalisation(_ options: inout DarknetOptions) throws(NetworkError) {
    unflatten()
    let name = name("batchnorm")
    let names = try parameters(
      name, .normalisation, [current.channels], isNormalised: true, options.section)
    add(name + ".scaled", .binary(.multiply), [names[0]])
    add(name, .binary(.add), [names[1]])
  }

  /// The operand becomes an output: what follows in Darknet are boxes, not numbers of the network.
  private mutating func detection(
    _ section: DarknetConfiguration.Section, _ options: inout DarknetOptions
  ) {
    let keys = [
      "classes", "num", "mask", "anchors", "ignore_thresh", "truth_thresh", "random", "jitter",
      "coords", "softmax", "rescore", "thresh", "absolute", "bias_match", "object_scale",
      "noobject_scale", "class_scale", "coord_scale", "side", "sqrt", "max", "background", "tree",
      "map", "scale_x_y", "iou_thresh", "cls_normalizer", "iou_normalizer", "iou_loss", "nms_kind",
      "beta_nms", "max_delta", "resize", "counters_per_class", "label_smooth_eps", "forced",
      "objectness_smooth", "new_coords", "obj_normalizer", "delta_normalizer", "embedding_layer",
      "total", "log", "classfix", "focal_loss", "show_details",
    ]
    for key in keys { _ = options.option(key) }
    let name = name(section.name)
    add(name, .identity)
    network.outputs.append(name)
    network.warnings.append(
      "line \(section.line): [\(section.name)] gives its operand; boxes are not decoded")
  }
}
