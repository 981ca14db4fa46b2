import Fabric
import Peripherals
import Processors
import RISCV
import SimKernel
import TestSupport
import Testing

/// A program that all harts of a system run.
private enum SharedProgram {
  static let lock = 0x9000
  static let counter = 0x9040
  static let finished = 0x9080
  static let log = 0xA000

  /// Begins with the number of the hart in x10 and of all harts in x12, and addresses in x20 to x22.
  static func make(_ xlen: XLEN, harts: Int, _ body: (inout Program) -> Void) -> Program {
    var program = Program(xlen)
    program.add(.csrrs, rd: 10, ControlRegister.mhartid)
    program.add(.addi, rd: 12, harts)
    program.load(20, Program.base + UInt64(lock))
    program.load(21, Program.base + UInt64(counter))
    program.load(22, Program.base + UInt64(finished))
    body(&program)
    return program
  }

  /// Counts the harts that have come here; hart 0 ends the run when all have, the others sleep.
  static func finish(_ program: inout Program) {
    program.add(.addi, rd: 5, 1)
    program.add(.amoaddW, rs1: 22, rs2: 5)
    program.label("finish")
    program.branch(.bne, rs1: 10, to: "sleep")
    program.add(.lw, rd: 5, rs1: 22)
    program.branch(.bne, rs1: 5, rs2: 12, to: "finish")
    program.exit()
    program.label("sleep")
    program.add(.wfi)
    program.branch(.jal, to: "sleep")
  }

  /// Every hart adds 1 to the counter `rounds` times while it holds the lock.
  static func spinlock(_ xlen: XLEN, harts: Int, rounds: Int) -> Program {
    make(xlen, harts: harts) { program in
      program.add(.addi, rd: 11, rounds)
      program.add(.addi, rd: 6, 1)
      program.label("acquire")
      program.add(.lrW, rd: 5, rs1: 20)
      program.branch(.bne, rs1: 5, to: "acquire")
      program.add(.scW, rd: 5, rs1: 20, rs2: 6)
      program.branch(.bne, rs1: 5, to: "acquire")
      program.add(.lw, rd: 7, rs1: 21)
      program.add(.addi, rd: 7, rs1: 7, 1)
      program.nops(3)
      program.add(.sw, rs1: 21, rs2: 7)
      program.add(.amoswapW, rs1: 20)
      program.add(.addi, rd: 11, rs1: 11, -1)
      program.branch(.bne, rs1: 11, to: "acquire")
      finish(&program)
    }
  }

  /// The same with one AMO per round, with a device access in between.
  static func atomic(_ xlen: XLEN, harts: Int, rounds: Int) -> Program {
    make(xlen, harts: harts) { program in
      program.add(.addi, rd: 11, rounds)
      program.add(.addi, rd: 6, 1)
      program.load(24, CoreBench.deviceBase)
      program.label("again")
      program.add(.amoaddW, rs1: 21, rs2: 6)
      program.add(.lw, rd: 7, rs1: 24, 0x40)
      program.add(.addi, rd: 11, rs1: 11, -1)
      program.branch(.bne, rs1: 11, to: "again")
      finish(&program)
    }
  }

  /// Every hart counts without a lock, so that counts get lost, and writes what it has seen.
  static func race(_ xlen: XLEN, harts: Int, rounds: Int) -> Program {
    make(xlen, harts: harts) { program in
      program.load(23, Program.base + UInt64(log))
      program.add(.slli, rd: 5, rs1: 10, 10)
      program.add(.add, rd: 23, rs1: 23, rs2: 5)
      program.add(.addi, rd: 11, rounds)
      program.label("again")
      program.add(.lw, rd: 7, rs1: 21)
      program.add(.addi, rd: 7, rs1: 7, 1)
      program.add(.sw, rs1: 21, rs2: 7)
      program.add(.sw, rs1: 23, rs2: 7)
      program.add(.addi, rd: 23, rs1: 23, 4)
      program.add(.addi, rd: 11, rs1: 11, -1)
      program.branch(.bne, rs1: 11, to: "again")
      finish(&program)
    }
  }
}

