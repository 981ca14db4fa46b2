import Foundation
import Testing
import Validation

/// The record of accuracy and the published tables behind it.
struct RecordTests {
  @Test("Every block and every table has a stored record")
  func completeness() {
    let records = AccuracyRecords.stored
    for block in LockstepBlock.all {
      let own = records.of(block.kind).filter { $0.reference.contains("\(block.name).sv") }
      #expect(own.count == 1, "\(block.name)")
      #expect(own.allSatisfy { $0.cases >= 1000 && $0.isExact }, "\(block.name)")
    }
    for table in PublishedTables.all {
      for kind in table.kinds {
        #expect(
          records.of(kind).contains { $0.reference == table.reference }, "\(table.name) \(kind)")
      }
    }
  }

  @Test("The stored errors of published tables are those of this build")
  func tables() throws {
    let measurement = AccuracyMeasurement(date: "")
    for table in PublishedTables.all {
      for measured in measurement.compare(table) {
        var stored = try #require(
          AccuracyRecords.stored.of(measured.kind).first { $0.reference == measured.reference })
        stored.date = ""
        #expect(stored == measured)
      }
    }
  }

  @Test("Of the published numbers only one of STONNE's is not met, by one cycle")
  func knownDifference() {
    for table in PublishedTables.all {
      #expect(!table.rows.isEmpty && table.rows.allSatisfy { $0.ours != nil }, "\(table.name)")
      let different = table.rows.filter { $0.ours != $0.published }
      #expect(different.map(\.title) == (table.name == "stonne" ? ["4x4, M5 N2 K2"] : []))
    }
    #expect(PublishedTables.stonne.errors.max() == 1)
  }

  @Test("The error is said in a few words")
  func wording() {
    var record = AccuracyRecord(
      kind: "X", reference: "", scope: "", cases: 11, comparedCycles: nil, cycleError: [-2, 3],
      cycleErrorPercent: [-1.26, 4.04], countErrors: nil, inexactCases: 4, date: "", command: "")
    #expect(record.errorText == "-2 … +3 cycles (-1.3 … +4.0 %) in 4 of 11")
    record.inexactCases = 0
    #expect(record.errorText == "exact")
  }

  @Test("A record survives being written and read")
  func codable() throws {
    let records = AccuracyRecords.stored
    let read = try JSONDecoder().decode(
      AccuracyRecords.self, from: Data(try records.json().utf8))
    #expect(read == records)
  }
}
