import Foundation
import SoC
import Testing

@Suite("Building firmware from source")
struct FirmwareBuilderTests {
  @Test("every example configuration builds")
  func examplesBuild() throws {
    let fixture = try FirmwareFixture()
    let folder = FirmwareFixture.project + "/Configs"
    let names = try FileManager.default.contentsOfDirectory(atPath: folder).filter {
      $0.hasSuffix(".json")
    }
    #expect(names.contains("hello.json"))
    for name in names.sorted() {
      let description = try SoCDescription.load("\(folder)/\(name)").description
      guard case .sources = description.cpu?.firmware else { continue }
      let elf = try bytes(of: fixture.build(description))
      let width: UInt8 = description.cpu?.type == .riscv64 ? 2 : 1
      #expect(elf.prefix(5).elementsEqual([0x7F, 0x45, 0x4C, 0x46, width]), "\(name)")
    }
  }

  @Test("a second build finds the first one's file and runs no tool")
  func secondBuildIsFree() throws {
    let fixture = try FirmwareFixture()
    try fixture.write(FirmwareFixture.emptyMain, to: "main.c")
    let description = try fixture.description()
    let first = try fixture.build(description)
    let objects = try FileManager.default.contentsOfDirectory(
      atPath: fixture.folder + "/build/objects")
    #expect(try fixture.build(description) == first)
    let after = try FileManager.default.contentsOfDirectory(
      atPath: fixture.folder + "/build/objects")
    #expect(Set(objects) == Set(after))
  }

  @Test("the file's bytes do not depend on where sources, layer and build folder lie")
  func buildIsReproducible() throws {
    let source = "const char *file = __FILE__; int main(void) { return file[0] == 0; }\n"
    var images: [Data] = []
    for name in ["one", "another place with $ and # and blanks"] {
      let fixture = try FirmwareFixture(name)
      try fixture.write(source, to: "main.c")
      let hal = fixture.folder + "/layer copy"
      try FileManager.default.copyItem(atPath: FirmwareFixture.hal, toPath: hal)
      images.append(
        try bytes(of: fixture.build(fixture.description(), hal: hal, into: "out of tree")))
    }
    #expect(images[0] == images[1])
  }

  @Test("a changed header, define or flag gives another file, a reverted one the old file")
  func changesAreSeen() throws {
    let fixture = try FirmwareFixture("with blanks")
    try fixture.write("#include \"value.h\"\nint main(void) { return VALUE; }\n", to: "main.c")
    try fixture.write("#define VALUE 1\n", to: "value.h")
    let description = try fixture.description()
    let first = try fixture.build(description)
    try fixture.write("#define VALUE 2\n", to: "value.h")
    let second = try fixture.build(description)
    #expect(first != second)
    #expect(try bytes(of: first) != bytes(of: second))
    try fixture.write("#define VALUE 1\n", to: "value.h")
    #expect(try fixture.build(description) == first)
    let flags = #"{ "sources": ["main.c"], "flags": ["-O1"] }"#
    #expect(try fixture.build(fixture.description(flags)) != first)
  }

