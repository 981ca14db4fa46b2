import RISCV
import Testing

/// Against what real instructions gave on an outside implementation (`Fixtures/README.md`).
struct FloatingPointVectorTests {
  @Test func resultsAndFlagsOfEveryRecordedVectorAreReproduced() throws {
    var name = ""
    var operation: FloatOperation?
    var count = 0
    for line in try Fixture.lines("float-vectors.txt") {
      let sides = line.split(separator: "=", omittingEmptySubsequences: false)
      guard sides.count == 2 else {
        name = String(line)
        operation = FloatOperation(name)
        continue
      }
      let operation = try #require(operation)
      var operands = try words(sides[0])
      try #require(operands.count == operation.operandCount)
      operands += [0, 0]
      let expected = sides[1].split(separator: " ")
      for mode in RoundingMode.allCases {
        var flags = FloatFlags()
        let result = operation.run((operands[0], operands[1], operands[2]), mode, &flags)
        let text =
          String(result, radix: 16) + "/" + String(flags.rawValue, radix: 16)
        #expect(
          text == expected[expected.count == 1 ? 0 : Int(mode.rawValue)],
          "\(name) \(line) in mode \(mode)")
        count += 1
      }
    }
    #expect(count > 14_000)
  }

  @Test func digestsOfAllCornerPairsAndOfRandomOperandsAreReproduced() throws {
    var corners: [FloatOperation.Operand: [UInt64]] = [:]
    var random = (seed: 0 as UInt64, count: 0)
    var rows = 0
    for line in try Fixture.lines("float-digests.txt") {
      let fields = line.split(separator: " ")
      switch fields[0] {
      case "corners":
        let type = try #require(FloatOperation.Operand(rawValue: Character(String(fields[1]))))
        corners[type] = try fields.dropFirst(2).map { try #require(UInt64($0, radix: 16)) }
      case "random":
        random.seed = try #require(UInt64(fields[1], radix: 16))
        random.count = try #require(Int(fields[2]))
      default:
        let operation = try #require(FloatOperation(String(fields[0])))
        let mode = try #require(UInt8(fields[1]).flatMap(RoundingMode.init))
        let list = try #require(corners[operation.operand])
        #expect(
          hexadecimal(FloatDigest(pairsOf: list, operation, mode)) == fields[2], "\(line)")
        #expect(
          hexadecimal(FloatDigest(random: random, list, operation, mode)) == fields[3],
          "\(line)")
        rows += 1
      }
    }
    #expect(rows == 162)
  }

  private func words(_ text: Substring) throws -> [UInt64] {
    try text.split(separator: " ").map { try #require(UInt64($0, radix: 16)) }
  }

  private func hexadecimal(_ digest: FloatDigest) -> String {
    let digits = String(digest.value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}

/// FNV-1a over the results and flags of an operation, in 64-bit words.
struct FloatDigest {
  private(set) var value: UInt64 = 0xcbf2_9ce4_8422_2325

  /// Of all pairs of corner operands; the third operand is another corner.
  init(pairsOf corners: [UInt64], _ operation: FloatOperation, _ mode: RoundingMode) {
    for a in corners.indices {
      for b in operation.operandCount > 1 ? corners.indices : 0..<1 {
        append(
          (corners[a], corners[b], corners[(a * 7 + b) % corners.count]), operation, mode)
      }
    }
  }

  /// Of `count` random operands.
  init(
    random: (seed: UInt64, count: Int), _ corners: [UInt64], _ operation: FloatOperation,
    _ mode: RoundingMode
  ) {
    var words = RandomWords(state: random.seed)
    for _ in 0..<random.count {
      let a = words.operand(operation.operand, corners: corners)
      let b = operation.operandCount > 1 ? words.operand(operation.operand, corners: corners) : 0
      let c = operation.operandCount > 2 ? words.operand(operation.operand, corners: corners) : 0
      append((a, b, c), operation, mode)
    }
  }

  private mutating func append(
    _ x: (UInt64, UInt64, UInt64), _ operation: FloatOperation, _ mode: RoundingMode
  ) {
    var flags = FloatFlags()
    let result = operation.run(x, mode, &flags)
    value = (value ^ result) &* 0x100_0000_01b3
    value = (value ^ UInt64(flags.rawValue)) &* 0x100_0000_01b3
  }
}
