import Fabric
import Peripherals
import Processors
import RISCV
import SimKernel
import Testing

/// Adds a handler that leaves cause, `mtval` and place of each exception, three words from x21 on,
/// and returns behind the instruction.
private func recordingTraps(
  _ xlen: XLEN, _ body: (inout Program) -> Void
) -> Program {
  Program.build(xlen) { program, resolved in
    program.load(20, CoreBench.deviceBase)
    program.load(21, Program.base + UInt64(Program.results))
    program.load(22, Program.base + 0x9000)
    program.loadAddress(5, of: "handler", using: resolved)
    program.add(.csrrw, rs1: 5, ControlRegister.mtvec)
    body(&program)
    program.exit()
    program.label("handler")
    let word = program.wordBytes
    for (index, register) in [
      ControlRegister.mcause, ControlRegister.mtval, ControlRegister.mepc,
    ].enumerated() {
      program.add(.csrrs, rd: 28, register)
      program.store(28, at: word * index, from: 21)
    }
    program.add(.addi, rd: 21, rs1: 21, 3 * word)
    program.add(.addi, rd: 28, rs1: 28, 4)
    program.add(.csrrw, rs1: 28, ControlRegister.mepc)
    program.add(.mret)
  }
}

/// An exception as ``recordingTraps(_:_:)`` leaves it.
private struct RecordedTrap: Equatable {
  let cause: UInt64
  let value: UInt64
  let place: UInt64

  init(_ cause: TrapCause, _ value: UInt64, at place: UInt64) {
    (self.cause, self.value, self.place) = (UInt64(cause.code), value, place)
  }

  init(_ bench: CoreBench, _ index: Int, _ xlen: XLEN) {
    let word = xlen == .rv64 ? 8 : 4
    func field(_ number: Int) -> UInt64 {
      bench.word(Program.results + (3 * index + number) * word, bytes: word)
    }
    (cause, value, place) = (field(0), field(1), field(2))
  }
}

@Suite("Wide, atomic and failing device accesses")
struct WideAccessTests {
  @Test(
    "Eight bytes cross a bus of eight in one beat and one of four in two",
    arguments: [8, 4, 16], CoreBench.quanta)
  func eightBytes(busBytes: Int, quantum: UInt64) throws {
    var program = Program(.rv64)
    program.load(20, CoreBench.deviceBase)
    program.load(21, Program.base + UInt64(Program.results))
    program.add(.ld, rd: 5, rs1: 20, 8)
    program.add(.sd, rs1: 20, rs2: 5, 0x20)
    program.add(.lwu, rd: 6, rs1: 20, 0x24)
    program.add(.ld, rd: 7, rs1: 20, 0x20)
    for register in 5...7 { program.add(.sd, rs1: 21, rs2: register, 8 * (register - 5)) }
    program.exit()
    var target: BurstTarget?
    var options = CoreBench.Options()
    options.instructionSet = .rv64Full
    (options.busBytes, options.quantum) = (busBytes, quantum)
    options.makeTarget = {
      let made = BurstTarget(path: "target", bus: $0, base: CoreBench.deviceBase)
      target = made
      return made
    }
    let bench = try CoreBench(options, program)
    #expect(bench.run() == .finished)
    let expected = (8..<16).reversed().reduce(0) {
      $0 << 8 | UInt64(UInt8(truncatingIfNeeded: 0x10 + 7 * $1))
    }
    let beats = busBytes == 4 ? 2 : 1
    #expect(target?.bursts == [beats, beats, 1, beats])
    #expect(bench.word(Program.results, bytes: 8) == expected)
    #expect(bench.word(Program.results + 8, bytes: 8) == expected >> 32)
    #expect(bench.word(Program.results + 16, bytes: 8) == expected)
  }

