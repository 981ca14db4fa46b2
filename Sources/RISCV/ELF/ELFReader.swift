/// Reads the structures of an ELF file, checking every offset and size before it is used.
struct ELFReader {
  let width: ELFImage.Width
  let entry: UInt64
  private let file: [UInt8]
  private let programHeaders: Table
  private let sectionHeaders: Table

  /// An array of equally sized entries in the file.
  private struct Table {
    var offset: UInt64
    var entrySize: UInt64
    var count: UInt64
  }

  /// The fields of a section header that matter here.
  private struct Section {
    var type: UInt32
    var flags: UInt64
    var offset: UInt64
    var size: UInt64
    var link: UInt32
    var entrySize: UInt64
  }

  /// Where a structure keeps its fields: the offsets for the two classes.
  private func pick<Value>(_ narrow: Value, _ wide: Value) -> Value {
    width == .bits32 ? narrow : wide
  }

  init(_ file: [UInt8]) throws(ELFError) {
    guard file.count >= 4, file[0] == 0x7f, file[1] == 0x45, file[2] == 0x4c, file[3] == 0x46
    else { throw .notELF }
    guard file.count >= 20 else { throw .truncated(structure: "the file header") }
    guard let width = ELFImage.Width(rawValue: file[4]) else { throw .unknownClass(file[4]) }
    guard file[5] == 1 else { throw .notLittleEndian(file[5]) }
    func integer(_ offset: Int, _ bytes: Int) -> UInt64 {
      (0..<bytes).reduce(0) { $0 | UInt64(file[offset + $1]) << UInt64(8 * $1) }
    }
    let machine = UInt16(integer(18, 2))
    guard machine == 243 else { throw .wrongMachine(machine) }
    let type = UInt16(integer(16, 2))
    guard type == 2 else { throw .notExecutable(type: type) }
    let wide = width == .bits64
    guard file.count >= (wide ? 64 : 52) else { throw .truncated(structure: "the file header") }
    self.file = file
    self.width = width
    entry = wide ? integer(24, 8) : integer(24, 4)
    programHeaders = Table(
      offset: wide ? integer(32, 8) : integer(28, 4),
      entrySize: integer(wide ? 54 : 42, 2), count: integer(wide ? 56 : 44, 2))
    sectionHeaders = Table(
      offset: wide ? integer(40, 8) : integer(32, 4),
      entrySize: integer(wide ? 58 : 46, 2), count: integer(wide ? 60 : 48, 2))
    try check(programHeaders, entrySize: wide ? 56 : 32, "the program header table")
    try check(sectionHeaders, entrySize: wide ? 64 : 40, "the section header table")
  }

  /// The segments with memory to load, in file order.
  func segments() throws(ELFError) -> [ELFImage.Segment] {
    var segments: [ELFImage.Segment] = []
    var indices: [Int] = []
    let limit: UInt64 = pick(1 << 32, .max)
    for index in 0..<Int(programHeaders.count) {
      let header = programHeaders.offset + UInt64(index) * programHeaders.entrySize
      guard integer(header, 4) == 1 else { continue }
      let offset = word(header, pick(4, 8))
      let address = word(header, pick(12, 24))
      let fileSize = word(header, pick(16, 32))
      let memorySize = word(header, pick(20, 40))
      let flags = integer(header + pick(24, 4), 4)
      guard fileSize <= memorySize else {
        throw .segmentFileSizeExceedsMemorySize(index: index)
      }
      guard memorySize > 0 else { continue }
      guard address <= limit, memorySize <= limit - address else {
        throw .segmentBeyondAddressSpace(index: index)
      }
      let data = try bytes(offset, fileSize, "segment \(index)")
      for (other, otherIndex) in zip(segments, indices)
      where address < other.address + other.memorySize && other.address < address + memorySize {
        throw .overlappingSegments(index: index, otherIndex: otherIndex)
      }
      segments.append(
        ELFImage.Segment(
          address: address, data: [UInt8](data), memorySize: memorySize,
          isExecutable: flags & 1 != 0, isWritable: flags & 2 != 0))
      indices.append(index)
    }
    guard !segments.isEmpty else { throw .noLoadableSegment }
    return segments
  }

