import Accelerators
import Fabric
import Foundation
import SimKernel
import Telemetry
import TestSupport
import Testing

/// The registers, as firmware sees them and as their map describes them.
struct ArrayRegisterTests {
  static let base = ArrayScenario.base

  private static func map(_ dataflow: ArrayDataflow) -> RegisterMap {
    dataflow == .outputStationary
      ? OutputStationaryArray.registerMap : WeightStationaryArray.registerMap
  }

  /// Runs a script on an array without jobs.
  private static func run(
    _ dataflow: ArrayDataflow, _ script: [RegisterMaster.Step],
    type: ArrayDataType = .int8, presets: [String: UInt32] = [:]
  ) -> ArrayRun {
    let scenario = ArrayScenario(
      dataflow,
      SystolicArrayConfiguration(
        rows: 4, columns: 6, dataType: type, outBits: 64, accumulatorRows: 12,
        registerPresets: presets), shapes: [], flags: 0)
    return ArrayBench().run(scenario, script: script).run
  }

  @Test("Exactly the offsets of the map answer reads", arguments: ArrayDataflow.allCases)
  func readableOffsets(dataflow: ArrayDataflow) {
    let offsets = (0..<2048).map { UInt64(4 * $0) }
    let run = Self.run(dataflow, offsets.map { .read(Self.base + $0) })
    for (offset, response) in zip(offsets, run.responses) {
      let expected: BusResponse =
        Self.map(dataflow).register(at: offset) == nil ? .slaveError : .okay
      #expect(response == expected, "offset \(offset)")
    }
  }

  @Test("Reset values are those of the map", arguments: ArrayDataflow.allCases)
  func resetValues(dataflow: ArrayDataflow) {
    let registers = Self.map(dataflow).registers.filter { $0.reset != nil }
    let run = Self.run(dataflow, registers.map { .read(Self.base + $0.offset) })
    #expect(run.registerValues.map(UInt64.init) == registers.map(\.reset))
  }

  @Test("Read-only registers refuse writes, others take them", arguments: ArrayDataflow.allCases)
  func writableOffsets(dataflow: ArrayDataflow) {
    let registers = Self.map(dataflow).registers
    let run = Self.run(dataflow, registers.map { .write(Self.base + $0.offset, 0) })
    for (register, response) in zip(registers, run.responses) {
      #expect((response == .okay) == (register.access != .readOnly), "\(register.name)")
    }
  }

  @Test("Writable bits are those of the map", arguments: ArrayDataflow.allCases)
  func writableBits(dataflow: ArrayDataflow) throws {
    let map = Self.map(dataflow)
    let names =
      SystolicArrayConfiguration.presetNames
      + ["SLOPE", "BIAS0", "BIAS1", "SCALE0", "SCALE1", "SHIFT0", "SHIFT1"]
      + (dataflow == .weightStationary ? ["PASSES"] : [])
    let registers = try names.map { try #require(map.register(named: $0)) }
    let run = Self.run(
      dataflow,
      registers.flatMap { register -> [RegisterMaster.Step] in
        let last = Self.base + register.end - 4
        return [.write(last, .max), .read(last)]
      })
    let masks = registers.map { register in
      register.fields.isEmpty
        ? UInt32.max : UInt32(register.fields.reduce(0) { $0 | $1.mask })
    }
    #expect(run.registerValues == masks)
  }

  @Test("Read-only registers describe the array")
  func description() {
    let offsets: [UInt64] = [0x2C, 0x30, 0x34, 0x38, 0x44]
    let reads = offsets.map { RegisterMaster.Step.read(Self.base + $0) }
    #expect(Self.run(.outputStationary, reads).registerValues == [6, 4, 1, 0, 64])
    #expect(
      Self.run(.weightStationary, reads + [.read(Self.base + 0x3C)], type: .int16)
        .registerValues == [6, 4, 2, 1, 64, 12])
    #expect(Self.run(.outputStationary, reads, type: .fp32).registerValues[2] == 3)
  }

  @Test("Presets are the values after reset")
  func presets() {
    let run = Self.run(
      .outputStationary, [.read(Self.base + 0x18), .read(Self.base + 0x24)],
      presets: ["SCALE": 77, "CLAMP_MIN": 5])
    #expect(run.registerValues == [77, 5])
  }

  @Test(
    "A START that cannot run is refused with its reason and an interrupt",
    arguments: [
      (ArrayDataflow.outputStationary, [UInt32(5), 1, 1], UInt32(2)),
      (.outputStationary, [1, 7, 1], 2),
      (.outputStationary, [0, 1, 1], 2), (.outputStationary, [1, 1, 0], 2),
      (.weightStationary, [1, 1, 5], 2), (.weightStationary, [1, 7, 1], 2),
      (.weightStationary, [13, 1, 1], 0), (.weightStationary, [13, 1, 1], 3),
      (.weightStationary, [0, 1, 1], 2), (.outputStationary, [0, 1, 1], 0x82),
      (.weightStationary, [0, 1, 1], 0x80), (.weightStationary, [1, 1, 5], 0x82),
    ])
  func badShapes(dataflow: ArrayDataflow, shape: [UInt32], flags: UInt32) {
    let base = Self.base
    let run = Self.run(
      dataflow,
      [
        .write(base + 8, shape[0]), .write(base + 12, shape[1]), .write(base + 16, shape[2]),
        .write(base + 20, flags), .write(base, 5), .read(base + 4), .write(base + 4, 4),
        .read(base + 4), .pause(10),
      ])
    #expect(run.registerValues == [0x104, 0], "error with code 1, then cleared")
    #expect(run.interruptRises.count == 1)
    #expect(run.counter("jobs") == 0)
  }

