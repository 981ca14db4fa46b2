internal import Estimation
internal import Telemetry

/// The parts of a Gemmini that its models count actions of, in classes of the energy tables.
///
/// Not among them: the reservation station, the DMA's buffers, the address generators and the
/// processor.
struct GemminiInventory {
  /// Instance name of the accelerator.
  static let name = "gemmini"
  /// Instance name of the memory behind its port.
  static let memoryName = "dram"

  private let configuration: GemminiConfiguration
  /// Energy of a bit of main memory; nil takes the table's.
  var picojoulesPerBit: Double?

  init(_ configuration: GemminiConfiguration) { self.configuration = configuration }

  /// The modules, with zero counts.
  func modules(hertz: UInt64) -> [ModuleRecord] {
    [memory(hertz), accelerator(hertz)]
  }

  private func accelerator(_ hertz: UInt64) -> ModuleRecord {
    let side = UInt64(configuration.dimension)
    let rowBits = Double(8 * configuration.dimension)
    let sumBits = Double(32 * configuration.dimension)
    func part(
      _ name: String, _ componentClass: String, _ attributes: [String: Double],
      _ quantity: UInt64 = 1
    ) -> ComponentRecord {
      ComponentRecord(
        name: name, componentClass: componentClass, attributes: attributes, quantity: quantity)
    }
    return ModuleRecord(
      path: Self.name, kind: "Gemmini", clock: "core", hertz: hertz, cycles: [0],
      components: [
        part("pe", "mac.int8", [:], side * side),
        part("weight_register", "register", ["width_bits": 8], 2 * side * side),
        part(
          "scratchpad", "sram",
          [
            "bytes": Double(configuration.scratchpadRows) * rowBits / 8, "width_bits": rowBits,
            "rw_ports": 1, "banks": Double(configuration.scratchpadBanks),
          ]),
        part(
          "accumulator", "sram",
          [
            "bytes": Double(configuration.accumulatorRows) * sumBits / 8, "width_bits": sumBits,
            "rw_ports": 2, "banks": Double(configuration.accumulatorBanks),
          ]),
        part("accumulator_adder", "adder", ["width_bits": 32], side),
      ],
      counters: [
        Self.counter("macs", "MAC", "Multiply-accumulates of the layer.", ("pe", "mac")),
        Self.counter(
          "weight_register_writes", "write", "Elements loaded into the array by preloads.",
          ("weight_register", "write")),
        Self.counter("scratchpad_reads", "row", "Rows read.", ("scratchpad", "read")),
        Self.counter("scratchpad_writes", "row", "Rows written.", ("scratchpad", "write")),
        Self.counter(
          "accumulator_writes", "row", "Rows overwritten or added to.", ("accumulator", "write")),
        Self.counter(
          "accumulator_reads", "row", "Rows read for addition or write-back.",
          ("accumulator", "read")),
        Self.counter(
          "accumulator_additions", "addition", "Elements added to the accumulator.",
          ("accumulator_adder", "add")),
        Self.counter("preloads", "command", "Preload commands.", nil),
        Self.counter("computes", "command", "Compute commands.", nil),
        Self.counter("commands", "command", "Commands of the processor.", nil),
      ],
      states: [
        StateRecord(name: "idle", kind: .idle, blocker: nil, cycles: [0]),
        StateRecord(name: "busy", kind: .active, blocker: nil, cycles: [0]),
      ])
  }

  private func memory(_ hertz: UInt64) -> ModuleRecord {
    ModuleRecord(
      path: Self.memoryName, kind: "DRAM", clock: "core", hertz: hertz, cycles: [0],
      components: [
        ComponentRecord(
          name: "device", componentClass: "dram",
          attributes: picojoulesPerBit.map { ["pj_per_bit": $0] } ?? [:], quantity: 1)
      ],
      counters: [
        Self.counter("read_bytes", "B", "Bytes of read beats.", ("device", "read_bit"), scale: 8),
        Self.counter(
          "written_bytes", "B", "Bytes of write beats.", ("device", "write_bit"), scale: 8),
      ], states: [])
  }

  private static func counter(
    _ name: String, _ unit: String, _ help: String, _ action: (String, String)?, scale: Double = 1
  ) -> CounterRecord {
    CounterRecord(
      name: name, unit: unit, help: help, values: [0],
      action: action.map { ActionReference(component: $0.0, action: $0.1, scale: scale) })
  }

  /// What `count` workloads do.
  static func activity(
    _ actions: GemminiActions, cycles: Int, count: Int, _ configuration: GemminiConfiguration
  ) -> [String: ModuleActivity] {
    func times(_ number: Int) -> UInt64 { UInt64(max(0, number * count)) }
    let side = configuration.dimension
    return [
      name: ModuleActivity(
        counters: [
          "macs": times(actions.macs),
          "weight_register_writes": times(actions.preloads * side * side),
          "scratchpad_reads": times(actions.scratchpadReads),
          "scratchpad_writes": times(actions.scratchpadWrites),
          "accumulator_writes": times(
            actions.accumulatorOverwrites + actions.accumulatorAccumulations),
          "accumulator_reads": times(actions.accumulatorReads + actions.accumulatorAccumulations),
          "accumulator_additions": times(actions.accumulatorAccumulations * side),
          "preloads": times(actions.preloads), "computes": times(actions.computes),
          "commands": times(actions.commands),
        ], states: ["busy": times(cycles)]),
      memoryName: ModuleActivity(counters: [
        "read_bytes": times(actions.readBeats * configuration.beatBytes),
        "written_bytes": times(actions.writeBeats * configuration.beatBytes),
      ]),
    ]
  }
}
