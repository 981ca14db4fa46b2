import Foundation
import SoC
import Testing

@Suite("Device tree")
struct DeviceTreeTests {
  private static func description(
    type: String = "RISCV64", harts: Int = 1, more: String = ""
  ) throws -> SoCDescription {
    let text = """
      {
        "name": "tree", "clocks": { "core": "100 MHz" },
        "cpu": {
          "cpu_type": "\(type)", "cpu_mips": 50, "harts": \(harts), "boot": "rom",
          "boot_arguments": "console=ttyS0 quote=\\"a\\\\b\\"",
          "cpu_quanta": { "q_global": 0, "q_low": 0, "q_high": 0 },
        },
        "memories": {
          "dram": { "module_address": 0x80000000, "length": "64 MiB" },
          "sram": { "module_address": 0x20000000, "length": "64 KiB" },
        },
        "dmas": { "copy": {
          "direction": "memory", "module_address": 0x30000000, "source_module": "dram",
          "destination_module": "sram", "port_size": 64 } },
        \(more)
      }
      """
    return try SoCDescription.load(text: text, file: "tree.json").description
  }

  private static func cells(_ value: DeviceTreeValue?) -> [DeviceTreeCell] {
    if case .cells(let cells)? = value { cells } else { [] }
  }

  @Test("Harts, memory and devices are described as QEMU's virt machine does")
  func contents() throws {
    let root = SystemDeviceTree(try Self.description(harts: 2)).root
    let cpus = try #require(root["cpus"])
    #expect(cpus.value(of: "timebase-frequency") == .number(10_000_000))
    #expect(cpus.children.map(\.name) == ["cpu@0", "cpu@1"])
    let hart = try #require(cpus["cpu@1"])
    #expect(hart.value(of: "reg") == .number(1))
    #expect(hart.value(of: "mmu-type") == "riscv,sv39")
    #expect(hart.value(of: "clock-frequency") == .number(50_000_000))
    #expect(root["memory@80000000"]?.value(of: "reg") == .wide(0x8000_0000, 64 << 20))
    #expect(root["memory@20000000"] == nil, "the SRAM is no main memory")
    let bus = try #require(root["soc"])
    #expect(bus["sram@20000000"]?.value(of: "compatible") == "mmio-sram")
    #expect(bus["serial@10000000"]?.value(of: "compatible") == "ns16550a")
    #expect(bus["serial@10000000"]?.value(of: "interrupts") == .number(10))
    #expect(bus["dma@30000000"]?.value(of: "interrupts") == .number(1))
    #expect(
      Self.cells(bus["plic@c000000"]?.value(of: "interrupts-extended")) == [
        .reference("cpu0_intc"), .number(11), .reference("cpu0_intc"), .number(9),
        .reference("cpu1_intc"), .number(11), .reference("cpu1_intc"), .number(9),
      ])
    #expect(
      Self.cells(bus["clint@2000000"]?.value(of: "interrupts-extended")) == [
        .reference("cpu0_intc"), .number(3), .reference("cpu0_intc"), .number(7),
        .reference("cpu1_intc"), .number(3), .reference("cpu1_intc"), .number(7),
      ])
    #expect(root["poweroff"]?.value(of: "value") == .number(0x5555))
    #expect(root["chosen"]?.value(of: "stdout-path") == "/soc/serial@10000000")
    #expect(root["htif"] == nil)
    #expect(SystemDeviceTree(try Self.description(), hasHostInterface: true).root["htif"] != nil)
  }

  @Test(
    "The instruction set decides on names, translation and contexts",
    arguments: [
      ("rv32imac", "rv32imac_zicsr_zifencei", "riscv,sv32"),
      ("rv64gc", "rv64imafdc_zicsr_zifencei", "riscv,sv39"),
      ("rv64imu", "rv64imu_zicsr_zifencei", nil),
    ] as [(String, String, String?)])
  func instructionSets(type: String, isa: String, translation: String?) throws {
    let root = SystemDeviceTree(try Self.description(type: type)).root
    let hart = try #require(root["cpus"]?["cpu@0"])
    #expect(hart.value(of: "riscv,isa") == .string(isa))
    #expect(hart.value(of: "mmu-type") == translation.map { .string($0) })
    let contexts = Self.cells(root["soc"]?["plic@c000000"]?.value(of: "interrupts-extended"))
    #expect(contexts.count == (translation == nil ? 2 : 4))
  }

  @Test("Without peripherals nothing refers to them")
  func bare() throws {
    let root = SystemDeviceTree(try Self.description(more: #""peripherals": {},"#)).root
    #expect(root["poweroff"] == nil)
    #expect(root["chosen"]?.value(of: "stdout-path") == nil)
    #expect(root["soc"]?["dma@30000000"]?.value(of: "interrupts") == nil)
    #expect(Set(root.handles.keys) == ["cpu0_intc"])
  }

  @Test("The blob has the header, the padding and the names of the format's version 17")
  func blob() {
    var root = DeviceTreeNode("")
    root.set("a", .number(0x0102_0304))
    var child = DeviceTreeNode("c", label: "one")
    child.set("a", .strings(["x", "yz"]))
    child.set("e", .empty)
    root.add(child)
    let bytes = FlattenedDeviceTree(root).bytes
    func word(_ offset: Int) -> Int { (0..<4).reduce(0) { $0 << 8 | Int(bytes[offset + $1]) } }
    #expect(bytes.count == word(4) && bytes.count % 8 == 0)
    #expect(word(0) == 0xD00D_FEED && word(20) == 17 && word(24) == 16)
    let structure = word(8)
    #expect(structure == word(16) + 16)
    let expected: [Int] = [
      1, 0, 3, 4, 0, 0x0102_0304, 1, 0x6300_0000, 3, 5, 0, 0x7800_797A, 0, 3, 0, 2, 3, 4, 4, 1, 2,
      2, 9,
    ]
    #expect((0..<word(36) / 4).map { word(structure + 4 * $0) } == expected)
    let names = bytes[word(12)..<word(12) + word(32)]
    #expect(String(decoding: names, as: UTF8.self) == "a\0e\0phandle\0")
  }

  private static let compiler = ["/usr/bin/dtc", "/usr/local/bin/dtc", "/opt/homebrew/bin/dtc"]
    .first { FileManager.default.isExecutableFile(atPath: $0) }

  private func compile(_ input: Data, _ arguments: [String]) throws -> (Data, String) {
    let folder = FileManager.default.temporaryDirectory.path
    let path = "\(folder)/\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try input.write(to: URL(filePath: path))
    let process = Process()
    process.executableURL = URL(filePath: try #require(Self.compiler))
    process.arguments = arguments + [path]
    let (output, errors) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    let messages = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    return (data, String(decoding: messages, as: UTF8.self))
  }

  @Test(
    "dtc finds blob and source sound and the same",
    .enabled(if: compiler != nil, "dtc is not installed"), arguments: [1, 4])
  func compiled(harts: Int) throws {
    let root = SystemDeviceTree(try Self.description(harts: harts), hasHostInterface: true).root
    let blob = Data(FlattenedDeviceTree(root).bytes)
    let (text, warnings) = try compile(blob, ["-I", "dtb", "-O", "dts", "-s"])
    #expect(warnings == "")
    let source = Data(DeviceTreeSource(root).text.utf8)
    let (compiled, moreWarnings) = try compile(source, ["-I", "dts", "-O", "dtb"])
    #expect(moreWarnings == "")
    let (again, _) = try compile(compiled, ["-I", "dtb", "-O", "dts", "-s"])
    #expect(text == again)
    #expect(String(decoding: text, as: UTF8.self).contains(#"console=ttyS0 quote=\"a\\b\""#))
  }
}