  @Test("More rows than the accumulator buffer has are fine when it is not used")
  func longUnbufferedJob() {
    let scenario = ArrayScenario(
      .weightStationary, SystolicArrayConfiguration(rows: 2, columns: 2, accumulatorRows: 3),
      shapes: [JobShape(rows: 50, columns: 2, depth: 2)], flags: 2)
    let (run, _) = ArrayBench().run(scenario)
    var reference = ReferenceArray(scenario)
    #expect(run.beats.map(\.bytes) == reference.run(scenario.jobs[0]).map(\.bytes))
  }

  @Test(
    "A flag of the other operand types is refused with code 2",
    arguments: [
      (ArrayDataType.fp32, UInt32(0x12)), (.fp32, 0x202), (.int8, 0x402), (.int16, 0x802),
    ])
  func badFlags(type: ArrayDataType, flags: UInt32) {
    let base = Self.base
    for dataflow in ArrayDataflow.allCases {
      let run = Self.run(
        dataflow,
        [
          .write(base + 8, 1), .write(base + 12, 1), .write(base + 16, 1),
          .write(base + 20, flags), .write(base, 1), .read(base + 4),
        ], type: type)
      #expect(run.registerValues == [0x204])
    }
  }

  @Test("No passes, or several over more rows than the accumulator buffer has, are refused")
  func badPasses() {
    let base = Self.base
    for (passes, rows) in [(UInt32(0), UInt32(1)), (2, 13)] {
      let run = Self.run(
        .weightStationary,
        [
          .write(base + 8, rows), .write(base + 12, 1), .write(base + 16, 1), .write(base + 20, 2),
          .write(base + 0x48, passes), .write(base, 1), .read(base + 4),
        ])
      #expect(run.registerValues == [0x104])
    }
  }