  /// All entries of all symbol tables, and whether each names an address of the program: it is
  /// neither undefined, a section, a file name nor one of the assembler's mapping symbols.
  func symbols() throws(ELFError) -> [(symbol: ELFImage.Symbol, isName: Bool)] {
    let sections = (0..<Int(sectionHeaders.count)).map(section)
    var symbols: [(symbol: ELFImage.Symbol, isName: Bool)] = []
    for (index, table) in sections.enumerated() where table.type == 2 {
      let entrySize: UInt64 = pick(16, 24)
      guard table.entrySize == entrySize else {
        throw .wrongEntrySize(structure: "symbol table", bytes: table.entrySize)
      }
      guard Int(table.link) < sections.count, sections[Int(table.link)].type == 3 else {
        throw .badStringTable(section: index)
      }
      let strings = sections[Int(table.link)]
      let names = try bytes(strings.offset, strings.size, "the string table")
      _ = try bytes(table.offset, table.size, "the symbol table")
      for number in 0..<Int(table.size / entrySize) {
        let start = table.offset + UInt64(number) * entrySize
        let nameOffset = Int(integer(start, 4))
        guard nameOffset < max(names.count, 1) else { throw .badSymbolName(symbol: number) }
        let info = integer(start + pick(12, 4), 1)
        let sectionIndex = Int(integer(start + pick(14, 6), 2))
        let name = String(
          decoding: names[(names.startIndex + nameOffset)...].prefix { $0 != 0 }, as: UTF8.self)
        // Section 0 is "undefined"; types 3 and 4 are sections and file names; `$x` and `$d` mark
        // where code and data begin.
        let isName =
          !name.isEmpty && sectionIndex != 0 && info & 15 != 3 && info & 15 != 4
          && !name.hasPrefix("$")
        let executable = sectionIndex < sections.count && sections[sectionIndex].flags & 4 != 0
        let symbol = ELFImage.Symbol(
          name: name, address: word(start, pick(4, 8)), size: word(start, pick(8, 16)),
          isCode: info & 15 == 2 || info & 15 == 0 && executable, isFunction: info & 15 == 2,
          isGlobal: info >> 4 != 0)
        symbols.append((symbol, isName))
      }
    }
    return symbols
  }

  private func section(_ index: Int) -> Section {
    let start = sectionHeaders.offset + UInt64(index) * sectionHeaders.entrySize
    return Section(
      type: UInt32(integer(start + 4, 4)), flags: word(start, 8),
      offset: word(start, pick(16, 24)), size: word(start, pick(20, 32)),
      link: UInt32(integer(start + pick(24, 40), 4)), entrySize: word(start, pick(36, 56)))
  }

  /// Checks that a table lies in the file and has entries of the right size.
  private func check(
    _ table: Table, entrySize: UInt64, _ structure: String
  ) throws(ELFError) {
    guard table.count > 0 else { return }
    guard table.entrySize == entrySize else {
      throw .wrongEntrySize(structure: structure, bytes: table.entrySize)
    }
    _ = try bytes(table.offset, table.count * entrySize, structure)
  }

  /// `size` bytes from `offset`, or an error that names the structure.
  private func bytes(
    _ offset: UInt64, _ size: UInt64, _ structure: String
  ) throws(ELFError) -> ArraySlice<UInt8> {
    guard offset <= UInt64(file.count), size <= UInt64(file.count) - offset else {
      throw .truncated(structure: structure)
    }
    return file[Int(offset)..<Int(offset + size)]
  }

  /// The little-endian integer of `count` bytes at `offset`, which has been checked before.
  private func integer(_ offset: UInt64, _ count: Int) -> UInt64 {
    var value: UInt64 = 0
    for index in 0..<count {
      value |= UInt64(file[Int(offset) + index]) << UInt64(8 * index)
    }
    return value
  }

  /// The address-sized integer at `offset` into the structure at `start`.
  private func word(_ start: UInt64, _ offset: UInt64) -> UInt64 {
    integer(start + offset, pick(4, 8))
  }
}
