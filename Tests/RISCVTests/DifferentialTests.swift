import RISCV
import Testing

/// Random programs on two harts, one for each engine, that must not differ in anything.
@Suite("The fast engine against the reference interpreter")
struct DifferentialTests {
  /// What the program with number `seed` runs on.
  private static func setting(
    _ seed: Int, _ change: (inout Arena.Setting, inout SeededGenerator) -> Void
  ) -> Arena.Setting {
    var random = SeededGenerator(seed: UInt64(seed))
    var setting = Arena.Setting(
      xlen: seed % 2 == 0 ? .rv32 : .rv64, misaligned: seed / 2 % 2 == 0 ? .supported : .trapped,
      seed: UInt64(seed))
    change(&setting, &random)
    return setting
  }

  private func compare(_ setting: Arena.Setting, runs: Int = 250) throws {
    let arenas = try [Arena(setting, engine: .fast), Arena(setting, engine: .reference)]
    var random = SeededGenerator(seed: setting.seed + 1000)
    for run in 0..<runs {
      let lines = Int.random(in: 0..<4, using: &random) == 0 ? random.next() & 0xa88 : 0
      let longest = [3, 20, 20, 20, 60, 500].randomElement(using: &random) ?? 20
      let budget = Int.random(in: 0...longest, using: &random)
      let isSynchronised = Int.random(in: 0..<4, using: &random) > 0
      if Int.random(in: 0..<16, using: &random) == 0 { overwrite(arenas, &random) }
      // Out of whatever loop it is in.
      if run % 50 == 49 { arenas.forEach { $0.start() } }
      if Int.random(in: 0..<3, using: &random) > 0 { jump(arenas, &random) }
      let results = arenas.map { arena in
        arena.hart.setInterruptPending(lines)
        arena.hart.setTime(UInt64(run) << 28)
        return arena.hart.run(budget: budget, synchronised: isSynchronised)
      }
      let context = "\(setting), run \(run), pc \(String(arenas[0].hart.programCounter, radix: 16))"
      try #require(results[0] == results[1], "\(context)")
      // Both, as both have to be answered.
      let goOn = arenas.map { $0.answer(results[0].exit) }
      let difference = Arena.difference(arenas[0], arenas[1], all: !goOn[0] || run % 64 == 63)
      try #require(difference == nil, "\(context), budget \(budget), \(results[0].exit)")
      if !goOn[0] { arenas.forEach { $0.start() } }
    }
    #expect(Arena.difference(arenas[0], arenas[1], all: true) == nil, "\(setting)")
  }

  /// Goes on at a random instruction.
  private func jump(_ arenas: [Arena], _ random: inout SeededGenerator) {
    let target = arenas[0].target(&random)
    let interrupts = random.next() & random.next()
    for arena in arenas { arena.restore(programCounter: target, interrupts: interrupts) }
  }

  /// Another master writes into the program and says so.
  private func overwrite(_ arenas: [Arena], _ random: inout SeededGenerator) {
    let offset = Int.random(in: 0..<Arena.programBytes / 4, using: &random) * 4
    let word = UInt32(truncatingIfNeeded: random.next())
    for arena in arenas {
      arena.place(words: [word], at: offset)
      arena.hart.invalidateCode(at: Arena.base + UInt64(offset), count: 4)
    }
  }

  @Test("in machine mode", arguments: 0..<60)
  func machineMode(seed: Int) throws { try compare(Self.setting(seed) { _, _ in }) }

  @Test("without compressed instructions, floating point or other modes", arguments: 100..<120)
  func fewExtensions(seed: Int) throws {
    try compare(
      Self.setting(seed) { setting, random in
        setting.extensions = [.zicsr, .zifencei, .zicntr]
        for extra in [Extensions.m, .a, [.f, .d], [.zba, .zbb, .zbs], .user]
        where Bool.random(using: &random) { setting.extensions.formUnion(extra) }
      })
  }

  @Test("in supervisor and user mode behind page tables", arguments: 200..<260)
  func translated(seed: Int) throws {
    try compare(
      Self.setting(seed) { setting, random in
        setting.privilege = Bool.random(using: &random) ? .supervisor : .user
        setting.isTranslated = true
        setting.delegates = Bool.random(using: &random)
        setting.isProtected = Int.random(in: 0..<4, using: &random) == 0
        if Bool.random(using: &random) { setting.extensions.insert(.svadu) }
      })
  }

  @Test("in supervisor and user mode behind protection", arguments: 300..<340)
  func protected(seed: Int) throws {
    try compare(
      Self.setting(seed) { setting, random in
        setting.privilege = Bool.random(using: &random) ? .supervisor : .user
        setting.isProtected = true
        setting.delegates = Bool.random(using: &random)
      })
  }

  @Test("in machine mode with the data of user mode", arguments: 400..<430)
  func modifiedPrivilege(seed: Int) throws {
    try compare(
      Self.setting(seed) { setting, random in
        setting.modifiesPrivilege = true
        setting.isTranslated = Bool.random(using: &random)
        setting.isProtected = Bool.random(using: &random)
        if Bool.random(using: &random) { setting.extensions.insert(.svadu) }
      })
  }
}
