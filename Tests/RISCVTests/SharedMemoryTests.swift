import RISCV
import Testing

/// Harts that share memory.
@Suite("Several harts")
struct SharedMemoryTests {
  /// Two harts with the same memory, in one group.
  private static func pair(
    _ engines: [Engine], _ first: [UInt32], _ second: [UInt32]
  ) throws -> (harts: [Hart], memory: UnsafeMutableRawPointer) {
    let memory = try #require(UnsafeMutableRawPointer.zeroed(byteCount: 0x1_0000))
    let group = HartGroup()
    let harts = try engines.enumerated().map { index, engine in
      let hart = Hart(
        configuration: HartConfiguration(
          hartID: UInt32(index), instructionSet: .rv64Full, engine: engine))
      try hart.add(MemoryRegion(base: Machine.base, size: 0x1_0000, pointer: memory))
      hart.reset(pc: Machine.base + UInt64(index) * 0x1000)
      hart[register: 10] = Machine.base + 0x8040
      group.add(hart)
      return hart
    }
    for (index, program) in [first, second].enumerated() {
      for (number, word) in program.enumerated() {
        memory.storeBytes(
          of: word.littleEndian, toByteOffset: 0x1000 * index + 4 * number, as: UInt32.self)
      }
    }
    return (harts, memory)
  }

  private static let pairs: [[Engine]] = [
    [.fast, .fast], [.fast, .reference], [.reference, .fast], [.reference, .reference],
  ]

  @Test("additions by LR and SC of two harts are all counted, whoever runs when", arguments: pairs)
  func counting(engines: [Engine]) throws {
    // x12 times: lr.d, addi, sc.d, again until it succeeds.
    let program = [
      assemble(.lrD, rd: 1, rs1: 10), assemble(.addi, rd: 1, rs1: 1, 1),
      assemble(.scD, rd: 2, rs1: 10, rs2: 1), assemble(.bne, rs1: 2, rs2: 0, -12),
      assemble(.addi, rd: 12, rs1: 12, -1), assemble(.bne, rs1: 12, rs2: 0, -20),
      assemble(.jal, rd: 0, 0),
    ]
    var failures: [UInt64] = []
    for seed in 0..<3 as Range<UInt64> {
      let (harts, memory) = try Self.pair(engines, program, program)
      defer { memory.free() }
      for hart in harts { hart[register: 12] = 300 }
      var random = SeededGenerator(seed: seed)
      while harts.contains(where: { $0[register: 12] != 0 }) {
        let hart = harts.randomElement(using: &random) ?? harts[0]
        _ = hart.run(budget: Int.random(in: 1...9, using: &random))
      }
      #expect(memory.load(fromByteOffset: 0x8040, as: UInt64.self) == 600)
      failures.append(harts.reduce(0) { $0 + $1.retiredInstructions })
    }
    // Reservations were lost on the way: more than the six instructions of each round.
    #expect(failures.allSatisfy { $0 > 600 * 6 })
  }

  @Test(
    "a store of another hart ends a reservation, even of the same value, but not one beside it",
    arguments: pairs)
  func otherStores(engines: [Engine]) throws {
    let stores: [(UInt32, Bool)] = [
      (assemble(.sd, rs1: 10, rs2: 0), true), (assemble(.sb, rs1: 10, rs2: 0, 7), true),
      (assemble(.sw, rs1: 10, rs2: 0, 4), true), (assemble(.fsw, rs1: 10, rs2: 0, 4), true),
      (assemble(.sh, rs1: 10, rs2: 0, -1), true), (assemble(.amoaddD, rs1: 10, rs2: 0), true),
      (assemble(.amoorW, rs1: 10, rs2: 0), true), (assemble(.sd, rs1: 10, rs2: 0, 8), false),
      (assemble(.sb, rs1: 10, rs2: 0, -1), false), (assemble(.sd, rs1: 10, rs2: 0, -8), false),
      (assemble(.lw, rd: 3, rs1: 10), false), (assemble(.lrD, rd: 3, rs1: 10), false),
    ]
    for (store, ends) in stores {
      for isWarm in [true, false] {
        let (harts, memory) = try Self.pair(
          engines, [assemble(.lrD, rd: 1, rs1: 10), assemble(.scD, rd: 2, rs1: 10, rs2: 11)],
          [store, assemble(.jal, rd: 0, -4)])
        defer { memory.free() }
        harts[1].writeCSR(0x300, 0x2000)
        harts[0][register: 11] = 42
        // Whether the storing hart has been there before.
        if isWarm { _ = harts[1].run(budget: 4) }
        _ = harts[0].run(budget: 1)
        _ = harts[1].run(budget: 2)
        _ = harts[0].run(budget: 1)
        #expect(harts[0][register: 2] == (ends ? 1 : 0))
        #expect(memory.load(fromByteOffset: 0x8040, as: UInt64.self) == (ends ? 0 : 42))
      }
    }
  }

  @Test("of two reservations the first to be used wins", arguments: pairs)
  func twoReservations(engines: [Engine]) throws {
    let program = [assemble(.lrW, rd: 1, rs1: 10), assemble(.scW, rd: 2, rs1: 10, rs2: 11)]
    let (harts, memory) = try Self.pair(engines, program, program)
    defer { memory.free() }
    (harts[0][register: 11], harts[1][register: 11]) = (7, 8)
    for hart in [harts[0], harts[1], harts[1], harts[0]] { _ = hart.run(budget: 1) }
    #expect(harts[0][register: 2] == 1)
    #expect(harts[1][register: 2] == 0)
    #expect(memory.load(fromByteOffset: 0x8040, as: UInt32.self) == 8)
  }

  @Test("code that another hart wrote is there after FENCE.I", arguments: pairs)
  func remoteCode(engines: [Engine]) throws {
    let (harts, memory) = try Self.pair(
      engines,
      [assemble(.addi, rd: 1, rs1: 1, 1), assemble(.fenceI), assemble(.jal, rd: 0, -8)],
      [assemble(.sw, rs1: 13, rs2: 11)])
    defer { memory.free() }
    _ = harts[0].run(budget: 3)
    harts[1][register: 13] = Machine.base
    harts[1][register: 11] = UInt64(assemble(.addi, rd: 1, rs1: 1, 100))
    _ = harts[1].run(budget: 1)
    harts[0].programCounter = Machine.base + 4
    _ = harts[0].run(budget: 3)
    #expect(harts[0][register: 1] == 101)
  }
}
