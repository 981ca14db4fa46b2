import Exploration
import SimKernel
import Testing

/// Tables with many equal numbers, so that ties occur.
func randomTable(
  _ count: Int, _ dimensions: Int, range: Int, _ random: inout SplitMix64
) -> ObjectiveTable {
  ObjectiveTable(
    dimensions: dimensions,
    rows: (0..<count).map { _ in
      (0..<dimensions).map { _ in Double(Int.random(in: 0..<range, using: &random)) - 3 }
    })
}

func dominates(_ a: some Collection<Double>, _ b: some Collection<Double>) -> Bool {
  zip(a, b).allSatisfy { $0 <= $1 } && zip(a, b).contains { $0 < $1 }
}

/// Ranks by their definition: the front is taken off again and again.
private func peeledRanks(_ table: ObjectiveTable) -> [Int] {
  var ranks = [Int](repeating: -1, count: table.count)
  var left = Array(0..<table.count)
  var rank = 0
  while !left.isEmpty {
    let front = left.filter { row in !left.contains { dominates(table[$0], table[row]) } }
    for row in front { ranks[row] = rank }
    left.removeAll { ranks[$0] >= 0 }
    rank += 1
  }
  return ranks
}

@Suite("Non-dominated sorting")
struct NonDominatedSortTests {
  @Test("Gives the ranks of the definition", arguments: 1...5)
  func ranks(dimensions: Int) {
    var random = SplitMix64(seed: UInt64(dimensions))
    for round in 0..<60 {
      let range = [3, 6, 20, 1000][round % 4]
      let table = randomTable(
        Int.random(in: 1...90, using: &random), dimensions, range: range, &random)
      let expected = peeledRanks(table)
      #expect(NonDominatedSort.ranks(table) == expected)
      #expect(ParetoFront.rows(of: table) == expected.indices.filter { expected[$0] == 0 })
    }
  }

  @Test("Takes fronts of thousands of points")
  func large() {
    var random = SplitMix64(seed: 3)
    for dimensions in 2...4 {
      var table = ObjectiveTable(dimensions: dimensions)
      for _ in 0..<5000 {
        // On a simplex nobody dominates anybody.
        let row = (0..<dimensions).map { _ in Int.random(in: 1..<1_000_000, using: &random) }
        table.append((row.dropLast() + [-row.dropLast().reduce(0, +)]).map(Double.init))
      }
      #expect(ParetoFront.rows(of: table).count == 5000)
      #expect(NonDominatedSort.ranks(table).allSatisfy { $0 == 0 })
    }
  }

  @Test("Takes empty tables and infinite numbers")
  func edges() {
    for dimensions in 1...4 {
      #expect(ParetoFront.rows(of: ObjectiveTable(dimensions: dimensions)).isEmpty)
      #expect(NonDominatedSort.ranks(ObjectiveTable(dimensions: dimensions)).isEmpty)
    }
    let table = ObjectiveTable(
      dimensions: 2, rows: [[.infinity, 0], [1, .infinity], [2, 3], [.infinity, .infinity]])
    #expect(NonDominatedSort.ranks(table) == [0, 0, 0, 1])
    #expect(ParetoFront.rows(of: table) == [0, 1, 2])
  }

  @Test("Crowding distances are those of a front computed by hand")
  func crowding() {
    let table = ObjectiveTable(dimensions: 2, rows: [[0, 4], [1, 2], [4, 0], [2, 1]])
    #expect(
      CrowdingDistance.distances(table) == [.infinity, (2.0 / 4 + 3.0 / 4) / 2, .infinity, 0.625])
    let pair = ObjectiveTable(dimensions: 2, rows: [[0, 1], [1, 0]])
    #expect(CrowdingDistance.distances(pair) == [.infinity, .infinity])
  }
}

@Suite("Hypervolumes")
struct HypervolumeTests {
  @Test("Are those of boxes")
  func boxes() {
    func volume(_ rows: [[Double]], _ reference: [Double]) -> Double? {
      Hypervolume.volume(
        ObjectiveTable(dimensions: reference.count, rows: rows), reference: reference)
    }
    #expect(volume([[2], [1]], [5]) == 4)
    #expect(volume([[1, 2], [2, 1], [2, 2], [9, 0]], [3, 3]) == 3)
    #expect(volume([[0, 0, 0]], [1, 2, 3]) == 6)
    #expect(volume([[0, 1, 1], [1, 0, 1], [1, 1, 0]], [2, 2, 2]) == 4)
    #expect(volume([], [2, 2]) == 0)
    #expect(volume([[0, 0, 0, 0]], [1, 1, 1, 1]) == nil)
  }

  @Test("Are what counting cells gives", arguments: 1...3)
  func cells(dimensions: Int) {
    var random = SplitMix64(seed: 11)
    for _ in 0..<30 {
      let table = randomTable(
        Int.random(in: 0...12, using: &random), dimensions, range: 9, &random)
      // Numbers are whole from −3 to 5: every unit cell is inside or outside.
      var count = 0
      let edge = 8
      let cells = (0..<dimensions).reduce(1) { product, _ in product * edge }
      for cell in 0..<cells {
        var rest = cell
        let corner = (0..<dimensions).map { _ in
          defer { rest /= edge }
          return Double(rest % edge - 3)
        }
        if (0..<table.count).contains(where: { zip(table[$0], corner).allSatisfy { $0 <= $1 } }) {
          count += 1
        }
      }
      let reference = [Double](repeating: 5, count: dimensions)
      #expect(Hypervolume.volume(table, reference: reference) == Double(count))
    }
  }
}
