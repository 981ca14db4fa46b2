/// The elementwise part of a job on one beat: binary, leaky, clamp, table.
enum VectorArithmetic {
  /// Works on `count` bytes of a (and b, if the job has a second operand) into `result`.
  @inline(__always)
  static func apply(
    _ job: UnsafePointer<VectorJob>, isFloat: Bool, table: UnsafePointer<UInt8>,
    _ a: UnsafeRawPointer, _ b: UnsafeRawPointer, into result: UnsafeMutableRawPointer, count: Int
  ) {
    if isFloat {
      floats(job, a, b, result, count &>> 2)
    } else {
      bytes(job, table, a, b, result, count)
    }
  }

  // MARK: int8

  @inline(never)
  private static func bytes(
    _ job: UnsafePointer<VectorJob>, _ table: UnsafePointer<UInt8>, _ a: UnsafeRawPointer,
    _ b: UnsafeRawPointer, _ result: UnsafeMutableRawPointer, _ count: Int
  ) {
    let (a, b) = (
      a.assumingMemoryBound(to: Int8.self), b.assumingMemoryBound(to: Int8.self)
    )
    let target = result.assumingMemoryBound(to: Int8.self)
    switch job.pointee.binary {
    case .none: result.copyMemory(from: a, byteCount: count)
    case .multiply: multiply(job, a, b, target, count)
    case .add:
      let (first, second) = job.pointee.takesAFirst ? (a, b) : (b, a)
      let (ratio1, ratio2) =
        job.pointee.takesAFirst
        ? (job.pointee.aRatio, job.pointee.bRatio) : (job.pointee.bRatio, job.pointee.aRatio)
      let constant = job.pointee.constant
      if job.pointee.isExactInDouble {
        addInDouble(first, second, ratio1, ratio2, constant, target, count)
      } else {
        for i in 0..<count {
          target[i] = saturated(
            constant.addingProduct(Float(first[i]), ratio1)
              .addingProduct(Float(second[i]), ratio2))
        }
      }
    }
    if job.pointee.clamps {
      let (least, greatest) = (job.pointee.minimum, job.pointee.maximum)
      for i in 0..<count { target[i] = min(max(target[i], least), greatest) }
    }
    if job.pointee.usesTable {
      for i in 0..<count {
        target[i] = Int8(bitPattern: table[Int(UInt8(bitPattern: target[i]))])
      }
    }
  }

  /// Two fused multiply-adds in binary32. Their sums are exact in binary64, so converting these
  /// rounds once, as a fused one does.
  @inline(__always)
  private static func addInDouble(
    _ first: UnsafePointer<Int8>, _ second: UnsafePointer<Int8>, _ ratio1: Float,
    _ ratio2: Float, _ constant: Float, _ target: UnsafeMutablePointer<Int8>, _ count: Int
  ) {
    let (scale1, scale2, base) = (Double(ratio1), Double(ratio2), Double(constant))
    for i in 0..<count {
      let inner = Float(Double(first[i]) * scale1 + base)
      target[i] = saturated(Float(Double(second[i]) * scale2 + Double(inner)))
    }
  }

  @inline(__always)
  private static func multiply(
    _ job: UnsafePointer<VectorJob>, _ a: UnsafePointer<Int8>, _ b: UnsafePointer<Int8>,
    _ target: UnsafeMutablePointer<Int8>, _ count: Int
  ) {
    let (aZero, bZero) = (job.pointee.aZero, job.pointee.bZero)
    let (ratio, constant) = (job.pointee.aRatio, job.pointee.constant)
    for i in 0..<count {
      let product = (Int32(a[i]) &- aZero) &* (Int32(b[i]) &- bZero)
      target[i] = saturated(Float(product) * ratio + constant)
    }
  }

  /// Rounded to nearest even and saturated; what does not fit 32 bits, and NaN, becomes −128 as in
  /// the conversion instructions of x86. Adding 1.5·2²³ to a saturated number rounds it and leaves
  /// the integer in the lower bits.
  @inline(__always)
  private static func saturated(_ value: Float) -> Int8 {
    let defined = value < 0x1p31 ? value : -128
    let raised = defined > -128 ? defined : -128
    let bounded = raised < 127 ? raised : 127
    let magic: Float = 0x1.8p23
    return Int8(
      truncatingIfNeeded: Int32(bitPattern: (bounded + magic).bitPattern &- magic.bitPattern))
  }

  // MARK: fp32

  @inline(never)
  private static func floats(
    _ job: UnsafePointer<VectorJob>, _ a: UnsafeRawPointer, _ b: UnsafeRawPointer,
    _ result: UnsafeMutableRawPointer, _ count: Int
  ) {
    let (a, b) = (
      a.assumingMemoryBound(to: Float.self), b.assumingMemoryBound(to: Float.self)
    )
    let target = result.assumingMemoryBound(to: Float.self)
    switch job.pointee.binary {
    case .none: result.copyMemory(from: a, byteCount: 4 &* count)
    case .add: for i in 0..<count { target[i] = a[i] + b[i] }
    case .multiply: for i in 0..<count { target[i] = a[i] * b[i] }
    }
    if job.pointee.isLeaky {
      let slope = job.pointee.slope
      for i in 0..<count { target[i] = target[i] < 0 ? target[i] * slope : target[i] }
    }
    if job.pointee.clamps {
      let (least, greatest) = (job.pointee.minimumFloat, job.pointee.maximumFloat)
      for i in 0..<count {
        let raised = target[i] < least ? least : target[i]
        target[i] = raised > greatest ? greatest : raised
      }
    }
  }
}
