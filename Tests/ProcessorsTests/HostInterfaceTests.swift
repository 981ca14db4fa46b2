import Fabric
import Peripherals
import Processors
import RISCV
import SimKernel
import TestSupport
import Testing

/// Writes a command to `tohost`, low word first.
extension Program {
  fileprivate mutating func command(low: UInt64, high: UInt64) {
    load(30, CoreBench.toHost)
    load(31, low)
    load(29, high)
    add(.sw, rs1: 30, rs2: 31, 0)
    add(.sw, rs1: 30, rs2: 29, 4)
  }

  /// Waits for a reply, leaves it at `offset` of the results and clears it.
  fileprivate mutating func awaitReply(at offset: Int, label name: String) {
    load(28, CoreBench.fromHost)
    load(27, Program.base + UInt64(Program.results))
    label(name)
    add(.lw, rd: 26, rs1: 28, 0)
    branch(.beq, rs1: 26, to: name)
    add(.sw, rs1: 27, rs2: 26, offset)
    add(.lw, rd: 26, rs1: 28, 4)
    add(.sw, rs1: 27, rs2: 26, offset + 4)
    add(.sw, rs1: 28, rs2: 0, 0)
    add(.sw, rs1: 28, rs2: 0, 4)
  }

  /// Stores 64-bit arguments of a system call at 0x9000 of the memory and calls it.
  fileprivate mutating func systemCall(_ arguments: [UInt64]) {
    load(25, Program.base + 0x9000)
    for (index, argument) in arguments.enumerated() {
      load(24, argument)
      add(.sw, rs1: 25, rs2: 24, 8 * index)
      add(.sw, rs1: 25, rs2: 0, 8 * index + 4)
    }
    command(low: Program.base + 0x9000, high: 0)
  }
}

/// What a program does while it waits for the host.
private enum Pastime: CaseIterable {
  case spin, wait, device
}

@Suite("Host interface")
struct HostInterfaceTests {
  @Test(
    "Two words end the run with the second store", arguments: CoreBench.quanta,
    [0, 1, 7, 0x3FFF_FFFF] as [UInt64])
  func twoWords(quantum: UInt64, code: UInt64) throws {
    var program = Program()
    program.nops(10)
    program.exit(code: code)
    var options = CoreBench.Options()
    options.quantum = quantum
    let bench = try CoreBench(options, program)
    #expect(bench.run() == .finished)
    #expect(bench.exit.reason == .code(Int(code), by: "tohost"))
    // The second store is instruction 15; the host acts in the cycle after.
    #expect(bench.kernel.time.pointee == 16)
    #expect(bench.counter("instructions") == 16)
  }

  @Test(
    "A low word alone acts 1000 cycles later, whatever the program does meanwhile",
    arguments: CoreBench.quanta, Pastime.allCases)
  private func lowWord(quantum: UInt64, pastime: Pastime) throws {
    var program = Program()
    program.load(30, CoreBench.toHost)
    program.load(10, CoreBench.deviceBase)
    program.add(.addi, rd: 31, 2 * 5 + 1)
    program.add(.sw, rs1: 30, rs2: 31, 0)
    program.label("loop")
    switch pastime {
    case .spin: break
    case .wait: program.add(.wfi)
    case .device: program.add(.lw, rd: 5, rs1: 10, 0)
    }
    program.branch(.jal, to: "loop")
    for isEager in [false, true] {
      var options = CoreBench.Options()
      (options.quantum, options.isEager) = (quantum, isEager)
      let bench = try CoreBench(options, program)
      #expect(bench.run() == .finished)
      #expect(bench.exit.reason == .code(5, by: "tohost"))
      // The store is instruction 5. A device access in progress is waited for.
      let end = bench.kernel.time.pointee
      if pastime == .device {
        #expect((1006...1008).contains(end))
      } else {
        #expect(end == 1006)
      }
    }
  }

  @Test("The high word cancels the wait of the low word", arguments: CoreBench.quanta)
  func lateHighWord(quantum: UInt64) throws {
    var program = Program()
    program.load(30, CoreBench.toHost)
    program.load(31, 0x41)
    program.load(29, 0x0101_0000)
    program.add(.sw, rs1: 30, rs2: 31, 0)
    program.nops(900)
    program.add(.sw, rs1: 30, rs2: 29, 4)
    program.nops(900)
    program.exit(code: 3)
    var options = CoreBench.Options()
    options.quantum = quantum
    let bench = try CoreBench(options, program)
    #expect(bench.run() == .finished)
    #expect(bench.exit.reason == .code(3, by: "tohost"))
    #expect(bench.console.output == [0x41])
  }

