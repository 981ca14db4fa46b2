import Processors
import RISCV
import SimKernel
import Telemetry
import Testing

/// A run of a program whose labels are its functions, with its profile.
private struct ProfiledRun {
  let bench: CoreBench
  let profile: FunctionProfile
  let outcome: Outcome

  init(_ program: Program, _ labels: [String], _ options: CoreBench.Options = .init()) throws {
    let profile = FunctionProfile(
      FunctionMap(
        labels.map { FunctionMap.Function(name: $0, address: program.address(of: $0), size: 0) }))
    var options = options
    options.instructionSet = program.xlen.full
    options.observer = { _ in profile }
    bench = try CoreBench(options, program)
    outcome = bench.run()
    profile.finish(cycles: bench.coreCycles)
    self.profile = profile
  }

  var summary: ProfileSummary { ProfileSummary([("core", profile)]) }

  /// Cycles by chain, without those of the end of the run in `main`.
  var chains: [String: UInt64] {
    var result: [String: UInt64] = [:]
    for line in summary.foldedStacks.split(separator: "\n") {
      let words = line.split(separator: " ")
      if words[0] != "main" { result[String(words[0])] = UInt64(words[1]) }
    }
    return result
  }

  func function(_ name: String) -> ProfileSummary.Function? {
    summary.functions.first { $0.name == name }
  }
}

extension CoreBench {
  /// Cycles of the first core's clock.
  fileprivate var coreCycles: UInt64 {
    registry.snapshot().modules.first { $0.path == "core" }?.cycles.reduce(0, +) ?? 0
  }
}

extension Program {
  /// A jump to a label with `link` as its return address.
  fileprivate mutating func jump(_ label: String, link: Int = 1, using resolved: Program?) {
    let target = resolved?.address(of: label) ?? here
    add(.jal, rd: link, Int(target) - Int(here))
  }

  /// C.JAL or C.J to a label.
  fileprivate func compressed(
    _ operation: UInt32, to label: String, using resolved: Program?
  ) -> UInt32 {
    let offset = UInt32(
      truncatingIfNeeded: Int(resolved?.address(of: label) ?? here) - Int(here))
    // Where bits 11, 4, 9, 8, 10, 6, 7, 3, 2, 1 and 5 of the offset go, from bit 12 down.
    return [11, 4, 9, 8, 10, 6, 7, 3, 2, 1, 5].enumerated().reduce(operation) { word, place in
      word | (offset >> UInt32(place.element) & 1) << UInt32(12 - place.offset)
    }
  }

  /// Sets the stack pointer: two instructions.
  fileprivate mutating func stack(_ offset: UInt64 = 0xE000) { load(2, Program.base + offset) }

  /// Makes room on the stack and keeps the return address there: two instructions.
  fileprivate mutating func enter() {
    add(.addi, rd: 2, rs1: 2, -16)
    store(1, at: 0, from: 2)
  }

  /// The opposite, and the return: three instructions.
  fileprivate mutating func leave() {
    add(xlen == .rv64 ? .ld : .lw, rd: 1, rs1: 2, 0)
    add(.addi, rd: 2, rs1: 2, 16)
    add(.jalr, rs1: 1)
  }
}

