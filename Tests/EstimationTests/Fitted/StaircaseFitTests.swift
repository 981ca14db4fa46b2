import Estimation
import Testing

/// Periods and coefficients of single sweeps.
struct StaircaseFitTests {
  static func sweep(
    _ count: Int, size: Int, alpha: Double, speed: Double = 12, offset: Double = 500
  ) -> [Double] {
    (1...count).map { x in
      let tiles = Double((x + size - 1) / size * size)
      return offset + speed * (alpha * Double(x) + (1 - alpha) * tiles)
    }
  }

  @Test("s, α, speed and offset of an exact sweep come back", arguments: [0, 0.25, 0.5])
  func exact(alpha: Double) throws {
    for size in 4...40 {
      let fit = try #require(
        StaircaseFit(values: Self.sweep(128, size: size, alpha: alpha), largest: 128))
      #expect(fit.dimension.size == size)
      #expect(abs(fit.dimension.alpha - alpha) < 1e-9)
      #expect(abs(fit.speed - 12) < 1e-9)
      #expect(abs(fit.offset - 500) < 1e-7)
      #expect(fit.gain > 0.999999)
    }
  }

  @Test("Lines, constants and single jumps have no period")
  func noPeriod() {
    #expect(StaircaseFit(values: (1...100).map { 3 * Double($0) }, largest: 64) == nil)
    #expect(StaircaseFit(values: Array(repeating: 7, count: 100), largest: 64) == nil)
    #expect(StaircaseFit(values: (1...100).map { $0 > 40 ? 90 : 10 }, largest: 64) == nil)
    #expect(StaircaseFit(values: [], largest: 64) == nil)
  }

  @Test("A period that is too long for the sweep is not taken for its half")
  func tooLong() {
    for size in 34...64 {
      #expect(StaircaseFit(values: Self.sweep(100, size: size, alpha: 0), largest: 64) == nil)
    }
  }

  @Test("A beginning that is bound by memory is left out")
  func memoryBound() throws {
    let values = Self.sweep(120, size: 10, alpha: 0).enumerated().map {
      max($1, 1000 + 2 * Double($0))
    }
    let fit = try #require(StaircaseFit(values: values, largest: 40))
    #expect(fit.dimension.size == 10)
    #expect(abs(fit.speed - 12) < 1e-9)
  }

  @Test("Random numbers have no period, but for one in a hundred")
  func noise() {
    var random = SplitMix64(seed: 21)
    var found = 0
    for _ in 0..<200 {
      let values = (0..<128).map { _ in Double.random(in: 100...110, using: &random) }
      if StaircaseFit(values: values, largest: 64) != nil { found += 1 }
    }
    #expect(found <= 2)
  }
}
