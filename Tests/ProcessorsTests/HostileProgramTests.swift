import Peripherals
import Processors
import RISCV
import SimKernel
import TestSupport
import Testing

/// What hostile programs are run with.
struct HostileCase: Sendable, CustomTestStringConvertible {
  let kind: HostileProgram.Kind
  let xlen: XLEN

  static let all = HostileProgram.Kind.allCases.flatMap { kind in
    XLEN.both.map { HostileCase(kind: kind, xlen: $0) }
  }

  var testDescription: String { "\(kind.rawValue), RV\(xlen.rawValue)" }

  func bench(_ options: CoreBench.Options, seed: UInt64) throws -> CoreBench {
    let bench = try CoreBench(options, Program(xlen))
    HostileProgram.prepare(bench, kind, xlen, seed: seed)
    return bench
  }

  /// Options of a short run; which services there are and where interrupts come from is random.
  func options(seed: UInt64) -> CoreBench.Options {
    var random = SplitMix64(seed: seed &+ 99)
    var options = CoreBench.Options()
    options.instructionSet = xlen.full
    if Bool.random(using: &random) { options.instructionSet.extensions.insert(.svadu) }
    if Int.random(in: 0..<8, using: &random) == 0 { options.instructionSet.extensions.remove(.c) }
    options.misaligned = Bool.random(using: &random) ? .supported : .trapped
    options.settings.hasLinuxCalls = Int.random(in: 0..<4, using: &random) == 0
    options.delay = Cycle.random(in: 0...4, using: &random)
    options.schedule = .random(seed: seed, longestGap: 200)
    options.limit = 2000
    return options
  }
}

/// Everything of a hart that a program can see.
private struct HartView: Equatable {
  let programCounter: UInt64
  let privilege: PrivilegeMode
  let registers: [UInt64]
  let floats: [UInt64]
  let controls: [UInt64?]

  init(_ hart: Hart) {
    programCounter = hart.programCounter
    privilege = hart.privilege
    registers = (0..<32).map { hart[register: $0] }
    floats = (0..<32).map { hart[floatRegister: $0] }
    controls = (0..<4096).map { hart.readCSR($0) }
  }
}

@Suite("Hostile programs")
struct HostileProgramTests {
  private static let perBatch: UInt64 = 8

  @Test(
    "Whatever is executed, the run goes on or ends with a reason, the same with both engines",
    arguments: HostileCase.all, 0..<4 as Range<UInt64>)
  func anything(hostile: HostileCase, batch: UInt64) throws {
    for seed in batch * Self.perBatch..<(batch + 1) * Self.perBatch {
      var options = hostile.options(seed: seed)
      let bench = try hostile.bench(options, seed: seed)
      let plain = Observation(bench)
      let view = HartView(bench.cores[0].hart)
      switch plain.outcome {
      case .finished: #expect(plain.reason != nil)
      case .limitReached, .deadlocked: #expect(plain.reason == nil)
      default: Issue.record("\(plain.outcome)")
      }
      if case .unhandledTrap(let text) = plain.reason {
        #expect(text.contains(" at pc 0x"), "\(text)")
      }
      options.engine = .reference
      let other = try hostile.bench(options, seed: seed)
      expectEqual(Observation(other), plain, "seed \(seed)")
      #expect(HartView(other.cores[0].hart) == view, "seed \(seed)")
      options.engine = .fast
      options.quantum = 50
      expectEqual(
        Observation(try hostile.bench(options, seed: seed)), plain, "seed \(seed), quantum 50")
    }
  }

  @Test(
    "Several harts that destroy each other's programs do it the same in every order",
    arguments: HostileCase.all, 0..<2 as Range<UInt64>)
  func several(hostile: HostileCase, batch: UInt64) throws {
    for seed in batch * 8..<(batch + 1) * 8 {
      var options = hostile.options(seed: seed)
      options.harts = 2 + Int(seed % 2)
      options.limit = 800
      let plain = Observation(try hostile.bench(options, seed: seed))
      for (isEager, order) in [(false, .reversed), (true, .shuffled(seed: seed))]
        as [(Bool, ModuleOrder)]
      {
        (options.isEager, options.order) = (isEager, order)
        expectEqual(
          Observation(try hostile.bench(options, seed: seed)), plain,
          "seed \(seed), eager \(isEager)")
      }
    }
  }

