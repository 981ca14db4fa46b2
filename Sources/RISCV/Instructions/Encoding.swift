/// Where an instruction keeps its operands, and so how it is printed.
public enum InstructionFormat: Sendable {
  /// rd, rs1, rs2.
  case register
  /// rd, rs1, 12-bit signed immediate.
  case immediate
  /// rd, rs1, 5-bit shift amount.
  case shift
  /// rd, offset(rs1).
  case load
  /// rs2, offset(rs1).
  case store
  /// rs1, rs2, pc-relative target.
  case branch
  /// rd, upper 20 bits.
  case upper
  /// rd, pc-relative target.
  case jump
  /// rd, csr, rs1.
  case csrRegister
  /// rd, csr, 5-bit unsigned immediate.
  case csrImmediate
  /// Predecessor and successor sets.
  case fence
  /// No operands.
  case none
}

/// One row of the instruction table: the fixed bits of an instruction, its format and its name.
public struct Encoding: Sendable {
  /// What the row encodes.
  public let operation: Operation
  /// The assembler mnemonic.
  public let mnemonic: String
  /// Bits of the word that are fixed.
  public let mask: UInt32
  /// Value of the fixed bits; zero outside `mask`.
  public let match: UInt32
  /// Operand layout.
  public let format: InstructionFormat

  init(
    _ operation: Operation, _ mnemonic: String, mask: UInt32, match: UInt32,
    _ format: InstructionFormat
  ) {
    self.operation = operation
    self.mnemonic = mnemonic
    self.mask = mask
    self.match = match
    self.format = format
  }

  /// All supported encodings; no two of them match the same word.
  public static let all: [Encoding] =
    baseInteger + instructionFetchFence + multiplication + controlAndStatus + machineMode

  /// The same rows, found by major opcode (bits 6:2).
  static let byMajorOpcode: [[Encoding]] = (0..<32).map { major in
    all.filter { $0.match >> 2 & 31 == UInt32(major) }
  }

  /// The encoding that `word` matches, or nil for an illegal instruction.
  public static func decode(_ word: UInt32) -> Encoding? {
    guard word & 3 == 3 else { return nil }
    return byMajorOpcode[Int(word >> 2 & 31)].first { word & $0.mask == $0.match }
  }
}
