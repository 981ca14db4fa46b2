import Fabric
import RTL
import SimKernel
import TestSupport
import Testing

@Suite(
  "RTL: register sides", .enabled(if: Project.hasVerilator, "Verilator is not installed"))
struct RegisterTests {
  private func run(
    _ design: Design, _ script: [BusTransaction], ties: [String: UInt64] = [:],
    bits: Int? = nil
  ) throws -> RTLBench {
    var options = RTLBench.Options()
    options.script = script
    let parameters = bits.map { [RTLSource.Parameter("BITS", $0)] } ?? []
    let bench = try RTLBench(design, parameters: parameters, ties: ties, options)
    bench.run()
    #expect(bench.failures == [])
    return bench
  }

  @Test("simple: values, refusals, reset values")
  func simple() throws {
    let bench = try run(
      .simpleRegisters,
      [
        .get(0), .get(4), .get(8), .set(4, 0xCAFE_F00D), .get(4), .get(12), .get(4, 2),
        .set(4, 1, 1), .get(4), .get(0),
      ])
    #expect(
      bench.responses == [
        .okay, .okay, .okay, .okay, .okay, .slaveError, .slaveError, .slaveError, .okay, .okay,
      ])
    #expect(bench.driver.answers[2].value == 0x200)
    #expect(bench.driver.answers[4].value == 0xCAFE_F00D)
    #expect(bench.driver.answers[8].value == 0xCAFE_F00D)
    #expect(bench.driver.answers[9].value == 0)
  }

  @Test("simple: an offset that the pin cannot show is no other register")
  func largeOffset() throws {
    let bench = try run(.simpleRegisters, [.set(0x14, 7), .get(0x14), .get(4)])
    #expect(bench.responses == [.slaveError, .slaveError, .okay])
    #expect(bench.driver.answers[2].value == 0x100)
  }

  @Test("simple: answered in the cycle in which the request is seen")
  func simpleTiming() throws {
    let answers = try run(.simpleRegisters, [.get(0, at: 10), .set(0, 1, at: 20)]).driver.answers
    #expect(answers.map { ($0.finished ?? 0) - $0.sent } == [2, 2])
  }

  @Test("A module without registers refuses accesses")
  func noRegisters() throws {
    let bench = try run(.bare, [.get(0), .set(0, 1)])
    #expect(bench.responses == [.slaveError, .slaveError])
  }

  /// Cycles of the five channels.
  static let delays: [[UInt64]] = [
    [0, 0, 0, 0, 0], [3, 0, 0, 0, 0], [0, 3, 0, 0, 0], [2, 5, 4, 3, 6], [5, 2, 1, 0, 1],
  ]

  @Test("AXI4-Lite: bytes, halves and words, in any order of the channels", arguments: delays)
  func lite(delays: [UInt64]) throws {
    let bench = try run(
      .slowLite,
      [
        .set(0, 0x1122_3344), .set(4, 0xFFFF_FFFF), .set(5, 0xAB, 1), .set(6, 0x1234, 2), .get(0),
        .get(4), .get(5, 1), .get(2, 2), .get(0), .get(0), .set(0x20, 5), .get(0x20), .get(0x1C),
      ], ties: Dictionary(uniqueKeysWithValues: zip(Design.slowLite.knobs, delays)))
    #expect(
      bench.values.prefix(6)
        == [0x1122_3344, 0x1234_ABFF, 0xAB, 0x1122, 0x1122_3344, 0x1122_3344])
    #expect(bench.values.last == 0)
    #expect(bench.responses.suffix(3) == [.slaveError, .slaveError, .okay])
    #expect(bench.responses.prefix(10).allSatisfy { $0 == .okay })
  }

  @Test("AXI4-Lite: what the protocol costs")
  func liteTiming() throws {
    // Address in the request's cycle, answer in the next one.
    let answers = try run(.slowLite, [.get(0, at: 10), .set(0, 1, at: 30)]).driver.answers
    #expect(answers.map { ($0.finished ?? 0) - $0.sent } == [3, 3])
    let slow = try run(
      .slowLite, [.get(0, at: 10), .set(0, 1, at: 30)],
      ties: ["aw_delay": 2, "w_delay": 4, "b_delay": 3, "ar_delay": 5, "r_delay": 6]
    ).driver.answers
    #expect(slow.map { ($0.finished ?? 0) - $0.sent } == [14, 10])
  }

  @Test("AXI4-Lite: what the data width cannot carry is refused without asking")
  func wideAccess() throws {
    let bench = try run(.slowLite, [.set(0, 7), .get(0, 8), .set(0, 9, 8), .get(0)])
    #expect(bench.responses == [.okay, .slaveError, .slaveError, .okay])
    #expect(bench.driver.answers[3].value == 7)
  }

  @Test("AXI4-Lite of 64 bits")
  func wideLite() throws {
    let bench = try run(
      .slowLite, [.set(8, 0x1122_3344_5566_7788, 8), .set(12, 0xAABB_CCDD), .get(8, 8), .get(8)],
      bits: 64)
    #expect(bench.values == [0xAABB_CCDD_5566_7788, 0x5566_7788])
  }
}