  @Test(
    "Every access of every width at every border does what the rules say", arguments: HartKind.all)
  func borders(kind: HartKind) throws {
    let borders: [UInt64] = [
      0, 1 << 31, 1 << 32, CoreBench.secondBase, CoreBench.secondBase + 4096,
      CoreBench.readOnlyBase, CoreBench.readOnlyBase + 4096,
      CoreBench.deviceBase, 1 << 38, 1 << 56, 1 << 63,
    ]
    let operations: [RISCV.Operation] =
      [.lb, .lhu, .lw, .sb, .sh, .sw, .lrW, .scW, .amoaddW]
      + (kind.xlen == .rv64 ? [.ld, .sd, .lrD, .scD, .amoaddD] : [])
    for misaligned in [MisalignedAccess.supported, .trapped] {
      // The handler goes on behind the access.
      let program = Program.build(kind.xlen) { program, resolved in
        program.loadAddress(5, of: "handler", using: resolved)
        program.add(.csrrw, rs1: 5, ControlRegister.mtvec)
        for border in borders {
          for operation in operations {
            program.load(wide: 6, border & kind.xlen.mask, scratch: 7)
            for distance in [-9, -8, -7, -4, -3, -2, -1, 1] {
              program.add(.addi, rd: 8, rs1: 6, distance)
              program.add(operation, rd: 10, rs1: 8)
            }
          }
        }
        program.exit()
        program.label("handler")
        program.add(.addi, rd: 9, rs1: 9, 1)
        program.add(.csrrs, rd: 7, ControlRegister.mepc)
        program.add(.addi, rd: 7, rs1: 7, 4)
        program.add(.csrrw, rs1: 7, ControlRegister.mepc)
        program.add(.mret)
      }
      try #require(program.words.count * 4 < 0xF000)
      var options = kind.options
      options.misaligned = misaligned
      let bench = try CoreBench(options, program)
      #expect(bench.run() == .finished)
      #expect(bench.exit.reason == .code(0, by: "tohost"))
      #expect(bench.cores[0].hart[register: 9] > 0)
    }
  }

  @Test("Traps that lead to nothing end the run with a message", arguments: HartKind.all)
  func endlessTraps(kind: HartKind) throws {
    // Handlers of machine and supervisor mode, delegation, the mode of the first trap, and what the
    // message must say.
    let illegal = Program.base + 0x8000
    let cases: [(UInt64, UInt64, UInt64, PrivilegeMode, String)] = [
      (0, 0, 0, .machine, "mtvec is 0"), (0, 0, 0, .user, "mtvec is 0"),
      (illegal, 0, 0, .machine, "itself traps"), (illegal, 0, 0, .supervisor, "itself traps"),
      (0, illegal, .max, .user, "0x40008000"), (illegal, 0, .max, .supervisor, "stvec is 0"),
      (0, illegal, 1 << 2, .user, "itself traps"), (illegal, illegal, 1 << 8, .user, "itself"),
      (CoreBench.deviceBase, 0, 0, .machine, "itself traps"),
      (kind.xlen.mask, kind.xlen.mask, .max, .user, "itself traps"),
      (illegal | 1, illegal | 1, 0, .user, "itself traps"),
    ]
    for (machine, supervisor, delegation, mode, message) in cases {
      for quantum in CoreBench.quanta {
        var program = Program(kind.xlen)
        program.nops(3)
        program.add(word: 0)
        var options = kind.options
        options.quantum = quantum
        let bench = try CoreBench(options, program)
        let hart = bench.cores[0].hart
        hart.writeCSR(UInt16(ControlRegister.mtvec), machine)
        hart.writeCSR(UInt16(ControlRegister.stvec), supervisor)
        hart.writeCSR(UInt16(ControlRegister.medeleg), delegation)
        hart.privilege = mode
        #expect(bench.run() == .finished)
        guard case .unhandledTrap(let text) = bench.exit.reason else {
          Issue.record("\(String(describing: bench.exit.reason))")
          continue
        }
        #expect(text.contains(message) && text.contains("at pc 0x"), "\(text)")
      }
    }
  }
}
