internal import Fabric
internal import Interconnect
internal import RTL
internal import SimKernel

extension LockstepBlock {
  /// The crossbar: every channel of every port.
  public static let crossbar = LockstepBlock(
    name: "crossbar", kind: "Crossbar",
    scope: "every handshake, address, data, strobe, response and source of every channel of every "
      + "port; the sums of granted requests, beats, answers, contested grants and decode errors",
    configurations: CrossbarSetup.all.map { setup in
      LockstepConfiguration(parameters: setup.parameters, build: setup.build)
    })
}

/// A crossbar's parameters.
struct CrossbarSetup: Sendable {
  let initiators: Int
  let targets: Int
  let busBytes: Int
  let latency: Int
  let outstanding: Int
  let arbitration: Arbitration
  let windows: [AddressWindow]

  // MARK: Parameter sets

  static let all: [CrossbarSetup] = [
    // A memory with two ports between two single ones; a hole before the last window.
    CrossbarSetup(
      initiators: 3, targets: 4, busBytes: 8, latency: 3, outstanding: 4,
      arbitration: .roundRobin,
      windows: [
        AddressWindow(base: 0, length: 0x1000, targets: [0]),
        AddressWindow(base: 0x1000, length: 0x1800, targets: [1, 2]),
        AddressWindow(base: 0x4000, length: 0x100, targets: [3]),
      ]),
    // Both ends of the address space.
    CrossbarSetup(
      initiators: 4, targets: 2, busBytes: 4, latency: 1, outstanding: 3,
      arbitration: .fixedPriority,
      windows: [
        AddressWindow(base: 0xFFFF_FFFF_FFFF_F000, length: 0x1000, targets: [0]),
        AddressWindow(base: 0, length: 0x8000_0000, targets: [1]),
      ]),
    CrossbarSetup(
      initiators: 2, targets: 2, busBytes: 4, latency: 2, outstanding: 1,
      arbitration: .roundRobin, windows: neighbours(2)),
    CrossbarSetup(
      initiators: 1, targets: 1, busBytes: 1, latency: 1, outstanding: 4,
      arbitration: .roundRobin, windows: neighbours(1)),
    // Windows smaller than many bursts.
    CrossbarSetup(
      initiators: 5, targets: 3, busBytes: 16, latency: 1, outstanding: 8,
      arbitration: .roundRobin,
      windows: [
        AddressWindow(base: 0x10, length: 0x30, targets: [0]),
        AddressWindow(base: 0x40, length: 0x7, targets: [1]),
        AddressWindow(base: 0x47, length: 0x1000, targets: [2]),
      ]),
    CrossbarSetup(
      initiators: 8, targets: 8, busBytes: 8, latency: 1, outstanding: 4,
      arbitration: .roundRobin,
      windows: neighbours(4)
        + [AddressWindow(base: 0x1_0000_0000, length: 0x4000, targets: [4, 5, 6, 7])]),
    CrossbarSetup(
      initiators: 7, targets: 2, busBytes: 2, latency: 4, outstanding: 16,
      arbitration: .fixedPriority, windows: neighbours(2)),
    CrossbarSetup(
      initiators: 2, targets: 3, busBytes: 64, latency: 6, outstanding: 2,
      arbitration: .roundRobin,
      windows: [
        AddressWindow(base: 0x2000, length: 0x4000, targets: [0, 1]),
        AddressWindow(base: 0x6000, length: 0x2000, targets: [2]),
      ]),
  ]

  /// Windows of 4 KiB, one after the other.
  private static func neighbours(_ count: Int) -> [AddressWindow] {
    (0..<count).map { AddressWindow(base: UInt64($0) << 12, length: 1 << 12, targets: [$0]) }
  }

  /// The parameters as the RTL takes them.
  var parameters: [RTLSource.Parameter] {
    [
      .init("INITIATORS", initiators), .init("TARGETS", targets), .init("BUS_BYTES", busBytes),
      .init("LATENCY", latency), .init("OUTSTANDING", outstanding),
      .init("ROUND_ROBIN", arbitration == .roundRobin ? 1 : 0),
      .init("WINDOWS", windows.count),
      .init("WINDOW_BASE", Self.packed(windows.map(\.base), bits: 64)),
      .init("WINDOW_LENGTH", Self.packed(windows.map(\.length), bits: 64)),
      .init("WINDOW_FIRST_TARGET", Self.packed(windows.map { UInt64($0.targets[0]) }, bits: 8)),
      .init("WINDOW_TARGETS", Self.packed(windows.map { UInt64($0.targets.count) }, bits: 8)),
    ]
  }

  /// A packed array as a literal, element 0 lowest.
  private static func packed(_ values: [UInt64], bits: Int) -> String {
    let digits = values.reversed().map { value in
      let text = String(value, radix: 16)
      return String(repeating: "0", count: bits / 4 - text.count) + text
    }.joined()
    return "\(values.count * bits)'h\(digits)"
  }

  // MARK: An episode

  func build(_ bench: LockstepBench, _ random: inout SplitMix64) throws {
    let inputs = (0..<initiators).map { _ in BusLink(kernel: bench.kernel, widthBytes: busBytes) }
    let outputs = (0..<targets).map { _ in BusLink(kernel: bench.kernel, widthBytes: busBytes) }
    let crossbar = Crossbar(
      path: "crossbar",
      configuration: CrossbarConfiguration(
        latency: Cycle(latency), arbitration: arbitration, outstanding: outstanding,
        windows: windows),
      initiators: inputs.map(\.target), targets: outputs.map(\.initiator),
      targetNames: (0..<targets).map { "target\($0)" },
      site: bench.site("crossbar", kind: "Crossbar"), arena: bench.kernel.arena)
    bench.add(crossbar)
    // All at one window now and then, so that they compete.
    let shape = CrossbarShape(
      initiators: initiators, targets: targets, busBytes: busBytes,
      windows: random.oneIn(2) ? [random.choose(windows)] : windows)
    let longest = random.choose([1, 1, 2, 4, 16, 40])
    let mixes = random.oneIn(2)
    for (index, link) in inputs.enumerated() {
      link.connect(kernel: bench.kernel, initiator: bench.testbench, target: crossbar)
      bench.add(try CrossbarInitiator(index, link.initiator, shape, longest: longest, bench))
    }
    for (index, link) in outputs.enumerated() {
      link.connect(kernel: bench.kernel, initiator: crossbar, target: bench.testbench)
      bench.add(try CrossbarTarget(index, link.target, shape, mixes: mixes, bench))
    }
    for (pin, counter) in [
      ("ev_requests", "requests"), ("ev_write_beats", "write_beats"),
      ("ev_read_beats", "read_beats"), ("ev_write_answers", "write_answers"),
      ("ev_contested", "contested_grants"), ("ev_decode_errors", "decode_errors"),
    ] {
      bench.add(try EventCounter(pin, bench, counters: [counter], of: "crossbar"))
    }
  }
}
