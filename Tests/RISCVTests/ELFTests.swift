import RISCV
import Testing

@Suite("ELF files")
struct ELFTests {
  /// A little-endian byte writer.
  private struct Writer {
    var bytes: [UInt8] = []
    let wide: Bool

    mutating func put(_ value: UInt64, _ count: Int) {
      for index in 0..<count { bytes.append(UInt8(truncatingIfNeeded: value >> UInt64(8 * index))) }
    }
    mutating func word(_ value: UInt64) { put(value, wide ? 8 : 4) }
  }

  private struct SymbolEntry {
    var name: String
    var value: UInt64
    var size: UInt64 = 0
    var info: UInt64 = 0x10
    var section: UInt64 = 1
  }

  /// A file with one segment of eight bytes and eight zeros at `base` (virtual address elsewhere),
  /// and a symbol table.
  private static func file(
    wide: Bool = false, base: UInt64 = 0x8000_0000, symbols: [SymbolEntry] = []
  ) -> [UInt8] {
    let (header, program, section, symbol) = wide ? (64, 56, 64, 24) : (52, 32, 40, 16)
    let data = header + program
    let symbolTable = data + 8
    let strings = symbolTable + (symbols.count + 1) * symbol
    var names: [UInt8] = [0]
    var writer = Writer(wide: wide)
    writer.bytes = [0x7f, 0x45, 0x4c, 0x46, wide ? 2 : 1, 1, 1] + [UInt8](repeating: 0, count: 9)
    writer.put(2, 2)
    writer.put(243, 2)
    writer.put(1, 4)
    writer.word(base)
    writer.word(UInt64(header))
    let sections = strings + 1 + symbols.reduce(0) { $0 + $1.name.utf8.count + 1 }
    writer.word(UInt64(sections))
    writer.put(0, 4)
    for field in [header, program, 1, section, 4, 0] { writer.put(UInt64(field), 2) }
    // Program header.
    writer.put(1, 4)
    if wide { writer.put(5, 4) }
    writer.word(UInt64(data))
    writer.word(0x1000)
    writer.word(base)
    writer.word(8)
    writer.word(16)
    if !wide { writer.put(5, 4) }
    writer.word(4)
    writer.bytes += [1, 2, 3, 4, 5, 6, 7, 8]
    for entry in [SymbolEntry(name: "", value: 0, info: 0, section: 0)] + symbols {
      writer.put(entry.name.isEmpty ? 0 : UInt64(names.count), 4)
      if !entry.name.isEmpty { names += [UInt8](entry.name.utf8) + [0] }
      if wide {
        writer.put(entry.info, 2)
        writer.put(entry.section, 2)
        writer.put(entry.value, 8)
        writer.put(entry.size, 8)
      } else {
        writer.put(entry.value, 4)
        writer.put(entry.size, 4)
        writer.put(entry.info, 2)
        writer.put(entry.section, 2)
      }
    }
    writer.bytes += names
    // Section headers: null, text, symbols, strings.
    let tables: [[UInt64]] = [
      [0, 0, 0, 0, 0, 0, 0], [1, 6, base, UInt64(data), 8, 0, 0],
      [2, 0, 0, UInt64(symbolTable), UInt64((symbols.count + 1) * symbol), 3, UInt64(symbol)],
      [3, 0, 0, UInt64(strings), UInt64(names.count), 0, 0],
    ]
    for table in tables {
      writer.put(0, 4)
      writer.put(table[0], 4)
      for field in table[1...4] { writer.word(field) }
      writer.put(table[5], 4)
      writer.put(0, 4)
      writer.word(0)
      writer.word(table[6])
    }
    return writer.bytes
  }

  private static let named = [
    SymbolEntry(name: "tohost", value: 0x8000_0008, info: 0x11),
    SymbolEntry(name: "main", value: 0x8000_0000, size: 4, info: 0x12),
    SymbolEntry(name: "$x", value: 0x8000_0000, info: 0),
    SymbolEntry(name: "label", value: 0x8000_0004, info: 0x00),
    SymbolEntry(name: "twice", value: 1, info: 0x00, section: 2),
    SymbolEntry(name: "twice", value: 2, info: 0x10, section: 2),
    SymbolEntry(name: "undefined", value: 3, section: 0),
  ]

