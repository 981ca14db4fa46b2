import SoC
import Testing

@Suite("Altered descriptions")
struct DescriptionFuzzTests {
  /// SplitMix64 (Steele, Lea, Flood 2014): the same sequence for the same seed everywhere.
  struct SeededRandom: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var mixed = state
      mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
      mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
      return mixed ^ (mixed >> 31)
    }
  }

  @Test(
    "Random edits of bytes: no crash, and every position lies within the file", arguments: 1...8)
  func survivesEditedBytes(_ seed: UInt64) {
    var random = SeededRandom(state: seed)
    let original = Array(SampleSoC.text.utf8)
    for _ in 0..<150 {
      var bytes = original
      for _ in 0..<Int.random(in: 1...4, using: &random) { edit(&bytes, &random) }
      check(bytes)
    }
  }

  @Test("Every prefix of the sample gives errors within it")
  func survivesTruncation() {
    let bytes = Array(SampleSoC.text.utf8)
    for length in stride(from: 0, to: bytes.count - 1, by: 7) { check(Array(bytes[..<length])) }
  }

  @Test("Every value replaced by every kind of value: no crash, at least one message or none")
  func survivesReplacedValues() throws {
    let values = ["null", "-1", "0", "1e300", "18446744073709551615", "\"\"", "[]", "{}", "true"]
    let pattern = #/: (0x[0-9A-F]+|[0-9]+|"[^"]*")/#
    for match in SampleSoC.text.matches(of: pattern) {
      for value in values {
        var text = SampleSoC.text
        text.replaceSubrange(match.1.startIndex..<match.1.endIndex, with: value)
        check(Array(text.utf8))
      }
    }
  }

  private func edit(_ bytes: inout [UInt8], _ random: inout SeededRandom) {
    guard !bytes.isEmpty else { return }
    let start = Int.random(in: 0..<bytes.count, using: &random)
    let end = min(bytes.count, start + Int.random(in: 1...12, using: &random))
    let pieces = [
      "{", "}", "[", "]", ",", ":", "\"", "\\", "/*", "//", "#", "\n", "0x", "1e999", "null", "é",
      "\u{0}", "-", ".5", "\\ud800", "{{{{{{{{", "\u{FEFF}",
    ]
    switch Int.random(in: 0..<6, using: &random) {
    case 0: bytes.removeSubrange(start..<end)
    case 1: bytes.insert(contentsOf: bytes[start..<end], at: start)
    case 2: bytes[start] = UInt8.random(in: 0...255, using: &random)
    case 3:
      bytes.insert(contentsOf: Array((pieces.randomElement(using: &random) ?? "").utf8), at: start)
    case 4:
      let other = Int.random(in: 0..<bytes.count, using: &random)
      bytes.swapAt(start, other)
    default:
      let other = Int.random(in: 0..<bytes.count, using: &random)
      bytes.insert(contentsOf: Array(bytes[start..<end]), at: other)
    }
  }

  private func check(_ bytes: [UInt8]) {
    let findings: [ConfigError]
    do throws(ConfigErrors) {
      findings = try SoCDescription.load(
        bytes: bytes, file: SampleSoC.folder + "/soc.json", options: SampleSoC.options
      ).warnings
    } catch {
      #expect(!error.errors.isEmpty)
      findings = error.errors + error.warnings
    }
    let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
    for finding in findings where finding.position.file.hasSuffix("soc.json") {
      let line = finding.position.line
      #expect((1...max(1, lines.count)).contains(line), "\(finding)")
      if lines.indices.contains(line - 1) {
        #expect(finding.position.column <= lines[line - 1].count + 1, "\(finding)")
      }
    }
  }
}
