import Fabric
import Foundation
import SoC
import Testing

/// What must exist beside every kind in the catalogs.
@Suite("Catalog")
struct CatalogTests {
  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  private static func text(_ path: String) throws -> String {
    try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
  }

  /// Folders of shipped systems, with how many there are at least.
  private static let folders = [
    ("Configs", 5), ("Configs/npu", 10), ("Configs/experiments/tiny-darknet", 5),
  ]

  /// Paths of the shipped systems.
  private static func files() throws -> [String] {
    try folders.flatMap { folder, least in
      let names = try FileManager.default.contentsOfDirectory(
        atPath: root.appendingPathComponent(folder).path
      ).filter { $0.hasSuffix(".json") }.sorted()
      #expect(names.count >= least, "the systems of \(folder) were not found")
      return names.map { "\(folder)/\($0)" }
    }
  }

  private static func examples() throws -> String {
    try files().map(text).joined()
  }

  @Test("Every kind of accelerator has an example, a manual entry and register tables")
  func accelerators() throws {
    let (examples, manual) = (try Self.examples(), try Self.text("Sources/Accelerators/README.md"))
    #expect(!AcceleratorCatalog.models.isEmpty)
    for kind in AcceleratorCatalog.models {
      #expect(
        examples.contains("\"accelerator\": \"\(kind.name)\""), "no example with \(kind.name)")
      #expect(manual.contains(kind.name), "no manual entry for \(kind.name)")
      for register in kind.presettableRegisters {
        #expect(
          kind.registerMap?.register(named: register) != nil,
          "\(kind.name) has no register \(register)")
      }
    }
  }

  @Test(
    "Every kind that is not ours has an example and a manual page",
    arguments: [
      ("Verilated", "Configs/rtl/lenet5-os.json", "Sources/RTL/README.md"),
      ("Plugin", "Configs/plugins/vector-add.json", "Sources/Plugins/README.md"),
    ])
  func externalKinds(kind: String, example: String, manual: String) throws {
    #expect(try Self.text(example).contains("\"accelerator\": \"\(kind)\""))
    #expect(try Self.text(manual).contains("\"\(kind)\""))
    let names = Set(AcceleratorCatalog.kinds.map(\.name))
    #expect(names == Set(AcceleratorCatalog.models.map(\.name)).union(["Verilated", "Plugin"]))
  }

  @Test("Every kind of peripheral has a manual entry with its default address")
  func peripherals() throws {
    let manual = try Self.text("Sources/Peripherals/README.md")
    for kind in PeripheralCatalog.kinds {
      #expect(manual.contains("`\(kind.name)`"), "no manual entry for \(kind.name)")
    }
  }

  @Test("Every kind of memory has a manual entry and is in an example")
  func memories() throws {
    let manual = try Self.text("Sources/MemoryModels/README.md")
    for type in MemoryType.allCases where type != .plugin {
      #expect(manual.contains("**\(type.rawValue)**"))
    }
    let examples = try Self.examples()
    #expect(examples.contains("\"dram\"") && examples.contains("\"sram\""))
  }

  @Test("Every shipped description is valid")
  func descriptions() throws {
    for file in try Self.files() {
      let loaded = try SoCDescription.load(
        Self.root.appendingPathComponent(file).path, options: LoadOptions(requiresCPU: true))
      #expect(loaded.warnings.isEmpty, "\(file): \(loaded.warnings)")
    }
  }

  @Test("The DMA's manual holds the current register table")
  func registerTables() throws {
    let manual = try Self.text("Sources/Interconnect/README.md")
    let table = DeviceRegisters.tables.first { $0.device == "DMA" }?.markdown
    #expect(manual.contains(try #require(table)))
  }
}
