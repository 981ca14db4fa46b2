import Fabric
import Peripherals
import SimKernel
import TestSupport
import Testing

private let base = DeviceBench.base

private func finisher(_ script: [BusTransaction]) throws -> (DeviceBench, ExitRequest) {
  var exit: ExitRequest?
  let bench = try DeviceBench(DeviceBench.Options(), script) { parts in
    let request = ExitRequest(kernel: parts.kernel)
    exit = request
    return TestFinisher(
      path: "finisher", registers: parts.registers, exit: request, site: parts.site)
  }
  return (bench, try #require(exit))
}

@Suite("Test finisher")
struct FinisherTests {
  @Test(
    "The value written says how the run ends",
    arguments: [
      (0x5555, .code(0, by: "finisher")), (0x3333, .code(0, by: "finisher")),
      (0x1_3333, .code(1, by: "finisher")), (0xFFFF_3333, .code(65535, by: "finisher")),
      (0x7777, .reset(by: "finisher")), (0xABCD_5555, .code(0, by: "finisher")),
    ] as [(UInt64, ExitReason)])
  func codes(value: UInt64, reason: ExitReason) throws {
    let (bench, exit) = try finisher([.write(base, value), .read(base, at: 5000)])
    #expect(bench.run() == .finished)
    #expect(exit.reason == reason)
    #expect(bench.kernel.time.pointee == 1, "ends in the cycle in which the write is served")
  }

  @Test("Other values and places do not end the run; it reads as 0")
  func others() throws {
    let (bench, exit) = try finisher([
      .write(base, 0), .write(base, 0x1234), .write(base + 4, 0x5555), .read(base),
      .read(base + 4),
    ])
    #expect(bench.run() == .finished)
    #expect(exit.reason == nil)
    #expect(bench.responses == [.okay, .okay, .slaveError, .okay, .slaveError])
    #expect(bench.values == [0, 0])
  }

  @Test("The first wish counts")
  func first() throws {
    let (bench, exit) = try finisher([])
    exit.finish(.code(3, by: "a"))
    exit.finish(.code(4, by: "b"))
    #expect(bench.run() == .finished)
    #expect(exit.reason == .code(3, by: "a"))
  }
}
