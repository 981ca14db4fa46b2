internal import RISCV

/// The load or store that a hart's next instruction is about to do.
struct PendingAccess: Equatable {
  /// The first byte, as the program addresses it.
  let address: UInt64
  let bytes: UInt64
  /// An atomic operation loads and stores.
  let isLoad: Bool
  let isStore: Bool

  /// Looks at the instruction at the program counter without a trace; nil when it does not access
  /// memory or cannot be fetched.
  init?(of hart: Hart) {
    let instructionSet = hart.configuration.instructionSet
    guard
      let word = Self.instruction(of: hart, instructionSet),
      let encoding = Encoding.decode(
        word, xlen: instructionSet.xlen, extensions: instructionSet.extensions)
    else { return nil }
    let fields = InstructionFields(word)
    let offset: Int32
    switch encoding.format {
    case .load, .floatLoad: (offset, isLoad, isStore) = (fields.immediateI, true, false)
    case .store, .floatStore: (offset, isLoad, isStore) = (fields.immediateS, false, true)
    case .loadReserved: (offset, isLoad, isStore) = (0, true, false)
    case .atomic:
      let isConditional = encoding.operation == .scW || encoding.operation == .scD
      (offset, isLoad, isStore) = (0, !isConditional, true)
    default: return nil
    }
    let sum = hart[register: fields.rs1] &+ UInt64(bitPattern: Int64(offset))
    address = instructionSet.xlen == .rv32 ? sum & 0xffff_ffff : sum
    // The low two bits of funct3 are the logarithm of the size in all of these formats.
    bytes = 1 << UInt64(fields.funct3 & 3)
  }

  private static func instruction(of hart: Hart, _ instructionSet: InstructionSet) -> UInt32? {
    guard let low = half(at: hart.programCounter, hart) else { return nil }
    if low & 3 != 3 {
      return expandCompressed(
        UInt16(low), xlen: instructionSet.xlen, extensions: instructionSet.extensions)
    }
    return half(at: hart.programCounter &+ 2, hart).map { UInt32($0 << 16 | low) }
  }

  /// 16 bits of an instruction, which may continue on another page.
  private static func half(at address: UInt64, _ hart: Hart) -> UInt64? {
    hart.physicalAddress(of: address, access: .fetch).flatMap { hart.peek($0, bytes: 2) }
  }
}
