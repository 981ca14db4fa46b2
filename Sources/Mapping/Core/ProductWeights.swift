internal import Networks
internal import Reference

/// Weights as the runtime's products take them: output channels in panels of four side by side, missing ones zero.
enum ProductWeights {
  /// Output channels of a panel.
  static let panel = 4

  /// Elements of packed weights of one group.
  static func count(outputs: Int, depth: Int) -> Int {
    (outputs + panel - 1) / panel * panel * depth
  }

  /// Packs weights.
  ///
  /// - Parameters:
  ///   - groups: Groups of output channels, packed one behind the other.
  ///   - outputs: Output channels of a group.
  ///   - order: Places of the elements of a channel, in the order in which they are multiplied.
  ///   - start: Place of a channel's first element, by its number.
  static func packed<Element>(
    _ values: [Element], groups: Int, outputs: Int, order: [Int], zero: Element,
    start: (Int) -> Int
  ) -> [Element] {
    let depth = order.count
    let size = count(outputs: outputs, depth: depth)
    var result = [Element](repeating: zero, count: groups * size)
    values.withUnsafeBufferPointer { values in
      result.withUnsafeMutableBufferPointer { result in
        for channel in 0..<groups * outputs {
          let (group, member) = (channel / outputs, channel % outputs)
          var place = group * size + member / panel * panel * depth + member % panel
          let first = start(channel)
          for offset in order {
            result[place] = values[first + offset]
            place += panel
          }
        }
      }
    }
    return result
  }

  /// Bytes of either type as signed ones, and what was subtracted from them.
  static func signed(_ tensor: Tensor) -> (values: [Int8], shift: Int32)? {
    if let values = tensor.array(of: Int8.self) { return (values, 0) }
    if let values = tensor.array(of: UInt8.self) {
      return (values.map { Int8(bitPattern: $0 ^ 0x80) }, 128)
    }
    return nil
  }
}

/// What becomes of the sums of a product of bytes.
struct IntegerFinish {
  /// What sums become.
  enum Kind {
    /// Bytes, scaled by one scale for all or one for each channel.
    case bytes([Float], zeroPoint: Int32, ElementType)
    /// The sums themselves.
    case sums
    /// binary32 numbers, scaled likewise.
    case reals([Float])
  }

  var kind: Kind
  /// Added to the sums, one for each channel; zero points are folded in already.
  var bias: [Int32]
  /// Zero points of the weights, one for each channel; empty when all are 0.
  var weightZeros: [Int32]
  /// The zero point of the other operand.
  var operandZero: Int32

  /// The parameters.
  func words(_ pool: inout ConstantPool) throws(NetworkError) -> [UInt32] {
    func each<Value>(_ values: [Value]) throws(NetworkError) -> [Value] {
      if values.count == bias.count { return values }
      guard values.count == 1 else {
        throw NetworkError("\(values.count) scales for \(bias.count) channels")
      }
      return [Value](repeating: values[0], count: bias.count)
    }
    var code: UInt32
    var scales: [UInt32] = []
    var (zero, least, greatest): (Int32, Int32, Int32) = (0, 0, 0)
    switch kind {
    case .bytes(let values, let zeroPoint, let element):
      code = 0
      zero = zeroPoint
      (least, greatest) = element == .int8 ? (-128, 127) : (0, 255)
      for value in try each(values) {
        let scaling = try Requantisation(scale: Double(value))
        scales += [scaling.factor, UInt32(scaling.shift)]
      }
    case .sums: code = 1
    case .reals(let values):
      code = 2
      scales = try each(values).map(\.bitPattern)
    }
    return [
      code, pool.add(words: bias.map(\.word)), scales.isEmpty ? 0 : pool.add(words: scales),
      zero.word, least.word, greatest.word,
      weightZeros.isEmpty ? 0 : pool.add(words: weightZeros.map(\.word)), operandZero.word,
    ]
  }
}
