import Processors
import RISCV
import SimKernel
import Testing

/// What a random program does besides computing.
struct RandomProgramKind: Sendable, CustomTestStringConvertible {
  /// Where its body runs.
  enum Mode: String, Sendable {
    case machine, supervisor
    /// Supervisor mode with page tables that map every address to itself.
    case translated
  }

  /// How it calls the host.
  enum Calls: String, Sendable {
    case none, semihosting, linux
  }

  var xlen: XLEN
  var mode = Mode.machine
  var calls = Calls.none
  var interrupts = true

  var testDescription: String {
    "RV\(xlen.rawValue), \(mode.rawValue) mode, calls: \(calls.rawValue), "
      + "interrupts \(interrupts ? "on" : "off")"
  }

  /// The settings of the host that it needs.
  var settings: HostSettings {
    HostSettings(hasSemihosting: calls == .semihosting, hasLinuxCalls: calls == .linux)
  }
}

/// A random program that computes, stores, talks to the device and the host, turns interrupts on
/// and off, waits, and looks at the time and the pending interrupts; its trap handlers keep a log
/// of place, cause and cycle.
struct RandomProgram {
  private static let device = 20
  private static let scratch = 21
  private static let log = 22
  private static let logMask = 23
  private static let logPosition = 24
  private static let block = 25
  private static let tables: UInt64 = Program.base + 0xC000

  private let kind: RandomProgramKind
  private var random: SplitMix64
  private var steps = 0

  /// Builds the program that belongs to `seed`.
  static func make(_ kind: RandomProgramKind, seed: UInt64) -> Program {
    Program.build(kind.xlen) { program, resolved in
      var maker = RandomProgram(kind: kind, random: SplitMix64(seed: seed))
      maker.begin(&program, resolved)
      for _ in 0..<150 { maker.step(&program) }
      // x1 to x29 show what was computed.
      for register in 1..<30 {
        program.store(register, at: 0x400 + program.wordBytes * register, from: Self.scratch)
      }
      program.exit()
      maker.handlers(&program)
    }
  }

  private var isMachine: Bool { kind.mode == .machine }

  // MARK: Start

  private func begin(_ program: inout Program, _ resolved: Program?) {
    program.loadAddress(5, of: "machine handler", using: resolved)
    program.add(.csrrw, rs1: 5, ControlRegister.mtvec)
    program.load(Self.device, CoreBench.deviceBase)
    program.load(Self.scratch, Program.base + 0xA000)
    program.load(Self.log, Program.base + UInt64(Program.results))
    program.load(Self.logMask, 0x1FFF)
    program.load(Self.block, Program.base + 0xB000)
    program.load(5, (kind.interrupts || isMachine ? 1 << 11 | 1 << 3 : 0) | 1 << 9)
    program.add(.csrrw, rs1: 5, ControlRegister.mie)
    if isMachine {
      if kind.interrupts { program.add(.csrrsi, rs1: 8, ControlRegister.mstatus) }
      return
    }
    program.loadAddress(5, of: "supervisor handler", using: resolved)
    program.add(.csrrw, rs1: 5, ControlRegister.stvec)
    program.load(5, 1 << 9)
    program.add(.csrrw, rs1: 5, ControlRegister.mideleg)
    // Load access faults go to supervisor mode, those of stores to machine mode.
    program.load(5, 1 << 5)
    program.add(.csrrw, rs1: 5, ControlRegister.medeleg)
    program.add(.csrrwi, rs1: 7, ControlRegister.mcounteren)
    if kind.mode == .translated { makeTables(&program) }
    program.load(5, 1 << 11 | (kind.interrupts ? 1 << 1 : 0))
    program.add(.csrrw, rs1: 5, ControlRegister.mstatus)
    program.loadAddress(5, of: "body", using: resolved)
    program.add(.csrrw, rs1: 5, ControlRegister.mepc)
    program.add(.mret)
    program.label("body")
  }

  /// Maps device and memory by one large page each.
  private func makeTables(_ program: inout Program) {
    program.load(5, Self.tables)
    let shift: UInt64 = kind.xlen == .rv32 ? 22 : 30
    for address in [CoreBench.deviceBase, Program.base] {
      let page = address & ~((1 << shift) - 1)
      // All permissions, accessed and dirty.
      program.load(6, (page >> 2) | 0xCF)
      program.store(6, at: Int(address >> shift) * program.wordBytes, from: 5)
    }
    let satp = Self.tables >> 12 | (kind.xlen == .rv32 ? 1 << 31 : 8 << 60)
    program.load(wide: 5, satp, scratch: 6)
    program.add(.csrrw, rs1: 5, ControlRegister.satp)
    program.add(.sfenceVMA)
  }

  // MARK: Body

  private mutating func register() -> Int { Int.random(in: 5...12, using: &random) }

  private mutating func offset(_ limit: Int) -> Int {
    4 * Int.random(in: 0..<limit, using: &random)
  }

