import Foundation
import SoC
import Testing

/// A program in Swift that does `body`; its first line is the fourth.
private func program(_ body: String) -> String {
  """
  @main
  struct Program {
    static func main() {
      \(body)
    }
  }

  """
}

/// Builds and runs `program.swift` and what else is written beside it.
private func run(
  _ source: String, firmware: String = #"{ "sources": ["program.swift"] }"#,
  type: String = "RISCV32", more: [String: String] = [:]
) throws -> FirmwareRun {
  let fixture = try FirmwareFixture()
  try fixture.write(source, to: "program.swift")
  for (name, text) in more { try fixture.write(text, to: name) }
  return try FirmwareRun(fixture.description(firmware, type: type))
}

@Suite("Firmware in Swift")
struct SwiftFirmwareTests {
  private static let heap = #"{ "sources": ["program.swift"], "heap_bytes": "64 KiB" }"#

  @Test("C and Swift call each other, whatever file is compiled first")
  func mixed() throws {
    let firmware = #"{ "sources": ["c part.c", "program.swift", "c part.h", "other.swift"] }"#
    let run = try run(
      program("Console.print(\"\\(from_c(20)) and \\(limit)\")\nexit(CODE)"), firmware: firmware,
      more: [
        "c part.h": """
        #include <stdint.h>
        #define CODE 7
        int32_t from_c(int32_t value);
        int32_t from_swift(int32_t value);

        """,
        "c part.c": """
        #include "c part.h"
        int32_t from_c(int32_t value) { return from_swift(value) + 2; }

        """,
        "other.swift": """
        let limit = 99
        @_cdecl("from_swift")
        public func fromSwift(_ value: Int32) -> Int32 { value * 2 }

        """,
      ])
    #expect(run.output == "42 and 99\n")
    #expect(run.end.exitCode == 7)
  }

