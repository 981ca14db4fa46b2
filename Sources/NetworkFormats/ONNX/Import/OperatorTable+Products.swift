internal import Networks

extension OperatorTable {
  /// Convolutions and matrix products.
  static func addProducts(to table: inout NodeImports) {
    table.define("Conv") { node, graph throws(NetworkError) in
      graph.emit(node, .convolution(try node.convolution()))
    }
    table.define("ConvTranspose") { node, graph throws(NetworkError) in
      let convolution = try node.convolution()
      let outputPadding = try node.integers("output_padding") ?? []
      guard try node.integers("output_shape") == nil else {
        throw NetworkError(
          "attribute 'output_shape' is not supported", suggestion: "give 'pads' instead")
      }
      graph.emit(node, .transposedConvolution(convolution, outputPadding: outputPadding))
    }
    table.define("Gemm") { node, graph throws(NetworkError) in
      graph.emit(node, .gemm(try node.gemm()))
    }
    table.define("MatMul") { node, graph throws(NetworkError) in graph.emit(node, .matMul) }
    table.define("Einsum") { node, graph throws(NetworkError) in
      guard let equation = try node.text("equation") else {
        throw NetworkError("attribute 'equation' is missing")
      }
      try EinsteinSum(equation).emit(node, &graph)
    }
  }
}

extension NodeReader {
  /// The window of a convolution or of pooling.
  func window() throws(NetworkError) -> Window {
    let padding = try text("auto_pad") ?? "NOTSET"
    let pads = try integers("pads")
    var automatic: Window.AutomaticPadding?
    if padding != "NOTSET" {
      automatic = Window.AutomaticPadding(rawValue: padding)
      guard automatic != nil else {
        throw NetworkError("attribute 'auto_pad' is '\(padding)', which is not supported")
      }
    }
    return Window(
      kernel: try integers("kernel_shape"), strides: try integers("strides"),
      dilations: try integers("dilations"), pads: automatic == nil ? pads : nil,
      automaticPadding: automatic)
  }

  /// The attributes of a convolution.
  func convolution() throws(NetworkError) -> Convolution {
    Convolution(try window(), groups: try integer("group", default: 1))
  }

  /// The attributes of pooling.
  func pooling() throws(NetworkError) -> Pooling {
    guard has("kernel_shape") else { throw NetworkError("attribute 'kernel_shape' is missing") }
    return Pooling(
      try window(), roundsUp: try flag("ceil_mode"),
      countsPadding: try flag("count_include_pad"))
  }

  /// The attributes of a matrix product.
  func gemm() throws(NetworkError) -> GEMM {
    GEMM(
      alpha: try number("alpha", default: 1), beta: try number("beta", default: 1),
      transposesA: try flag("transA"), transposesB: try flag("transB"))
  }
}
