internal import Fabric
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
  /// SHA-256 over what came out: the memory areas that the description compares or dumps, in its
  /// order, in hexadecimal; nil when it names none. Two systems that compute the same have the same,
  /// whatever they are made of.
  public func outputDigest() -> String? {
    var digest = Digest()
    var isEmpty = true
    for file in description.files where file.operation != .fileToMemory {
      let golden = file.operation == .compare ? try? description.bytes(of: file).count : nil
      let count = golden ?? (file.items ?? 0) * file.dataType.byteCount
      guard let store = stores[file.memory], store.contains(file.address, count: count) else {
        continue
      }
      isEmpty = false
      digest.add(file.name)
      digest.add(store.read(at: file.address, count: count))
    }
    return isEmpty ? nil : digest.hexadecimal()
  }

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