  @Test("include folders and defines reach the compiler")
  func settingsReachCompiler() throws {
    let fixture = try FirmwareFixture()
    try fixture.write(
      """
      #include "limits of it.h"
      #include "hal.h"
      _Static_assert(COUNT == 3 && LIMIT == 7 && FLAG, "settings");
      int main(void) { print("%s", NAME); return 0; }

      """, to: "main.c")
    try fixture.write("#define LIMIT 7\n", to: "some headers/limits of it.h")
    let description = try fixture.description(
      #"""
      { "sources": ["main.c"], "include": ["some headers"],
        "defines": { "COUNT": 3, "FLAG": true, "NAME": "\"a b\"" } }
      """#)
    try fixture.build(description)
  }

  @Test("systems that differ in what a source does not use share its object")
  func objectsAreShared() throws {
    let fixture = try FirmwareFixture()
    try fixture.write(
      """
      #include "soc.h"
      unsigned long size(void);
      int main(void) { return size() != 0; }

      """, to: "main.c")
    try fixture.write(
      "#include \"soc.h\"\nunsigned long size(void) { return SOC_DRAM_SIZE; }\n", to: "size.c")
    let sources = #"{ "sources": ["main.c", "size.c"] }"#
    let objects = fixture.folder + "/build/objects"
    func count(_ name: String) throws -> Int {
      try FileManager.default.contentsOfDirectory(atPath: objects).count {
        $0.hasPrefix(name + "-text-")
      }
    }
    let first = try fixture.build(fixture.description(sources))
    #expect(try count("main.c") == 1 && count("size.c") == 1)
    let larger = #""dram": { "module_address": 0x80000000, "length": "2 MiB" }"#
    let second = try fixture.build(fixture.description(sources, memories: larger))
    #expect(try count("main.c") == 1 && count("size.c") == 2)
    #expect(try bytes(of: first) != bytes(of: second))
    // What is shared is what the compiler would have made.
    let elsewhere = try fixture.build(
      fixture.description(sources, memories: larger), into: "build of its own")
    #expect(try bytes(of: elsewhere) == bytes(of: second))
    // Debugging information names lines and so is not shared.
    let debugged = #"{ "sources": ["main.c", "size.c"], "flags": ["-g"] }"#
    try fixture.build(fixture.description(debugged))
    #expect(try count("main.c") == 1)
  }

  @Test("builds at the same time in one folder give one file")
  func parallelBuilds() async throws {
    let fixture = try FirmwareFixture()
    try fixture.write(FirmwareFixture.emptyMain, to: "main.c")
    let builder = FirmwareBuilder(
      description: try fixture.description(), halFolder: FirmwareFixture.hal,
      buildFolder: fixture.folder + "/build")
    let paths = try await withThrowingTaskGroup(of: String.self) { group in
      for _ in 0..<3 { group.addTask { try builder.build() } }
      return try await group.reduce(into: Set<String>()) { $0.insert($1) }
    }
    #expect(paths.count == 1)
    let left = try FileManager.default.contentsOfDirectory(atPath: fixture.folder + "/build")
    #expect(left.filter { $0.contains(".elf") }.count == 1)
  }
}

@Suite("Firmware that cannot be built")
struct FirmwareErrorTests {
  @Test("the compiler's message is passed on with file and line")
  func compilerMessage() throws {
    let fixture = try FirmwareFixture()
    try fixture.write("int main(void) {\n  return undeclared;\n}\n", to: "main.c")
    let error = try #require(fixture.failure(fixture.description()))
    #expect(error.message.hasPrefix("the firmware does not compile: "))
    #expect(error.message.hasSuffix("/main.c"))
    #expect(error.diagnostics.contains("main.c:2:10: error: use of undeclared identifier"))
    #expect(error.description == error.diagnostics + "error: " + error.message)
    let left = try FileManager.default.contentsOfDirectory(
      atPath: fixture.folder + "/build/objects")
    #expect(!left.contains { $0.hasPrefix("main.c") || $0.hasSuffix(".log") })
  }

  @Test("warnings are errors, and all files that fail are named")
  func everyFailure() throws {
    let fixture = try FirmwareFixture()
    try fixture.write("int main(void) { int unused; return 0; }\n", to: "main.c")
    try fixture.write("int twice(int n) { return n * 2 }\n", to: "twice.c")
    let error = try #require(
      fixture.failure(fixture.description(#"{ "sources": ["main.c", "twice.c"] }"#)))
    #expect(error.message.contains("main.c, ") && error.message.hasSuffix("/twice.c"))
    #expect(error.diagnostics.contains("unused variable"))
    #expect(error.diagnostics.contains("expected ';'"))
  }

  @Test("the linker names what is missing")
  func linkerMessage() throws {
    let fixture = try FirmwareFixture()
    try fixture.write(
      "void nowhere(void);\nint main(void) { nowhere(); return 0; }\n", to: "main.c")
    let error = try #require(fixture.failure(fixture.description()))
    #expect(error.message == "the firmware does not link")
    #expect(error.diagnostics.contains("undefined symbol: nowhere"))
  }

  @Test("a wrong flag is reported once, not for every source")
  func wrongFlag() throws {
    let fixture = try FirmwareFixture()
    try fixture.write(FirmwareFixture.emptyMain, to: "main.c")
    let error = try #require(
      fixture.failure(
        fixture.description(#"{ "sources": ["main.c"], "flags": ["--nonsense"] }"#)))
    #expect(error.diagnostics.split(separator: "\n").count == 1, "\(error.diagnostics)")
    #expect(error.message == "the firmware does not compile: see cpu_firmware.flags")
  }

  @Test("a program that is too large for its memory is refused")
  func tooLarge() throws {
    let fixture = try FirmwareFixture()
    try fixture.write("char area[70000];\nint main(void) { return area[9]; }\n", to: "main.c")
    let small = #""dram": { "module_address": 0x80000000, "length": "64 KiB" }"#
    let error = try #require(fixture.failure(fixture.description(memories: small)))
    #expect(error.diagnostics.contains("overflowed by"))
    #expect(error.diagnostics.split(separator: "\n").count == 1, "\(error.diagnostics)")
    let medium = #""dram": { "module_address": 0x80000000, "length": "80 KiB" }"#
    let other = try #require(fixture.failure(fixture.description(memories: medium)))
    #expect(other.diagnostics.contains("the stack of 65536 bytes does not fit into memory 'dram'"))
  }

  @Test("a host file loaded over the program is refused")
  func overlap() throws {
    let fixture = try FirmwareFixture()
    try fixture.write(FirmwareFixture.emptyMain, to: "main.c")
    try fixture.write("data", to: "w.bin")
    func files(_ address: String) -> String {
      """
      "files": { "w": { "file": "w.bin", "data_type": "int8", "address": \(address),
        "memory": "dram", "operation": "file_to_memory" } },
      """
    }
    try fixture.build(fixture.description(more: files("0x80080000")))
    let error = try #require(
      fixture.failure(fixture.description(more: files("0x80000800"))))
    #expect(error.diagnostics.contains("files.w at 0x80000800 overlaps the firmware"))
  }

  @Test("missing tools are reported with the folders that were looked into")
  func missingTools() throws {
    let fixture = try FirmwareFixture()
    try fixture.write(FirmwareFixture.emptyMain, to: "main.c")
    let description = try fixture.description()
    let error = try #require(fixture.failure(description, searchPath: "/nowhere:/not/here"))
    #expect(error.message.hasPrefix("'clang' of the Swift toolchain was not found"))
    #expect(error.message.contains("looked in /nowhere, /not/here"))
    #expect(fixture.failure(description, searchPath: "")?.message.contains("PATH is empty") == true)
  }

  @Test("a missing abstraction layer is reported")
  func missingLayer() throws {
    let fixture = try FirmwareFixture()
    try fixture.write(FirmwareFixture.emptyMain, to: "main.c")
    let description = try fixture.description()
    #expect {
      try fixture.build(description, hal: "/nowhere")
    } throws: { error in
      "\(error)".hasSuffix("no such folder: /nowhere")
    }
  }
}
