internal import Diagnostics
public import RISCV

/// The processor model: what `cpu_type` says.
public struct CPUType: Sendable, Equatable {
  /// The text, as it was written.
  public let name: String
  /// What the harts execute.
  public let instructionSet: InstructionSet

  /// `RISCV32`: 32 bits with everything that is supported.
  public static let riscv32 = CPUType(name: "RISCV32", instructionSet: .rv32Full)
  /// `RISCV64`: 64 bits with everything that is supported.
  public static let riscv64 = CPUType(name: "RISCV64", instructionSet: .rv64Full)

  private static let general = [riscv32, riscv64]

  private init(name: String, instructionSet: InstructionSet) {
    self.name = name
    self.instructionSet = instructionSet
  }

  /// Reads `RISCV32`, `RISCV64` or an instruction set string such as `rv64imac_zba`.
  ///
  /// - Throws: what is wrong with the string.
  public init(parsing text: String) throws(InstructionSetError) {
    self.init(name: text, instructionSet: try InstructionSet(parsing: text))
  }

  /// Whether the type is one of the two general ones, which say only how wide registers are.
  public var isGeneral: Bool {
    Self.general.contains { $0.name == name.uppercased() }
  }

  /// Whether the harts have supervisor mode.
  var hasSupervisor: Bool { instructionSet.extensions.contains(.supervisor) }

  /// What addresses of instructions are multiples of, in bytes.
  var instructionAlignment: UInt64 { instructionSet.extensions.contains(.c) ? 2 : 4 }

  /// What is near to the text, or to the part of it that is not understood; nil when nothing is.
  public static func suggestion(for text: String, _ error: InstructionSetError) -> String? {
    if let near = Suggestion.nearest(to: text, among: general.map(\.name)) { return near }
    switch error {
    case .unknownExtension(let part, _):
      guard part.utf8.count > 1,
        let near = Suggestion.nearest(to: part, among: multiLetterExtensions)
      else { return nil }
      return text.lowercased().replacing(part, with: near, maxReplacements: 1)
    case .unknownBase, .repeatedExtension: return nil
    }
  }

  /// Every supported extension whose name has several letters.
  private static let multiLetterExtensions = {
    let everything = InstructionSet(xlen: .rv64, extensions: Extensions(rawValue: .max))
    return everything.description.split(separator: "_").dropFirst().map(String.init)
  }()
}

extension ValueCodec<CPUType> {
  /// A processor model.
  static var processor: ValueCodec {
    let strings = ValueShape.text(
      noun: "an instruction set string such as \"rv64imac_zba\"", pattern: "^[Rr][Vv](32|64)")
    let shape = ValueShape.either(
      .choice([CPUType.riscv32.name, CPUType.riscv64.name]), strings)
    return ValueCodec(
      shape: shape,
      decode: { member, collector in
        guard let text = member.node.text else {
          collector.mismatch(member.node, expected: shape.expectation)
          return nil
        }
        do throws(InstructionSetError) {
          return try CPUType(parsing: text)
        } catch {
          let suggestion = CPUType.suggestion(for: text, error)
          if case .unknownBase = error {
            collector.mismatch(
              member.node, expected: shape.expectation, suggestion: suggestion)
          } else {
            collector.error(
              at: member.node.position, member.node.path, "\(error)", suggestion: suggestion)
          }
          return nil
        }
      },
      encode: { .string($0.name) })
  }
}