@Suite("Several harts")
struct SeveralHartsTests {
  /// Circumstances that must not change anything, the plain ones first.
  private static func circumstances(_ xlen: XLEN, harts: Int) -> [CoreBench.Options] {
    var plain = CoreBench.Options()
    plain.instructionSet = xlen.full
    plain.harts = harts
    var result = [plain]
    for (isEager, order, quantum, engine) in [
      (false, .reversed, 0, .fast), (false, .shuffled(seed: 1), 50, .fast),
      (true, .registration, 7, .fast), (true, .shuffled(seed: 2), 0, .fast),
      (false, .registration, 0, .reference), (false, .shuffled(seed: 3), 1, .reference),
    ] as [(Bool, ModuleOrder, UInt64, Engine)] {
      var options = plain
      (options.isEager, options.order) = (isEager, order)
      (options.quantum, options.engine) = (quantum, engine)
      result.append(options)
    }
    return result
  }

  /// Runs a program under all circumstances; the plain run.
  private func runAll(_ program: Program, _ xlen: XLEN, harts: Int) throws -> CoreBench {
    let all = Self.circumstances(xlen, harts: harts)
    let bench = try CoreBench(all[0], program)
    let plain = Observation(bench)
    #expect(plain.outcome == .finished)
    #expect(plain.reason == .code(0, by: "tohost"))
    for options in all.dropFirst() {
      expectEqual(
        Observation(try CoreBench(options, program)), plain,
        "order \(options.order), eager \(options.isEager), \(options.engine)")
    }
    return bench
  }

  @Test("A spinlock keeps every count", arguments: XLEN.both, 2...4)
  func spinlock(xlen: XLEN, harts: Int) throws {
    let program = SharedProgram.spinlock(xlen, harts: harts, rounds: 60)
    let bench = try runAll(program, xlen, harts: harts)
    #expect(bench.word(SharedProgram.counter) == UInt64(60 * harts))
    #expect(bench.word(SharedProgram.lock) == 0)
  }

  @Test("Atomic operations keep every count", arguments: XLEN.both, 2...4)
  func atomics(xlen: XLEN, harts: Int) throws {
    let program = SharedProgram.atomic(xlen, harts: harts, rounds: 100)
    let bench = try runAll(program, xlen, harts: harts)
    #expect(bench.word(SharedProgram.counter) == UInt64(100 * harts))
  }

  @Test("A race has one winner, the same under all circumstances", arguments: XLEN.both, 2...4)
  func race(xlen: XLEN, harts: Int) throws {
    let program = SharedProgram.race(xlen, harts: harts, rounds: 80)
    let bench = try runAll(program, xlen, harts: harts)
    #expect(bench.word(SharedProgram.counter) < UInt64(80 * harts), "counts get lost")
  }

  @Test("Of two conditional stores in one cycle the lower hart's succeeds", arguments: XLEN.both)
  func order(xlen: XLEN) throws {
    let program = SharedProgram.make(xlen, harts: 3) { program in
      program.load(23, Program.base + UInt64(SharedProgram.log))
      program.add(.slli, rd: 5, rs1: 10, 2)
      program.add(.add, rd: 23, rs1: 23, rs2: 5)
      program.add(.lrW, rd: 5, rs1: 20)
      program.nops(4)
      program.add(.scW, rd: 6, rs1: 20, rs2: 12)
      program.add(.sw, rs1: 23, rs2: 6)
      SharedProgram.finish(&program)
    }
    let bench = try runAll(program, xlen, harts: 3)
    #expect((0..<3).map { bench.word(SharedProgram.log + 4 * $0) } == [0, 1, 1])
  }

