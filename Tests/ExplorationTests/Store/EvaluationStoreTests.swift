import Exploration
import Foundation
import GRDB
import Testing

@Suite("Store of evaluations")
struct EvaluationStoreTests {
  private let folder = try? StoreFolder()

  private func path(_ name: String = "a.sqlite") throws -> String {
    try #require(folder).file(name)
  }

  @Test("what was stored is found again, also by the next process")
  func roundTrip() throws {
    let keys = (0..<40).map { Sample.request($0).key }
    do {
      let store = try EvaluationStore(path: path())
      try store.insert((0..<30).map(Sample.evaluation))
      let found = try store.lookUp(keys, table: Sample.table)
      for number in 0..<30 { #expect(found[number] == .outcome(Sample.outcome(number))) }
      for number in 30..<40 { #expect(found[number] == .absent) }
      try store.close()
    }
    let again = try EvaluationStore(path: path())
    let found = try again.lookUp(keys.reversed(), table: Sample.table)
    for number in 0..<30 { #expect(found[39 - number] == .outcome(Sample.outcome(number))) }
    #expect(try again.summary() == StoreSummary(measured: 24, invalid: 6, failed: 0))
  }

  @Test("every bit of a number is kept, and so are texts and counts")
  func exactness() throws {
    let store = try EvaluationStore(path: path())
    var generator = SystemRandomNumberGenerator()
    let values: [Double] =
      [0, -0.0, .leastNonzeroMagnitude, .greatestFiniteMagnitude, 1e300, 0.1, 3]
      + (0..<200).map { _ in Double.random(in: -1e12...1e12, using: &generator) }
    for (number, value) in values.enumerated() {
      var measurement = Sample.measurement(number)
      (measurement.cycles, measurement.energy, measurement.area) = (value, value, value)
      try store.insert([(Sample.request(number), .measured(measurement))])
      guard
        case .outcome(.measured(let found)) = try store.lookUp(
          [Sample.request(number).key], table: Sample.table)[0]
      else {
        Issue.record("\(value) is not found")
        continue
      }
      // SQLite keeps whole numbers as integers, which have no negative zero.
      #expect(found == measurement)
    }
    let odd = EvaluationOutcome.invalid(reason: "größer als 'x'; DROP", details: "a\n\"b\" ✓")
    try store.insert([(Sample.request(1000), odd)])
    #expect(try store.lookUp([Sample.request(1000).key], table: "")[0] == .outcome(odd))
  }

  @Test("an equal result is stored once; another one for its key is an error that stores nothing")
  func uniqueness() throws {
    let store = try EvaluationStore(path: path())
    try store.insert([Sample.evaluation(1), Sample.evaluation(1)])
    try store.insert([Sample.evaluation(1)])
    var slower = Sample.measurement(1)
    slower.wallSeconds = 99
    try store.insert([(Sample.request(1), .measured(slower))])
    #expect(try store.summary().measured == 1)

    var different = Sample.measurement(1)
    different.cycles += 1
    let others: [EvaluationOutcome] = [
      .measured(different), .invalid(reason: "no", details: ""),
      .measured(Sample.measurement(1, counts: [1])),
    ]
    for other in others {
      let error = #expect(throws: EvaluationStoreError.self) {
        try store.insert([Sample.evaluation(2), (Sample.request(1), other)])
      }
      guard case .conflict(_, let key, _, _) = error else {
        Issue.record("\(String(describing: error))")
        continue
      }
      #expect(key == Sample.request(1).key)
    }
    #expect(try store.summary() == StoreSummary(measured: 1, invalid: 0, failed: 0))
    // The undone transaction left no numbers of texts behind.
    try store.insert([(Sample.request(4), Sample.outcome(4)), Sample.evaluation(2)])
    #expect(
      try store.lookUp([Sample.request(2).key], table: Sample.table)[0]
        == .outcome(Sample.outcome(2)))
  }

  @Test("another energy table needs no new evaluation")
  func pricing() throws {
    let store = try EvaluationStore(path: path())
    let key = Sample.request(1).key
    let counts: [UInt8] = [0, 1, 255]
    try store.insert([(Sample.request(1), .measured(Sample.measurement(1, counts: counts)))])

    guard case .unpriced(var measurement) = try store.lookUp([key], table: "other:2")[0] else {
      Issue.record("it has a price")
      return
    }
    #expect(measurement.counts == counts)
    #expect(measurement.cycles == Sample.measurement(1).cycles)
    #expect(measurement.table.isEmpty && measurement.energy == 0)
    (measurement.energy, measurement.table) = (42, "other:2")
    try store.price([(key, measurement), (Sample.request(2).key, measurement)])

    measurement.counts = []
    #expect(try store.lookUp([key], table: "other:2")[0] == .outcome(.measured(measurement)))
    #expect(
      try store.lookUp([key], table: Sample.table)[0]
        == .outcome(.measured(Sample.measurement(1))))
    #expect(try store.lookUp([Sample.request(2).key], table: "other:2")[0] == .absent)
  }

