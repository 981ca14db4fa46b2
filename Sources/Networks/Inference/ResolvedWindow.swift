/// A window whose every size is known, as kernels need it. All arrays have one element per spatial axis.
public struct ResolvedWindow: Sendable, Equatable {
  /// Sides of the window, without the gaps that dilation makes.
  public var kernel: [Int]
  /// Steps.
  public var strides: [Int]
  /// Distances of neighbouring elements of the window.
  public var dilations: [Int]
  /// Elements added before the operand.
  public var padsBegin: [Int]
  /// Elements added behind the operand.
  public var padsEnd: [Int]
  /// Sides of the result.
  public var output: [Int]

  /// Creates a window; all arrays have one element per spatial axis.
  public init(
    kernel: [Int], strides: [Int], dilations: [Int], padsBegin: [Int], padsEnd: [Int],
    output: [Int]
  ) {
    self.kernel = kernel
    self.strides = strides
    self.dilations = dilations
    self.padsBegin = padsBegin
    self.padsEnd = padsEnd
    self.output = output
  }
}

extension Window {
  /// The window over an operand of given sides.
  ///
  /// The output side is ⌊(side + padding − dilation·(kernel − 1) − 1) / stride⌋ + 1. With `roundsUp` it is
  /// rounded up, unless the last window would then begin behind the operand and its beginning padding.
  ///
  /// - Parameters:
  ///   - input: the operand's spatial sides.
  ///   - kernel: the sides of the weights; nil takes the window's own.
  ///   - roundsUp: as ``Pooling/roundsUp``.
  /// - Throws: `NetworkError` when attributes do not fit each other or the operand.
  public func resolved(
    input: [Int], kernel weights: [Int]? = nil, roundsUp: Bool = false
  ) throws(NetworkError) -> ResolvedWindow {
    var window = try explicit(input: input, weights: weights)
    for axis in input.indices {
      let (side, stride) = (input[axis], window.strides[axis])
      let extent = window.dilations[axis] * (window.kernel[axis] - 1) + 1
      if automaticPadding == .sameUpper || automaticPadding == .sameLower {
        let output = side / stride + (side % stride == 0 ? 0 : 1)
        let total = max(0, (output - 1) * stride + extent - side)
        let begin = automaticPadding == .sameUpper ? total / 2 : (total + 1) / 2
        guard output > 0, total <= Limits.elements else {
          throw tooLarge(window, input: input, axis: axis)
        }
        window.padsBegin[axis] = begin
        window.padsEnd[axis] = total - begin
        window.output.append(output)
        continue
      }
      let room = side + window.padsBegin[axis] + window.padsEnd[axis] - extent
      // A window that is too large for the operand by less than a step is one that ends outside.
      guard room >= 0 || (roundsUp && room > -stride && side > 0) else {
        throw tooLarge(window, input: input, axis: axis)
      }
      var output = room < 0 ? 1 : room / stride + 1
      if roundsUp, room > 0, room % stride != 0, output * stride < side + window.padsBegin[axis] {
        output += 1
      }
      window.output.append(output)
    }
    return window
  }

  /// The window of a transposed convolution over an operand of given sides.
  ///
  /// The output side is stride·(side − 1) + outputPadding + dilation·(kernel − 1) + 1 − padding.
  ///
  /// - Parameters:
  ///   - input: the operand's spatial sides.
  ///   - kernel: the sides of the weights.
  ///   - outputPadding: elements added to each output side; empty is none.
  /// - Throws: `NetworkError` when attributes do not fit each other or the operand.
  public func resolvedTransposed(
    input: [Int], kernel weights: [Int], outputPadding: [Int]
  ) throws(NetworkError) -> ResolvedWindow {
    var window = try explicit(input: input, weights: weights)
    let extra = outputPadding.isEmpty ? input.map { _ in 0 } : outputPadding
    try Self.check(extra, "output padding", count: input.count, least: 0)
    for axis in input.indices {
      let (side, stride) = (input[axis], window.strides[axis])
      let extent = window.dilations[axis] * (window.kernel[axis] - 1) + 1
      // At most 2⁶² + 2³¹ + …: no overflow, because every factor is below 2³¹.
      let (sum, overflow) = (stride * (side - 1)).addingReportingOverflow(extra[axis] + extent)
      guard side > 0, !overflow else { throw tooLarge(window, input: input, axis: axis) }
      if automaticPadding == .sameUpper || automaticPadding == .sameLower {
        let total = max(0, sum - stride * side)
        let begin = automaticPadding == .sameUpper ? total / 2 : (total + 1) / 2
        window.padsBegin[axis] = begin
        window.padsEnd[axis] = total - begin
      }
      let output = sum - window.padsBegin[axis] - window.padsEnd[axis]
      guard output > 0 else {
        throw NetworkError(
          "padding removes the whole result: \(sum) elements without padding along spatial axis "
            + "\(axis)")
      }
      window.output.append(output)
    }
    return window
  }

  /// All attributes with their defaults; `output` is still empty.
  private func explicit(
    input: [Int], weights: [Int]?
  ) throws(NetworkError) -> ResolvedWindow {
    let rank = input.count
    guard rank >= 1 else {
      throw NetworkError("the operand has no spatial axes", suggestion: "it must be N×C×…")
    }
    guard let kernel = weights ?? kernel else { throw NetworkError("the kernel has no shape") }
    if let weights, let own = self.kernel, own != weights {
      throw NetworkError(
        "the kernel is said to be \(shapeText(own)), but the weights are \(shapeText(weights))")
    }
    let ones = [Int](repeating: 1, count: rank)
    let strides = strides ?? ones
    let dilations = dilations ?? ones
    let isAutomatic = automaticPadding != nil
    let pads = isAutomatic ? nil : self.pads
    let padding = pads ?? [Int](repeating: 0, count: 2 * rank)
    try Self.check(kernel, "kernel", count: rank, least: 1)
    try Self.check(strides, "strides", count: rank, least: 1)
    try Self.check(dilations, "dilations", count: rank, least: 1)
    try Self.check(padding, "padding", count: 2 * rank, least: 0)
    return ResolvedWindow(
      kernel: kernel, strides: strides, dilations: dilations, padsBegin: Array(padding[..<rank]),
      padsEnd: Array(padding[rank...]), output: [])
  }

  private static func check(
    _ values: [Int], _ name: String, count: Int, least: Int
  ) throws(NetworkError) {
    guard values.count == count else {
      throw NetworkError(
        "\(name) has \(values.count) numbers (\(list(values))), but \(count) are needed")
    }
    guard values.allSatisfy({ $0 >= least && $0 <= Limits.elements }) else {
      throw NetworkError(
        "\(name) is \(list(values)), but each number must be from \(least) to \(Limits.elements)")
    }
  }

  private static func list(_ values: [Int]) -> String {
    values.map(String.init).joined(separator: ", ")
  }

  private func tooLarge(_ window: ResolvedWindow, input: [Int], axis: Int) -> NetworkError {
    let padded = input[axis] + window.padsBegin[axis] + window.padsEnd[axis]
    let extent = window.dilations[axis] * (window.kernel[axis] - 1) + 1
    return NetworkError(
      "the window covers \(extent) elements along spatial axis \(axis), but the padded operand has "
        + "\(padded)",
      suggestion: "the input may be too small for this network")
  }
}
