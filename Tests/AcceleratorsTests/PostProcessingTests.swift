import Accelerators
import TestSupport
import Testing

/// The post-processing unit on accumulators chosen by hand.
struct PostProcessingTests {
  struct Case: CustomTestStringConvertible, Sendable {
    var type = ArrayDataType.int8
    var bias: Int32
    var scale: UInt32 = 1
    var shift: UInt32
    var zeroPoint: Int32 = 0
    var minimum: Int32 = -128
    var maximum: Int32 = 127
    var flags: UInt32 = 0x16
    var result: Int64
    var testDescription: String {
      "\(type) \(bias)·\(scale)/2^\(shift) + \(zeroPoint) in \(minimum)...\(maximum)"
    }
  }

  static let cases = [
    Case(bias: 1, shift: 1, result: 0), Case(bias: 3, shift: 1, result: 2),
    Case(bias: 5, shift: 1, result: 2), Case(bias: 7, shift: 1, result: 4),
    Case(bias: -1, shift: 1, result: 0), Case(bias: -3, shift: 1, result: -2),
    Case(bias: -5, shift: 1, result: -2), Case(bias: 5, shift: 2, result: 1),
    Case(bias: 6, shift: 2, result: 2), Case(bias: 7, shift: 2, result: 2),
    Case(bias: -6, shift: 2, result: -2), Case(bias: -7, shift: 2, result: -2),
    Case(bias: 10, shift: 2, result: 2), Case(bias: 100, shift: 0, result: 100),
    Case(bias: 100, scale: 3, shift: 0, result: 127),
    Case(bias: -100, scale: 3, shift: 0, result: -128),
    Case(bias: 5, shift: 1, zeroPoint: -7, result: -5),
    Case(bias: 50, shift: 0, minimum: 0, maximum: 6, result: 6),
    Case(bias: -50, shift: 0, minimum: 0, maximum: 6, result: 0),
    Case(bias: -50, shift: 0, zeroPoint: 3, flags: 0x1E, result: 3),
    Case(bias: .max, scale: 0x7FFF_FFFF, shift: 62, result: 1),
    Case(bias: .min, scale: 0x7FFF_FFFF, shift: 62, result: -1),
    Case(bias: .min, scale: 0x4000_0000, shift: 62, result: 0),
    Case(bias: .min, scale: 0x6000_0000, shift: 61, result: -2),
    Case(bias: .max, scale: 0x7FFF_FFFF, shift: 55, result: 127),
    Case(type: .int16, bias: 3, shift: 1, result: 2),
    Case(type: .int16, bias: -5, shift: 1, result: -2),
    Case(
      type: .int16, bias: .min, scale: 0x7FFF_FFFF, shift: 48, minimum: -32768, maximum: 32767,
      result: -16384),
    Case(type: .int16, bias: -70000, shift: 1, minimum: -32768, maximum: 32767, result: -32768),
  ]

  @Test("Scaling rounds half to even, then adds the zero point, then clamps", arguments: cases)
  func requantisation(_ item: Case) throws {
    for dataflow in ArrayDataflow.allCases {
      // A zero product, so that the accumulator is the bias.
      var scenario = ArrayScenario(
        dataflow, SystolicArrayConfiguration(rows: 1, columns: 1, dataType: item.type),
        shapes: [JobShape(rows: 1, columns: 1, depth: 1)], flags: item.flags)
      scenario.jobs[0].a = [[.int(0)]]
      scenario.biases = [[UInt32(bitPattern: item.bias)], [0]]
      scenario.jobs[0].scale = item.scale
      scenario.jobs[0].shift = item.shift
      scenario.jobs[0].zeroPoint = item.zeroPoint
      scenario.jobs[0].clampMinimum = item.minimum
      scenario.jobs[0].clampMaximum = item.maximum
      let beat = try #require(ArrayBench(hasWaves: false).run(scenario).run.beats.first)
      let pattern = beat.bytes.reversed().reduce(Int64(0)) { $0 << 8 | Int64($1) }
      let width = Int64(8 * item.type.operandBytes)
      let sign = Int64(1) << (width - 1)
      #expect((pattern ^ sign) - sign == item.result, "\(dataflow)")
    }
  }

  @Test("Rectification of floating-point numbers keeps infinity and NaN")
  func floatingPointRectification() throws {
    for (bias, result) in [
      (Float(-2), Float(0)), (2, 2), (-Float.infinity, 0), (Float.infinity, .infinity),
    ] {
      var scenario = ArrayScenario(
        .weightStationary, SystolicArrayConfiguration(rows: 1, columns: 1, dataType: .fp32),
        shapes: [JobShape(rows: 1, columns: 1, depth: 1)], flags: 0x0E)
      scenario.jobs[0].a = [[.float(0)]]
      scenario.biases = [[bias.bitPattern], [0]]
      let beat = try #require(ArrayBench(hasWaves: false).run(scenario).run.beats.first)
      #expect(beat.bytes.reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) } == result.bitPattern)
    }
    var scenario = ArrayScenario(
      .outputStationary, SystolicArrayConfiguration(rows: 1, columns: 1, dataType: .fp32),
      shapes: [JobShape(rows: 1, columns: 1, depth: 1)], flags: 0x0E)
    scenario.biases = [[Float.nan.bitPattern], [0]]
    let beat = try #require(ArrayBench(hasWaves: false).run(scenario).run.beats.first)
    let pattern = beat.bytes.reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    #expect(Float(bitPattern: pattern).isNaN)
  }

  @Test("Jobs end in order even when a later one has computed first")
  func orderOfEnds() throws {
    // The first job's output is slow; the second has none and is done with its MACs long before.
    var scenario = ArrayScenario(
      .outputStationary, SystolicArrayConfiguration(rows: 8, columns: 8, outBits: 8),
      shapes: [
        JobShape(rows: 8, columns: 8, depth: 1), JobShape(rows: 1, columns: 1, depth: 1),
      ], flags: 2)
    scenario.jobs[1].flags = 0
    let (run, _) = ArrayBench().run(scenario)
    #expect(run.beats.count == 8 * 8 * 4)
    let rise = try #require(run.interruptRises.first)
    let last = try #require(run.beats.last?.cycle)
    #expect(run.interruptRises.count == 1)
    #expect(rise == last, "the level rises with the last beat, a cycle later both are seen")
    #expect(run.counter("jobs") == 2)
  }
}
