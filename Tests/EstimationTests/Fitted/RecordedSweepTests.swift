import Estimation
import Foundation
import Testing

/// Sweeps of simulated SoCs, where steps are neither equal nor clean; see `Fixtures/sweeps`.
struct RecordedSweepTests {
  static func sweep(_ system: String, _ extent: String) throws -> [Double] {
    let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Fixtures/sweeps/\(system).txt")
    let text = try String(contentsOf: file, encoding: .utf8)
    let line = try #require(text.split(separator: "\n").first { $0.hasPrefix(extent + " ") })
    return line.split(separator: " ").dropFirst().compactMap { Double($0) }
  }

  /// The window of an 8 × 8 array is sent in pieces of the input port's 8 bytes, which costs as plainly
  /// as a side of the array.
  @Test(
    "The array's sides are found, and none where it has none",
    arguments: [
      ("os-16x16", "rows", 16), ("os-16x16", "columns", 16), ("os-16x16", "depth", nil),
      ("os-8x8", "rows", 8), ("os-8x8", "columns", 8), ("os-8x8", "depth", 8),
      ("ws-16x16", "depth", 16), ("ws-16x16", "columns", 16), ("ws-16x16", "rows", nil),
    ] as [(String, String, Int?)])
  func sides(system: String, extent: String, side: Int?) throws {
    let values = try Self.sweep(system, extent)
    #expect(values.count == 100)
    #expect(StaircaseFit(values: values, largest: 128)?.dimension.size == side)
  }
}