  @Test("RV32 moves eight bytes with floating-point registers")
  func floatingPoint() throws {
    var program = Program()
    program.load(20, CoreBench.deviceBase)
    program.load(5, 1 << 13)
    program.add(.csrrs, rs1: 5, ControlRegister.mstatus)
    program.add(.addi, rd: 6, 0x55)
    program.add(.sw, rs1: 20, rs2: 6, 4)
    program.add(.fld, rd: 1, rs1: 20, 0)
    program.add(.fsd, rs1: 20, rs2: 1, 8)
    program.exit()
    let bench = try CoreBench(CoreBench.Options(), program)
    #expect(bench.run() == .finished)
    #expect(
      bench.device.accesses.map(\.access) == [
        .write(offset: 4, bytes: 4, value: 0x55), .read(offset: 0, bytes: 8),
        .write(offset: 8, bytes: 8, value: 0x55_0000_0000),
      ])
  }

  @Test("A burst that fails at any beat is an access fault, and the next access is not disturbed")
  func failingBeats() throws {
    for failing in 0..<2 {
      var places: [UInt64] = []
      let program = recordingTraps(.rv64) { program in
        places = [program.here, program.here + 4]
        program.add(.ld, rd: 5, rs1: 20, 16)
        program.add(.sd, rs1: 20, rs2: 6, 24)
        if failing == 1 { program.add(.lwu, rd: 7, rs1: 20, 4) }
        program.add(.sd, rs1: 22, rs2: 7, 0)
      }
      var options = CoreBench.Options()
      options.instructionSet = .rv64Full
      options.busBytes = 4
      options.makeTarget = {
        BurstTarget(path: "target", bus: $0, base: CoreBench.deviceBase, failingBeat: failing)
      }
      let bench = try CoreBench(options, program)
      #expect(bench.run() == .finished)
      #expect(
        RecordedTrap(bench, 0, .rv64)
          == RecordedTrap(.loadAccessFault, CoreBench.deviceBase + 16, at: places[0]))
      #expect(
        RecordedTrap(bench, 1, .rv64)
          == RecordedTrap(.storeAccessFault, CoreBench.deviceBase + 24, at: places[1]))
      #expect(bench.word(0x9000) == (failing == 1 ? 0x413A_332C : 0))
    }
  }

  @Test(
    "An atomic operation on a register is a load and then a store", arguments: XLEN.both,
    CoreBench.quanta)
  func atomics(xlen: XLEN, quantum: UInt64) throws {
    var program = Program(xlen)
    program.load(20, CoreBench.deviceBase)
    program.load(21, Program.base + UInt64(Program.results))
    program.load(5, 0x1234_5678)
    program.add(.sw, rs1: 20, rs2: 5, 4)
    program.add(.addi, rd: 6, 5)
    program.add(.csrrs, rd: 10, ControlRegister.mcycle)
    program.add(.amoaddW, rd: 7, rs1: 20, rs2: 6)
    program.add(.csrrs, rd: 11, ControlRegister.mcycle)
    program.add(.addi, rd: 8, rs1: 20, 4)
    program.add(.amomaxuW, rd: 9, rs1: 8, rs2: 6)
    if xlen == .rv64 { program.add(.amoswapD, rd: 12, rs1: 20, rs2: 5) }
    program.add(.sub, rd: 10, rs1: 11, rs2: 10)
    for (index, register) in [7, 9, 10, 12].enumerated() {
      program.store(register, at: 8 * index, from: 21)
    }
    program.exit()
    var options = CoreBench.Options()
    options.instructionSet = xlen.full
    (options.quantum, options.delay) = (quantum, 2)
    let bench = try CoreBench(options, program)
    #expect(bench.run() == .finished)
    var expected: [RegisterAccess] = [
      .write(offset: 4, bytes: 4, value: 0x1234_5678),
      .read(offset: 0, bytes: 4), .write(offset: 0, bytes: 4, value: 5),
      .read(offset: 4, bytes: 4), .write(offset: 4, bytes: 4, value: 0x1234_5678),
    ]
    if xlen == .rv64 {
      expected += [
        .read(offset: 0, bytes: 8), .write(offset: 0, bytes: 8, value: 0x1234_5678),
      ]
    }
    #expect(bench.device.accesses.map(\.access) == expected)
    #expect(bench.word(Program.results) == 0)
    #expect(bench.word(Program.results + 8) == 0x1234_5678)
    // Both transactions take the way there, the delay and the way back; the store follows in the
    // cycle after the load's answer.
    #expect(bench.word(Program.results + 16) == 1 + 2 * (3 + 2))
    if xlen == .rv64 {
      #expect(bench.word(Program.results + 24, bytes: 8) == 0x1234_5678_0000_0005)
    }
    #expect(bench.counter("device_accesses") == UInt64(expected.count))
  }

  @Test(
    "Refused accesses trap with cause and address, and nothing else of them happens",
    arguments: XLEN.both, CoreBench.quanta)
  func faults(xlen: XLEN, quantum: UInt64) throws {
    let device = CoreBench.deviceBase
    var expected: [RecordedTrap] = []
    let program = recordingTraps(xlen) { program in
      expected = []
      func faulting(
        _ cause: TrapCause, _ address: UInt64, value: UInt64? = nil, _ operation: Operation
      ) {
        program.load(8, address)
        expected.append(RecordedTrap(cause, value ?? address, at: program.here))
        program.add(operation, rd: 12, rs1: 8, rs2: 9)
      }
      program.add(.addi, rd: 12, 0x77)
      // Registers that do not exist, then one that can only be read.
      faulting(.loadAccessFault, device + 0x80, .lhu)
      faulting(.storeAccessFault, device + 0x84, .sw)
      faulting(.storeAccessFault, device + 0x88, .amoaddW)
      faulting(.storeAccessFault, device + 0x40, .amoswapW)
      // No reservations on devices, no misaligned accesses of them, nothing half in memory.
      faulting(.loadAccessFault, device, .lrW)
      faulting(.storeAccessFault, device, .scW)
      faulting(.loadAccessFault, device + 1, .lw)
      faulting(.storeAccessFault, device + 2, .sw)
      let end = CoreBench.secondBase + 4096
      faulting(.loadAccessFault, end - 2, value: end, .lw)
      faulting(.storeAccessFault, end - 1, value: end, .sh)
      faulting(.storeAddressMisaligned, device + 2, .amoorW)
      // Memory that cannot be written.
      faulting(.storeAccessFault, CoreBench.readOnlyBase, .sw)
      faulting(.storeAccessFault, CoreBench.readOnlyBase + 8, .amoandW)
      program.store(12, at: 0, from: 22)
    }
    var options = CoreBench.Options()
    options.instructionSet = xlen.full
    options.quantum = quantum
    let bench = try CoreBench(options, program)
    #expect(bench.run() == .finished)
    for (index, trap) in expected.enumerated() {
      #expect(RecordedTrap(bench, index, xlen) == trap, "number \(index)")
    }
    #expect(bench.word(0x9000) == 0x77)
    #expect(bench.device.accesses.count == 5)
  }

  @Test("Misaligned accesses trap by their address when the hart is told so", arguments: XLEN.both)
  func misaligned(xlen: XLEN) throws {
    var expected: [RecordedTrap] = []
    let program = recordingTraps(xlen) { program in
      expected = []
      for (operation, cause, address) in [
        (.lw, .loadAddressMisaligned, CoreBench.secondBase + 2),
        (.sh, .storeAddressMisaligned, CoreBench.secondBase + 1),
        (.lhu, .loadAddressMisaligned, CoreBench.deviceBase + 3),
        (.sw, .storeAddressMisaligned, 0x7000_0001),
      ] as [(RISCV.Operation, TrapCause, UInt64)] {
        program.load(8, address)
        expected.append(RecordedTrap(cause, address, at: program.here))
        program.add(operation, rd: 12, rs1: 8, rs2: 9)
      }
    }
    var options = CoreBench.Options()
    options.instructionSet = xlen.full
    options.misaligned = .trapped
    let bench = try CoreBench(options, program)
    #expect(bench.run() == .finished)
    for (index, trap) in expected.enumerated() {
      #expect(RecordedTrap(bench, index, xlen) == trap, "number \(index)")
    }
    #expect(bench.device.accesses.isEmpty)
  }
}
