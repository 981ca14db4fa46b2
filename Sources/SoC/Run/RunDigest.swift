internal import Foundation
internal import Peripherals
public import Telemetry

extension System {
  /// A digest over what decides a run and what came out of it: the description without the settings
  /// that must not matter (fidelity, limits, quantum, results folder), the firmware, the loaded files,
  /// the registry and what was printed.
  ///
  /// - Throws: ``SystemError`` when a loaded file cannot be read again.
  public func digest(of snapshot: Snapshot) throws(SystemError) -> String {
    var digest = Digest()
    var essential = description
    essential.simulation = .withDefaults()
    essential.cpu?.quanta = QuantaDescription()
    digest.add(essential.effectiveJSON())
    if let program { digest.add(program.bytes) }
    for file in description.files where file.operation == .fileToMemory {
      digest.add(file.name)
      digest.add(try description.bytes(of: file))
    }
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
