import RISCV

/// What a system-level program left in its trace: a record per trap, then registers and CSRs.
struct SystemTrace: Sendable, Hashable {
  /// Stands before the registers in place of a mode.
  static let mark = 0x55
  /// The CSRs that are stored, in that order.
  static let controls: [Int] = {
    typealias C = ControlRegister
    return [
      C.mstatus, C.sstatus, C.medeleg, C.mideleg, C.mie, C.sie, C.mip, C.sip, C.mscratch,
      C.sscratch, C.mepc, C.sepc, C.mcause, C.scause, C.mtval, C.stval, C.satp, C.mcounteren,
      C.scounteren, C.fcsr,
    ]
  }()
  private static let names = [
    "mstatus", "sstatus", "medeleg", "mideleg", "mie", "sie", "mip", "sip", "mscratch", "sscratch",
    "mepc", "sepc", "mcause", "scause", "mtval", "stval", "satp", "mcounteren", "scounteren",
    "fcsr",
  ]

  /// One line per trap.
  let traps: [String]
  /// One line per CSR and register; empty when the end was not reached.
  let registers: [String]

  /// Reads the trace in the memory of a program.
  init(_ memory: ArraySlice<UInt8>, xlen: XLEN) {
    let bytes = Int(xlen.rawValue) / 8
    func cell(_ index: Int) -> UInt64? {
      let start = memory.startIndex + SystemProgram.traceOffset + 8 * index
      guard start + 8 <= memory.endIndex else { return nil }
      return (0..<bytes).reduce(0) { $0 | UInt64(memory[start + $1]) << UInt64(8 * $1) }
    }
    var traps: [String] = []
    var registers: [String] = []
    var index = 0
    while let mode = cell(index), mode == 1 || mode == 3 {
      let values = (1..<5).map { hexadecimal(cell(index + $0) ?? 0) }
      traps.append(
        "trap to \(mode == 3 ? "M" : "S"): cause \(values[0]), pc \(values[1]), "
          + "value \(values[2]), status \(values[3])")
      index += 5
    }
    if cell(index) == UInt64(Self.mark) {
      for name in Self.names + (1..<24).map({ "x\($0)" }) {
        index += 1
        registers.append("\(name) = \(hexadecimal(cell(index) ?? 0))")
      }
    }
    self.traps = traps
    self.registers = registers
  }
}