  @Test("Bounds of fp32 arrays are infinite after reset")
  func floatBounds() {
    let run = Self.run(
      .outputStationary, [.read(Self.base + 0x24), .read(Self.base + 0x28)], type: .fp32)
    #expect(
      run.registerValues == [(-Float.infinity).bitPattern, Float.infinity.bitPattern])
  }

  @Test("Two jobs queue without operands, a third is refused with code 3")
  func fullQueue() {
    let base = Self.base
    let run = Self.run(
      .outputStationary,
      [
        .write(base + 8, 1), .write(base + 12, 1), .write(base + 16, 1), .write(base, 1),
        .read(base + 4), .write(base, 1), .read(base + 4), .write(base, 1), .read(base + 4),
      ])
    #expect(run.registerValues == [0x1_0001, 0x2_0009, 0x2_030D])
    #expect(run.record.states.first { $0.name == "wait-in1" }?.blocker == "driver1")
  }

  @Test("The interrupt is level: enabled late it rises, acknowledged it falls and rises again")
  func interrupt() {
    let base = Self.base
    let scenario = ArrayScenario(
      .outputStationary, SystolicArrayConfiguration(rows: 2, columns: 2),
      shapes: Array(repeating: JobShape(rows: 2, columns: 2, depth: 2), count: 2), flags: 2)
    let (run, _) = ArrayBench().run(
      scenario,
      script: [
        .write(base + 8, 2), .write(base + 12, 2), .write(base + 16, 2), .write(base + 20, 2),
        .write(base, 1), .poll(base + 4, mask: 3, equals: 2), .pause(20), .write(base, 4),
        .pause(5), .write(base + 4, 2), .pause(5), .write(base, 5),
        .poll(base + 4, mask: 2, equals: 2), .read(base + 0x40), .pause(5),
      ])
    #expect(run.interruptRises.count == 2)
    #expect(run.registerValues.last == 2, "jobs finished")
  }

  @Test("Elements missing from a short beat are zero", arguments: ArrayDataflow.allCases)
  func shortBeats(dataflow: ArrayDataflow) {
    var scenario = ArrayScenario(
      dataflow, SystolicArrayConfiguration(rows: 4, columns: 4),
      shapes: [JobShape(rows: 4, columns: 4, depth: 4)], flags: 2)
    // The bench cuts trailing zeros off each beat when asked to.
    for index in 0..<4 {
      scenario.jobs[0].a[3][index] = .int(0)
      scenario.jobs[0].a[index][3] = .int(0)
      scenario.jobs[0].b[index][3] = .int(0)
    }
    scenario.trimsZeros = true
    for fidelity in ArrayFidelity.allCases {
      let (run, _) = ArrayBench(fidelity: fidelity).run(scenario)
      var reference = ReferenceArray(scenario)
      #expect(run.beats.map(\.bytes) == reference.run(scenario.jobs[0]).map(\.bytes))
    }
  }

  @Test("Accesses that are not 32 bits wide answer SLVERR")
  func accessWidth() {
    for bytes in [1, 2, 4, 8] {
      let kernel = Kernel(
        plan: ClockPlan(periods: [("clock", 1)], ticksPerSecond: 1_000_000))
      let bus = BusLink(kernel: kernel, widthBytes: 8)
      let response = NarrowAccess.response(bytes: bytes, kernel: kernel, bus: bus)
      #expect(response == (bytes == 4 ? .okay : .slaveError), "\(bytes) bytes")
    }
  }

  @Test("Configurations that cannot be built are named")
  func problems() {
    let bad = SystolicArrayConfiguration(
      rows: 0, columns: 257, outBits: 12, accumulatorRows: 0, registerPresets: ["XDIM": 1])
    #expect(bad.problems(dataflow: .weightStationary).count == 5)
    #expect(bad.problems(dataflow: .outputStationary).count == 4)
    #expect(
      SystolicArrayConfiguration(rows: 256, columns: 1).problems(dataflow: .weightStationary)
        .isEmpty)
  }

  @Test("The manual's register tables are current", arguments: ArrayDataflow.allCases)
  func manual(dataflow: ArrayDataflow) throws {
    let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Sources/Accelerators/README.md")
    let text = try String(contentsOf: page, encoding: .utf8)
    #expect(text.contains(Self.map(dataflow).markdownTable()))
  }

  @Test(
    "The manual names every class of cycles and every counter", arguments: ArrayDataflow.allCases)
  func manualLists(dataflow: ArrayDataflow) throws {
    let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Sources/Accelerators/README.md")
    let text = try String(contentsOf: page, encoding: .utf8)
    for type in [ArrayDataType.int8, .fp32] {
      let record = Self.run(dataflow, [], type: type).record
      for name in record.states.map(\.name) + record.counters.map(\.name)
        + record.components.map(\.name)
      {
        #expect(text.contains("`\(name)`"), "\(name)")
      }
    }
  }

  @Test("Every counter with energy names a component and an action of its class")
  func actions() {
    let actions: [String: Set<String>] = [
      "mac.int8": ["mac"], "mac.fp32": ["mac"], "register": ["write"], "adder": ["add"],
      "adder.fp32": ["add"], "multiplier": ["multiply"], "multiplier.fp32": ["multiply"],
      "shifter": ["shift"],
      "comparator": ["compare"], "counter": ["count"], "sram": ["read", "write"],
      "fifo": ["push", "pop"], "register_file_port": ["access"],
    ]
    for dataflow in ArrayDataflow.allCases {
      for type in [ArrayDataType.int8, .fp32] {
        let record = Self.run(dataflow, [], type: type).record
        for counter in record.counters {
          guard let action = counter.action else { continue }
          let component = record.components.first { $0.name == action.component }
          #expect(
            actions[component?.componentClass ?? ""]?.contains(action.action) == true,
            "\(counter.name)")
        }
      }
    }
  }
}

/// Reads a register with a given number of bytes.
private final class NarrowAccess: Module {
  private let bus: BusInitiator
  private let bytes: Int
  private var isSent = false
  private var response: BusResponse?

  private init(bus: BusInitiator, bytes: Int) {
    self.bus = bus
    self.bytes = bytes
    super.init(path: "host")
  }

  override func tick(_ now: Cycle) -> Wake {
    if !isSent {
      bus.readRequest.push(BusRequest(address: 0x30, bytes: bytes, busBytes: 8))
      isSent = true
    } else if bus.readData.canPop {
      response = bus.readData.pop().response
    }
    return .onPort
  }

  static func response(bytes: Int, kernel: Kernel, bus: BusLink) -> BusResponse? {
    let registry = Registry(kernel: kernel)
    func link(_ width: Int) -> StreamLink {
      StreamLink(kernel: kernel, widthBytes: width, probed: nil)
    }
    let array = OutputStationaryArray(
      path: "array", configuration: SystolicArrayConfiguration(rows: 2, columns: 2),
      site: registry.module("array", kind: "OSArray", domain: kernel.domains[0]),
      registers: RegisterPort(bus: bus.target, base: 0), in1: link(2).sink, in2: link(2).sink,
      out: link(2).source, interrupt: nil, arena: kernel.arena)
    let host = NarrowAccess(bus: bus.initiator, bytes: bytes)
    kernel.add(array, to: kernel.domains[0])
    kernel.add(host, to: kernel.domains[0])
    bus.connect(kernel: kernel, initiator: host, target: array)
    _ = kernel.run(until: 100)
    return host.response
  }
}
