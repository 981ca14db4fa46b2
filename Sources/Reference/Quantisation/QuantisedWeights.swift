internal import Networks

/// Weights as int8 with zero point 0, and the addend as int32 in steps of x scale · weight scale.
struct QuantisedWeights {
  /// −127…127.
  let integers: [Int8]
  /// One, or one for each output channel.
  let scales: [Float]
  /// nil without an addend.
  let biasIntegers: [Int32]?
  /// x scale · weight scale, as many as `scales`.
  let biasScales: [Float]

  /// Quantises weights.
  ///
  /// The scale is the greatest magnitude / 127. It is raised where the addend would otherwise exceed 2³⁰ steps, as it can
  /// in channels whose weights are next to nothing.
  ///
  /// - Parameters:
  ///   - axis: the axis of output channels.
  ///   - hasManyScales: whether each output channel has a scale.
  init(
    _ numbers: [Float], shape: [Int], axis: Int, bias: [Float]?, xScale: Float,
    options: Quantiser.Options, hasManyScales: Bool
  ) {
    let channels = shape.count > axis ? shape[axis] : 1
    let inner = shape.count > axis ? shape[(axis + 1)...].reduce(1, *) : max(numbers.count, 1)
    func channel(_ place: Int) -> Int { hasManyScales ? place / inner % channels : 0 }
    let addend = bias.map { values in
      (0..<channels).map { values[values.count == 1 ? 0 : $0] }
    }
    var limits = [Double](repeating: 0, count: hasManyScales ? channels : 1)
    for (place, number) in numbers.enumerated() {
      let index = channel(place)
      limits[index] = max(limits[index], Double(abs(number)) / 127)
    }
    if let addend {
      for (index, number) in addend.enumerated() {
        let least = Double(abs(number)) / Double(xScale) * 0x1p-30
        limits[hasManyScales ? index : 0] = max(limits[hasManyScales ? index : 0], least)
      }
    }
    let scales = limits.map { limit -> Float in
      let scale = limit.isFinite && limit > 0x1p-100 ? limit : 1
      return Float(
        options.scales == .powerOfTwo
          ? QuantisationParameters.powerOfTwo(notBelow: scale) : scale)
    }
    self.scales = scales
    integers = numbers.enumerated().map { place, number in
      let steps = QuantiseLinear.quantised(
        number, scale: scales[channel(place)], zeroPoint: 0, range: -127...127)
      return Int8(truncatingIfNeeded: steps)
    }
    let steps = scales.map { $0 * xScale }
    biasScales = steps
    biasIntegers = addend.map { numbers in
      numbers.enumerated().map { index, number in
        let exact = (number / steps[hasManyScales ? index : 0]).rounded(.toNearestOrEven)
        return exact > -0x1p31 && exact < 0x1p31 ? Int32(exact) : 0
      }
    }
  }
}
