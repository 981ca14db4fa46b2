/// F: single-precision arithmetic on boxed numbers.
extension Hart {
  /// Single-precision instructions. Moves and stores take the low word of the register as it is;
  /// everything else reads a number that is not boxed as the canonical NaN.
  func executeSingle(_ operation: Operation, _ i: InstructionFields) throws(Interruption) {
    try requireFloatingPoint()
    switch operation {
    case .flw: setF32(i.rd, UInt32(truncatingIfNeeded: try load(i, bytes: 4)))
    case .fsw: try store(i, bytes: 4, f64(i.rs2))

    case .fmaddS: try multiplyAdd(i, Binary32.self)
    case .fmsubS: try multiplyAdd(i, Binary32.self, negatingAddend: true)
    case .fnmsubS: try multiplyAdd(i, Binary32.self, negatingProduct: true)
    case .fnmaddS:
      try multiplyAdd(i, Binary32.self, negatingProduct: true, negatingAddend: true)

    case .faddS: try arithmetic(i, Binary32.self, SoftFloat.add)
    case .fsubS: try arithmetic(i, Binary32.self, SoftFloat.subtract)
    case .fmulS: try arithmetic(i, Binary32.self, SoftFloat.multiply)
    case .fdivS: try arithmetic(i, Binary32.self, SoftFloat.divide)
    case .fsqrtS: try squareRoot(i, Binary32.self)

    case .fsgnjS: injectSign(i, Binary32.self) { _, b in b }
    case .fsgnjnS: injectSign(i, Binary32.self) { _, b in ~b }
    case .fsgnjxS: injectSign(i, Binary32.self) { a, b in a ^ b }
    case .fminS: select(i, Binary32.self, SoftFloat.minimum)
    case .fmaxS: select(i, Binary32.self, SoftFloat.maximum)
    case .feqS: compare(i, Binary32.self, SoftFloat.equal)
    case .fltS: compare(i, Binary32.self, SoftFloat.less)
    case .fleS: compare(i, Binary32.self, SoftFloat.lessOrEqual)
    case .fclassS: classify(i, Binary32.self)

    case .fcvtWS: try convertToInteger(i, Binary32.self, .word, signed: true)
    case .fcvtWUS: try convertToInteger(i, Binary32.self, .word, signed: false)
    case .fcvtLS: try convertToInteger(i, Binary32.self, .doubleword, signed: true)
    case .fcvtLUS: try convertToInteger(i, Binary32.self, .doubleword, signed: false)
    case .fcvtSW: try convertFromInteger(i, Binary32.self, .word, signed: true)
    case .fcvtSWU: try convertFromInteger(i, Binary32.self, .word, signed: false)
    case .fcvtSL: try convertFromInteger(i, Binary32.self, .doubleword, signed: true)
    case .fcvtSLU: try convertFromInteger(i, Binary32.self, .doubleword, signed: false)
    case .fmvXW: setX(i.rd, f64(i.rs1).signExtended(fromBytes: 4))
    case .fmvWX: setF32(i.rd, word(i.rs1))
    default: throw illegal()
    }
  }
}
