import RISCV
import Testing

@Suite("The fast loop against the interpreter")
struct DifferentialTests {
  /// Values at the edges of the number formats.
  private static let corners: [UInt32] = [
    0, 1, 2, 31, 32, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x7fff_ffff, 0x8000_0000,
    0x8000_0001,
    0xffff_fffe, 0xffff_ffff,
  ]
  /// Offset of the trap handler, and of the data that loads and stores are steered to.
  private static let (handler, data) = (0x4000, 0x8000)

  /// A random program: mostly arithmetic on all registers, loads and stores around x8, short
  /// jumps, CSR accesses, exceptions, and a few stores into the program itself.
  private static func program(_ random: inout SeededGenerator, count: Int) -> [UInt32] {
    (0..<count).map { index in
      func any() -> Int { Int.random(in: 0..<32, using: &random) }
      func target() -> Int {
        [2, 6, 7, 9, 10, 11, 12, 13, 14, 15].randomElement(using: &random) ?? 9
      }
      let encoding = Encoding.all.randomElement(using: &random) ?? Encoding.all[0]
      let immediate = Int.random(in: -2048...2047, using: &random)
      switch encoding.format {
      case .register: return assemble(encoding.operation, rd: target(), rs1: any(), rs2: any())
      case .immediate where encoding.operation == .jalr:
        // x31 points into the program.
        let distance = Int.random(in: -8...8, using: &random) * 4 + (any() == 0 ? 2 : 0)
        return assemble(.jalr, rd: target(), rs1: 31, distance)
      case .immediate: return assemble(encoding.operation, rd: target(), rs1: any(), immediate)
      case .shift: return assemble(encoding.operation, rd: target(), rs1: any(), any())
      case .load:
        let base = any() < 2 ? any() : 8
        return assemble(encoding.operation, rd: target(), rs1: base, immediate)
      case .store:
        switch any() {
        case 0: return assemble(encoding.operation, rs1: any(), rs2: any(), immediate)
        case 1...6: return assemble(encoding.operation, rs1: 31, rs2: any(), immediate / 16)
        default: return assemble(encoding.operation, rs1: 8, rs2: any(), immediate)
        }
      case .branch, .jump:
        let distance = Int.random(in: -6...12, using: &random) * 4 + (any() == 0 ? 2 : 0)
        return assemble(encoding.operation, rd: target(), rs1: any(), rs2: any(), distance)
      case .upper:
        return assemble(
          encoding.operation, rd: target(), Int.random(in: 0...0xf_ffff, using: &random))
      case .csrRegister, .csrImmediate:
        let csr =
          [
            0x300, 0x304, 0x320, 0x340, 0x342, 0x343, 0x344, 0xb00, 0xb02, 0xb80, 0xb82, 0xc00,
            0xc01, 0xc02, 0xf14, 0x301, 0x7c0, 0xb03, 0x323,
          ].randomElement(using: &random) ?? 0
        return assemble(encoding.operation, rd: target(), rs1: any(), csr)
      case .fence: return assemble(encoding.operation, 0xff)
      case .none:
        // mret would go to an arbitrary mepc; the handler uses it.
        return encoding.operation == .mret ? 0xffff_ffff : encoding.match
      }
    }
  }

  /// Skips the instruction that raised an exception; after an interrupt goes on where it was.
  /// Uses x5 only.
  private static let handlerCode: [UInt32] = [
    assemble(.csrrs, rd: 5, Register.mcause),
    assemble(.blt, rs1: 5, rs2: 0, 16),
    assemble(.csrrs, rd: 5, Register.mepc),
    assemble(.addi, rd: 5, rs1: 5, 4),
    assemble(.csrrw, rs1: 5, Register.mepc),
    assemble(.mret),
  ]

