internal import Networks

extension QLinearBinary {
  /// QLinearAdd, QLinearMul, with the operands broadcast.
  func evaluate(
    _ operands: QuantisedOperands, _ result: TensorType
  ) throws(NetworkError) -> Tensor {
    let (a, b) = (try operands.tensor(0), try operands.tensor(3))
    guard a.type.element == b.type.element, a.type.element == result.element else {
      throw NetworkError("operands and result have different types")
    }
    let function = PairFunction(
      self, isSigned: result.element == .int8,
      scales: (try operands.scale(1), try operands.scale(4), try operands.scale(6)),
      zeroPoints: (
        try operands.zeroPoint(2), try operands.zeroPoint(5), try operands.zeroPoint(7)
      ), order: Order(a.shape, b.shape))
    let (aBytes, bBytes) = (try a.bytePatterns(), try b.bytePatterns())
    // From some size on a table of all pairs is faster.
    let table = result.elementCount >= 1 << 16 ? function.table() : nil
    let columns = result.shape.last ?? 1
    let aPlaces = Self.linePlaces(a.shape, in: result.shape)
    let bPlaces = Self.linePlaces(b.shape, in: result.shape)
    let aStep = (a.shape.last ?? 1) == 1 ? 0 : 1
    let bStep = (b.shape.last ?? 1) == 1 ? 0 : 1
    let bytes = [UInt8](unsafeUninitializedCapacity: result.elementCount) { target, count in
      count = result.elementCount
      guard count > 0 else { return }
      aBytes.withUnsafeBufferPointer { aBytes in
        bBytes.withUnsafeBufferPointer { bBytes in
          for line in aPlaces.indices {
            for column in 0..<columns {
              let left = aBytes[aPlaces[line] + column * aStep]
              let right = bBytes[bPlaces[line] + column * bStep]
              let value =
                if let table { table[Int(left) << 8 | Int(right)] } else { function(left, right) }
              target.initializeElement(at: line * columns + column, to: value)
            }
          }
        }
      }
    }
    return Tensor(bytePatterns: bytes, type: result)
  }

  /// Where an operand's part of each line of the result begins.
  private static func linePlaces(_ shape: [Int], in result: [Int]) -> [Int] {
    var places = [0]
    var stride = shape.last ?? 1
    for axis in result.indices.dropLast().reversed() {
      let own = axis - (result.count - shape.count)
      let side = own >= 0 ? shape[own] : 1
      let step = side == 1 ? 0 : stride
      var next: [Int] = []
      next.reserveCapacity(places.count * result[axis])
      for index in 0..<result[axis] {
        for place in places { next.append(place + index * step) }
      }
      places = next
      stride *= side
    }
    return places
  }

  /// Which operand onnxruntime takes as one number per run: it decides about the order of roundings.
  enum Order {
    /// Both vary.
    case both
    /// a is one number along the innermost axes where the operands differ from 1.
    case scalarA
    /// b is.
    case scalarB

    init(_ a: [Int], _ b: [Int]) {
      // Axes from the last on, the shorter shape continued by ones.
      for axis in 0..<max(a.count, b.count) {
        let aSide = axis < a.count ? a[a.count - 1 - axis] : 1
        let bSide = axis < b.count ? b[b.count - 1 - axis] : 1
        if aSide == 1, bSide == 1 { continue }
        self = aSide == 1 ? .scalarA : bSide == 1 ? .scalarB : .both
        return
      }
      self = .scalarA
    }
  }

  /// The function of two bytes, with onnxruntime's roundings.
  struct PairFunction {
    private let kind: QLinearBinary
    private let isSigned: Bool
    private let order: Order
    private let zeroPoints: (a: Int32, b: Int32, y: Int32)
    /// a scale / y scale.
    private let aRatio: Float
    /// b scale / y scale.
    private let bRatio: Float
    /// a scale · b scale / y scale.
    private let ratio: Float
    /// What all sums have in common: y zero − (a ratio · a zero + b ratio · b zero).
    private let constant: Float

    init(
      _ kind: QLinearBinary, isSigned: Bool, scales: (a: Float, b: Float, y: Float),
      zeroPoints: (a: Int32, b: Int32, y: Int32), order: Order
    ) {
      self.kind = kind
      self.isSigned = isSigned
      self.order = order
      self.zeroPoints = zeroPoints
      aRatio = scales.a / scales.y
      bRatio = scales.b / scales.y
      ratio = scales.a * scales.b / scales.y
      let aZero = aRatio * Float(zeroPoints.a)
      let bZero = bRatio * Float(zeroPoints.b)
      constant =
        switch order {
        case .scalarA: Float(zeroPoints.y) - aZero.addingProduct(bRatio, Float(zeroPoints.b))
        case .both, .scalarB:
          Float(zeroPoints.y) - bZero.addingProduct(aRatio, Float(zeroPoints.a))
        }
    }

    func callAsFunction(_ left: UInt8, _ right: UInt8) -> UInt8 {
      let a = isSigned ? Int32(Int8(bitPattern: left)) : Int32(left)
      let b = isSigned ? Int32(Int8(bitPattern: right)) : Int32(right)
      let value: Float
      switch kind {
      case .add:
        switch order {
        case .both, .scalarB:
          value = constant.addingProduct(Float(b), bRatio).addingProduct(Float(a), aRatio)
        case .scalarA:
          value = constant.addingProduct(Float(a), aRatio).addingProduct(Float(b), bRatio)
        }
      case .multiply:
        let product = (a - zeroPoints.a) * (b - zeroPoints.b)
        value = Float(product) * ratio + Float(zeroPoints.y)
      }
      return saturated(value)
    }

    /// All results, the left byte counting 256.
    func table() -> [UInt8] {
      (0..<1 << 16).map { self(UInt8($0 >> 8), UInt8($0 & 255)) }
    }

    /// Rounded to nearest even and clamped; what does not fit 32 bits counts as their least number, as in the
    /// conversion instructions of x86.
    private func saturated(_ value: Float) -> UInt8 {
      let integer =
        value >= -0x1p31 && value < 0x1p31
        ? Int32(value.rounded(.toNearestOrEven)) : Int32.min
      return isSigned
        ? UInt8(bitPattern: Int8(clamping: integer)) : UInt8(clamping: integer)
    }
  }
}
