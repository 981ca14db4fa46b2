internal import Accelerators
internal import Fabric
internal import RTL
internal import SimKernel

extension LockstepBlock {
  /// The output-stationary array, with and without drain registers.
  public static let outputStationaryArray = LockstepBlock(
    name: "os_array", kind: "OSArray",
    scope: """
      int8 and int16, jobs back to back and apart, tiles, all flags, parameters by row and by \
      column, refused STARTs, short beats, register accesses while jobs run
      """,
    configurations: [
      .outputStationary(rows: 3, columns: 4, base: 0x4000_0000),
      .outputStationary(rows: 4, columns: 3, outBytes: 2, drain: false, busBytes: 8),
      .outputStationary(rows: 2, columns: 3, bits: 16, outBytes: 5, spare: 2, busBytes: 16),
      .outputStationary(rows: 1, columns: 1),
      .outputStationary(rows: 1, columns: 1, bits: 16, drain: false),
      .outputStationary(rows: 1, columns: 5, outBytes: 64),
      .outputStationary(rows: 5, columns: 1, bits: 16, outBytes: 1, spare: 3),
      .outputStationary(rows: 8, columns: 8),
    ])

  /// The weight-stationary array.
  public static let weightStationaryArray = LockstepBlock(
    name: "ws_array", kind: "WSArray",
    scope: """
      int8 and int16, weights loaded behind and between jobs or reused, tiles and passes, \
      accumulator buffer, output queue, all flags, refused STARTs, short beats, register accesses \
      while jobs run
      """,
    configurations: [
      .weightStationary(rows: 3, columns: 4, accumulatorRows: 6, base: 0x4000_0000),
      .weightStationary(
        rows: 4, columns: 3, bits: 16, accumulatorRows: 3, outBytes: 5, spare: 2, busBytes: 8),
      .weightStationary(rows: 2, columns: 2, accumulatorRows: 1, outBytes: 1, busBytes: 16),
      .weightStationary(rows: 1, columns: 1, accumulatorRows: 4),
      .weightStationary(rows: 1, columns: 5, accumulatorRows: 5, outBytes: 64),
      .weightStationary(rows: 5, columns: 1, bits: 16, accumulatorRows: 9, spare: 3),
      .weightStationary(rows: 2, columns: 7, bits: 16, accumulatorRows: 16),
      .weightStationary(rows: 8, columns: 8, accumulatorRows: 64),
    ])
}

/// An array as a configuration describes it.
private struct ArrayCase {
  var dataflow: ArrayDataflow
  var array: SystolicArrayConfiguration
  /// Bytes by which the stream ports are wider than the array's own beats.
  var spare: Int
  var busBytes: Int
  var base: Address
}

extension LockstepConfiguration {
  static func outputStationary(
    rows: Int, columns: Int, bits: Int = 8, outBytes: Int? = nil, drain: Bool = true,
    spare: Int = 0, busBytes: Int = 4, base: Address = 0
  ) -> LockstepConfiguration {
    array(
      ArrayCase(
        dataflow: .outputStationary,
        array: SystolicArrayConfiguration(
          rows: rows, columns: columns, dataType: bits == 8 ? .int8 : .int16,
          outBits: outBytes.map { 8 * $0 }, doubleBuffered: drain),
        spare: spare, busBytes: busBytes, base: base),
      .init("DOUBLE_BUFFERED", drain ? 1 : 0))
  }

  static func weightStationary(
    rows: Int, columns: Int, bits: Int = 8, accumulatorRows: Int, outBytes: Int? = nil,
    spare: Int = 0, busBytes: Int = 4, base: Address = 0
  ) -> LockstepConfiguration {
    array(
      ArrayCase(
        dataflow: .weightStationary,
        array: SystolicArrayConfiguration(
          rows: rows, columns: columns, dataType: bits == 8 ? .int8 : .int16,
          outBits: outBytes.map { 8 * $0 }, accumulatorRows: accumulatorRows),
        spare: spare, busBytes: busBytes, base: base),
      .init("ACC_ROWS", accumulatorRows))
  }

