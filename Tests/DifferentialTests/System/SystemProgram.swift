import RISCV

/// Part of a system-level program: executed to its end or to its first exception.
struct SystemStep: Sendable, Hashable {
  let code: [UInt32]
  /// Whether it changes the mode, so that the steps behind it need it.
  let isEssential: Bool
  /// What it is for.
  let note: String

  init(_ note: String, isEssential: Bool = false, _ code: [UInt32]) {
    self.note = note
    self.isEssential = isEssential
    self.code = code
  }
}

/// A random program in machine, supervisor and user mode.
///
/// Registers: x24 holds the address of the program's memory, x25 and x26 are for steps, x27 the
/// address of the next step, x28 the place of the next trap record; x29 to x31 belong to the trap
/// handlers, and x17 asks them to stay in their mode.
struct SystemProgram: Sendable {
  let xlen: XLEN
  let seed: UInt64
  let index: Int
  let tables: SystemTables
  /// What CSRs hold at the start.
  let controls: [Int: UInt64]
  /// A page of the program that physical memory protection guards, and its permissions.
  let guarded: (page: Int, permissions: UInt64)?
  let registers: [UInt64]
  /// The bytes of the data pages that stores reach.
  let data: [UInt8]
  var steps: [SystemStep]

  /// Value of x17 that asks a trap handler to stay in its mode.
  static let raise: UInt64 = 0x123
  /// The bytes of each data page that stores reach; the rest is filled with returns.
  static let window = 2048..<3072
  /// Bytes of memory per program: eight pages, then the trace.
  static let memorySize = 0x1_0000
  static let traceOffset = 0x8000
  /// Registers that steps use freely.
  static let free = Array(1..<17) + Array(18..<24)
}
