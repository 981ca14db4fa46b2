import Foundation
import SoC
import Testing

/// A folder with an SoC file and sources of its own, removed at the end.
final class FirmwareFixture {
  /// The project's folder.
  static let project = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().path
  /// The hardware abstraction layer.
  static let hal = project + "/Firmware/hal"

  static let memory = #""dram": { "module_address": 0x80000000, "length": "1 MiB" }"#

  let folder: String

  /// Makes the folder; `name` may hold blanks and the like.
  init(_ name: String = "firmware") throws {
    let base = FileManager.default.temporaryDirectory.path
    folder = "\(base)/\(UUID().uuidString)/\(name)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  deinit {
    let parent = URL(fileURLWithPath: folder).deletingLastPathComponent()
    try? FileManager.default.removeItem(at: parent)
  }

  /// Writes a file below the folder.
  func write(_ text: String, to name: String) throws {
    let path = URL(fileURLWithPath: "\(folder)/\(name)")
    try FileManager.default.createDirectory(
      at: path.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: path)
  }

  /// A system with a core whose firmware is `firmware`, JSON text of the object `cpu_firmware`.
  func description(
    _ firmware: String = #"{ "sources": ["main.c"] }"#, type: String = "RISCV32",
    memories: String = memory, more: String = ""
  ) throws -> SoCDescription {
    let text = """
      {
        "name": "fixture",
        "clocks": { "core": "100 MHz" },
        "cpu": {
          "cpu_type": "\(type)", "cpu_mips": 100, "cpu_firmware": \(firmware),
          "cpu_quanta": { "q_global": 0, "q_low": 0, "q_high": 0 },
        },
        "memories": { \(memories) },
        \(more)
      }
      """
    return try SoCDescription.load(text: text, file: "\(folder)/soc.json").description
  }

  /// Builds into the folder `build`.
  @discardableResult
  func build(
    _ description: SoCDescription, hal: String = hal, into build: String = "build",
    searchPath: String? = nil
  ) throws(FirmwareError) -> String {
    try FirmwareBuilder(
      description: description, halFolder: hal, buildFolder: "\(folder)/\(build)",
      searchPath: searchPath
    ).build()
  }

  /// The error of a build that must fail.
  func failure(
    _ description: SoCDescription, searchPath: String? = nil
  ) -> FirmwareError? {
    do {
      _ = try build(description, searchPath: searchPath)
      return nil
    } catch {
      return error
    }
  }

  /// The generated text of a header.
  func header(_ name: String, of description: SoCDescription) throws -> String {
    try FirmwareBuilder(
      description: description, halFolder: Self.hal, buildFolder: "\(folder)/build"
    ).generateHeaders(into: "\(folder)/headers")
    return try String(contentsOfFile: "\(folder)/headers/\(name)", encoding: .utf8)
  }

  static let emptyMain = "int main(void) { return 0; }\n"
}

/// The bytes of a file.
func bytes(of path: String) throws -> Data {
  try Data(contentsOf: URL(fileURLWithPath: path))
}
