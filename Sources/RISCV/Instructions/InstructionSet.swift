/// The width of the integer registers.
public enum XLEN: UInt8, Sendable, Hashable, BitwiseCopyable {
  /// 32 bits.
  case rv32 = 32
  /// 64 bits.
  case rv64 = 64
}

/// What a hart has beyond the base integer instruction set.
public struct Extensions: OptionSet, Sendable, Hashable, BitwiseCopyable {
  /// One bit for each member.
  public let rawValue: UInt32

  /// The set with the given bits.
  @inlinable public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// Integer multiplication and division.
  public static let m = Extensions(rawValue: 1 << 0)
  /// Atomic instructions.
  public static let a = Extensions(rawValue: 1 << 1)
  /// Single-precision floating point.
  public static let f = Extensions(rawValue: 1 << 2)
  /// Double-precision floating point.
  public static let d = Extensions(rawValue: 1 << 3)
  /// Compressed instructions.
  public static let c = Extensions(rawValue: 1 << 4)
  /// Control and status register instructions.
  public static let zicsr = Extensions(rawValue: 1 << 5)
  /// Instruction-fetch fence.
  public static let zifencei = Extensions(rawValue: 1 << 6)
  /// Base counters and timers.
  public static let zicntr = Extensions(rawValue: 1 << 7)
  /// Address generation.
  public static let zba = Extensions(rawValue: 1 << 8)
  /// Basic bit manipulation.
  public static let zbb = Extensions(rawValue: 1 << 9)
  /// Single-bit operations.
  public static let zbs = Extensions(rawValue: 1 << 10)
  /// Carry-less multiplication.
  public static let zbc = Extensions(rawValue: 1 << 11)
  /// Conditional zeroing.
  public static let zicond = Extensions(rawValue: 1 << 12)
  /// Hardware updating of the accessed and dirty bits of page tables.
  public static let svadu = Extensions(rawValue: 1 << 13)
  /// Supervisor mode.
  public static let supervisor = Extensions(rawValue: 1 << 14)
  /// User mode.
  public static let user = Extensions(rawValue: 1 << 15)

  /// The three extensions that the single letter B stands for.
  public static let b: Extensions = [.zba, .zbb, .zbs]
}

/// The instruction set of a hart: register width and extensions; the base I is always there.
public struct InstructionSet: Sendable, Hashable, BitwiseCopyable {
  /// The width of the integer registers.
  public var xlen: XLEN
  /// Everything beyond the base integer instruction set.
  public var extensions: Extensions

  /// An instruction set with exactly these extensions.
  public init(xlen: XLEN, extensions: Extensions) {
    self.xlen = xlen
    self.extensions = extensions
  }

  /// RV32 with every supported extension, supervisor and user mode, but without Svadu.
  public static let rv32Full = InstructionSet(xlen: .rv32, extensions: full)
  /// RV64 with every supported extension, supervisor and user mode, but without Svadu.
  public static let rv64Full = InstructionSet(xlen: .rv64, extensions: full)

  private static let full: Extensions = [
    .m, .a, .f, .d, .c, .zicsr, .zifencei, .zicntr, .zba, .zbb, .zbs, .zbc, .zicond,
    .supervisor, .user,
  ]

  /// The register `misa`: MXL in the two most significant of XLEN bits, one bit per letter.
  public var misa: UInt64 {
    var letters: UInt64 = bit("i")
    for (letter, extensions) in Self.misaLetters where self.extensions.isSuperset(of: extensions) {
      letters |= bit(letter)
    }
    return letters | (xlen == .rv32 ? 1 << 30 : 2 << 62)
  }

  private static let misaLetters: [(Unicode.Scalar, Extensions)] = [
    ("a", .a), ("b", .b), ("c", .c), ("d", .d), ("f", .f), ("m", .m), ("s", .supervisor),
    ("u", .user),
  ]

  private func bit(_ letter: Unicode.Scalar) -> UInt64 { 1 << UInt64(letter.value - 0x61) }
}
