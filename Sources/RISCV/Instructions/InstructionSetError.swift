/// Why a text does not name an instruction set this hart can have.
public enum InstructionSetError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The text does not begin with the name of a base instruction set.
  case unknownBase(String)
  /// The text has a part that names no supported extension.
  case unknownExtension(String, in: String)
  /// An extension is named twice.
  case repeatedExtension(String, in: String)

  /// One sentence for the user.
  public var description: String {
    switch self {
    case .unknownBase(let text):
      "'\(text)' is not an instruction set: it has to begin with rv32i, rv64i, rv32g or rv64g, "
        + "or be RISCV32 or RISCV64"
    case .unknownExtension(let part, let text):
      "'\(part)' in '\(text)' is not a supported extension; supported are "
        + InstructionSet.knownNames.joined(separator: ", ")
    case .repeatedExtension(let part, let text):
      "extension '\(part)' is named twice in '\(text)'"
    }
  }
}
