/// One row of the instruction table: the fixed bits of an instruction, its format, its name and
/// what a hart needs to have it.
public struct Encoding: Sendable, Hashable {
  /// What the row encodes.
  public let operation: Operation
  /// The assembler mnemonic.
  public let mnemonic: String
  /// Bits of the word that are fixed.
  public let mask: UInt32
  /// Value of the fixed bits; zero outside `mask`.
  public let match: UInt32
  /// Operand layout.
  public let format: InstructionFormat
  /// Extensions that all have to be present.
  public let requires: Extensions
  /// The only register width that has the row; nil for both.
  public let xlen: XLEN?

  init(
    _ operation: Operation, _ mnemonic: String, mask: UInt32, match: UInt32,
    _ format: InstructionFormat, requires: Extensions = [], xlen: XLEN? = nil
  ) {
    self.operation = operation
    self.mnemonic = mnemonic
    self.mask = mask
    self.match = match
    self.format = format
    self.requires = requires
    self.xlen = xlen
  }

  /// All supported encodings; no two rows of the same register width match the same word.
  ///
  /// An operation whose encoding depends on the register width has a row for each.
  public static let all: [Encoding] =
    baseInteger + baseInteger64 + instructionFetchFence + controlAndStatus + multiplication
    + atomic + singlePrecision + doublePrecision + addressGeneration + basicBitManipulation
    + carryLessMultiplication + singleBit + conditional + privileged

  /// The encoding that the 32-bit `word` matches on a hart with `extensions`, or nil for an
  /// illegal instruction.
  public static func decode(_ word: UInt32, xlen: XLEN, extensions: Extensions) -> Encoding? {
    guard word & 3 == 3 else { return nil }
    let buckets = xlen == .rv32 ? EncodingBuckets.rv32 : EncodingBuckets.rv64
    guard let index = buckets.find(word, extensions) else { return nil }
    return all[index]
  }
}

/// The rows of one register width, found by major opcode (bits 6:2) and bits 14:12.
private struct EncodingBuckets: Sendable {
  static let rv32 = EncodingBuckets(.rv32)
  static let rv64 = EncodingBuckets(.rv64)

  /// What a look-up compares, without the parts that are only printed.
  private struct Row: Sendable {
    let mask: UInt32
    let match: UInt32
    let requires: Extensions
    let index: Int
  }

  private var rows: [Row] = []
  /// Where the rows of each bucket begin, and where the last one ends.
  private var starts: [Int] = []

  private init(_ xlen: XLEN) {
    for bucket: UInt32 in 0..<256 {
      starts.append(rows.count)
      let word = (bucket >> 3) << 2 | (bucket & 7) << 12 | 3
      for (index, row) in Encoding.all.enumerated() {
        let matches = (row.match ^ word) & row.mask & 0x707f == 0
        guard matches, row.xlen == nil || row.xlen == xlen else { continue }
        rows.append(
          Row(mask: row.mask, match: row.match, requires: row.requires, index: index))
      }
    }
    starts.append(rows.count)
  }

  func find(_ word: UInt32, _ extensions: Extensions) -> Int? {
    let bucket = Int(word >> 2 & 31) << 3 | Int(word >> 12 & 7)
    for row in rows[starts[bucket]..<starts[bucket + 1]] where word & row.mask == row.match {
      return extensions.isSuperset(of: row.requires) ? row.index : nil
    }
    return nil
  }
}