  @Test("The console prints characters and gives them", arguments: CoreBench.quanta)
  func console(quantum: UInt64) throws {
    var program = Program()
    for byte in "hello".utf8 { program.command(low: UInt64(byte), high: 0x0101_0000) }
    program.command(low: 0, high: 0x0100_0000)
    program.awaitReply(at: 0, label: "first")
    program.command(low: 0, high: 0x0100_0000)
    program.awaitReply(at: 8, label: "second")
    program.exit()
    var options = CoreBench.Options()
    options.quantum = quantum
    options.input = "yz"
    let bench = try CoreBench(options, program)
    #expect(bench.run() == .finished)
    #expect(String(decoding: bench.console.output, as: UTF8.self) == "hello")
    #expect(bench.word(Program.results) == 0x100 | 0x79)
    #expect(bench.word(Program.results + 4) == 0x0100_0000)
    #expect(bench.word(Program.results + 8) == 0x100 | 0x7A)
  }

  @Test(
    "write prints and answers with the number of bytes or the error",
    arguments: [
      (64, 1, 0x4000_A000, 6, 6, "abcdef"), (64, 2, 0x4000_A001, 3, 3, "bcd"),
      (64, 1, 0x4000_A000, 0, 0, ""), (64, 5, 0x4000_A000, 6, -9, ""),
      (64, 1, 0x7000_0000, 6, -14, ""), (64, 1, 0x4000_FFFE, 6, -14, ""),
      (63, 0, 0x4000_A000, 6, 0, ""), (2000, 0, 0, 0, -38, ""),
    ] as [(UInt64, UInt64, UInt64, UInt64, Int32, String)])
  func systemCalls(
    number: UInt64, descriptor: UInt64, address: UInt64, count: UInt64, result: Int32,
    printed: String
  ) throws {
    for quantum in CoreBench.quanta {
      var program = Program()
      program.systemCall([number, descriptor, address, count])
      program.awaitReply(at: 0, label: "reply")
      program.exit()
      var options = CoreBench.Options()
      options.quantum = quantum
      let bench = try CoreBench(options, program)
      bench.memory.write(Array("abcdef".utf8), at: Program.base + 0xA000)
      #expect(bench.run() == .finished)
      #expect(bench.exit.reason == .code(0, by: "tohost"))
      #expect(bench.word(Program.results) == 1)
      #expect(bench.word(0x9000) == UInt64(UInt32(bitPattern: result)))
      #expect(String(decoding: bench.console.output, as: UTF8.self) == printed)
    }
  }

  @Test("read takes what the console holds", arguments: CoreBench.quanta)
  func readCall(quantum: UInt64) throws {
    var program = Program()
    program.systemCall([63, 0, 0x4000_A000, 6])
    program.awaitReply(at: 0, label: "reply")
    program.exit()
    var options = CoreBench.Options()
    (options.quantum, options.input) = (quantum, "wxyz")
    let bench = try CoreBench(options, program)
    #expect(bench.run() == .finished)
    #expect(bench.word(0x9000) == 4)
    #expect(bench.word(0xA000) == 0x7A79_7877)
    #expect(bench.word(0xA004) == 0)
  }

  @Test("exit as a system call gives its code")
  func exitCall() throws {
    var program = Program()
    program.systemCall([93, 42])
    program.spin()
    let bench = try CoreBench(CoreBench.Options(), program)
    #expect(bench.run() == .finished)
    #expect(bench.exit.reason == .code(42, by: "tohost"))
  }

  @Test("A reply that has to wait is delivered when the program has taken the one before")
  func queuedReplies() throws {
    var program = Program()
    program.command(low: 0, high: 0x0100_0000)
    program.command(low: 0, high: 0x0100_0000)
    program.awaitReply(at: 0, label: "first")
    program.awaitReply(at: 8, label: "second")
    program.exit()
    var options = CoreBench.Options()
    options.input = "pq"
    let bench = try CoreBench(options, program)
    #expect(bench.run() == .finished)
    #expect(bench.word(Program.results) == 0x170)
    #expect(bench.word(Program.results + 8) == 0x171)
  }
}
