/// A: load-reserved, store-conditional and the atomic memory operations.
///
/// The ordering bits aq and rl ask for nothing more: the memory operations of a hart are seen in
/// program order.
extension Hart {
  /// Atomic instructions on words, whose results are sign-extended.
  func executeAtomicWord(_ operation: Operation, _ i: InstructionFields) throws(Interruption) {
    let b = word(i.rs2)
    switch operation {
    case .lrW:
      setX(i.rd, try loadReserved(at: x(i.rs1), bytes: 4).signExtended(fromBytes: 4))
    case .scW:
      setX(i.rd, try storeConditional(at: x(i.rs1), bytes: 4, value: UInt64(b)) ? 0 : 1)
    case .amoswapW: try modifyWord(i) { _ in b }
    case .amoaddW: try modifyWord(i) { a in a &+ b }
    case .amoxorW: try modifyWord(i) { a in a ^ b }
    case .amoandW: try modifyWord(i) { a in a & b }
    case .amoorW: try modifyWord(i) { a in a | b }
    case .amominW: try modifyWord(i) { a in Int32(bitPattern: a) < Int32(bitPattern: b) ? a : b }
    case .amomaxW: try modifyWord(i) { a in Int32(bitPattern: a) > Int32(bitPattern: b) ? a : b }
    case .amominuW: try modifyWord(i) { a in min(a, b) }
    case .amomaxuW: try modifyWord(i) { a in max(a, b) }
    default: throw illegal()
    }
  }

  /// Atomic instructions on double words.
  func executeAtomicDoubleWord(
    _ operation: Operation, _ i: InstructionFields
  ) throws(Interruption) {
    let b = x(i.rs2)
    switch operation {
    case .lrD: setX(i.rd, try loadReserved(at: x(i.rs1), bytes: 8))
    case .scD: setX(i.rd, try storeConditional(at: x(i.rs1), bytes: 8, value: b) ? 0 : 1)
    case .amoswapD: try modifyDoubleWord(i) { _ in b }
    case .amoaddD: try modifyDoubleWord(i) { a in a &+ b }
    case .amoxorD: try modifyDoubleWord(i) { a in a ^ b }
    case .amoandD: try modifyDoubleWord(i) { a in a & b }
    case .amoorD: try modifyDoubleWord(i) { a in a | b }
    case .amominD:
      try modifyDoubleWord(i) { a in Int64(bitPattern: a) < Int64(bitPattern: b) ? a : b }
    case .amomaxD:
      try modifyDoubleWord(i) { a in Int64(bitPattern: a) > Int64(bitPattern: b) ? a : b }
    case .amominuD: try modifyDoubleWord(i) { a in min(a, b) }
    case .amomaxuD: try modifyDoubleWord(i) { a in max(a, b) }
    default: throw illegal()
    }
  }

  /// Replaces the word at rs1 by what `change` makes of it; rd gets the old one.
  private func modifyWord(
    _ i: InstructionFields, _ change: (UInt32) -> UInt32
  ) throws(Interruption) {
    let old = try modify(at: x(i.rs1), bytes: 4) { raw in
      UInt64(change(UInt32(truncatingIfNeeded: raw)))
    }
    setX(i.rd, old.signExtended(fromBytes: 4))
  }

  /// The same for a double word.
  private func modifyDoubleWord(
    _ i: InstructionFields, _ change: (UInt64) -> UInt64
  ) throws(Interruption) {
    setX(i.rd, try modify(at: x(i.rs1), bytes: 8, change))
  }
}