  @Test("segments load at their physical addresses, followed by zeros", arguments: [false, true])
  func segments(wide: Bool) throws {
    let image = try ELFImage(Self.file(wide: wide, symbols: Self.named))
    #expect(image.width == (wide ? .bits64 : .bits32))
    #expect(image.entry == 0x8000_0000)
    try #require(image.segments.count == 1)
    #expect(image.segments[0].address == 0x8000_0000)
    #expect(image.segments[0].data == [1, 2, 3, 4, 5, 6, 7, 8])
    #expect(image.segments[0].zeroFill == 8)
    #expect(image.segments[0].isExecutable)
    #expect(!image.segments[0].isWritable)
  }

  @Test("symbols are found by name, and functions by address", arguments: [false, true])
  func symbols(wide: Bool) throws {
    let image = try ELFImage(Self.file(wide: wide, symbols: Self.named))
    #expect(image.tohost == 0x8000_0008)
    #expect(image.fromhost == nil)
    #expect(image.address(of: "twice") == 2)
    #expect(image.address(of: "$x") == nil)
    #expect(image.address(of: "undefined") == nil)
    #expect(image.function(at: 0x8000_0003)?.name == "main")
    #expect(image.function(at: 0x8000_0003)?.offset == 3)
    #expect(image.function(at: 0x8000_0006)?.name == "label")
    #expect(image.function(at: 0x8000_0010) == nil)
    #expect(image.function(at: 0x7fff_ffff) == nil)
  }

  @Test("a linked program has its segments, entry and symbols")
  func linkedProgram() throws {
    let image = try ELFImage(try Self.program("jmisalign_rv32"))
    #expect(image.entry == 0x8000_0000)
    #expect(image.tohost == 0x8000_1000)
    #expect(image.address(of: "main") == 0x8000_0258)
    #expect(image.function(at: 0x8000_025c)?.name == "main")
    #expect(image.function(at: 0x8000_0000)?.name == "_start")
    #expect(image.segments.contains { $0.zeroFill > 0 })
    // The table as it is in the file, with its empty first entry and the mapping symbols.
    #expect(image.symbolTable.first?.name == "")
    #expect(image.symbolTable.contains { $0.name == "$x" })
    #expect(image.symbols == image.symbolTable.filter(image.symbols.contains))
    #expect(try ELFImage(try Self.program("jmisalign_rv64")).width == .bits64)
  }

  private static func program(_ name: String) throws -> [UInt8] {
    try Tool.decompressed(Fixture.path("spike-logs/elf/\(name).elf.gz"))
  }

  /// Overwrites `count` bytes at `offset`.
  private static func patched(
    _ file: [UInt8], _ offset: Int, _ value: UInt64, _ count: Int
  ) -> [UInt8] {
    var file = file
    for index in 0..<count {
      file[offset + index] = UInt8(truncatingIfNeeded: value >> UInt64(8 * index))
    }
    return file
  }

