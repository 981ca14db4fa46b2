internal import Networks

/// Averages of quantised elements.
enum QLinearPooling {
  /// QLinearGlobalAveragePool: the sum is exact; it is scaled by x scale / (y scale · elements).
  static func globalAverage(
    channelsLast: Bool, _ operands: QuantisedOperands, _ result: TensorType
  ) throws(NetworkError) -> Tensor {
    let x = try operands.tensor(0)
    let layout = Layout(x.shape, channelsLast: channelsLast)
    return try globalAverage(layout, try x.widened(less: 0), operands, result)
  }

  private static func globalAverage(
    _ layout: Layout, _ x: [Int16], _ operands: QuantisedOperands, _ result: TensorType
  ) throws(NetworkError) -> Tensor {
    let size = layout.spatial.reduce(1, *)
    let zeroPoint = try operands.zeroPoint(2)
    let requantiser = try Requantiser(
      scales: [try operands.scale(1) / (try operands.scale(3) * Float(size))],
      zeroPoint: try operands.zeroPoint(4), element: result.element, arithmetic: .float32)
    var sums = [Int32](repeating: 0, count: layout.batch * layout.channels)
    for image in 0..<layout.batch {
      for channel in 0..<layout.channels {
        let start = layout.place(image, channel)
        var sum: Int32 = 0
        for i in 0..<size { sum &+= Int32(x[start + i * layout.step]) &- zeroPoint }
        sums[image * layout.channels + channel] = sum
      }
    }
    var bytes = [UInt8](repeating: 0, count: sums.count)
    bytes.withUnsafeMutableBufferPointer { bytes in
      sums.withUnsafeBufferPointer { sums in
        guard let source = sums.baseAddress, let target = bytes.baseAddress else { return }
        requantiser.row(source, count: sums.count, channel: 0, bias: 0, into: target)
      }
    }
    return Tensor(bytePatterns: bytes, type: result)
  }

  /// QLinearAveragePool: elements are dequantised and summed in binary32, in order; the average is divided by the scale,
  /// the zero point added and the sum rounded. A window as large as the operand is a global average.
  static func average(
    _ attributes: Pooling, channelsLast: Bool, _ operands: QuantisedOperands, _ result: TensorType
  ) throws(NetworkError) -> Tensor {
    let x = try operands.tensor(0)
    let layout = Layout(x.shape, channelsLast: channelsLast)
    let elements = try x.widened(less: try operands.zeroPoint(2))
    let window = try attributes.window.resolved(
      input: layout.spatial, roundsUp: attributes.roundsUp)
    if window.kernel == layout.spatial,
      (window.padsBegin + window.padsEnd).allSatisfy({ $0 == 0 })
    {
      return try globalAverage(layout, try x.widened(less: 0), operands, result)
    }
    let (xScale, yScale) = (try operands.scale(1), try operands.scale(3))
    let zeroPoint = try operands.zeroPoint(4)
    let isSigned = result.element == .int8
    let values = elements.map { xScale * Float($0) }
    let target = Layout(result.shape, channelsLast: channelsLast)
    let windows = Self.windows(
      window, input: layout.spatial, countsPadding: attributes.countsPadding)
    var bytes = [UInt8](repeating: 0, count: result.elementCount)
    for image in 0..<layout.batch {
      for channel in 0..<layout.channels {
        let start = layout.place(image, channel)
        let into = target.place(image, channel)
        for (index, window) in windows.enumerated() {
          var sum: Float = 0
          for place in window.places { sum += values[start + place * layout.step] }
          let scaled = (sum / Float(window.count) / yScale + Float(zeroPoint))
            .rounded(.toNearestOrEven)
          let value = scaled >= -0x1p31 && scaled < 0x1p31 ? Int32(scaled) : Int32.min
          bytes[into + index * target.step] =
            isSigned ? UInt8(bitPattern: Int8(clamping: value)) : UInt8(clamping: value)
        }
      }
    }
    return Tensor(bytePatterns: bytes, type: result)
  }

  /// Where elements lie.
  private struct Layout {
    let batch: Int
    let channels: Int
    let spatial: [Int]
    let channelsLast: Bool
    /// From an element to the next of the same channel.
    var step: Int { channelsLast ? channels : 1 }

    init(_ shape: [Int], channelsLast: Bool) {
      self.channelsLast = channelsLast
      batch = shape.first ?? 1
      channels = (channelsLast ? shape.last : shape.dropFirst().first) ?? 1
      spatial = Array(channelsLast ? shape.dropFirst().dropLast() : shape.dropFirst(2))
    }

    func place(_ image: Int, _ channel: Int) -> Int {
      let size = spatial.reduce(1, *)
      return channelsLast
        ? image * size * channels + channel : (image * channels + channel) * size
    }
  }

  /// For each element of the result the elements it averages, and by what their sum is divided.
  private static func windows(
    _ window: ResolvedWindow, input: [Int], countsPadding: Bool
  ) -> [(places: [Int], count: Int)] {
    var all: [(places: [Int], count: Int)] = [([0], 1)]
    for axis in input.indices {
      var next: [(places: [Int], count: Int)] = []
      for outer in all {
        for step in 0..<window.output[axis] {
          let begin = step * window.strides[axis] - window.padsBegin[axis]
          var inside: [Int] = []
          for k in 0..<window.kernel[axis] {
            let place = begin + k * window.dilations[axis]
            if place >= 0, place < input[axis] { inside.append(place) }
          }
          let places = outer.places.flatMap { line in inside.map { line * input[axis] + $0 } }
          let count = countsPadding ? window.kernel[axis] : inside.count
          next.append((places, outer.count * count))
        }
      }
      all = next
    }
    return all
  }
}
