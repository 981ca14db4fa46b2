import Foundation
import SimKernel
import Telemetry

/// Signals and changes as the recorder hands them out, from a real kernel and registry.
struct WaveSample {
  /// One call of a probe.
  enum Change {
    case value(UInt64)
    case bytes([UInt8])
  }

  var signals: [SignalDescriptor] = []
  var changes: [WaveChange] = []

  /// - Parameters:
  ///   - declared: module, signal name and format, in order.
  ///   - events: tick, index of the signal, new value; in any order.
  init(
    _ declared: [(module: String, name: String, format: SignalFormat)],
    _ events: [(tick: UInt64, signal: Int, change: Change)]
  ) throws {
    let plan = try ClockPlan([(name: "core", hertz: 100_000_000)])
    let kernel = Kernel(plan: plan)
    var collected: [WaveChange] = []
    let recorder = WaveRecorder(kernel: kernel, startsRecording: true) { collected.append($0) }
    let registry = Registry(kernel: kernel, waves: recorder)
    let probes = declared.map { signal in
      registry.module(signal.module, kind: "Test", domain: kernel.domains[0])
        .signal(signal.name, signal.format)
    }
    for event in events {
      switch event.change {
      case .value(let value): probes[event.signal].set(value, after: event.tick)
      case .bytes(let bytes):
        bytes.withUnsafeBytes {
          guard let base = $0.baseAddress else { return }
          probes[event.signal].set(bytes: base, count: bytes.count, after: event.tick)
        }
      }
    }
    recorder.drain(through: events.map(\.tick).max() ?? 0)
    signals = recorder.signals
    changes = collected
  }

  /// An array with a stream and a core: every format there is.
  static func standard() throws -> WaveSample {
    try WaveSample(
      [
        ("os_array", "state", .names(["idle", "compute", "wait-in1"])),
        ("os_array", "in1.tvalid", .bits(1)), ("os_array", "in1.tready", .bits(1)),
        ("os_array", "in1.tdata", .bits(128)), ("os_array", "in1.tkeep_bytes", .bits(16)),
        ("cpu", "state", .names(["run", "wfi"])), ("cpu", "pc", .bits(32)),
      ],
      [
        (0, 0, .value(0)), (0, 5, .value(0)), (0, 6, .value(0x8000_0000)),
        (2, 1, .value(1)), (2, 3, .bytes(Array(1...16))), (2, 4, .value(16)),
        (3, 2, .value(1)), (3, 0, .value(1)), (4, 1, .value(0)), (4, 2, .value(0)),
        (5, 0, .value(2)), (5, 6, .value(0x8000_0004)), (9, 5, .value(1)),
        (9, 3, .bytes(Array(repeating: 0, count: 16))),
      ])
  }
}

/// A file that is removed when the test ends.
final class TemporaryFolder {
  let path: String

  init() throws {
    path =
      FileManager.default.temporaryDirectory
      .appendingPathComponent("reports-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit {
    try? FileManager.default.removeItem(atPath: path)
  }

  func file(_ name: String) -> String { path + "/" + name }
}
