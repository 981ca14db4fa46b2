internal import Foundation

/// The accuracy of all modules as it was measured last; kept with the models.
public struct AccuracyRecords: Codable, Sendable, Equatable {
  /// One entry per module kind and reference.
  public var records: [AccuracyRecord]

  /// Creates a list.
  public init(records: [AccuracyRecord]) {
    self.records = records
  }

  /// The record that this build was made with.
  public static let stored: AccuracyRecords = {
    do {
      return try JSONDecoder().decode(Self.self, from: Data(PackageResources.accuracy_json))
    } catch {
      preconditionFailure("the stored accuracy record is damaged: \(error)")
    }
  }()

  /// The text of the file `accuracy.json`.
  public func json() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
  }

  /// The entries about one kind of module.
  public func of(_ kind: String) -> [AccuracyRecord] {
    records.filter { $0.kind == kind }
  }
}

/// Kinds of modules that no reference was compared with in cycles, and what is known of them.
public enum UnvalidatedKinds {
  /// What is known of a kind; nil for kinds that have a record.
  public static func note(of kind: String) -> String? {
    switch kind {
    case "RISCV32", "RISCV64":
      "one instruction per cycle by definition; instructions exact against Spike and QEMU"
    case "SRAM": "fixed latencies by definition, not compared with a memory"
    case "DRAM": "latency and bandwidth by definition, not compared with a DRAM"
    case "VectorUnit":
      "a beat per cycle by definition, not compared with RTL; values exact against the reference executor"
    case "UART16550", "CLINT", "PLIC", "Marker", "TestFinisher":
      "no timing of its own: answers in the cycle of the access"
    default: nil
    }
  }
}
