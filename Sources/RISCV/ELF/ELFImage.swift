/// A RISC-V executable as a loader needs it: what to put where, where to start, what is called how.
public struct ELFImage: Sendable, Hashable {
  /// Register width the file was built for.
  public enum Width: UInt8, Sendable, Hashable {
    /// ELF32, RV32.
    case bits32 = 1
    /// ELF64, RV64.
    case bits64 = 2
  }

  /// Bytes to load at a physical address, followed by zeros.
  public struct Segment: Sendable, Hashable {
    /// Physical address of the first byte (`p_paddr`).
    public let address: UInt64
    /// The bytes that the file holds.
    public let data: [UInt8]
    /// Bytes in memory; those behind `data` are zero.
    public let memorySize: UInt64
    /// Whether the segment is marked executable.
    public let isExecutable: Bool
    /// Whether the segment is marked writable.
    public let isWritable: Bool

    /// Zero bytes that follow `data`.
    public var zeroFill: UInt64 { memorySize - UInt64(data.count) }
  }

  /// A name for an address.
  public struct Symbol: Sendable, Hashable {
    /// As written in the file.
    public let name: String
    /// The symbol's value.
    public let address: UInt64
    /// Bytes it covers; 0 when the file does not say.
    public let size: UInt64
    /// Whether it names code: a function, or an untyped label in an executable section.
    public let isCode: Bool
    /// Whether the file says that it is a function.
    public let isFunction: Bool
    /// Whether it is visible to other files (global or weak).
    public let isGlobal: Bool
  }

  /// Register width the file was built for.
  public let width: Width
  /// Address execution starts at.
  public let entry: UInt64
  /// The loadable segments, in the order of the file.
  public let segments: [Segment]
  /// The named symbols of the symbol table; empty when the file is stripped.
  public let symbols: [Symbol]
  /// Every entry of the symbol table in the order of the file: also sections, file names, mapping
  /// symbols (`$x`) and entries without a name, all of which Spike's log knows.
  public let symbolTable: [Symbol]

  private let addresses: [String: UInt64]
  /// Code symbols by address; of several at one address the best name comes last.
  private let codeSymbols: [Symbol]

  /// Parses a file.
  public init(_ file: [UInt8]) throws(ELFError) {
    let reader = try ELFReader(file)
    width = reader.width
    entry = reader.entry
    segments = try reader.segments()
    try Self.check(entry: entry, segments)
    let entries = try reader.symbols()
    symbolTable = entries.map(\.symbol)
    symbols = entries.filter(\.isName).map(\.symbol)
    var addresses: [String: UInt64] = [:]
    for symbol in symbols where symbol.isGlobal { addresses[symbol.name] = symbol.address }
    for symbol in symbols where addresses[symbol.name] == nil {
      addresses[symbol.name] = symbol.address
    }
    self.addresses = addresses
    codeSymbols = symbols.filter(\.isCode).sorted { first, second in
      if first.address != second.address { return first.address < second.address }
      if first.isGlobal != second.isGlobal { return second.isGlobal }
      if first.size != second.size { return first.size < second.size }
      return first.name > second.name
    }
  }

  private static func check(entry: UInt64, _ segments: [Segment]) throws(ELFError) {
    if entry % 2 != 0 { throw .misalignedEntry(entry) }
    guard let segment = segments.first(where: { $0.holds(entry) }) else {
      throw .entryOutsideSegments(entry)
    }
    if !segment.isExecutable { throw .entryNotExecutable(entry) }
  }

  /// The address of the symbol `name`; of several, a global one wins.
  public func address(of name: String) -> UInt64? { addresses[name] }

  /// `tohost`, where the program tells its host to exit or to print.
  public var tohost: UInt64? { address(of: "tohost") }

  /// `fromhost`, where the host answers.
  public var fromhost: UInt64? { address(of: "fromhost") }

  /// The function (or code label) that holds `address`, and the distance from its start.
  public func function(at address: UInt64) -> (name: String, offset: UInt64)? {
    var (low, high) = (0, codeSymbols.count)
    while low < high {
      let middle = (low + high) / 2
      if codeSymbols[middle].address <= address { low = middle + 1 } else { high = middle }
    }
    guard low > 0 else { return nil }
    let symbol = codeSymbols[low - 1]
    let offset = address - symbol.address
    if symbol.size > 0, offset >= symbol.size { return nil }
    // A label of unknown size reaches to the end of its segment.
    if symbol.size == 0, offset > 0,
      let segment = segments.first(where: { $0.holds(symbol.address) }), !segment.holds(address)
    {
      return nil
    }
    return (symbol.name, offset)
  }
}

extension ELFImage.Segment {
  /// Whether `address` lies in the segment.
  fileprivate func holds(_ address: UInt64) -> Bool {
    address >= self.address && address - self.address < memorySize
  }
}
