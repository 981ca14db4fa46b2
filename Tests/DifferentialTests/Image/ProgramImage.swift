import RISCV

/// Many random programs in one piece of memory, to be run one after the other.
///
/// Each program loads all registers from its data block, does its work, stores all registers there
/// and makes a system call without effect, which marks its end. Behind the last program come the
/// calls that write all data blocks to standard output and exit.
struct ProgramImage: Sendable {
  /// Who executes the image.
  enum Machine {
    case hart
    /// QEMU, which has no Zicond before version 8.1 but the vendor extension with the same two
    /// instructions, XVentanaCondOps.
    case qemu
  }

  /// The system calls of RISC-V Linux that the image makes.
  enum SystemCall {
    static let write: UInt64 = 64
    static let exit: UInt64 = 93
    static let getppid: UInt64 = 173
  }

  /// Address of the first byte, where the programs begin.
  let start: UInt64
  let bytes: [UInt8]
  /// Address of the first data block.
  let dataStart: UInt64
  /// Address of the first item of each program.
  let bodies: [UInt64]

  init(_ programs: [RandomProgram], for machine: Machine, at start: UInt64 = 0x8000_0000) {
    self.start = start
    let codeSize = programs.reduce(64) { $0 + ProgramLayout($1).size }
    let dataOffset = (codeSize + 4095) & ~4095
    dataStart = start + UInt64(dataOffset)
    var code = CodeBuffer(start: start, machine: machine)
    var bodies: [UInt64] = []
    for (index, program) in programs.enumerated() {
      let layout = ProgramLayout(program)
      layout.emitPrologue(
        dataBlock: dataStart + UInt64(index * DataBlock.size + DataBlock.head), to: &code)
      bodies.append(code.address)
      layout.emitBody(to: &code)
      layout.emitEpilogue(to: &code)
    }
    self.bodies = bodies
    let words = InstructionWords(xlen: programs.first?.xlen ?? .rv64)
    code.emitOutput(words, from: dataStart, count: programs.count * DataBlock.size)
    var bytes = code.bytes
    bytes += Array(repeating: 0, count: dataOffset - bytes.count)
    for program in programs { bytes += program.data.bytes }
    self.bytes = bytes
  }
}

/// Code under construction.
struct CodeBuffer {
  let start: UInt64
  let machine: ProgramImage.Machine
  private(set) var bytes: [UInt8] = []

  init(start: UInt64, machine: ProgramImage.Machine) {
    self.start = start
    self.machine = machine
  }

  /// Where the next instruction goes.
  var address: UInt64 { start + UInt64(bytes.count) }

  mutating func half(_ half: UInt16) {
    bytes.append(UInt8(truncatingIfNeeded: half))
    bytes.append(UInt8(half >> 8))
  }

  mutating func word(_ word: UInt32) {
    let word = machine == .qemu ? Self.withoutZicond(word) : word
    half(UInt16(truncatingIfNeeded: word))
    half(UInt16(word >> 16))
  }

  /// `auipc` and `addi` for the address `target`.
  mutating func load(_ words: InstructionWords, _ register: Int, address target: UInt64) {
    let distance = Int(Int64(bitPattern: target &- address))
    let low = (distance & 0xfff ^ 0x800) - 0x800
    word(words.upper(.auipc, rd: register, (distance - low) >> 12))
    word(words.immediate(.addi, rd: register, rs1: register, low))
  }

  /// A small constant.
  mutating func load(_ words: InstructionWords, _ register: Int, constant: Int) {
    let low = (constant & 0xfff ^ 0x800) - 0x800
    word(words.upper(.lui, rd: register, (constant - low) >> 12))
    word(words.immediate(.addi, rd: register, rs1: register, low))
  }

  /// The calls that write `count` bytes to standard output and exit with code 0.
  mutating func emitOutput(_ words: InstructionWords, from address: UInt64, count: Int) {
    load(words, 10, constant: 1)
    load(words, 11, address: address)
    load(words, 12, constant: count)
    load(words, 17, constant: Int(ProgramImage.SystemCall.write))
    word(words.plain(.ecall))
    load(words, 10, constant: 0)
    load(words, 17, constant: Int(ProgramImage.SystemCall.exit))
    word(words.plain(.ecall))
  }

  /// vt.maskc for czero.eqz and vt.maskcn for czero.nez.
  private static func withoutZicond(_ word: UInt32) -> UInt32 {
    switch word & 0xfe00_707f {
    case 0x0e00_5033: word & 0x01ff_8f80 | 0x0000_607b
    case 0x0e00_7033: word & 0x01ff_8f80 | 0x0000_707b
    default: word
    }
  }
}