  @Test("A hart executes what another one has written after its own fence", arguments: XLEN.both)
  func sharedCode(xlen: XLEN) throws {
    let program = Program.build(xlen) { program, resolved in
      program.add(.csrrs, rd: 10, ControlRegister.mhartid)
      program.load(20, Program.base + UInt64(SharedProgram.lock))
      program.loadAddress(21, of: "function", using: resolved)
      program.add(.jalr, rd: 1, rs1: 21)
      program.branch(.bne, rs1: 10, to: "reader")
      // Hart 0 copies an instruction over the function and says so.
      program.loadAddress(22, of: "replacement", using: resolved)
      program.add(.lw, rd: 5, rs1: 22)
      program.add(.sw, rs1: 21, rs2: 5)
      program.add(.addi, rd: 5, 1)
      program.add(.sw, rs1: 20, rs2: 5)
      program.label("wait")
      program.add(.lw, rd: 6, rs1: 20, 4)
      program.branch(.beq, rs1: 6, to: "wait")
      program.exit()
      program.label("reader")
      program.add(.lw, rd: 6, rs1: 20)
      program.branch(.beq, rs1: 6, to: "reader")
      program.add(.fenceI)
      program.add(.jalr, rd: 1, rs1: 21)
      program.add(.sw, rs1: 20, rs2: 7, 4)
      program.spin()
      program.label("function")
      program.add(.addi, rd: 7, 11)
      program.add(.jalr, rs1: 1)
      program.label("replacement")
      program.add(.addi, rd: 7, 22)
    }
    let bench = try runAll(program, xlen, harts: 2)
    #expect(bench.word(SharedProgram.lock + 4) == 22)
  }

  @Test("Each hart has its own wires, time is the same for all", arguments: XLEN.both)
  func wires(xlen: XLEN) throws {
    let program = Program.build(xlen) { program, resolved in
      program.add(.csrrs, rd: 10, ControlRegister.mhartid)
      program.load(22, Program.base + UInt64(SharedProgram.finished))
      program.add(.addi, rd: 12, 2)
      program.load(23, Program.base + UInt64(SharedProgram.log))
      program.add(.slli, rd: 5, rs1: 10, 4)
      program.add(.add, rd: 23, rs1: 23, rs2: 5)
      program.loadAddress(5, of: "handler", using: resolved)
      program.add(.csrrw, rs1: 5, ControlRegister.mtvec)
      program.load(5, 1 << 11)
      program.add(.csrrw, rs1: 5, ControlRegister.mie)
      program.add(.csrrsi, rs1: 8, ControlRegister.mstatus)
      program.label("idle")
      program.add(.wfi)
      program.branch(.jal, to: "idle")
      program.label("handler")
      program.add(.csrrs, rd: 5, ControlRegister.time)
      program.add(.sw, rs1: 23, rs2: 5)
      program.add(.csrrs, rd: 5, ControlRegister.mcycle)
      program.add(.sw, rs1: 23, rs2: 5, 4)
      program.load(24, CoreBench.deviceBase)
      program.add(.sw, rs1: 24, 0x44)
      program.add(.csrrw, ControlRegister.mie)
      SharedProgram.finish(&program)
    }
    for isEager in [false, true] {
      var options = CoreBench.Options()
      options.instructionSet = xlen.full
      options.harts = 2
      options.isEager = isEager
      options.schedule = .external([100])
      let bench = try CoreBench(options, program)
      #expect(bench.run() == .finished)
      for hart in 0..<2 {
        #expect(bench.word(SharedProgram.log + 16 * hart) == 10)
        #expect(bench.word(SharedProgram.log + 16 * hart + 4) == 103)
        #expect(bench.counter("wakeups", of: "core\(hart)") == 1)
        #expect(bench.devices[hart].accesses.count == 1)
      }
    }
  }

  @Test("An exit or an unhandled trap of any hart ends the run", arguments: 0..<3)
  func exits(hart: Int) throws {
    for traps in [false, true] {
      let program = SharedProgram.make(.rv64, harts: 3) { program in
        program.add(.addi, rd: 5, hart)
        program.branch(.beq, rs1: 10, rs2: 5, to: "end")
        program.spin()
        program.label("end")
        program.nops(20)
        if traps { program.add(word: 0) }
        program.exit(code: 9)
      }
      var options = CoreBench.Options()
      options.instructionSet = .rv64Full
      options.harts = 3
      let bench = try CoreBench(options, program)
      #expect(bench.run() == .finished)
      if traps {
        guard case .unhandledTrap(let text) = bench.exit.reason else {
          Issue.record("\(String(describing: bench.exit.reason))")
          continue
        }
        #expect(text.contains("illegal instruction"))
      } else {
        #expect(bench.exit.reason == .code(9, by: "tohost"))
      }
    }
  }
}
