internal import Foundation
internal import Peripherals
public import Telemetry

extension Digest {
  /// What decides a run, without the files it loads: the description without the settings that must
  /// not matter (fidelity, limits, quantum, results folder), and the firmware.
  init(of description: SoCDescription, _ program: Program?) {
    self.init()
    var essential = description
    essential.simulation = .withDefaults()
    essential.cpu?.quanta = QuantaDescription()
    add(essential.effectiveJSON())
    if let program { add(program.bytes) }
  }
}

extension System {
  /// A digest over what decides a run and what came out of it: the description without the settings
  /// that must not matter (fidelity, limits, quantum, results folder), the firmware, the loaded
  /// files, the registry and what was printed.
  public func digest(of snapshot: Snapshot) -> String {
    var digest = inputDigest
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    do {
      digest.add(Array(try encoder.encode(snapshot)))
    } catch {
      preconditionFailure("a snapshot is encodable: \(error)")
    }
    digest.add(console.output)
    return digest.hexadecimal()
  }
}
