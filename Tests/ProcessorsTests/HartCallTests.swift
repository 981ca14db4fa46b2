import Fabric
import Peripherals
import Processors
import RISCV
import SimKernel
import Testing

/// A width of the registers and an engine.
struct HartKind: Sendable, CustomTestStringConvertible {
  let xlen: XLEN
  let engine: Engine

  static let all = XLEN.both.flatMap { xlen in
    Engine.allCases.map { HartKind(xlen: xlen, engine: $0) }
  }

  var testDescription: String { "RV\(xlen.rawValue), \(engine.rawValue)" }

  var options: CoreBench.Options {
    var options = CoreBench.Options()
    options.instructionSet = xlen.full
    options.engine = engine
    return options
  }
}

extension Program {
  /// A semihosting call with the parameter in x11; the result is in x10.
  mutating func semihost(_ operation: Int) {
    add(.addi, rd: 10, operation)
    add(word: Semihosting.entryMarker)
    add(word: Semihosting.call)
    add(word: Semihosting.exitMarker)
  }

  /// A Linux call with the arguments in x10 to x15; the result is in x10.
  mutating func linux(_ number: Int) {
    add(.addi, rd: 17, number)
    add(.ecall)
  }
}

@Suite("Calls of the host on a hart")
struct HartCallTests {
  private static let text = 0xA000
  private static let block = 0xB000

  private static func address(_ offset: Int) -> UInt64 { Program.base + UInt64(offset) }

  @Test(
    "Semihosting prints, answers in a0 and ends the run with a code", arguments: HartKind.all,
    CoreBench.quanta)
  func semihosting(kind: HartKind, quantum: UInt64) throws {
    let word = kind.xlen == .rv64 ? 8 : 4
    var program = Program(kind.xlen)
    program.load(20, Self.address(Program.results))
    program.load(11, Self.address(Self.text))
    program.semihost(0x04)
    program.store(10, at: 0, from: 20)
    // Nothing can be opened: the result is -1 and ERRNO says why.
    program.load(11, Self.address(Self.block))
    program.semihost(0x01)
    program.store(10, at: 8, from: 20)
    program.semihost(0x13)
    program.store(10, at: 16, from: 20)
    // EXIT_EXTENDED with code 42.
    program.load(11, Self.address(Self.block + 0x40))
    program.semihost(0x20)
    program.spin()
    var options = kind.options
    options.quantum = quantum
    let bench = try CoreBench(options, program)
    bench.memory.write(Array("hart\n\0".utf8), at: Self.address(Self.text))
    for (index, field) in [Self.address(Self.text), 0, 4].enumerated() {
      bench.memory.write(field, bytes: word, at: Self.address(Self.block + word * index))
    }
    for (index, field) in [0x20026, 42].enumerated() as EnumeratedSequence<[UInt64]> {
      bench.memory.write(field, bytes: word, at: Self.address(Self.block + 0x40 + word * index))
    }
    #expect(bench.run() == .finished)
    #expect(bench.exit.reason == .code(42, by: "semihosting"))
    #expect(bench.output == "hart\n")
    #expect(bench.word(Program.results, bytes: word) == 0)
    #expect(bench.word(Program.results + 8, bytes: word) == kind.xlen.mask)
    #expect(bench.word(Program.results + 16, bytes: word) == 13, "EACCES")
  }

