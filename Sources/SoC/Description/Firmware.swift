/// What the processor runs.
public enum Firmware: Sendable, Equatable {
  /// The path of an ELF image.
  case image(String)
  /// C, Swift and assembly sources to build.
  case sources(FirmwareSources)
}

/// Object `cpu.cpu_firmware`: firmware that is built before the run.
public struct FirmwareSources: DeclaredSection {
  /// Paths of C, Swift and assembly files, and of headers that Swift shall see.
  public internal(set) var sources: [String] = []
  /// Folders searched for headers.
  public internal(set) var include: [String] = []
  /// Preprocessor definitions; values as the preprocessor sees them.
  public internal(set) var defines: [DictionaryEntry<String>] = []
  /// Further flags for the C compiler.
  public internal(set) var flags: [String] = []
  /// Further flags for the Swift compiler.
  public internal(set) var swiftFlags: [String] = []
  /// Memory that the image is linked into.
  public internal(set) var memory = ""
  /// Size of the heap in bytes; 0 when there is none.
  public internal(set) var heapBytes: UInt64 = 0
  /// Size of the stack in bytes.
  public internal(set) var stackBytes: UInt64 = 0
  /// Where the object stands.
  public internal(set) var origin = Origin()

  static let noun = "firmware"
  static let pluralNoun = "firmware"
  static let help = "Firmware that is built from source before the run."
  static let fields: [Field<Self>] = [
    .required(
      "sources", \.sources, .list(of: .text("the path of a file"), minimumCount: 1),
      "C, Swift and assembly files, and headers that Swift shall see."),
    .defaulted(
      "include", \.include, .list(of: .text("the path of a folder")), default: [],
      "Folders searched for headers."),
    .defaulted(
      "defines", \.defines, .dictionary("macro names", of: .macroValue), default: [],
      "Preprocessor definitions."),
    .defaulted(
      "flags", \.flags, .list(of: .text("a compiler flag")), default: [],
      "Further flags for the C compiler."),
    .defaulted(
      "swift_flags", \.swiftFlags, .list(of: .text("a compiler flag")), default: [],
      "Further flags for the Swift compiler."),
    .derived(
      "memory", \.memory, .text("the name of a memory"),
      default: "the memory \"dram\", or the first", "Memory that the image is linked into."),
    .defaulted(
      "heap_bytes", \.heapBytes, .byteCount(0...1 << 30), default: 0,
      "Size of the heap, which Swift's arrays and classes live in; 0: none."),
    .defaulted(
      "stack_bytes", \.stackBytes, .byteCount(256...1 << 30), default: 65536,
      "Size of the stack."),
  ]
}

extension ValueCodec<Firmware> {
  /// A path or an object of sources.
  static var firmware: ValueCodec {
    let path = ValueCodec<String>.text("the path of an ELF file")
    let shape = ValueShape.either(path.shape, .section(FirmwareSources.self))
    return ValueCodec(
      shape: shape,
      decode: { member, collector in
        if member.node.members != nil {
          return .sources(FirmwareSources.decode(member, collector))
        }
        if let text = member.node.text, !text.isEmpty { return .image(text) }
        collector.mismatch(member.node, expected: "the path of an ELF file, or an object")
        return nil
      },
      encode: { firmware in
        switch firmware {
        case .image(let path): .string(path)
        case .sources(let sources): sources.effective
        }
      })
  }
}

extension ValueCodec<String> {
  /// The value of a macro: text, a number or a truth value.
  static var macroValue: ValueCodec {
    let shape = ValueShape.either(
      .text(noun: "text", pattern: nil),
      .number(minimum: -1e300, maximum: 1e300, isMinimumExcluded: false, unit: nil))
    return simple(shape, encode: { .string($0) }) { node in
      switch node.value {
      case .string(let text): text
      case .bool(let value): value ? "1" : "0"
      case .int64, .uint64, .double: JSONLiteral(node).compactText
      default: nil
      }
    }
  }
}
