/// What a file among the sources of firmware is, told by the end of its name.
enum FirmwareLanguage: CaseIterable {
  case c
  /// All Swift files together are one module and give one object.
  case swift
  case assembly
  /// C declarations that the Swift files see.
  case header

  /// How names of such files end.
  var suffixes: [String] {
    switch self {
    case .c: [".c"]
    case .swift: [".swift"]
    case .assembly: [".S", ".s"]
    case .header: [".h"]
    }
  }

  /// Whether the file at `path` is of this kind.
  func includes(_ path: String) -> Bool { suffixes.contains(where: path.hasSuffix) }
}
