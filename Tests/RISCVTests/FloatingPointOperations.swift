import RISCV

/// The floating-point operations by the names of their instructions, as the recorded vectors use
/// them: operands and results as 64-bit words, unused operands ignored.
struct FloatOperation {
  enum Operand: Character {
    case single = "s"
    case double = "d"
    case integer = "i"
  }

  let operand: Operand
  let operandCount: Int
  let run: (_ x: (UInt64, UInt64, UInt64), RoundingMode, inout FloatFlags) -> UInt64

  /// The operation of an instruction such as "fadd.s" or "fcvt.wu.d".
  init?(_ name: String) {
    let parts = name.split(separator: ".").map(String.init)
    switch name {
    case "fcvt.s.d":
      self.init(.double, 1) { x, mode, flags in
        UInt64(
          SoftFloat.convert(
            x.0, from: Binary64.self, to: Binary32.self, rounding: mode, flags: &flags))
      }
    case "fcvt.d.s":
      self.init(.single, 1) { x, mode, flags in
        SoftFloat.convert(
          UInt32(x.0), from: Binary32.self, to: Binary64.self, rounding: mode, flags: &flags)
      }
    default:
      guard parts.count >= 2 else { return nil }
      if parts[0] == "fcvt" && parts.count == 3 {
        if parts[1] == "s" {
          self.init(fromInteger: parts[2], to: Binary32.self)
        } else if parts[1] == "d" {
          self.init(fromInteger: parts[2], to: Binary64.self)
        } else if parts[2] == "s" {
          self.init(toInteger: parts[1], from: Binary32.self, .single)
        } else {
          self.init(toInteger: parts[1], from: Binary64.self, .double)
        }
      } else if parts[1] == "s" {
        self.init(parts[0], Binary32.self, .single)
      } else {
        self.init(parts[0], Binary64.self, .double)
      }
    }
  }

  private init(
    _ operand: Operand, _ operandCount: Int,
    _ run: @escaping ((UInt64, UInt64, UInt64), RoundingMode, inout FloatFlags) -> UInt64
  ) {
    self.operand = operand
    self.operandCount = operandCount
    self.run = run
  }

  private init?<F: BinaryFormat>(_ name: String, _ format: F.Type, _ operand: Operand) {
    func binary(
      _ operation: @escaping (F.Bits, F.Bits, F.Type, RoundingMode, inout FloatFlags) -> F.Bits
    ) -> FloatOperation {
      FloatOperation(operand, 2) { x, mode, flags in
        UInt64(operation(F.Bits(x.0), F.Bits(x.1), F.self, mode, &flags))
      }
    }
    func selection(
      _ operation: @escaping (F.Bits, F.Bits, F.Type, inout FloatFlags) -> F.Bits
    ) -> FloatOperation {
      FloatOperation(operand, 2) { x, _, flags in
        UInt64(operation(F.Bits(x.0), F.Bits(x.1), F.self, &flags))
      }
    }
    func comparison(
      _ operation: @escaping (F.Bits, F.Bits, F.Type, inout FloatFlags) -> Bool
    ) -> FloatOperation {
      FloatOperation(operand, 2) { x, _, flags in
        operation(F.Bits(x.0), F.Bits(x.1), F.self, &flags) ? 1 : 0
      }
    }
    switch name {
    case "fadd": self = binary(SoftFloat.add)
    case "fsub": self = binary(SoftFloat.subtract)
    case "fmul": self = binary(SoftFloat.multiply)
    case "fdiv": self = binary(SoftFloat.divide)
    case "fmin": self = selection(SoftFloat.minimum)
    case "fmax": self = selection(SoftFloat.maximum)
    case "feq": self = comparison(SoftFloat.equal)
    case "flt": self = comparison(SoftFloat.less)
    case "fle": self = comparison(SoftFloat.lessOrEqual)
    case "fsqrt":
      self.init(operand, 1) { x, mode, flags in
        UInt64(
          SoftFloat.squareRoot(F.Bits(x.0), as: F.self, rounding: mode, flags: &flags))
      }
    case "fmadd":
      self.init(operand, 3) { x, mode, flags in
        UInt64(
          SoftFloat.fusedMultiplyAdd(
            F.Bits(x.0), F.Bits(x.1), F.Bits(x.2), as: F.self, rounding: mode, flags: &flags))
      }
    case "fclass":
      self.init(operand, 1) { x, _, _ in
        UInt64(SoftFloat.classify(F.Bits(x.0), as: F.self))
      }
    default: return nil
    }
  }

  private init?<F: BinaryFormat>(
    toInteger integer: String, from format: F.Type, _ operand: Operand
  ) {
    guard let (width, isSigned) = Self.integerFormat(integer) else { return nil }
    self.init(operand, 1) { x, mode, flags in
      SoftFloat.toInteger(
        F.Bits(x.0), as: F.self, width: width, signed: isSigned, rounding: mode, flags: &flags)
    }
  }

  private init?<F: BinaryFormat>(fromInteger integer: String, to format: F.Type) {
    guard let (width, isSigned) = Self.integerFormat(integer) else { return nil }
    self.init(.integer, 1) { x, mode, flags in
      UInt64(
        SoftFloat.fromInteger(
          x.0, width: width, signed: isSigned, as: F.self, rounding: mode, flags: &flags))
    }
  }

  private static func integerFormat(_ name: String) -> (IntegerWidth, signed: Bool)? {
    switch name {
    case "w": (.word, true)
    case "wu": (.word, false)
    case "l": (.doubleword, true)
    case "lu": (.doubleword, false)
    default: nil
    }
  }
}
