/// Floating-point arithmetic that the fast loop does itself.
enum FloatOperation: UInt8 {
  case add, subtract, multiply, divide, squareRoot
  /// a·b + c, a·b − c, −(a·b) + c, −(a·b) − c.
  case multiplyAdd, multiplySubtract, negatedMultiplySubtract, negatedMultiplyAdd
}

/// The host's own arithmetic, for the cases in which it can only differ from ``SoftFloat`` in the
/// flags, and the flags cannot change.
private protocol HostFloat: BinaryFloatingPoint {
  associatedtype Format: BinaryFormat
  init(bits: Format.Bits)
  var bits: Format.Bits { get }
}

extension Float: HostFloat {
  typealias Format = Binary32
  @inline(__always) init(bits: UInt32) { self.init(bitPattern: bits) }
  @inline(__always) var bits: UInt32 { bitPattern }
}

extension Double: HostFloat {
  typealias Format = Binary64
  @inline(__always) init(bits: UInt64) { self.init(bitPattern: bits) }
  @inline(__always) var bits: UInt64 { bitPattern }
}

extension Hart {
  /// Executes a record of ``Handler/floatSingle``; false when it is illegal.
  @inline(never)
  func executeSingle(_ record: DecodedInstruction) -> Bool {
    guard let mode = mode(of: record), !state.pointee.control.floatingPointIsOff else {
      return false
    }
    var flags = FloatFlags()
    let result = compute(
      record, Float.self, mode, f32(record.b), f32(record.c & 31), f32(record.c >> 5 & 31), &flags)
    floatRegisters[record.a] = 0xffff_ffff_0000_0000 | UInt64(result)
    state.pointee.control.fflags |= flags.rawValue
    markFloatingPointDirty()
    return true
  }

  /// Executes a record of ``Handler/floatDouble``; false when it is illegal.
  @inline(never)
  func executeDouble(_ record: DecodedInstruction) -> Bool {
    guard let mode = mode(of: record), !state.pointee.control.floatingPointIsOff else {
      return false
    }
    var flags = FloatFlags()
    floatRegisters[record.a] = compute(
      record, Double.self, mode, f64(record.b), f64(record.c & 31), f64(record.c >> 5 & 31), &flags)
    state.pointee.control.fflags |= flags.rawValue
    markFloatingPointDirty()
    return true
  }

  private func mode(of record: DecodedInstruction) -> RoundingMode? {
    let field = UInt8(truncatingIfNeeded: record.c >> 10 & 7)
    return RoundingMode(rawValue: field == 7 ? state.pointee.control.frm : field)
  }

  /// The result of an operation on the bits of its operands.
  @inline(__always)
  private func compute<Host: HostFloat>(
    _ record: DecodedInstruction, _ host: Host.Type, _ mode: RoundingMode,
    _ a: Host.Format.Bits, _ b: Host.Format.Bits, _ c: Host.Format.Bits, _ flags: inout FloatFlags
  ) -> Host.Format.Bits {
    let operation = FloatOperation(
      rawValue: UInt8(truncatingIfNeeded: record.c >> 13 & 0x7f))
    let sign = Host.Format.signMask
    let (product, addend): (Host.Format.Bits, Host.Format.Bits) =
      switch operation {
      case .multiplySubtract: (a, c ^ sign)
      case .negatedMultiplySubtract: (a ^ sign, c)
      case .negatedMultiplyAdd: (a ^ sign, c ^ sign)
      default: (a, c)
      }
    // With the inexact flag set already, a result that is an ordinary number changes no flag.
    if mode == .nearestEven, state.pointee.control.fflags & FloatFlags.inexact.rawValue != 0 {
      let (x, y) = (Host(bits: a), Host(bits: b))
      let result: Host? =
        switch operation {
        case .add: x + y
        case .subtract: x - y
        case .multiply: x * y
        case .divide: x / y
        case .squareRoot: x.squareRoot()
        case .multiplyAdd, .multiplySubtract, .negatedMultiplySubtract, .negatedMultiplyAdd:
          Host(bits: addend).addingProduct(Host(bits: product), y)
        case nil: nil
        }
      // The smallest normal number may be the rounding of a tiny one, which is an underflow.
      if let result, result.isFinite, result.magnitude > Host.leastNormalMagnitude {
        return result.bits
      }
    }
    switch operation {
    case .add: return SoftFloat.add(a, b, as: Host.Format.self, rounding: mode, flags: &flags)
    case .subtract:
      return SoftFloat.subtract(a, b, as: Host.Format.self, rounding: mode, flags: &flags)
    case .multiply:
      return SoftFloat.multiply(a, b, as: Host.Format.self, rounding: mode, flags: &flags)
    case .divide:
      return SoftFloat.divide(a, b, as: Host.Format.self, rounding: mode, flags: &flags)
    case .squareRoot:
      return SoftFloat.squareRoot(a, as: Host.Format.self, rounding: mode, flags: &flags)
    case .multiplyAdd, .multiplySubtract, .negatedMultiplySubtract, .negatedMultiplyAdd, nil:
      return SoftFloat.fusedMultiplyAdd(
        product, b, addend, as: Host.Format.self, rounding: mode, flags: &flags)
    }
  }
}