  @Test("The console prints numbers of every kind")
  func console() throws {
    let run = try run(
      program(
        #"""
        let text: StaticString = "static"
        Console.write("[\(-42, width: 5)][\(UInt8.max)][\(Int64.min)][\(UInt64.max)][\(0)]")
        Console.print("[\(hex: 0xBEEF as UInt32)][\(hex: Int8(-1))][\(text)][\(123, width: 2)]")
        """#))
    #expect(
      run.output
        == "[  -42][255][-9223372036854775808][18446744073709551615][0][0xbeef][0xff][static][123]\n"
    )
  }

  @Test(
    "Classes, arrays, closures and generics work on every instruction set",
    arguments: [
      "RISCV32", "RISCV64", "rv32im", "rv32imac", "rv32gc_zba_zbb", "rv64im", "rv64imac", "rv64gc",
    ])
  func instructionSets(type: String) throws {
    let source =
      """
      final class Node {
        let value: Int
        let next: Node?
        init(_ value: Int, _ next: Node?) {
          self.value = value
          self.next = next
        }
        deinit { deaths += 1 }
      }
      nonisolated(unsafe) var deaths = 0
      func total<Values: Sequence>(_ values: Values) -> Int where Values.Element == Int {
        values.reduce(0, +)
      }

      """
      + program(
        #"""
        let before = heap_free_bytes()
        do {
          var list: Node?
          for value in 0..<100 { list = Node(value, list) }
          var values: [Int] = []
          while let node = list {
            values.append(node.value)
            list = node.next
          }
          values.sort { $0 % 7 == $1 % 7 ? $0 < $1 : $0 % 7 < $1 % 7 }
          Console.print("\(total(values)) \(values[0]) \(values[99]) \(deaths)")
        }
        let mask = UInt64(1) << UInt64(timer_cycles() % 1 + 40)
        Console.print("\(mask / 3) \(mask >> 33) \(heap_free_bytes() == before ? 1 : 0)")
        """#)
    let run = try run(source, firmware: Self.heap, type: type)
    #expect(run.output == "4950 0 97 100\n366503875925 128 1\n", "\(run.end.reason)")
    #expect(run.end.exitCode == 0)
  }

  @Test("Swift's own print goes to the console too")
  func standardPrint() throws {
    let run = try run(
      program(#"print("plain"); print("\(6 * 7) of \([1, 2].count)")"#), firmware: Self.heap)
    #expect(run.output == "plain\n42 of 2\n")
  }

  @Test("Statements outside of functions need a file main.swift")
  func topLevelCode() throws {
    let fixture = try FirmwareFixture()
    try fixture.write("Console.print(\"top\")\nexit(answer())\n", to: "main.swift")
    try fixture.write("func answer() -> Int32 { 4 }\n", to: "answer.swift")
    let sources = #"{ "sources": ["main.swift", "answer.swift"] }"#
    let run = try FirmwareRun(fixture.description(sources))
    #expect(run.output == "top\n")
    #expect(run.end.exitCode == 4)
  }

  @Test("A trap of Swift is an exception of the hart")
  func trap() throws {
    let run = try run(program("let zero = Int32(timer_cycles() & 0)\nexit(1 / zero)"))
    #expect(run.output.hasPrefix("unhandled exception "), "\(run.output)")
    #expect(run.end.exitCode > 128)
  }

  @Test("Handlers in Swift see timer interrupts")
  func interrupts() throws {
    let source =
      """
      nonisolated(unsafe) var count = 0
      func again() {
        timer_at(timer_now() + 50, { _ in
          count += 1
          if count < 3 { again() }
        }, nil)
      }

      """
      + program(
        """
        again()
        interrupts_enable()
        let end = timer_now() + 400
        while timer_now() < end {}
        Console.print("\\(count)")
        """)
    #expect(try run(source).output == "3\n")
  }

  @Test("A heap that is exhausted says so; without one there is no room at all")
  func exhaustedHeap() throws {
    let source = program(
      """
      var values: [[UInt8]] = []
      while true { values.append([UInt8](repeating: 1, count: 5000)) }
      """)
    let full = try run(source, firmware: Self.heap)
    #expect(full.output.contains(" bytes in a heap of 65536, "), "\(full.output)")
    #expect(full.end.exitCode > 128)
    let none = try run(source)
    #expect(none.output.contains(" in a heap of 0, 0 of them free; see cpu_firmware.heap_bytes"))
  }

  @Test("What the heap gives out is aligned, does not overlap, and comes back whole")
  func heap() throws {
    let run = try FirmwareRun(
      main: """
        enum { COUNT = 40 };
        static unsigned char *places[COUNT];
        static size_t sizes[COUNT];
        size_t all = heap_free_bytes();
        uint32_t random = 5;
        for (int round = 0; round < 2000; round += 1) {
          random = random * 1664525 + 1013904223;
          unsigned slot = (random >> 16) % COUNT;
          if (places[slot] != NULL) {
            for (size_t i = 0; i < sizes[slot]; i += 1) {
              if (places[slot][i] != (unsigned char)slot) return 1;
            }
            free(places[slot]);
            places[slot] = NULL;
            continue;
          }
          size_t alignment = 4u << (random >> 28) % 6;
          void *place;
          sizes[slot] = (random >> 8) % 300;
          if (posix_memalign(&place, alignment, sizes[slot]) != 0) return 2;
          if (((uintptr_t)place & (alignment - 1)) != 0) return 3;
          places[slot] = place;
          memset(place, (int)slot, sizes[slot]);
        }
        for (int slot = 0; slot < COUNT; slot += 1) free(places[slot]);
        if (heap_free_bytes() != all) return 4;
        void *whole;
        if (posix_memalign(&whole, 16, all - 16) != 0) return 5;
        """, firmware: #"{ "sources": ["main.c"], "heap_bytes": 32768 }"#)
    #expect(run.end.exitCode == 0, "\(run.output)")
  }

  @Test("64-bit shifts and atomic operations that compilers call give what C says")
  func helpers() throws {
    let run = try FirmwareRun(
      main: """
        volatile uint64_t pattern = 0x8123456789ABCDEFull;
        for (int amount = 0; amount < 64; amount += 1) {
          uint64_t left = 0, right = 0;
          for (int bit = 0; bit < 64; bit += 1) {
            uint64_t one = pattern & 1ull << bit ? 1 : 0;
            if (bit + amount < 64) left |= one << (bit + amount);
            if (bit >= amount) right |= one << (bit - amount);
          }
          uint64_t sign = amount == 0 ? 0 : ~0ull << (64 - amount);
          if (__ashldi3(pattern, amount) != left || __lshrdi3(pattern, amount) != right ||
              (uint64_t)__ashrdi3((int64_t)pattern, amount) != (right | sign))
            return 1;
        }
        static _Atomic uint32_t word = 5;
        static _Atomic uint8_t byte = 250;
        uint32_t expected = 6;
        if (atomic_compare_exchange_strong(&word, &expected, 9) || expected != 5) return 2;
        if (!atomic_compare_exchange_strong(&word, &expected, 9) || word != 9) return 3;
        if (atomic_fetch_add(&byte, 10) != 250 || byte != 4) return 4;
        if (atomic_exchange(&word, 12) != 9 || atomic_fetch_xor(&word, 5) != 12) return 5;
        if (atomic_fetch_or(&word, 16) != 9 || atomic_fetch_and(&word, 24) != 25) return 6;
        if (atomic_fetch_sub(&word, 25) != 24 || atomic_load(&word) != ~0u) return 7;
        """,
      before: """
        #include <stdatomic.h>
        uint64_t __ashldi3(uint64_t value, int amount);
        uint64_t __lshrdi3(uint64_t value, int amount);
        int64_t __ashrdi3(int64_t value, int amount);
        """, firmware: #"{ "sources": ["main.c"], "flags": ["-Wno-atomic-alignment"] }"#)
    #expect(run.end.reason == "firmware exited with code 0 through tohost", "\(run.output)")
  }
}

@Suite("Building firmware in Swift")
struct SwiftFirmwareBuilderTests {
  private static let sources = #"{ "sources": ["main.c", "program.swift"] }"#

  private func fixture(_ source: String) throws -> FirmwareFixture {
    let fixture = try FirmwareFixture()
    try fixture.write(source, to: "program.swift")
    return fixture
  }

  private func objects(_ fixture: FirmwareFixture) throws -> Set<String> {
    Set(try FileManager.default.contentsOfDirectory(atPath: fixture.folder + "/build/objects"))
  }

  @Test("A mistake gives one message with file, line and column")
  func mistake() throws {
    let fixture = try fixture(program("Console.print(\"\\(undeclared)\")"))
    try fixture.write("func fine() {}\n", to: "fine.swift")
    let error = try #require(
      fixture.failure(
        fixture.description(#"{ "sources": ["fine.swift", "program.swift"] }"#)))
    #expect(
      error.message == "the firmware does not compile: \(fixture.folder)/program.swift")
    #expect(
      error.diagnostics.hasPrefix(
        "\(fixture.folder)/program.swift:4:22: error: cannot find 'undeclared' in scope\n"))
    #expect(error.diagnostics.components(separatedBy: "error:").count == 2)
    let left = try objects(fixture)
    #expect(left.allSatisfy { $0.hasSuffix(".o") || $0.hasSuffix(".inputs") }, "\(left)")
    #expect(!left.contains { $0.hasPrefix("module") })
  }

  @Test("Warnings are errors, and mistakes in C and Swift are reported together")
  func everyFailure() throws {
    let fixture = try fixture(program("let unused = 1"))
    try fixture.write("int twice(int n) { return n * 2 }\n", to: "main.c")
    let error = try #require(fixture.failure(fixture.description(Self.sources)))
    #expect(error.message.contains("/main.c, ") && error.message.hasSuffix("/program.swift"))
    #expect(error.diagnostics.contains("expected ';'"))
    #expect(error.diagnostics.contains("program.swift:4:9: error: "))
  }

  @Test("Settings reach Swift: defines, include folders, headers and flags")
  func settings() throws {
    let fixture = try fixture(
      """
      #if CHECKED
      let area = COUNT * WIDTH
      #endif

      """ + program("exit(FLAG != 0 && area == 42 ? 0 : 1)"))
    try fixture.write("#include \"width.h\"\n", to: "shapes.h")
    try fixture.write("#define WIDTH 14\n", to: "some headers/width.h")
    let firmware = #"""
      { "sources": ["shapes.h", "program.swift"], "include": ["some headers"],
        "defines": { "COUNT": 3, "FLAG": true }, "swift_flags": ["-DCHECKED", "-O"] }
      """#
    #expect(try FirmwareRun(fixture.description(firmware)).end.exitCode == 0)
  }

  @Test("A changed file, header or flag is compiled, nothing else")
  func changesAreSeen() throws {
    let fixture = try fixture(program("exit(helper() + VALUE)"))
    try fixture.write("func helper() -> Int32 { 1 }\n", to: "helper.swift")
    try fixture.write("#define VALUE 1\n", to: "value.h")
    let sources = #""sources": ["program.swift", "helper.swift", "value.h"]"#
    let description = try fixture.description("{ \(sources) }")
    let first = try fixture.build(description)
    let before = try objects(fixture)
    #expect(try fixture.build(description) == first)
    #expect(try objects(fixture) == before)
    try fixture.write("func helper() -> Int32 { 2 }\n", to: "helper.swift")
    let second = try fixture.build(description)
    #expect(second != first)
    try fixture.write("#define VALUE 2\n", to: "value.h")
    #expect(try ![first, second].contains(fixture.build(description)))
    let new = try objects(fixture).subtracting(before).filter { $0.hasSuffix(".o") }
    #expect(new.count == 2 && new.allSatisfy { $0.hasPrefix("module") }, "\(new)")
    try fixture.write("func helper() -> Int32 { 1 }\n", to: "helper.swift")
    try fixture.write("#define VALUE 1\n", to: "value.h")
    #expect(try fixture.build(description) == first)
    let flags = try fixture.description("{ \(sources), \"swift_flags\": [\"-O\"] }")
    #expect(try fixture.build(flags) != first)
  }

  @Test("The file's bytes do not depend on when and where it is built")
  func buildIsReproducible() throws {
    var images: [Data] = []
    for name in ["one", "another place with $ and # and blanks"] {
      let fixture = try FirmwareFixture(name)
      try fixture.write(program("Console.print(#file)\nexit(VALUE)"), to: "program.swift")
      try fixture.write("#define VALUE 0\n", to: "value.h")
      let hal = fixture.folder + "/layer copy"
      try FileManager.default.copyItem(atPath: FirmwareFixture.hal, toPath: hal)
      let description = try fixture.description(#"{ "sources": ["program.swift", "value.h"] }"#)
      images.append(try bytes(of: fixture.build(description, hal: hal, into: "out of tree")))
    }
    #expect(images[0] == images[1])
  }

  @Test("Only what a program uses is in it")
  func size() throws {
    let fixture = try fixture(program("Console.print(\"hello\")"))
    let elf = try bytes(
      of: fixture.build(fixture.description(#"{ "sources": ["program.swift"] }"#)))
    // Code and constants are the first segment.
    let fileSize = elf.withUnsafeBytes { image in
      image.loadUnaligned(fromByteOffset: 52 + 16, as: UInt32.self)
    }
    #expect(fileSize < 4096, "\(fileSize) bytes")
  }

  @Test("What the library of Embedded Swift lacks is the linker's message")
  func linkerMessage() throws {
    let fixture = try fixture(
      program("let half = Double(timer_cycles()) / 2\nexit(Int32(half))"))
    let error = try #require(
      fixture.failure(fixture.description(#"{ "sources": ["program.swift"] }"#)))
    #expect(error.message == "the firmware does not link")
    #expect(error.diagnostics.contains("undefined symbol: __"))
  }

  @Test("A toolchain without Embedded Swift, or without Swift, is told so")
  func missingTools() throws {
    let fixture = try fixture(program("exit(0)"))
    let empty = fixture.folder + "/empty"
    try FileManager.default.createDirectory(atPath: empty, withIntermediateDirectories: true)
    let bare = try #require(
      fixture.failure(
        fixture.description(
          #"{ "sources": ["program.swift"], "swift_flags": ["-resource-dir", "\#(empty)"] }"#)))
    #expect(bare.message.contains("has no library of Embedded Swift"), "\(bare)")

    for tool in ["clang", "ld.lld"] {
      let path = "\(empty)/\(tool)"
      try Data("#!/bin/sh\n".utf8).write(to: URL(fileURLWithPath: path))
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
    }
    let description = try fixture.description(#"{ "sources": ["program.swift"] }"#)
    let error = try #require(fixture.failure(description, searchPath: empty))
    #expect(error.message.hasPrefix("'swiftc' of the Swift toolchain was not found"))
  }

  @Test("A header without a Swift file to see it is refused")
  func loneHeader() throws {
    let fixture = try FirmwareFixture()
    try fixture.write(FirmwareFixture.emptyMain, to: "main.c")
    try fixture.write("", to: "main.h")
    #expect {
      _ = try fixture.description(#"{ "sources": ["main.c", "main.h"] }"#)
    } throws: { error in
      "\(error)".contains("'main.h' is a header, and there is no Swift file to see it")
    }
  }
}
