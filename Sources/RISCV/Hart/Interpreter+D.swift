/// D: double-precision arithmetic.
extension Hart {
  /// Double-precision instructions.
  func executeDouble(_ operation: Operation, _ i: InstructionFields) throws(Interruption) {
    try requireFloatingPoint()
    switch operation {
    case .fld: setF64(i.rd, try load(i, bytes: 8))
    case .fsd: try store(i, bytes: 8, f64(i.rs2))

    case .fmaddD: try multiplyAdd(i, Binary64.self)
    case .fmsubD: try multiplyAdd(i, Binary64.self, negatingAddend: true)
    case .fnmsubD: try multiplyAdd(i, Binary64.self, negatingProduct: true)
    case .fnmaddD:
      try multiplyAdd(i, Binary64.self, negatingProduct: true, negatingAddend: true)

    case .faddD: try arithmetic(i, Binary64.self, SoftFloat.add)
    case .fsubD: try arithmetic(i, Binary64.self, SoftFloat.subtract)
    case .fmulD: try arithmetic(i, Binary64.self, SoftFloat.multiply)
    case .fdivD: try arithmetic(i, Binary64.self, SoftFloat.divide)
    case .fsqrtD: try squareRoot(i, Binary64.self)

    case .fsgnjD: injectSign(i, Binary64.self) { _, b in b }
    case .fsgnjnD: injectSign(i, Binary64.self) { _, b in ~b }
    case .fsgnjxD: injectSign(i, Binary64.self) { a, b in a ^ b }
    case .fminD: select(i, Binary64.self, SoftFloat.minimum)
    case .fmaxD: select(i, Binary64.self, SoftFloat.maximum)
    case .feqD: compare(i, Binary64.self, SoftFloat.equal)
    case .fltD: compare(i, Binary64.self, SoftFloat.less)
    case .fleD: compare(i, Binary64.self, SoftFloat.lessOrEqual)
    case .fclassD: classify(i, Binary64.self)

    case .fcvtWD: try convertToInteger(i, Binary64.self, .word, signed: true)
    case .fcvtWUD: try convertToInteger(i, Binary64.self, .word, signed: false)
    case .fcvtLD: try convertToInteger(i, Binary64.self, .doubleword, signed: true)
    case .fcvtLUD: try convertToInteger(i, Binary64.self, .doubleword, signed: false)
    case .fcvtDW: try convertFromInteger(i, Binary64.self, .word, signed: true)
    case .fcvtDWU: try convertFromInteger(i, Binary64.self, .word, signed: false)
    case .fcvtDL: try convertFromInteger(i, Binary64.self, .doubleword, signed: true)
    case .fcvtDLU: try convertFromInteger(i, Binary64.self, .doubleword, signed: false)
    case .fcvtSD: try convert(i, from: Binary64.self, to: Binary32.self)
    case .fcvtDS: try convert(i, from: Binary32.self, to: Binary64.self)
    case .fmvXD: setX(i.rd, f64(i.rs1))
    case .fmvDX: setF64(i.rd, x(i.rs1))
    default: throw illegal()
    }
  }
}
