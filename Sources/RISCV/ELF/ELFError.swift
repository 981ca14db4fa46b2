/// Why a file cannot be loaded as a RISC-V executable.
public enum ELFError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The file does not begin with the ELF identification.
  case notELF
  /// The class byte is neither 1 (32 bits) nor 2 (64 bits).
  case unknownClass(UInt8)
  /// The file is not little-endian.
  case notLittleEndian(UInt8)
  /// The machine is not RISC-V (243).
  case wrongMachine(UInt16)
  /// The type is not an executable (2): 1 is an object file, 3 a shared library or a
  /// position-independent executable, 4 a core dump. Position-independent executables are refused
  /// even when static: nothing here relocates them.
  case notExecutable(type: UInt16)
  /// The file ends before the named structure does.
  case truncated(structure: String)
  /// A header states an entry size that does not fit the class.
  case wrongEntrySize(structure: String, bytes: UInt64)
  /// The file has no segment to load.
  case noLoadableSegment
  /// A segment has more bytes in the file than in memory.
  case segmentFileSizeExceedsMemorySize(index: Int)
  /// A segment does not end within the address space of its class.
  case segmentBeyondAddressSpace(index: Int)
  /// Two segments load to the same addresses.
  case overlappingSegments(index: Int, otherIndex: Int)
  /// Execution would start outside all loaded segments.
  case entryOutsideSegments(UInt64)
  /// Execution would start in a segment that is not marked executable.
  case entryNotExecutable(UInt64)
  /// Execution would start at an odd address.
  case misalignedEntry(UInt64)
  /// A symbol table refers to a string table that is missing or of another kind.
  case badStringTable(section: Int)
  /// The name of a symbol lies outside the string table.
  case badSymbolName(symbol: Int)

  /// One sentence that names the fault.
  public var description: String {
    switch self {
    case .notELF: "not an ELF file"
    case .unknownClass(let value): "unknown ELF class \(value)"
    case .notLittleEndian(let value): "not a little-endian ELF file (data encoding \(value))"
    case .wrongMachine(let value): "not a RISC-V ELF file (machine \(value), RISC-V is 243)"
    case .notExecutable(let type):
      "not an executable ELF file but \(Self.name(ofType: type)); link the program statically to fixed "
        + "addresses (-static -no-pie)"
    case .truncated(let structure): "ELF file is truncated: \(structure) lies outside the file"
    case .wrongEntrySize(let structure, let bytes):
      "ELF file has \(structure) entries of \(bytes) bytes"
    case .noLoadableSegment: "ELF file has no loadable segment"
    case .segmentFileSizeExceedsMemorySize(let index):
      "ELF segment \(index) is larger in the file than in memory"
    case .segmentBeyondAddressSpace(let index):
      "ELF segment \(index) does not fit the address space"
    case .overlappingSegments(let index, let otherIndex):
      "ELF segments \(otherIndex) and \(index) overlap"
    case .entryOutsideSegments(let address):
      "the entry point \(Self.hexadecimal(address)) lies in no loaded segment"
    case .entryNotExecutable(let address):
      "the entry point \(Self.hexadecimal(address)) lies in a segment that is not executable"
    case .misalignedEntry(let address):
      "the entry point \(Self.hexadecimal(address)) is an odd address"
    case .badStringTable(let section): "ELF symbol table in section \(section) has no string table"
    case .badSymbolName(let symbol): "ELF symbol \(symbol) has a name outside the string table"
    }
  }

  private static func name(ofType type: UInt16) -> String {
    switch type {
    case 1: "an object file (type 1)"
    case 3: "a shared library or a position-independent executable (type 3)"
    case 4: "a core dump (type 4)"
    default: "a file of type \(type)"
    }
  }

  private static func hexadecimal(_ value: UInt64) -> String { "0x" + String(value, radix: 16) }
}
