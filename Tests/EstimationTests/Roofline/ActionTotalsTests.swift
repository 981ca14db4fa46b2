import Estimation
import Testing

/// Action totals of a layer against tiles visited one by one.
struct ActionTotalsTests {
  /// Elements that enter and leave the array, tile by tile.
  static func counted(
    _ l: Int, _ m: Int, _ n: Int, _ design: ArrayDesign
  ) -> (reads: Int, results: Int) {
    func pieces(_ extent: Int, _ side: Int) -> [Int] {
      stride(from: 0, to: extent, by: side).map { min(side, extent - $0) }
    }
    var (reads, results) = (0, 0)
    switch design.stationary {
    case .output:
      for rows in pieces(l, design.rows) {
        for columns in pieces(n, design.columns) {
          reads += (rows + columns) * m
          results += rows * columns
        }
      }
    case .weights:
      for depth in pieces(m, design.rows) {
        for columns in pieces(n, design.columns) {
          for rows in pieces(l, design.accumulatorRows) {
            reads += depth * columns + rows * depth
            results += rows * columns
          }
        }
      }
    case .input:
      for depth in pieces(m, design.rows) {
        for rows in pieces(l, design.columns) {
          for columns in pieces(n, design.accumulatorRows) {
            reads += depth * rows + depth * columns
            results += rows * columns
          }
        }
      }
    }
    return (reads, results)
  }

  @Test("Operands and results are those of every tile", arguments: StationaryOperand.allCases)
  func tiles(stationary: StationaryOperand) {
    var random = SplitMix64(seed: 13)
    for _ in 0..<200 {
      let (l, m, n, count) = (
        Int.random(in: 1...70, using: &random), Int.random(in: 1...70, using: &random),
        Int.random(in: 1...70, using: &random), Int.random(in: 1...3, using: &random)
      )
      var design = ArrayDesign(
        rows: Int.random(in: 1...20, using: &random),
        columns: Int.random(in: 1...20, using: &random), stationary: stationary)
      design.accumulatorRows = Int.random(in: 1...40, using: &random)
      let actions = GenericRoofline.evaluate(
        .product(rows: l, depth: m, columns: n, count: count), on: design
      ).actions
      let expected = Self.counted(l, m, n, design)
      #expect(actions.operandReads == expected.reads * count, "\(l) \(m) \(n) \(design)")
      #expect(actions.results == expected.results * count)
      #expect(actions.macs == l * m * n * count)
    }
  }

  @Test("A grouped layer moves every weight once, in rows of its group's outputs")
  func groups() {
    let layer = LayerShape.convolution(
      images: 2, height: 10, width: 12, channels: 32, filters: 64, kernel: 3, padding: 1,
      groups: 4)
    let words = GenericRoofline.busWords(layer, on: ArrayDesign(rows: 16, columns: 16))
    // Input 240 pixels of 32 B, weights 4 · 8 · 9 rows of 16 B, output 240 pixels of 64 B.
    #expect(words == 240 * 2 + 288 + 240 * 4)
  }
}
