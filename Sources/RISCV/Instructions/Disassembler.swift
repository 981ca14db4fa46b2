/// How ``disassemble(_:instructionSet:style:)`` writes the targets of branches and jumps.
public enum TargetStyle: Sendable, Hashable {
  /// Relative to the instruction, as Spike's logs do: `pc + 0x10` for jumps, `pc - 8` for branches.
  case relative
  /// As an address, for an instruction at the given address.
  case absolute(pc: UInt64)
}

/// The instruction `word` in assembler as Spike's logs write it: with the usual
/// pseudo-instructions, mnemonics padded to eight columns, and `unknown` for a word that no
/// extension defines.
///
/// Instructions that the hart does not have are named all the same, since a log of an illegal
/// instruction is easier to read that way; only the register width of `instructionSet` matters.
///
/// - Parameters:
///   - word: The encoding; a 16-bit one (bits 1:0 not 3) in the lower half.
///   - instructionSet: The hart's instruction set.
///   - style: How targets of branches and jumps are written.
public func disassemble(
  _ word: UInt32, instructionSet: InstructionSet, style: TargetStyle = .relative
) -> String {
  let writer = InstructionWriter(xlen: instructionSet.xlen, style: style)
  if word & 3 != 3 { return writer.compressed(UInt16(truncatingIfNeeded: word)) }
  return writer.full(word)
}

/// Writes instructions in assembler.
struct InstructionWriter {
  let xlen: XLEN
  let style: TargetStyle

  /// A 32-bit instruction.
  func full(_ word: UInt32) -> String {
    let fields = InstructionFields(word)
    if let text = exceptionalText(fields) { return text }
    // Instructions of the other register width are named when the own one leaves the word free.
    let other: XLEN = xlen == .rv32 ? .rv64 : .rv32
    let everything = Extensions(rawValue: .max)
    if let own = Encoding.decode(word, xlen: xlen, extensions: everything) {
      return text(own, fields)
    }
    if xlen == .rv32, let wide = Encoding.decode(word, xlen: other, extensions: everything) {
      return text(wide, fields)
    }
    if let foreign = ForeignEncoding.decode(word) {
      var mnemonic = foreign.mnemonic
      if case .standard(let format) = foreign.format {
        mnemonic += orderingSuffix(format, fields)
      }
      return join(mnemonic, operands(foreign.format, fields))
    }
    return "unknown"
  }

  private func text(_ encoding: Encoding, _ fields: InstructionFields) -> String {
    if let (mnemonic, operands) = pseudoInstruction(encoding.operation, fields) {
      return join(mnemonic, operands)
    }
    return join(
      encoding.mnemonic + orderingSuffix(encoding.format, fields),
      operands(encoding.format, fields))
  }

  /// Words whose text follows from no table row.
  private func exceptionalText(_ fields: InstructionFields) -> String? {
    let word = fields.word
    switch word {
    // What assemblers write for `unimp`: a write to a read-only counter.
    case 0xc000_1073: return "unimp"
    // A hint in the encoding of `fence`.
    case 0x0100_000f: return "pause"
    default: break
    }
    // Cache-block prefetches are hints in the encoding of `ori` to x0.
    if word & 0x7fff == 0x6013, fields.immediateS & 31 == 0 {
      let names: [Int: String] = [0: "prefetch.i", 1: "prefetch.r", 3: "prefetch.w"]
      if let name = names[fields.rs2] {
        let offset = Int32(bitPattern: word & 0xfe00_0000) >> 20
        return join(name, ["\(offset)(\(RegisterNames.integer[fields.rs1]))"])
      }
    }
    // Spike knows the RV32 encoding of `rev8` by name only.
    if word & 0xfff0_707f == 0x6980_5013 { return "rev8.rv32 (args unknown)" }
    return nil
  }

  /// `.aq`, `.rl` or `.aqrl` of an atomic instruction; load-reserved shows none.
  private func orderingSuffix(_ format: InstructionFormat, _ fields: InstructionFields) -> String {
    guard format == .atomic, fields.aq || fields.rl else { return "" }
    return "." + (fields.aq ? "aq" : "") + (fields.rl ? "rl" : "")
  }

  /// The mnemonic, padded, and the operands behind it.
  func join(_ mnemonic: String, _ operands: [String]) -> String {
    guard !operands.isEmpty else { return mnemonic }
    let padding = String(repeating: " ", count: max(1, 8 - mnemonic.utf8.count))
    return mnemonic + padding + operands.joined(separator: ", ")
  }

  /// The target of a branch `distance` bytes away.
  func branchTarget(_ distance: Int32) -> String {
    switch style {
    case .relative: "pc \(distance < 0 ? "-" : "+") \(distance.magnitude)"
    case .absolute(let pc): address(pc, distance)
    }
  }

  /// The target of a jump `distance` bytes away.
  func jumpTarget(_ distance: Int32) -> String {
    switch style {
    case .relative: "pc \(distance < 0 ? "-" : "+") \(hexadecimal(distance.magnitude))"
    case .absolute(let pc): address(pc, distance)
    }
  }

  private func address(_ pc: UInt64, _ distance: Int32) -> String {
    let target = pc &+ UInt64(bitPattern: Int64(distance))
    return hexadecimal(xlen == .rv32 ? target & 0xffff_ffff : target)
  }
}