@Suite("Profiles by function")
struct ProfileTests {
  @Test("Cycles go to functions and chains; waiting goes to the access", arguments: XLEN.both)
  func callsAndReturns(xlen: XLEN) throws {
    let program = Program.build(xlen) { program, resolved in
      program.label("main")
      program.stack()
      program.load(10, CoreBench.deviceBase)
      program.jump("f", using: resolved)
      program.jump("f", using: resolved)
      program.jump("g", using: resolved)
      program.exit()
      program.label("f")
      program.enter()
      program.jump("g", using: resolved)
      program.leave()
      program.label("g")
      program.add(.lw, rd: 5, rs1: 10, 0x40)
      program.add(.jalr, rs1: 1)
    }
    var options = CoreBench.Options()
    options.delay = 9
    let run = try ProfiledRun(program, ["main", "f", "g"], options)
    #expect(run.outcome == .finished)
    let waiting = try #require(run.bench.cycles(in: "wait-device")) / 3
    #expect(waiting > 9)
    #expect(
      run.chains == ["main;f": 12, "main;f;g": 2 * (waiting + 1), "main;g": waiting + 1])
    let g = try #require(run.function("g"))
    #expect(g.calls == 3 && g.selfCycles == 3 * (waiting + 1) && g.totalCycles == g.selfCycles)
    let f = try #require(run.function("f"))
    #expect(f.calls == 2 && f.selfCycles == 12 && f.totalCycles == 12 + 2 * (waiting + 1))
    let main = try #require(run.function("main"))
    #expect(main.calls == 1 && main.totalCycles == run.bench.coreCycles)
    #expect(run.summary.cycles == run.bench.coreCycles)
  }

  @Test("Recursive calls count once in the total, however deep", arguments: [3, 400, 1000])
  func recursion(depth: UInt64) throws {
    let program = Program.build { program, resolved in
      program.label("main")
      program.stack()
      program.load(10, depth)
      program.jump("f", using: resolved)
      program.nops(5)
      program.exit()
      program.label("f")
      program.enter()
      program.add(.addi, rd: 10, rs1: 10, -1)
      program.branch(.beq, rs1: 10, to: "end")
      program.jump("f", using: resolved)
      program.label("end")
      program.leave()
    }
    let run = try ProfiledRun(program, ["main", "f"])
    #expect(run.outcome == .finished)
    let f = try #require(run.function("f"))
    #expect(f.calls == depth && f.selfCycles == 8 * depth - 1 && f.totalCycles == f.selfCycles)
    // What follows the calls is main's own again.
    let main = try #require(run.function("main"))
    #expect(main.selfCycles + f.selfCycles == run.bench.coreCycles)
    #expect(run.profile.tree.nodes.count <= 513)
    #expect(run.profile.tree.nodes[0].cycles == main.selfCycles)
  }

  @Test("A tail call takes its caller's place; code that saves registers is called by x5")
  func tailCalls() throws {
    let program = Program.build { program, resolved in
      program.label("main")
      program.stack()
      program.jump("f", using: resolved)
      program.exit()
      program.label("f")
      program.jump("save", link: 5, using: resolved)
      program.nops(3)
      program.jump("restore", link: 0, using: resolved)
      program.label("save")
      program.enter()
      program.add(.jalr, rs1: 5)
      program.label("restore")
      program.leave()
    }
    let run = try ProfiledRun(program, ["main", "f", "save", "restore"])
    #expect(run.chains == ["main;f": 5, "main;f;save": 3, "main;restore": 3])
    #expect(run.function("restore")?.calls == 1)
  }

  @Test("Coroutines swap places")
  func coroutines() throws {
    let program = Program.build { program, resolved in
      program.label("main")
      program.stack()
      program.jump("other", using: resolved)
      for _ in 0..<3 { program.add(.jalr, rd: 1, rs1: 5) }
      program.exit()
      program.label("other")
      program.nops(1)
      program.add(.jalr, rd: 5, rs1: 1)
      program.branch(.jal, to: "other")
    }
    let run = try ProfiledRun(program, ["main", "other"])
    #expect(run.outcome == .finished)
    #expect(Set(run.chains.keys) == ["main;other", "main;main"])
    #expect(run.function("other")?.selfCycles == 3 * 3 + 2)
    #expect(run.summary.cycles == run.bench.coreCycles)
  }

  @Test("A jump over many returns finds the function it goes to")
  func longJump() throws {
    let program = Program.build { program, resolved in
      program.label("main")
      program.stack()
      program.jump("f", using: resolved)
      program.exit()
      program.label("f")
      program.enter()
      program.add(.addi, rd: 8, rs1: 2, 0)
      program.loadAddress(9, of: "landing", using: resolved)
      program.jump("g", using: resolved)
      program.nops(1)
      program.label("landing")
      program.nops(4)
      program.leave()
      program.label("g")
      program.enter()
      program.jump("h", using: resolved)
      program.leave()
      program.label("h")
      program.enter()
      program.add(.addi, rd: 2, rs1: 8, 0)
      program.add(.addi, rd: 1, rs1: 9, 0)
      program.add(.jalr, rs1: 1)
    }
    let run = try ProfiledRun(program, ["main", "f", "g", "h"])
    #expect(run.outcome == .finished)
    #expect(run.chains == ["main;f": 13, "main;f;g": 3, "main;f;g;h": 5])
  }

  @Test("Traps and interrupts are called by what they interrupt", arguments: XLEN.both)
  func traps(xlen: XLEN) throws {
    let program = Program.build(xlen) { program, resolved in
      program.label("main")
      program.stack()
      program.load(10, CoreBench.deviceBase)
      program.loadAddress(5, of: "handler", using: resolved)
      program.add(.csrrw, rs1: 5, ControlRegister.mtvec)
      program.load(5, 1 << 11)
      program.add(.csrrw, rs1: 5, ControlRegister.mie)
      program.add(.csrrsi, rs1: 8, ControlRegister.mstatus)
      program.jump("sleep", using: resolved)
      program.jump("fail", using: resolved)
      program.exit()
      program.label("sleep")
      program.nops(1)
      program.add(.wfi)
      program.nops(1)
      program.add(.jalr, rs1: 1)
      program.label("fail")
      program.add(.lw, rd: 5, rs1: 10, 0x80)
      program.add(.jalr, rs1: 1)
      program.label("handler")
      program.add(.csrrs, rd: 6, ControlRegister.mcause)
      program.branch(.blt, rs1: 6, to: "interrupt")
      program.add(.csrrs, rd: 6, ControlRegister.mepc)
      program.add(.addi, rd: 6, rs1: 6, 4)
      program.add(.csrrw, rs1: 6, ControlRegister.mepc)
      program.add(.mret)
      program.label("interrupt")
      program.add(.sw, rs1: 10, 0x44)
      program.add(.mret)
    }
    var options = CoreBench.Options()
    options.schedule = .external([200])
    let run = try ProfiledRun(program, ["main", "sleep", "fail", "handler"], options)
    #expect(run.outcome == .finished)
    let chains = run.chains
    let sleep = try #require(run.bench.cycles(in: "wfi"))
    #expect(sleep > 150)
    #expect(chains["main;sleep"] == 4 + sleep)
    let wait = try #require(run.bench.cycles(in: "wait-device"))
    // The failed load waits, and takes no cycle of its own.
    let fail = try #require(chains["main;fail"])
    let interrupt = try #require(chains["main;sleep;handler"])
    #expect(chains["main;fail;handler"] == 6)
    #expect(fail + interrupt == 1 + 3 + wait)
    #expect(run.function("handler")?.calls == 2)
    #expect(run.summary.cycles == run.bench.coreCycles)
  }

  @Test("Tasks that a trap handler switches between keep their own chains")
  func tasks() throws {
    let program = Program.build { program, resolved in
      program.label("main")
      program.stack()
      program.loadAddress(5, of: "handler", using: resolved)
      program.add(.csrrw, rs1: 5, ControlRegister.mtvec)
      // Program counter and stack pointer of the other task.
      program.loadAddress(8, of: "task", using: resolved)
      program.load(9, Program.base + 0xC000)
      program.jump("f", using: resolved)
      program.exit()
      program.label("f")
      for _ in 0..<5 { program.add(.ecall) }
      program.add(.jalr, rs1: 1)
      program.label("task")
      program.jump("g", using: resolved)
      program.label("g")
      program.add(.ecall)
      program.branch(.jal, to: "g")
      program.label("handler")
      program.add(.csrrs, rd: 5, ControlRegister.mepc)
      program.add(.addi, rd: 5, rs1: 5, 4)
      program.add(.csrrw, rs1: 8, ControlRegister.mepc)
      program.add(.addi, rd: 8, rs1: 5, 0)
      program.add(.addi, rd: 5, rs1: 2, 0)
      program.add(.addi, rd: 2, rs1: 9, 0)
      program.add(.addi, rd: 9, rs1: 5, 0)
      // The tasks share their registers, except this one.
      program.add(.addi, rd: 5, rs1: 1, 0)
      program.add(.addi, rd: 1, rs1: 20, 0)
      program.add(.addi, rd: 20, rs1: 5, 0)
      program.add(.mret)
    }
    let run = try ProfiledRun(program, ["main", "f", "task", "g", "handler"])
    #expect(run.outcome == .finished)
    let chains = run.chains
    #expect(
      Set(chains.keys) == ["main;f", "main;f;handler", "task", "task;g", "task;g;handler"])
    #expect(chains["main;f"] == 1 && chains["task"] == 1 && chains["task;g"] == 4)
    #expect(chains["main;f;handler"] == 5 * 11 && chains["task;g;handler"] == 5 * 11)
  }

  @Test("Calls that never return do not pile up")
  func callsWithoutReturn() throws {
    let program = Program.build { program, resolved in
      program.label("main")
      program.stack()
      program.load(10, 3000)
      program.label("loop")
      program.jump("f", using: resolved)
      program.label("f")
      program.add(.addi, rd: 10, rs1: 10, -1)
      program.branch(.bne, rs1: 10, to: "loop")
      program.exit()
    }
    let run = try ProfiledRun(program, ["main", "f"])
    #expect(run.outcome == .finished)
    #expect(run.profile.tree.nodes.count < 200)
    #expect(run.function("f")?.calls == 3000)
    #expect(run.summary.cycles == run.bench.coreCycles)
  }

  @Test("Compressed calls and returns count too")
  func compressed() throws {
    let nop: UInt32 = 0x0001
    let program = Program.build { program, resolved in
      program.label("main")
      program.stack()
      program.loadAddress(10, of: "f", using: resolved)
      // C.JALR x10, C.JAL f, then C.J f in a function of its own; C.JR ra.
      program.add(word: nop << 16 | 0x9502)
      program.add(word: nop << 16 | program.compressed(0x2001, to: "f", using: resolved))
      program.jump("g", using: resolved)
      program.exit()
      program.label("f")
      program.add(word: 0x8082 << 16 | nop)
      program.label("g")
      program.add(word: nop << 16 | program.compressed(0xa001, to: "f", using: resolved))
    }
    let run = try ProfiledRun(program, ["main", "f", "g"])
    #expect(run.outcome == .finished)
    #expect(run.chains == ["main;f": 6, "main;g": 1])
    #expect(run.function("f")?.calls == 3)
  }

  @Test("Code without symbols is called unknown; chains of two harts are apart")
  func names() throws {
    let program = Program.build { program, _ in
      program.label("main")
      program.nops(3)
      program.label("odd name;")
      program.nops(2)
      program.exit()
    }
    let nameless = try ProfiledRun(program, [])
    #expect(nameless.summary.foldedStacks == "[unknown] \(nameless.bench.coreCycles)\n")
    let named = try ProfiledRun(program, ["main", "odd name;"])
    #expect(named.summary.foldedStacks.hasPrefix("main 3\nodd_name: "))
    let both = ProfileSummary([("cpu0", nameless.profile), ("cpu1", named.profile)])
    #expect(both.foldedStacks.hasPrefix("cpu0;[unknown] "))
    #expect(both.foldedStacks.contains("\ncpu1;main 3\n"))
    #expect(both.cycles == nameless.bench.coreCycles + named.bench.coreCycles)
  }

  @Test("A hart that never ran has spent its cycles nowhere known")
  func nothing() {
    let profile = FunctionProfile(FunctionMap([FunctionMap.Function]()))
    profile.finish(cycles: 17)
    #expect(ProfileSummary([("core", profile)]).foldedStacks == "[unknown] 17\n")
  }

  @Test(
    "The cycles of all functions are those of the run, and nothing is different for it",
    arguments: QuantumIndependenceTests.kinds, 1...2 as ClosedRange<UInt64>)
  func sums(kind: RandomProgramKind, seed: UInt64) throws {
    let program = RandomProgram.make(kind, seed: 3000 + seed)
    var options = QuantumIndependenceTests.options(kind, seed: 3000 + seed)
    let plain = Observation(try CoreBench(options, program))
    let labels = ["machine handler", "supervisor handler", "body"].filter {
      program.address(of: $0) != Program.base
    }
    for quantum in [0, 50] as [UInt64] {
      options.quantum = quantum
      let profile = FunctionProfile(
        FunctionMap(
          labels.map {
            FunctionMap.Function(name: $0, address: program.address(of: $0), size: 0)
          }))
      options.observer = { _ in ObserverGroup([profile]) }
      let bench = try CoreBench(options, program)
      expectEqual(Observation(bench), plain, "quantum \(quantum)")
      profile.finish(cycles: bench.coreCycles)
      let summary = ProfileSummary([("core", profile)])
      #expect(summary.cycles == bench.coreCycles)
      #expect(summary.functions.reduce(0) { $0 + $1.selfCycles } == bench.coreCycles)
      #expect(profile.tree.nodes.count < 400)
    }
  }
}