  @Test(
    "A call happens in the cycle of its instruction and takes one", arguments: HartKind.all,
    CoreBench.quanta)
  func instant(kind: HartKind, quantum: UInt64) throws {
    for isLinux in [false, true] {
      var program = Program(kind.xlen)
      program.load(20, Self.address(Program.results))
      for index in 0..<6 {
        program.load(11, Self.address(Self.block + 16 * index))
        program.nops(37)
        program.add(.csrrs, rd: 5, ControlRegister.mcycle)
        if isLinux {
          program.linux(403)
        } else {
          program.semihost(0x30)
        }
        program.add(.csrrs, rd: 6, ControlRegister.mcycle)
        program.add(.sw, rs1: 20, rs2: 5, 16 * index)
        program.add(.sw, rs1: 20, rs2: 6, 16 * index + 4)
        program.add(.sw, rs1: 20, rs2: 10, 16 * index + 8)
      }
      program.exit()
      var options = kind.options
      options.quantum = quantum
      options.settings.hasLinuxCalls = isLinux
      let bench = try CoreBench(options, program)
      #expect(bench.run() == .finished)
      for index in 0..<6 {
        let before = bench.word(Program.results + 16 * index)
        let call = before + (isLinux ? 2 : 3)
        // 100 MHz; clock_gettime gives seconds first.
        #expect(
          bench.word(Self.block + 16 * index + (isLinux ? 8 : 0), bytes: 8) == 10 * call)
        #expect(bench.word(Program.results + 16 * index + 4) == call + (isLinux ? 1 : 2))
        #expect(bench.word(Program.results + 16 * index + 8) == 0)
      }
      #expect(bench.counter("instructions") == UInt64(program.words.count - 1))
    }
  }

  @Test("Linux calls print, fail with negative numbers and exit", arguments: HartKind.all)
  func linux(kind: HartKind) throws {
    let word = kind.xlen == .rv64 ? 8 : 4
    var program = Program(kind.xlen)
    program.load(20, Self.address(Program.results))
    program.add(.addi, rd: 10, 1)
    program.load(11, Self.address(Self.text))
    program.add(.addi, rd: 12, 5)
    program.linux(64)
    program.store(10, at: 0, from: 20)
    program.add(.addi, rd: 10, 9)
    program.linux(57)
    program.store(10, at: 8, from: 20)
    program.linux(1000)
    program.store(10, at: 16, from: 20)
    program.add(.addi, rd: 10, 77)
    program.linux(93)
    var options = kind.options
    options.settings.hasLinuxCalls = true
    let bench = try CoreBench(options, program)
    bench.memory.write(Array("linux".utf8), at: Self.address(Self.text))
    #expect(bench.run() == .finished)
    #expect(bench.exit.reason == .code(77, by: "exit"))
    #expect(bench.output == "linux")
    let results = (0..<3).map { bench.word(Program.results + 8 * $0, bytes: word) }
    #expect(results == [5, 9, 38].enumerated().map { $0 == 0 ? $1 : (0 &- $1) & kind.xlen.mask })
  }

  @Test("Without the services the same instructions trap", arguments: HartKind.all)
  func refused(kind: HartKind) throws {
    let program = Program.build(kind.xlen) { program, resolved in
      program.load(20, Self.address(Program.results))
      program.loadAddress(5, of: "handler", using: resolved)
      program.add(.csrrw, rs1: 5, ControlRegister.mtvec)
      program.semihost(0x04)
      program.linux(64)
      program.exit()
      program.label("handler")
      for register in [ControlRegister.mcause, ControlRegister.mepc, ControlRegister.mtval] {
        program.add(.csrrs, rd: 6, register)
        program.add(.sw, rs1: 20, rs2: 6, 0)
        program.add(.addi, rd: 20, rs1: 20, 4)
      }
      program.add(.csrrs, rd: 6, ControlRegister.mepc)
      program.add(.addi, rd: 6, rs1: 6, 4)
      program.add(.csrrw, rs1: 6, ControlRegister.mepc)
      program.add(.mret)
    }
    var options = kind.options
    options.settings.hasSemihosting = false
    let bench = try CoreBench(options, program)
    #expect(bench.run() == .finished)
    #expect(bench.output == "")
    let (breakpoint, call) = (Self.address(4 * 7), Self.address(4 * 10))
    #expect(
      (0..<6).map { bench.word(Program.results + 4 * $0) }
        == [3, breakpoint, breakpoint, 11, call, 0])
  }

  @Test("An ebreak without both markers stays a breakpoint", arguments: HartKind.all)
  func breakpoints(kind: HartKind) throws {
    for missing in 0..<2 {
      var program = Program(kind.xlen)
      program.add(.addi, rd: 10, 0x10)
      program.add(word: missing == 0 ? 0x13 : Semihosting.entryMarker)
      program.add(word: Semihosting.call)
      program.add(word: missing == 1 ? 0x13 : Semihosting.exitMarker)
      let bench = try CoreBench(kind.options, program)
      #expect(bench.run() == .finished)
      guard case .unhandledTrap(let text) = bench.exit.reason else {
        Issue.record("\(String(describing: bench.exit.reason))")
        continue
      }
      #expect(text.contains("breakpoint") && text.contains("0x40000008"))
    }
  }

  @Test("The addresses of a call are those of the program's page tables", arguments: HartKind.all)
  func translated(kind: HartKind) throws {
    let (virtual, shift): (UInt64, UInt64) =
      kind.xlen == .rv32 ? (0x7000_0000, 22) : (0x8000_0000, 30)
    let program = Program.build(kind.xlen) { program, resolved in
      // One page for the program and one for the data, both the same memory.
      program.load(5, Self.address(0xC000))
      program.load(6, Program.base >> 2 | 0xCF)
      for address in [Program.base, virtual] {
        program.store(6, at: Int(address >> shift) * program.wordBytes, from: 5)
      }
      let satp = Self.address(0xC000) >> 12 | (kind.xlen == .rv32 ? 1 << 31 : 8 << 60)
      program.load(wide: 5, satp, scratch: 6)
      program.add(.csrrw, rs1: 5, ControlRegister.satp)
      program.load(5, 1 << 11)
      program.add(.csrrw, rs1: 5, ControlRegister.mstatus)
      program.loadAddress(5, of: "body", using: resolved)
      program.add(.csrrw, rs1: 5, ControlRegister.mepc)
      program.add(.mret)
      program.label("body")
      // The low half of the addresses is enough: upper bits come with the sign.
      program.load(wide: 11, virtual + UInt64(Self.text), scratch: 5)
      program.semihost(0x04)
      program.load(11, Self.address(Self.text) + 0x1000_0000)
      program.semihost(0x04)
      program.add(.addi, rd: 7, rs1: 10, 0)
      program.load(11, 0x20026)
      program.load(wide: 11, virtual + UInt64(Self.block), scratch: 5)
      program.store(7, at: program.wordBytes, from: 11)
      program.semihost(0x20)
    }
    let bench = try CoreBench(kind.options, program)
    bench.memory.write(Array("virtual\0".utf8), at: Self.address(Self.text))
    bench.memory.write(
      0x20026, bytes: kind.xlen == .rv64 ? 8 : 4, at: Self.address(Self.block))
    #expect(bench.run() == .finished)
    #expect(bench.output == "virtual")
    #expect(bench.exit.reason == .code(-1, by: "semihosting"), "the second text is not mapped")
  }

  @Test("Code that the host writes is executed without a fence", arguments: HartKind.all)
  func patchedCode(kind: HartKind) throws {
    // Whose bytes are characters.
    let replacement = Program.build { program, _ in program.add(.addi, rd: 6, 99) }.words[0]
    let program = Program.build(kind.xlen) { program, resolved in
      program.load(20, Self.address(Program.results))
      program.loadAddress(21, of: "function", using: resolved)
      for index in 0..<2 {
        program.add(.jalr, rd: 1, rs1: 21)
        program.add(.sw, rs1: 20, rs2: 6, 4 * index)
        guard index == 0 else { break }
        program.add(.addi, rd: 10, 0)
        program.add(.addi, rd: 11, rs1: 21, 0)
        program.add(.addi, rd: 12, 4)
        program.linux(63)
      }
      program.exit()
      program.label("function")
      program.add(.addi, rd: 6, 11)
      program.add(.jalr, rs1: 1)
    }
    var options = kind.options
    options.settings.hasLinuxCalls = true
    options.input = String(
      decoding: (0..<4).map { UInt8(truncatingIfNeeded: replacement >> (8 * $0)) }, as: UTF8.self)
    let bench = try CoreBench(options, program)
    #expect(bench.run() == .finished)
    #expect([bench.word(Program.results), bench.word(Program.results + 4)] == [11, 99])
  }
}
