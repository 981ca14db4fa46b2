internal import Networks

/// A window over the spatial axes with all sizes known.
struct WindowGeometry {
  /// Sides of the operand.
  var input: [Int]
  /// Sides of the window.
  var kernel: [Int]
  /// Steps of the window.
  var strides: [Int]
  /// Distances of neighbouring elements of the window.
  var dilations: [Int]
  /// Padding before the first element of each axis.
  var padsBegin: [Int]
  /// Padding after the last element of each axis.
  var padsEnd: [Int]
  /// Sides of the result.
  var output: [Int]

  /// Resolves a window over these sides.
  ///
  /// - Throws: `NetworkError` when attributes do not fit each other or the operand.
  init(
    _ window: Window, input: [Int], kernel: [Int]? = nil, roundsUp: Bool = false
  ) throws(NetworkError) {
    let resolved = try window.resolved(input: input, kernel: kernel, roundsUp: roundsUp)
    self.input = input
    self.kernel = resolved.kernel
    strides = resolved.strides
    dilations = resolved.dilations
    padsBegin = resolved.padsBegin
    padsEnd = resolved.padsEnd
    output = resolved.output
  }

  /// Elements from the first one of the first window to the last one of the last window.
  func reach(_ axis: Int) -> Int {
    max(0, output[axis] - 1) * strides[axis] + (kernel[axis] - 1) * dilations[axis] + 1
  }

  /// Sides of the operand with its padding.
  var padded: [Int] {
    input.indices.map { max(input[$0] + padsBegin[$0] + padsEnd[$0], reach($0)) }
  }

  /// The same window over exactly three spatial axes, the first ones of size one.
  func threeDimensional() throws(NetworkError) -> WindowGeometry {
    guard input.count <= 3 else {
      throw NetworkError("windows over more than three spatial axes are not supported")
    }
    var geometry = self
    let missing = 3 - input.count
    let ones = [Int](repeating: 1, count: missing)
    let zeros = [Int](repeating: 0, count: missing)
    geometry.input = ones + input
    geometry.kernel = ones + kernel
    geometry.strides = ones + strides
    geometry.dilations = ones + dilations
    geometry.padsBegin = zeros + padsBegin
    geometry.padsEnd = zeros + padsEnd
    geometry.output = ones + output
    return geometry
  }
}