  private static func prepare(_ machine: Machine, seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    machine.place(program(&random, count: 1200))
    machine.place(handlerCode, at: handler)
    let hart = machine.hart
    for register in 1..<32 {
      let value =
        Bool.random(using: &random)
        ? corners.randomElement(using: &random) ?? 0
        : UInt32.random(in: .min ... .max, using: &random)
      hart[register: register] = UInt64(value)
    }
    hart[register: 8] = Machine.base + UInt64(data)
    hart[register: 31] = Machine.base + 512
    // The trap vector, set as a program would.
    machine.place(
      [
        assemble(.lui, rd: 5, Int(Machine.base) >> 12 + handler >> 12),
        assemble(.csrrw, rs1: 5, Register.mtvec),
        assemble(.jal, rd: 0, -0x5008),
      ], at: 0x5000)
    hart.programCounter = Machine.base + 0x5000
  }

  /// What a machine looks like from outside.
  private static func state(_ machine: Machine) -> [UInt64] {
    let hart = machine.hart
    let csrs = [
      0x300, 0x304, 0x305, 0x320, 0x340, 0x341, 0x342, 0x343, 0x344, 0xb00, 0xb02, 0xb80, 0xb82,
    ]
    return (0..<32).map { hart[register: $0] } + csrs.map { machine.csr($0) ?? .max }
      + [hart.programCounter, hart.cycle, hart.retiredInstructions]
  }

  /// A device whose answers depend on the address alone.
  private static func answer(_ exit: Exit, _ hart: Hart) -> Bool {
    switch exit {
    case .deviceLoad(let address, _):
      if address & 0x10 != 0 {
        hart.failAccess()
      } else {
        hart.completeLoad(address &* 0x9e37_79b1)
      }
    case .deviceStore(let address, _, _):
      if address & 0x10 != 0 { hart.failAccess() } else { hart.completeStore() }
    case .budget, .wfi, .synchronise, .hostStore: break
    case .doubleFault: return false
    }
    return true
  }

  @Test(
    "random programs leave the same registers, CSRs, memory, traps and counters",
    arguments: 0..<60)
  func randomPrograms(seed: Int) throws {
    let misaligned: MisalignedAccess = seed % 2 == 0 ? .supported : .trapped
    let fast = try Machine(misaligned: misaligned)
    let slow = try Machine(misaligned: misaligned)
    for machine in [fast, slow] {
      Self.prepare(machine, seed: UInt64(seed))
      machine.hart.watch(Machine.base + UInt64(Self.data) + 64)
    }
    var random = SeededGenerator(seed: UInt64(seed) + 1000)
    var total = 0
    for _ in 0..<400 {
      let lines = UInt32.random(in: 0..<16, using: &random) << 3 & 0x888
      for machine in [fast, slow] {
        machine.hart.setInterruptPending(lines)
        machine.hart.setTime(UInt64(total))
      }
      let budget = Int.random(in: 1...40, using: &random)
      let result = fast.hart.run(budget: budget)
      guard Self.answer(result.exit, fast.hart) else { break }
      // The same by single steps, until the same has been executed.
      var steps = 0
      var exit = Exit.budget
      stepping: while true {
        if steps == result.executed, exit == result.exit { break }
        switch slow.hart.step(synchronised: steps == 0) {
        case .retired: steps += 1
        case .trapped(let trap): if !trap.cause.isInterrupt { steps += 1 }
        case .retiredAndStopped(_, let reason):
          steps += 1
          exit = reason
          break stepping
        case .stopped(let reason):
          exit = reason
          break stepping
        }
      }
      #expect(steps == result.executed)
      #expect(exit == result.exit)
      _ = Self.answer(exit, slow.hart)
      total += result.executed
      try #require(Self.state(fast) == Self.state(slow), "after \(total) instructions")
    }
    #expect(
      UnsafeRawBufferPointer(start: fast.memory, count: Machine.size).elementsEqual(
        UnsafeRawBufferPointer(start: slow.memory, count: Machine.size)))
    #expect(total > 200)
  }
}
