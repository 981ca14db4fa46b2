import Estimation
import Telemetry
import Testing

/// Kernels and runtime in the simulated SoC: the cost model says beforehand what it will count.
@Suite("The core of a simulated SoC", .enabled(if: CoreFirmware.isAvailable))
struct CoreRunTests {
  /// Where the kernels' data lies.
  private static let data: UInt64 = 0x8080_0000

  private static func cost(
    _ firmware: CoreFirmware, hasDevices: Bool
  ) throws -> RuntimeCost {
    try RuntimeCost.measure(
      program: firmware.program, instructionSet: firmware.instructionSet,
      memories: firmware.memories, planAddress: CorePlan.address, hasDevices: hasDevices)
  }

  @Test(
    "executes as many instructions, device accesses and cycles as the model says",
    arguments: ["embedded", "cpu"], ["rv32imf_zicsr", "rv32im_zicsr"])
  func kernels(system: String, processor: String) throws {
    let firmware = try CoreFirmware(system, overrides: ["cpu.cpu_type=\(processor)"])
    let hasDevice = system != "cpu"
    let meter = try firmware.meter(budget: .max)
    // Memory begins as zeros. Without F, arithmetic depends on the numbers.
    try meter.provide(MemoryImage(address: Self.data, bytes: Array(repeating: 0, count: 32 << 20)))
    let cost = try Self.cost(firmware, hasDevices: hasDevice)
    var random = RandomKernel(seed: 7)
    var plan = CorePlan()
    plan.dma = hasDevice ? "dma_load" : nil
    for (index, family) in RandomKernel.Family.allCases.enumerated() {
      plan.kernels.append((Self.moved(random.call(family)), setsTag: index % 3 == 0))
    }
    let record = try plan.simulate(firmware)

    // A device without commands: opened, and then passed over.
    let pass = hasDevice ? cost.scan.drained : 0
    var instructions = cost.start.instructions + cost.opened + pass + cost.begun
    var (loads, stores) = (0, 0)
    if hasDevice {
      instructions += cost.openDMA.instructions
      (loads, stores) = (cost.openDMA.loads, cost.openDMA.stores)
    }
    for (call, setsTag) in plan.kernels {
      let kernel = try meter.cost(of: call)
      #expect(!kernel.isExtrapolated)
      instructions += cost.core.begin(waits: 0, setsTag: setsTag) + kernel.instructions
      instructions += cost.core.end + pass
      stores += setsTag ? 1 : 0
    }
    instructions += cost.loop.finish(engines: hasDevice ? 2 : 1)
    try expect(record, instructions, loads: loads, stores: stores)
    #expect(record.cycles(of: "wfi") == 0)
  }

  /// The crossbar's clock has 200 MHz.
  @Test(
    "serves interrupts with as many instructions and device accesses as the model says",
    arguments: [(200, 1), (100, 1), (40, 1), (200, 3)])
  func interrupts(mips: Int, latency: Int) throws {
    let firmware = try CoreFirmware(
      "embedded",
      overrides: ["cpu.cpu_mips=\(mips)", "crossbar.latency_cycles=\(latency)"])
    let cost = try Self.cost(firmware, hasDevices: true)
    var plan = CorePlan()
    plan.dma = "dma_load"
    // Large enough that the core sleeps before each is done.
    for index in 0..<7 {
      plan.copies.append(
        CorePlan.Copy(
          waits: Array(repeating: (0, 0), count: index % 3), source: 0x80a0_0000,
          target: 0x80b0_0000, byteCount: 65536))
    }
    let record = try plan.simulate(firmware)
    #expect(record.count("wakeups") == plan.copies.count)

    let commands = plan.copies.map {
      ProbePlan.Command(waits: $0.waits, groups: CorePlan.Copy.groups)
    }
    var walk = RuntimeWalk(ProbePlan(ProbePlan.Engine(.dma, commands)), cost, kernel: 0)
    walk.run()
    let served = plan.copies.count
    let values = CorePlan.Copy.groups.reduce(0, +)
    try expect(
      record, walk.instructions,
      loads: cost.openDMA.loads + served * (cost.serveDMA.loads + cost.served.loads),
      stores: cost.openDMA.stores + served * (cost.serveDMA.stores + cost.served.stores + values),
      HartTiming(hartPeriod: 200 / mips, busPeriod: 1, latency: latency))
  }

  @Test("A device's end wakes the core in the cycle that the model says", arguments: [64, 4096])
  func wakeUp(byteCount: UInt32) throws {
    let firmware = try CoreFirmware("embedded")
    let cost = try Self.cost(firmware, hasDevices: true)
    let timing = HartTiming()
    var plan = CorePlan()
    plan.dma = "dma_load"
    plan.copies = [
      CorePlan.Copy(source: 0x80a0_0000, target: 0x80b0_0000, byteCount: byteCount)
    ]
    // A DMA works from the cycle in which it is started to that in which it raises its interrupt.
    let channel = try plan.simulate(firmware, module: "dma_load")
    let busy = Int(channel.cycles.reduce(0, +)) - channel.cycles(of: "idle")

    let values = CorePlan.Copy.groups.reduce(0, +)
    let start = cost.command.start(waits: 0, groups: CorePlan.Copy.groups.count, values: values)
    let last =
      cost.start.instructions + timing.cycles(cost.openDMA) + cost.opened + start
      + (values - 1) * (timing.storeCycles - 1)
    let started = timing.access(at: last, isStore: true)
    let sleep =
      started.next + cost.command.tail + cost.scan.drained + cost.begun
      + cost.loop.idle(firstIncomplete: 1)
    let ended = started.served + busy - 1
    // The `wfi` itself takes a cycle.
    let waiting = max(0, timing.interrupt(raisedAt: ended) - (sleep + 1))
    #expect(try plan.simulate(firmware).cycles(of: "wfi") == waiting)
    #expect((waiting > 0) == (byteCount > 1000))
  }

  private func expect(
    _ record: ModuleRecord, _ instructions: Int, loads: Int, stores: Int,
    _ timing: HartTiming = HartTiming()
  ) throws {
    let executed = record.count("instructions")
    // The end is a store of two words, and the simulation stops behind it.
    #expect((0...2).contains(executed - instructions), "\(executed), not \(instructions)")
    #expect(record.count("device_accesses") == loads + stores)
    // Every edge of the hart is one of the bus: all accesses are alike.
    func cycles(isStore: Bool) -> Int {
      timing.access(at: 0, isStore: isStore).next / timing.hartPeriod
    }
    let waiting = loads * cycles(isStore: false) + stores * cycles(isStore: true)
    #expect(record.cycles(of: "wait-device") == waiting)
    let busy = executed - loads - stores + waiting + record.cycles(of: "wfi")
    #expect(abs(Int(record.cycles.reduce(0, +)) - busy) <= 1)
  }

  /// The call with its data in the 64 MiB of the smaller SoC.
  private static func moved(_ call: KernelCall) -> KernelCall {
    KernelCall(
      identifier: call.identifier,
      words: call.words.map { word in
        word >> 28 == 8 ? word - 0x80_0000 * (word >> 24 & 7) : word
      })
  }
}
