import Estimation
import Foundation
import Testing

/// Both models against every measured row of the fixtures.
@Suite("Gemmini against RTL")
struct GemminiAgreementTests {
  /// Mean and largest relative error in per cent.
  struct Agreement {
    var count = 0
    var sum = 0.0
    var worst = 0.0
    var mean: Double { sum / Double(max(count, 1)) }

    mutating func add(_ estimate: Int, measured: Int) {
      let error = abs(Double(estimate - measured)) / Double(measured) * 100
      count += 1
      sum += error
      worst = max(worst, error)
    }
  }

  static func rows(_ name: String) throws -> [GemminiMeasurement] {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    let file = folder.appending(path: "Fixtures/gemmini-rtl/\(name)")
    return try GemminiMeasurements(
      csv: String(contentsOf: file, encoding: .utf8), name: name
    ).rows
  }

  static func agreement(
    _ rows: [GemminiMeasurement], _ cycles: (GemminiMeasurement) -> Int
  ) -> Agreement {
    var agreement = Agreement()
    for row in rows { agreement.add(cycles(row), measured: row.cycles) }
    return agreement
  }

  static func improved(_ row: GemminiMeasurement) -> Int {
    GemminiImprovedModel().estimate(row.workload, memory: row.memory).cycles
  }

  static func printed(_ row: GemminiMeasurement) -> Int {
    GemminiPrintedModel().estimate(row.workload).cycles
  }

  @Test("The improved model on matrix products")
  func matmul() throws {
    let rows = try Self.rows("matmul.csv").filter { $0.memory.walkLatency == nil }
    #expect(rows.count == 225)
    let agreement = Self.agreement(rows, Self.improved)
    #expect(agreement.mean < 0.08, "\(agreement)")
    #expect(agreement.worst < 2.0, "\(agreement)")
  }

  @Test("The improved model with address translation")
  func translated() throws {
    let rows = try Self.rows("matmul.csv").filter { $0.memory.walkLatency != nil }
    #expect(rows.count == 14)
    let agreement = Self.agreement(rows, Self.improved)
    #expect(agreement.mean < 1.0, "\(agreement)")
    #expect(agreement.worst < 3.0, "\(agreement)")
  }

  @Test("The improved model on convolutions")
  func convolution() throws {
    let rows = try Self.rows("conv.csv")
    #expect(rows.count == 45)
    let agreement = Self.agreement(rows, Self.improved)
    #expect(agreement.mean < 0.15, "\(agreement)")
    #expect(agreement.worst < 1.7, "\(agreement)")
  }

  @Test("The printed equations on the same rows: far off where latency counts")
  func printedEquations() throws {
    let products = Self.agreement(try Self.rows("matmul.csv"), Self.printed)
    let convolutions = Self.agreement(try Self.rows("conv.csv"), Self.printed)
    #expect(products.mean > 5)
    #expect(convolutions.mean > 5)
    #expect(products.worst < 100, "\(products)")
    #expect(convolutions.worst < 100, "\(convolutions)")
  }

  @Test("Commands, requests, beats and bytes are exact", arguments: ["matmul.csv", "conv.csv"])
  func counts(file: String) throws {
    for row in try Self.rows(file) {
      let actions = GemminiImprovedModel().estimate(row.workload, memory: row.memory).actions
      var traffic = GemminiActions()
      traffic.commands = actions.commands
      traffic.readRequests16 = actions.readRequests16
      traffic.readRequests32 = actions.readRequests32
      traffic.readRequests64 = actions.readRequests64
      traffic.readBeats = actions.readBeats
      traffic.writeRequests16 = actions.writeRequests16
      traffic.writeRequests32 = actions.writeRequests32
      traffic.writeRequests64 = actions.writeRequests64
      traffic.writeBeats = actions.writeBeats
      traffic.moveOutBytes = actions.moveOutBytes
      #expect(traffic == row.actions, "\(file):\(row.line)")
    }
  }
}
