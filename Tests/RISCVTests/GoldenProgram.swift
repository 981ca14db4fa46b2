import Foundation
import RISCV
import Testing

/// A program with the logs that Spike made of it; see `Fixtures/README.md`.
struct GoldenProgram: Sendable, CustomTestStringConvertible {
  let name: String
  let instructionSet: InstructionSet
  /// Instructions that retire from the first in the log, in the boot ROM, to the store that ends
  /// the program.
  let instructions: Int
  /// Exceptions and interrupts among them.
  let traps: Int
  /// Whether the whole log is there, not only its beginning.
  let hasWholeLog: Bool
  /// Of the whole log, the commit lines alone and the signature.
  let logDigest, commitDigest, signatureDigest: String

  var testDescription: String { name }

  /// All programs of the manifest.
  static let all: [GoldenProgram] = {
    let rows = (try? Fixture.lines("spike-logs/manifest.csv")) ?? []
    return rows.dropFirst().compactMap { GoldenProgram(row: $0) }
  }()

  /// One line of `manifest.csv`; nil when it cannot be understood.
  private init?(row: Substring) {
    // Only the column "area" is quoted, and its commas are the only ones that do not count.
    var columns: [String] = [""]
    var isQuoted = false
    for character in row {
      switch character {
      case "\"": isQuoted.toggle()
      case "," where !isQuoted: columns.append("")
      default: columns[columns.count - 1].append(character)
      }
    }
    guard columns.count == 24, let set = try? InstructionSet(parsing: columns[4]),
      let instructions = Int(columns[9]), let traps = Int(columns[10])
    else { return nil }
    name = columns[0]
    instructionSet = set
    self.instructions = instructions
    self.traps = traps
    hasWholeLog = columns[13] == "yes"
    (commitDigest, logDigest, signatureDigest) = (columns[20], columns[21], columns[22])
  }

  private func unpack(_ path: String) throws -> [UInt8] {
    try Tool.decompressed(Fixture.path("spike-logs/\(path).gz"))
  }

  /// The executable.
  func executable() throws -> [UInt8] { try unpack("elf/\(name).elf") }

  /// The log, or its first lines.
  func log() throws -> [UInt8] { try unpack("log/\(name)\(hasWholeLog ? "" : ".head").log") }

  /// The SHA-256 of each block of 1000 commit lines; only where the whole log is not there.
  func commitChunks() throws -> [String] {
    try Fixture.lines("spike-logs/chunks/\(name).txt").compactMap { line in
      line.split(separator: " ").last.map(String.init)
    }
  }

  /// The words between `begin_signature` and `end_signature` at the end.
  func signature() throws -> [UInt64] {
    String(decoding: try unpack("sig/\(name).sig"), as: UTF8.self).split(separator: "\n")
      .compactMap { UInt64($0, radix: 16) }
  }

  /// The values last written to x1 to x31 and f0 to f31, by name.
  func registers() throws -> [String: String] {
    struct State: Decodable { let regs_last_written: [String: String] }
    let data = Data(try Fixture.bytes("spike-logs/state/\(name).json"))
    return try JSONDecoder().decode(State.self, from: data).regs_last_written
  }
}
