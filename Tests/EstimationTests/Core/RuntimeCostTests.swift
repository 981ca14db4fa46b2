import Estimation
import Testing

@Suite("What the runtime costs besides kernels", .enabled(if: CoreFirmware.isAvailable))
struct RuntimeCostTests {
  /// With and without floating-point registers to save, and a weight-stationary array.
  private static let systems = ["os-16x16", "embedded", "dual"]

  @Test("Its pieces add up to the instructions of any plan", arguments: systems)
  func piecesAddUp(system: String) throws {
    let firmware = try CoreFirmware(system)
    let cost = try RuntimeCost.measure(
      program: firmware.program, instructionSet: firmware.instructionSet,
      memories: firmware.memories)
    let probe = try RuntimeProbe(
      program: firmware.program, instructionSet: firmware.instructionSet,
      memories: firmware.memories)
    var random = SeededGenerator(state: 1)
    for _ in 0..<40 {
      let plan = Self.plan(&random)
      let events = try probe.run(plan)
      let kernel = try #require(Self.kernelInstructions(events))
      var walk = RuntimeWalk(plan, cost, kernel: kernel)
      walk.run()
      let end = try #require(events.last { $0.kind == .end })
      // A handful of instructions where a combination is not the sum of its parts.
      let error = abs(walk.instructions - end.instructions)
      #expect(error * 1000 <= end.instructions - cost.start.instructions, "\(plan)")
      for device in 1..<plan.engines.count {
        let actual = Self.starts(events, device, plan)
        #expect(actual.count == walk.starts[device].count)
        for (one, other) in zip(actual, walk.starts[device]) {
          #expect(abs(one - other) <= 1 + error, "device \(device) of \(plan)")
        }
      }
    }
  }

  @Test("Interrupts while the core computes cost their pieces and no more")
  func interruptsOfKernels() throws {
    let firmware = try CoreFirmware("os-16x16")
    let cost = try RuntimeCost.measure(
      program: firmware.program, instructionSet: firmware.instructionSet,
      memories: firmware.memories)
    let probe = try RuntimeProbe(
      program: firmware.program, instructionSet: firmware.instructionSet,
      memories: firmware.memories)
    let plan = ProbePlan(
      core: [.init()], .init(.dma, [.init(), .init()]), .init(.accelerator, [.init()]))
    let events = try probe.run(plan, .whileComputing)
    let trap = try #require(events.first { $0.kind == .trap })
    let resume = try #require(events.first { $0.kind == .resume })
    // Both devices are drained: the DMA's two commands end in one interrupt.
    #expect(
      resume.instructions + 1 - trap.instructions
        == cost.trap + cost.serveDMA.instructions + 2 * cost.scan.drained
        + cost.served.instructions + cost.resume)
    let stores = events.filter { $0.instructions <= resume.instructions && $0.isStore }
      .filter { $0.instructions >= trap.instructions }
    #expect(stores.count == cost.serveDMA.stores + cost.served.stores)
  }

  /// Instructions of the kernel, when the plan has one and no interrupt came in between.
  private static func kernelInstructions(_ events: [RuntimeEvent]) -> Int? {
    guard let start = events.first(where: { $0.kind == .kernel }),
      let end = events.first(where: { $0.kind == .kernelReturn })
    else { return 0 }
    return end.instructions - start.instructions
  }

  /// The last register write of each command of a device.
  private static func starts(_ events: [RuntimeEvent], _ device: Int, _ plan: ProbePlan) -> [Int] {
    let writes = events.filter { event in
      if case .write(let engine, let offset) = event.kind, engine == device {
        return offset >= 0x100
      }
      return false
    }
    var next = 0
    return plan.engines[device].commands.compactMap { command in
      next += command.groups.reduce(0, +)
      return next <= writes.count ? writes[next - 1].instructions : nil
    }
  }

  /// A plan that can be carried out: commands wait for what lies before them in one order of all.
  private static func plan(_ random: inout SeededGenerator) -> ProbePlan {
    let devices = Int.random(in: 1...6, using: &random)
    var engines = [ProbePlan.Engine(.core)]
    for _ in 0..<devices {
      engines.append(ProbePlan.Engine(Bool.random(using: &random) ? .dma : .accelerator))
    }
    for _ in 0..<Int.random(in: 1...25, using: &random) {
      let engine = Int.random(in: 0...devices, using: &random)
      var command = ProbePlan.Command()
      command.setsTag = Int.random(in: 0...3, using: &random) == 0
      for other in 0...devices where Int.random(in: 0...2, using: &random) == 0 {
        let count = engines[other].commands.count
        if count > 0, other != engine {
          command.waits.append((other, Int.random(in: 1...count, using: &random)))
        }
      }
      if engine > 0 {
        command.groups = (0..<Int.random(in: 1...4, using: &random)).map { _ in
          Int.random(in: 1...6, using: &random)
        }
      }
      engines[engine].commands.append(command)
    }
    return ProbePlan(engines: engines)
  }
}
