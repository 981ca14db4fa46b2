import Fabric
import Peripherals
import Processors
import RISCV
import SimKernel
import Telemetry
import TestSupport
import Testing

/// Reads `mcycle` before and after a device access and leaves the difference.
private func measuring(_ access: (inout Program) -> Void) -> Program {
  var program = Program()
  program.load(10, CoreBench.deviceBase)
  program.load(11, Program.base + UInt64(Program.results))
  program.add(.csrrs, rd: 5, ControlRegister.mcycle)
  access(&program)
  program.add(.csrrs, rd: 6, ControlRegister.mcycle)
  program.add(.sub, rd: 7, rs1: 6, rs2: 5)
  program.add(.sw, rs1: 11, rs2: 7, 0)
  program.add(.sw, rs1: 11, rs2: 12, 4)
  program.exit()
  return program
}

@Suite("Device accesses of a core")
struct DeviceAccessTests {
  @Test(
    "A load or store takes the way there, the device's time and the way back",
    arguments: [0, 1, 5] as [Cycle], CoreBench.quanta)
  func duration(delay: Cycle, quantum: UInt64) throws {
    for isStore in [false, true] {
      var options = CoreBench.Options()
      (options.delay, options.quantum) = (delay, quantum)
      let bench = try CoreBench(
        options,
        measuring {
          if isStore { $0.add(.sw, rs1: 10, rs2: 10, 4) } else { $0.add(.lw, rd: 12, rs1: 10, 4) }
        })
      #expect(bench.run() == .finished)
      // Sent in the instruction's cycle 5, seen by the device in 6, answered `delay` later, seen by
      // the core a cycle after that; the next instruction follows in the next cycle.
      #expect(bench.device.accesses.map(\.cycle) == [6 + delay])
      #expect(bench.word(Program.results) == 1 + 3 + delay)
      #expect(bench.counter("device_accesses") == 1)
      #expect(bench.cycles(in: "wait-device") == 3 + delay)
    }
  }

  @Test(
    "A slower device is reached at its next clock edge", arguments: [2, 3, 10] as [Tick],
    CoreBench.quanta)
  func slowDevice(period: Tick, quantum: UInt64) throws {
    for lead in 0..<Int(period) {
      var options = CoreBench.Options()
      (options.periods.device, options.quantum) = (period, quantum)
      let bench = try CoreBench(
        options,
        measuring {
          $0.nops(lead)
          $0.add(.lw, rd: 12, rs1: 10, 0x40)
        })
      #expect(bench.run() == .finished)
      let sent = UInt64(5 + lead)
      let edge = sent / period + 1
      #expect(bench.device.accesses.map(\.cycle) == [edge])
      #expect(bench.word(Program.results) == edge * period + 2 - 4)
      #expect(bench.word(Program.results + 4) == edge)
    }
  }

