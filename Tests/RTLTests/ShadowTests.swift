import Fabric
import RTL
import SimKernel
import TestSupport
import Testing

/// The model of `adding`.
private final class Adding: Module {
  private let parts: RTLBench.Parts
  private let input: StreamSink
  private let output: StreamSource
  private var beat: (bytes: UInt32, info: StreamBeat)?
  private var taken: UInt64 = 0

  init(_ parts: RTLBench.Parts) {
    guard case .input(let input, _) = parts.streams[0],
      case .output(let output, _) = parts.streams[1]
    else { preconditionFailure("in and out") }
    self.parts = parts
    (self.input, self.output) = (input, output)
    super.init(path: "module")
  }

  override func tick(_ now: Cycle) -> Wake {
    switch parts.registers.next() {
    case nil: break
    case .read(let offset, _): parts.registers.complete(read: taken, ok: offset == 0)
    case .write: parts.registers.completeWrite(ok: false)
    }
    var wake = Wake.onPort
    if let (bytes, info) = beat, output.canPush {
      output.data.storeBytes(of: bytes.littleEndian, as: UInt32.self)
      output.push(info)
      beat = nil
      wake = .nextCycle
    }
    if beat == nil, input.canPop {
      beat = (UInt32(littleEndian: input.data.loadUnaligned(as: UInt32.self)) &+ 1, input.front)
      input.pop()
      taken += 1
      wake = .nextCycle
    }
    parts.interrupt.set(taken >= 4)
    return wake
  }
}

@Suite("Shadows", .enabled(if: Project.hasVerilator, "Verilator is not installed"))
struct ShadowTests {
  private func run(
    fault: UInt64, stall: Int = 0, seed: UInt64 = 1, isEager: Bool = false
  ) throws -> RTLBench {
    var options = RTLBench.Options()
    options.beats = [(0..<12).map { ([$0, 2, 3, 4], $0 % 3 == 2) }]
    options.script = [.get(0), .get(4), .set(0, 1)] + (0..<30).map { .get(0, at: 10 + 7 * $0) }
    (options.pausePercent, options.stallPercent, options.seed) = (40, stall, seed)
    options.isEager = isEager
    let bench = try RTLBench(
      .adding, ties: ["fault": fault], options, shadowing: Adding.init)
    bench.run(until: 1000)
    return bench
  }

  @Test("Model and RTL agree, asleep or not", arguments: 1...6, [false, true])
  func agrees(seed: UInt64, isEager: Bool) throws {
    let bench = try run(fault: 0, stall: 40, seed: seed, isEager: isEager)
    #expect(bench.failures == [])
    #expect(bench.outputs[0].beats.count == 12)
    #expect(try #require(bench.module as? ShadowModule).comparedCycles > 200)
  }

  @Test(
    "An injected difference is found and named",
    arguments: [
      (1, "out data: model 4030205, RTL 4030305"), (2, "out bytes: model 4, RTL 3"),
      (3, "out last: model 0, RTL 1"), (4, "out transfer: model 1, RTL 0"),
      (5, "interrupt: model 1, RTL 0"), (6, "register value: model 6, RTL 7"),
      (7, "register okay: model 1, RTL 0"), (8, "out transfer: model 0, RTL 1"),
    ])
  func finds(fault: UInt64, difference: String) throws {
    let bench = try run(fault: fault)
    let message = try #require(bench.failures.first, "it must be found")
    #expect(bench.failures.count == 1)
    let lines = message.split(separator: "\n")
    #expect(lines[0].hasPrefix("module: model and RTL differ in cycle "))
    #expect(lines[0].contains(difference), "\(message)")
    #expect(lines[1].hasPrefix("cycle "), "a table of the last cycles follows")
    #expect(message.contains("≠"))
  }
}