  private static func array(
    _ plan: ArrayCase, _ further: RTLSource.Parameter
  ) -> LockstepConfiguration {
    let array = plan.array
    return LockstepConfiguration(
      parameters: [
        .init("ROWS", array.rows), .init("COLUMNS", array.columns),
        .init("OPERAND_BITS", 8 * array.dataType.operandBytes), .init("OUT_BYTES", array.outBytes),
        .init("IN1_BYTES", array.in1Bytes + plan.spare),
        .init("IN2_BYTES", array.in2Bytes + plan.spare),
        .init("OUT_PORT_BYTES", array.outBytes + plan.spare), .init("BUS_BYTES", plan.busBytes),
        .init("BASE", "64'd\(plan.base)"), further,
      ]
    ) { bench, random in try attachArray(plan, bench, &random) }
  }
}

/// Creates the model of one episode, its channels, and a driver for every port. Half of the
/// episodes have the model of every register, which can tell what its registers did.
private func attachArray(
  _ plan: ArrayCase, _ bench: LockstepBench, _ random: inout SplitMix64
) throws {
  let kernel = bench.kernel
  var array = plan.array
  array.fidelity = random.oneIn(2) ? .registers : .fast
  let bus = BusLink(kernel: kernel, widthBytes: plan.busBytes)
  func stream(_ bytes: Int) -> StreamLink {
    StreamLink(kernel: kernel, widthBytes: bytes + plan.spare, probed: nil)
  }
  let in1 = stream(array.in1Bytes)
  let in2 = stream(array.in2Bytes)
  let out = stream(array.outBytes)
  let interrupt = kernel.line(to: bench.testbench)
  let port = RegisterPort(bus: bus.target, base: plan.base)
  let module: Module
  let activity: () -> ArrayActivity?
  var events: [(name: String, path: KeyPath<ArrayActivity, UInt64>)] = [
    ("ev_macs", \.macs), ("ev_skew_writes", \.skewWrites), ("ev_result_writes", \.resultWrites),
  ]
  switch plan.dataflow {
  case .outputStationary:
    let model = OutputStationaryArray(
      path: "dut", configuration: array, site: bench.site("dut", kind: "OSArray"),
      registers: port, in1: in1.sink, in2: in2.sink, out: out.source, interrupt: interrupt,
      arena: kernel.arena)
    (module, activity) = (model, { model.activity })
  case .weightStationary:
    let model = WeightStationaryArray(
      path: "dut", configuration: array, site: bench.site("dut", kind: "WSArray"),
      registers: port, in1: in1.sink, in2: in2.sink, out: out.source, interrupt: interrupt,
      arena: kernel.arena)
    (module, activity) = (model, { model.activity })
    events.append(("ev_weight_writes", \.weightWrites))
    events.append(("ev_partial_sum_writes", \.partialSumWrites))
  }
  bench.add(module)
  bus.connect(kernel: kernel, initiator: bench.testbench, target: module)
  in1.connect(kernel: kernel, sender: bench.testbench, receiver: module)
  in2.connect(kernel: kernel, sender: bench.testbench, receiver: module)
  out.connect(kernel: kernel, sender: module, receiver: bench.testbench)

  var programmer = ArrayProgrammer(plan.dataflow, array, base: plan.base, &random)
  let host = try BusHost("s_", bus.initiator, bench)
  host.refill = { programmer.access(&$0) }
  bench.add(host)
  for (name, source) in [("in1", in1.source), ("in2", in2.source)] {
    let feeder = try StreamFeeder(name, source, bench)
    let width = source.widthBytes
    feeder.refill = { operandBeat(width, &$0) }
    bench.add(feeder)
  }
  bench.add(try StreamCollector("out", out.sink, comparesPadding: true, bench))
  bench.add(try LineProbe("irq", interrupt, bench))
  bench.add(try EventCounter("ev_jobs", bench, counters: ["jobs"], of: "dut"))
  if activity() != nil {
    for (name, path) in events {
      bench.add(try EventCounter(name, bench) { activity().map { $0[keyPath: path] } ?? 0 })
    }
  }
}

/// A beat of operands: whole or short, extremes often.
private func operandBeat(_ width: Int, _ random: inout SplitMix64) -> StreamFeeder.Beat {
  var bytes = random.bytes(width)
  if random.oneIn(4) {
    for index in bytes.indices { bytes[index] = random.choose([0x80, 0x7F, 0xFF, 0, 1]) }
  }
  return StreamFeeder.Beat(
    bytes: bytes, kept: random.oneIn(6) ? random.pick(0...width) : width,
    isLast: random.oneIn(3))
}