  @Test("each fault has its own error")
  func faults() {
    let file = Self.file(symbols: Self.named)
    let section = file.count - 4 * 40
    let cases: [([UInt8], ELFError)] = [
      ([], .notELF), (Array("#!/bin/sh\n".utf8), .notELF),
      (Array(file[..<10]), .truncated(structure: "the file header")),
      (Array(file[..<51]), .truncated(structure: "the file header")),
      (Self.patched(file, 4, 3, 1), .unknownClass(3)),
      (Self.patched(file, 5, 2, 1), .notLittleEndian(2)),
      (Self.patched(file, 18, 62, 2), .wrongMachine(62)),
      (Self.patched(file, 16, 1, 2), .notExecutable(type: 1)),
      (Self.patched(file, 28, 0xffff_fff0, 4), .truncated(structure: "the program header table")),
      (Self.patched(file, 44, 0xffff, 2), .truncated(structure: "the program header table")),
      (
        Self.patched(file, 42, 7, 2),
        .wrongEntrySize(structure: "the program header table", bytes: 7)
      ),
      (Self.patched(file, 16, 3, 2), .notExecutable(type: 3)),
      (Self.patched(file, 24, 0x8000_0001, 4), .misalignedEntry(0x8000_0001)),
      (Self.patched(file, 24, 0, 4), .entryOutsideSegments(0)),
      (Self.patched(file, 24, 0x8000_0010, 4), .entryOutsideSegments(0x8000_0010)),
      (Self.patched(file, 76, 6, 4), .entryNotExecutable(0x8000_0000)),
      (Self.patched(file, 44, 0, 2), .noLoadableSegment),
      (Self.patched(file, 52, 2, 4), .noLoadableSegment),
      (Self.patched(file, 56, 0xffff_ffff, 4), .truncated(structure: "segment 0")),
      (Self.patched(file, 68, 17, 4), .segmentFileSizeExceedsMemorySize(index: 0)),
      (Self.patched(file, 72, 0x8000_0001, 4), .segmentBeyondAddressSpace(index: 0)),
      (Array(file.dropLast()), .truncated(structure: "the section header table")),
      (
        Self.patched(file, section + 80 + 36, 15, 4),
        .wrongEntrySize(structure: "symbol table", bytes: 15)
      ),
      (Self.patched(file, section + 80 + 24, 99, 4), .badStringTable(section: 2)),
      (Self.patched(file, section + 80 + 24, 1, 4), .badStringTable(section: 2)),
      (
        Self.patched(file, section + 80 + 20, 0x7fff_fff0, 4),
        .truncated(structure: "the symbol table")
      ),
      (
        Self.patched(file, section + 120 + 16, 0x7fff_fff0, 4),
        .truncated(structure: "the string table")
      ),
      (Self.patched(file, 52 + 32 + 8 + 16, 0x7fff_0000, 4), .badSymbolName(symbol: 1)),
    ]
    for (bytes, error) in cases {
      #expect(throws: error) { try ELFImage(bytes) }
      #expect(!error.description.isEmpty)
    }
  }

  @Test("two segments at the same addresses are refused")
  func overlap() throws {
    var file = Self.file()
    // A second program header: the first again, at the end of the file.
    let header = Array(file[52..<84])
    let start = UInt64(file.count)
    file += header + header
    file = Self.patched(Self.patched(file, 28, start, 4), 44, 2, 2)
    #expect(throws: ELFError.overlappingSegments(index: 1, otherIndex: 0)) { try ELFImage(file) }
  }

  @Test("truncated and corrupted files give an image or an error, never a crash")
  func fuzz() throws {
    var random = SeededGenerator(seed: 11)
    let files = [
      Self.file(symbols: Self.named), Self.file(wide: true, symbols: Self.named),
      try Self.program("jmisalign_rv32"), try Self.program("jmisalign_rv64"),
    ]
    var (accepted, refused) = (0, 0)
    for file in files {
      // Where the structures are: the headers at both ends.
      let ends = [0..<min(200, file.count), max(0, file.count - 1200)..<file.count]
      for round in 0..<1500 {
        var bytes = file
        for _ in 0..<Int.random(in: 1...4, using: &random) {
          let range = ends.randomElement(using: &random) ?? 0..<file.count
          let index = Int.random(in: range, using: &random)
          bytes[index] = round % 3 == 0 ? 0xff : UInt8.random(in: 0...255, using: &random)
        }
        if round % 4 == 0 { bytes.removeLast(Int.random(in: 0...bytes.count, using: &random)) }
        do throws(ELFError) {
          let image = try ELFImage(bytes)
          _ = image.function(at: image.entry)
          accepted += 1
        } catch {
          #expect(!error.description.isEmpty)
          refused += 1
        }
      }
      for count in 0..<min(file.count, 300) {
        #expect(throws: ELFError.self) { try ELFImage(Array(file[..<count])) }
      }
    }
    #expect(accepted > 100 && refused > 100)
  }
}