  @Test("failures are known in their session and tried again in the next, unless asked otherwise")
  func failures() throws {
    let (request, failure) = (Sample.request(1), EvaluationOutcome.failed(message: "SIGSEGV"))
    do {
      let store = try EvaluationStore(path: path())
      try store.insert([(request, failure)])
      #expect(try store.lookUp([request.key], table: "")[0] == .outcome(failure))
    }
    do {
      let store = try EvaluationStore(path: path(), retriesFailures: false)
      #expect(try store.lookUp([request.key], table: "")[0] == .outcome(failure))
    }
    let store = try EvaluationStore(path: path())
    #expect(try store.lookUp([request.key], table: "")[0] == .absent)
    try store.insert([(request, failure)])
    #expect(try store.lookUp([request.key], table: "")[0] == .outcome(failure))
    #expect(try store.summary().failed == 1)
    try store.insert([(request, Sample.outcome(1))])
    #expect(try store.lookUp([request.key], table: Sample.table)[0] == .outcome(Sample.outcome(1)))
    // A failure does not undo a result.
    try store.insert([(request, failure)])
    #expect(try store.summary() == StoreSummary(measured: 1, invalid: 0, failed: 0))
  }

  @Test("others read while one writes; a second writer is refused until the first has ended")
  func sharing() throws {
    let writer = try EvaluationStore(path: path())
    try writer.insert((0..<10).map(Sample.evaluation))
    let reader = try EvaluationStore(path: path(), access: .read)
    let stranger = try DatabaseQueue(path: path(), configuration: Self.readOnly)
    for round in 1...3 {
      #expect(try reader.summary().measured == 8 * round)
      let rows = try stranger.read { database in
        try Int.fetchOne(database, sql: "SELECT count(*) FROM design WHERE status = 'measured'")
      }
      #expect(rows == 8 * round)
      try writer.insert((10 * round..<10 * (round + 1)).map(Sample.evaluation))
    }
    #expect(throws: EvaluationStoreError.inUse(path: try path())) {
      try EvaluationStore(path: path())
    }
    #expect(throws: EvaluationStoreError.self) { try reader.insert([Sample.evaluation(99)]) }
  }

  private static var readOnly: Configuration {
    var configuration = Configuration()
    configuration.readonly = true
    return configuration
  }

  @Test("the view shows designs as text")
  func view() throws {
    let store = try EvaluationStore(path: path())
    try store.insert([Sample.evaluation(17), Sample.evaluation(4)])
    let database = try DatabaseQueue(path: path(), configuration: Self.readOnly)
    let rows = try database.read { try Row.fetchAll($0, sql: "SELECT * FROM design") }
    #expect(rows.count == 2)
    let measured = try #require(rows.first { $0["status"] == "measured" })
    #expect(measured["key"] == Sample.request(17).key)
    #expect(measured["overrides"] == "array.x=1 array.y=1 bus.width=64")
    #expect(measured["energy_table"] == Sample.table)
    #expect(measured["cycles"] == 1017.0)
    let invalid = try #require(rows.first { $0["status"] == "invalid" })
    #expect(invalid["reason"] == "does not fit in memory")
  }

  @Test("the content digest tells contents apart, not the way in which they came about")
  func contentDigest() throws {
    func digest(_ name: String, _ steps: (EvaluationStore) throws -> Void) throws -> String {
      let store = try EvaluationStore(path: path(name))
      try steps(store)
      return try store.contentDigest()
    }
    let whole = try digest("whole") { try $0.insert((0..<50).map(Sample.evaluation)) }
    let parts = try digest("parts") { store in
      for number in (0..<50).shuffled() {
        var evaluation = Sample.evaluation(number)
        if case .measured(var measurement) = evaluation.outcome {
          measurement.wallSeconds *= 2
          evaluation.outcome = .measured(measurement)
        }
        try store.insert([evaluation])
      }
      try store.insert([(Sample.request(50), .failed(message: "lost"))])
    }
    #expect(whole == parts)
    let fewer = try digest("fewer") { try $0.insert((0..<49).map(Sample.evaluation)) }
    #expect(fewer != whole)
    let changed = try digest("changed") { store in
      try store.insert((0..<49).map(Sample.evaluation))
      try store.insert([(Sample.request(49), .invalid(reason: "no", details: ""))])
    }
    #expect(changed != whole)
    let priced = try digest("priced") { store in
      try store.insert((0..<50).map(Sample.evaluation))
      var other = Sample.measurement(1)
      other.table = "other"
      try store.price([(Sample.request(1).key, other)])
    }
    #expect(priced != whole)
  }

  @Test("any sequence of insertions and look-ups agrees with a dictionary", arguments: 1...6)
  func model(seed: UInt64) throws {
    var generator = SplitMix(state: seed)
    var store = try EvaluationStore(path: path(), retriesFailures: false)
    var expected: [Int: EvaluationOutcome] = [:]
    for _ in 0..<120 {
      switch Int.random(in: 0..<10, using: &generator) {
      case 0:
        try store.close()
        store = try EvaluationStore(path: path(), retriesFailures: false)
      case 1...4:
        let numbers = (0..<Int.random(in: 0..<20, using: &generator)).map { _ in
          Int.random(in: 0..<200, using: &generator)
        }
        let fails = Bool.random(using: &generator)
        try store.insert(
          numbers.map { number in
            fails && number % 3 == 0
              ? (Sample.request(number), .failed(message: "once")) : Sample.evaluation(number)
          })
        for number in numbers {
          if !(fails && number % 3 == 0) {
            expected[number] = Sample.outcome(number)
          } else if expected[number] == nil {
            expected[number] = .failed(message: "once")
          }
        }
      default:
        let numbers = (0..<30).map { _ in Int.random(in: 0..<200, using: &generator) }
        let found = try store.lookUp(numbers.map { Sample.request($0).key }, table: Sample.table)
        for (number, found) in zip(numbers, found) {
          #expect(found == expected[number].map { .outcome($0) } ?? .absent)
        }
      }
    }
  }

  @Test("a batch stores at its capacity, after its delay, and when it is told to")
  func batch() throws {
    let store = try EvaluationStore(path: path())
    let batch = EvaluationBatch(store, capacity: 3, delay: .seconds(1000))
    #expect(try !batch.add(Sample.request(0), Sample.outcome(0)))
    #expect(try !batch.add(Sample.request(1), Sample.outcome(1)))
    #expect(try store.summary().measured == 0)
    #expect(try batch.add(Sample.request(2), Sample.outcome(2)))
    #expect(try store.summary().measured == 3)
    try batch.add(Sample.request(3), Sample.outcome(3))
    try batch.flush()
    #expect(try store.summary().measured == 4)
    let prompt = EvaluationBatch(store, capacity: 1000, delay: .zero)
    #expect(try prompt.add(Sample.request(5), Sample.outcome(5)))
    #expect(try store.summary().measured == 5)
  }
}

/// The generator of Steele et al. (OOPSLA 2014), so that a seed gives the same test again.
private struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var value = state
    value = (value ^ value >> 30) &* 0xbf58_476d_1ce4_e5b9
    value = (value ^ value >> 27) &* 0x94d0_49bb_1331_11eb
    return value ^ value >> 31
  }
}
