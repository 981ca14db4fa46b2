internal import Foundation
internal import Peripherals
internal import RISCV
public import Telemetry

extension Digest {
  /// What decides a run, without the files it loads: the description without the settings that must
  /// not matter (fidelity, limits, quantum, engine, results folder), and the executables.
  init(of description: SoCDescription, _ programs: [Program?]) {
    self.init()
    var essential = description
    essential.simulation = .withDefaults()
    essential.cpu?.quanta = QuantaDescription()
    essential.cpu?.engine = .fast
    add(essential.effectiveJSON())
    for module in description.externalModules { add(module.fingerprint) }
    for program in programs.compactMap({ $0 }) { add(program.bytes) }
  }
}

extension System {
  /// A digest over what decides a run and what came out of it: the description without the settings
  /// that must not matter (fidelity, limits, quantum, engine, results folder), the executables,
  /// the loaded files, the registry and what was printed.
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