  @Test("Bytes and half words travel in their lanes and are extended")
  func widths() throws {
    var program = Program()
    program.load(10, CoreBench.deviceBase)
    program.load(11, Program.base + UInt64(Program.results))
    program.load(5, 0x80F1_C2A3)
    program.add(.sw, rs1: 10, rs2: 5, 4)
    for (index, load) in [
      (.lb, 4), (.lbu, 5), (.lh, 6), (.lhu, 4), (.lw, 4), (.lb, 7),
    ].enumerated() as EnumeratedSequence<[(RISCV.Operation, Int)]> {
      program.add(load.0, rd: 6, rs1: 10, load.1)
      program.add(.sw, rs1: 11, rs2: 6, 4 * index)
    }
    program.add(.sb, rs1: 10, rs2: 5, 9)
    program.add(.sh, rs1: 10, rs2: 5, 14)
    program.exit()
    let bench = try CoreBench(CoreBench.Options(), program)
    #expect(bench.run() == .finished)
    #expect(
      (0..<6).map { bench.word(Program.results + 4 * $0) }
        == [0xFFFF_FFA3, 0xC2, 0xFFFF_80F1, 0xC2A3, 0x80F1_C2A3, 0xFFFF_FF80])
    #expect(
      bench.device.accesses.map(\.access) == [
        .write(offset: 4, bytes: 4, value: 0x80F1_C2A3), .read(offset: 4, bytes: 1),
        .read(offset: 5, bytes: 1), .read(offset: 6, bytes: 2), .read(offset: 4, bytes: 2),
        .read(offset: 4, bytes: 4), .read(offset: 7, bytes: 1),
        .write(offset: 9, bytes: 1, value: 0xA3), .write(offset: 14, bytes: 2, value: 0xC2A3),
      ])
  }

  @Test(
    "A refused access traps with cause 5 or 7, the address and the instruction",
    arguments: CoreBench.quanta)
  func busErrors(quantum: UInt64) throws {
    let faults: [(RISCV.Operation, Int)] = [(.lw, 0x80), (.sw, 0x84), (.lbu, 0x8B), (.sh, 0x92)]
    var instructions: [UInt64] = []
    let program = Program.build { program, resolved in
      instructions = []
      program.loadAddress(5, of: "handler", using: resolved)
      program.add(.csrrw, rs1: 5, ControlRegister.mtvec)
      program.load(10, CoreBench.deviceBase)
      program.load(11, Program.base + UInt64(Program.results))
      program.load(12, 0x55)
      for (operation, offset) in faults {
        instructions.append(program.here)
        program.add(operation, rd: 12, rs1: 10, rs2: 12, offset)
      }
      program.add(.sw, rs1: 11, rs2: 12, 0)
      program.exit()
      program.label("handler")
      for register in [ControlRegister.mcause, ControlRegister.mtval, ControlRegister.mepc] {
        program.add(.csrrs, rd: 6, register)
        program.add(.sw, rs1: 11, rs2: 6, 0)
        program.add(.addi, rd: 11, rs1: 11, 4)
      }
      program.add(.addi, rd: 6, rs1: 6, 4)
      program.add(.csrrw, rs1: 6, ControlRegister.mepc)
      program.add(.mret)
    }
    var options = CoreBench.Options()
    options.quantum = quantum
    let bench = try CoreBench(options, program)
    #expect(bench.run() == .finished)
    #expect(bench.exit.reason == .code(0, by: "tohost"))
    for (index, fault) in faults.enumerated() {
      let place = Program.results + 12 * index
      let isLoad = fault.0 == .lw || fault.0 == .lbu
      #expect(bench.word(place) == (isLoad ? 5 : 7))
      #expect(bench.word(place + 4) == CoreBench.deviceBase + UInt64(fault.1))
      #expect(bench.word(place + 8) == instructions[index])
    }
    #expect(bench.word(Program.results + 48) == 0x55, "a failed load leaves its register alone")
  }

  @Test("Direct loads and stores are counted at the memory they reach")
  func directTraffic() throws {
    var program = Program()
    program.load(10, Program.base + UInt64(Program.results))
    program.load(11, CoreBench.secondBase)
    for offset in 0..<5 { program.add(.sw, rs1: 10, rs2: 10, 4 * offset) }
    for offset in 0..<3 { program.add(.lh, rd: 5, rs1: 10, 2 * offset) }
    for offset in 0..<7 { program.add(.lbu, rd: 5, rs1: 11, offset) }
    program.add(.sb, rs1: 11, rs2: 5, 9)
    program.load(12, CoreBench.deviceBase)
    program.add(.lw, rd: 5, rs1: 12, 0)
    program.exit()
    let bench = try CoreBench(CoreBench.Options(), program)
    #expect(bench.run() == .finished)
    func counts(_ module: String) -> [UInt64?] {
      ["direct_loads", "direct_loaded_bytes", "direct_stores", "direct_stored_bytes"]
        .map { bench.counter($0, of: module) }
    }
    // The two words of `tohost` included.
    #expect(counts("memory") == [3, 6, 7, 28])
    #expect(counts("second") == [7, 7, 1, 1])
    #expect(bench.counter("device_accesses") == 1)
    #expect(bench.counter("instructions") == UInt64(program.words.count - 1), "all but the spin")
  }

  @Test("A trap without handler ends the run with a message")
  func unhandled() throws {
    var program = Program()
    program.nops(3)
    program.add(.ecall)
    let bench = try CoreBench(CoreBench.Options(), program)
    #expect(bench.run() == .finished)
    guard case .unhandledTrap(let text) = bench.exit.reason else {
      Issue.record("\(String(describing: bench.exit.reason))")
      return
    }
    #expect(text.contains("0x4000000c") && text.contains("ecall") && text.contains("mtvec is 0"))
  }

  @Test("Memories that overlap are an error that says so")
  func overlap() throws {
    let kernel = Kernel(plan: ClockPlan(periods: [("core", 1)], ticksPerSecond: 1))
    let registry = Registry(kernel: kernel)
    let site = registry.module("core", kind: "Core", domain: kernel.domains[0])
    let store = try #require(BackingStore(base: 0x1000, size: 64))
    let memory = CoreMemory(
      store: store, traffic: DirectTraffic(site: site, perAccess: nil, perBit: nil))
    #expect(throws: CoreError.self) {
      try Core(
        path: "core",
        configuration: CoreConfiguration(
          hart: 0, instructionSet: .rv32Full, quantum: 0, entry: 0, memories: [memory, memory],
          time: MachineTime(kernel: kernel), host: try HostBench().services),
        bus: BusLink(kernel: kernel, widthBytes: 4).initiator, exit: ExitRequest(kernel: kernel),
        site: site, kernel: kernel)
    }
  }
}