  private mutating func step(_ program: inout Program) {
    steps += 1
    let (status, enable) =
      isMachine ? (ControlRegister.mstatus, 8) : (ControlRegister.sstatus, 2)
    switch Int.random(in: 0..<28, using: &random) {
    case 0..<5: program.add(.add, rd: register(), rs1: register(), rs2: register())
    case 5..<7: program.add(.mul, rd: register(), rs1: register(), rs2: register())
    case 7..<9: program.add(.sw, rs1: Self.scratch, rs2: register(), offset(64))
    case 9..<11: program.add(.lw, rd: register(), rs1: Self.scratch, offset(64))
    case 11: program.store(register(), at: 2 * offset(8), from: Self.device)
    case 12: program.add(.lw, rd: register(), rs1: Self.device, offset(17))
    case 13:
      program.add(.amoaddW, rd: register(), rs1: Self.scratch, rs2: register())
      program.add(.amoswapW, rd: register(), rs1: Self.device, rs2: register())
    case 14: program.add(.sw, rs1: Self.device, 0x44 + offset(2))
    case 15 where kind.interrupts: program.add(.csrrci, rs1: enable, status)
    case 16 where kind.interrupts: program.add(.csrrsi, rs1: enable, status)
    case 17: program.add(.csrrs, rd: register(), ControlRegister.cycle)
    case 18: program.add(.csrrs, rd: register(), ControlRegister.time)
    case 19:
      program.add(
        .csrrs, rd: register(), isMachine ? ControlRegister.mip : ControlRegister.sip)
    case 20: program.add(.wfi)
    case 21:
      // Wait a while, for the hart to run ahead in.
      program.load(13, UInt64.random(in: 1...150, using: &random))
      program.label("loop \(steps)")
      program.add(.addi, rd: 13, rs1: 13, -1)
      program.add(.add, rd: register(), rs1: register(), rs2: 13)
      program.branch(.bne, rs1: 13, to: "loop \(steps)")
    case 22: program.add(.lw, rd: register(), rs1: Self.device, 0x100)
    case 23: program.add(.sw, rs1: Self.device, rs2: register(), 0x104)
    case 24: if kind.calls != .linux { program.add(.ecall) }
    case 25..<27: call(&program)
    default:
      program.add(.addi, rd: register(), rs1: register(), Int.random(in: -99...99, using: &random))
    }
  }

  /// A call of the host, whose answer or effect tells the instant where one can.
  private mutating func call(_ program: inout Program) {
    let place = 8 * Int.random(in: 0..<32, using: &random)
    program.add(.addi, rd: 11, rs1: Self.block, place)
    switch kind.calls {
    case .none:
      // A character by HTIF.
      program.load(5, CoreBench.toHost)
      program.load(6, 0x0101_0000)
      program.add(.addi, rd: 7, UInt8.random(in: 65...90, using: &random).asInt)
      program.add(.sw, rs1: 5, rs2: 7, 0)
      program.add(.sw, rs1: 5, rs2: 6, 4)
    case .semihosting:
      // WRITEC, CLOCK or ELAPSED.
      program.add(.addi, rd: 10, [0x03, 0x10, 0x30, 0x30].randomElement(using: &random) ?? 0x30)
      program.add(word: Semihosting.entryMarker)
      program.add(word: Semihosting.call)
      program.add(word: Semihosting.exitMarker)
    case .linux:
      // clock_gettime, or three bytes written to the console.
      let isTime = Bool.random(using: &random)
      program.add(.addi, rd: 10, isTime ? 0 : 1)
      program.add(.addi, rd: 12, 3)
      program.add(.addi, rd: 17, isTime ? 403 : 64)
      program.add(.ecall)
    }
  }

  // MARK: Handlers

  private func handlers(_ program: inout Program) {
    handler(
      &program, "machine",
      [ControlRegister.mepc, ControlRegister.mcause, ControlRegister.mcycle], (28, 29),
      acknowledges: [0x44] + (isMachine ? [0x48] : []), .mret)
    handler(
      &program, "supervisor",
      [ControlRegister.sepc, ControlRegister.scause, ControlRegister.cycle], (26, 27),
      acknowledges: [0x48], .sret)
  }

  private func handler(
    _ program: inout Program, _ name: String, _ registers: [Int], _ temporary: (Int, Int),
    acknowledges: [Int], _ back: Operation
  ) {
    let (place, value) = temporary
    program.label("\(name) handler")
    for (index, register) in registers.enumerated() {
      program.add(.add, rd: place, rs1: Self.log, rs2: Self.logPosition)
      program.add(.csrrs, rd: value, register)
      program.add(.sw, rs1: place, rs2: value, 4 * index)
    }
    program.add(.addi, rd: Self.logPosition, rs1: Self.logPosition, 16)
    program.add(.and, rd: Self.logPosition, rs1: Self.logPosition, rs2: Self.logMask)
    // An exception returns behind its instruction, an external interrupt is acknowledged.
    program.add(.csrrs, rd: value, registers[1])
    program.branch(.blt, rs1: value, to: "\(name) interrupt")
    program.add(.csrrs, rd: value, registers[0])
    program.add(.addi, rd: value, rs1: value, 4)
    program.add(.csrrw, rs1: value, registers[0])
    program.add(back)
    program.label("\(name) interrupt")
    for offset in acknowledges { program.add(.sw, rs1: Self.device, offset) }
    program.add(back)
  }
}

extension UInt8 {
  fileprivate var asInt: Int { Int(self) }
}
