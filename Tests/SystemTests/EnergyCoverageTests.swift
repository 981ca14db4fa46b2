import Energy
import SoC
import Telemetry
import Testing

@Suite("Energy of the example systems")
struct EnergyCoverageTests {
  static func table(_ name: String) throws -> EnergyTable {
    try EnergyTable.load(file: "\(Project.tables)/\(name).json")
  }

  @Test("There are at least two tables")
  func tablesExist() {
    #expect(Project.tableNames.count >= 2)
  }

  @Test(
    "Every shipped table covers every shipped system", arguments: Project.tableNames,
    Example.all + Example.networks)
  func coverage(table: String, example: Example) throws {
    let description = try example.load()
    let system = try SystemBuilder(
      description, program: try Example.firmware(of: description)
    ).build()
    let inventory = system.registry.inventory()
    #expect(!inventory.modules.isEmpty)
    let missing = try Self.table(table).missing(for: inventory)
    #expect(missing.map(\.description) == [])
  }

  @Test(
    "The modules' energy and area sum to the total, exactly", arguments: Project.tableNames,
    Example.short)
  func sums(table: String, example: Example) async throws {
    let snapshot = try await PlainRuns.shared.result(of: example).snapshot
    let report = try Self.table(table).evaluate(snapshot)
    #expect(report.modules.map(\.path) == snapshot.modules.map(\.path))
    #expect(report.simulatedSeconds > 0)
    func sum(_ value: (EnergyTotals) -> Double) -> Double {
      report.modules.reduce(0) { $0 + value($1.total) }
    }
    #expect(sum(\.dynamicPicojoules) == report.total.dynamicPicojoules)
    #expect(sum(\.leakagePicojoules) == report.total.leakagePicojoules)
    #expect(sum(\.totalPicojoules) == report.total.totalPicojoules)
    #expect(sum(\.areaSquareMicrometres) == report.total.areaSquareMicrometres)
    #expect(report.tags.reduce(0) { $0 + $1.totalPicojoules } == report.total.totalPicojoules)
    #expect(report.total.dynamicPicojoules > 0 && report.total.areaSquareMicrometres > 0)
    for module in report.modules {
      #expect(
        module.components.reduce(0) { $0 + $1.total.totalPicojoules }
          == module.total.totalPicojoules, "\(module.path)")
    }
  }

  @Test("Energy of the multiplications is their number times the table's price")
  func priceTimesCount() async throws {
    let snapshot = try await PlainRuns.shared.result(of: Example("lenet5")).snapshot
    let report = try Self.table("aladdin-45nm").evaluate(snapshot)
    let array = try #require(report.modules.first { $0.path == "array" })
    let elements = try #require(array.components.first { $0.componentClass == "mac.int8" })
    let action = try #require(elements.actions.first { $0.action == "mac" })
    #expect(action.count == 416_520)
    let expected = 416_520 * action.picojoulesPerAction
    #expect(abs(action.picojoules - expected) < 1e-6 * expected)
  }

  @Test("What a module counts as an action names one of its components", arguments: Example.short)
  func actionsHaveComponents(example: Example) async throws {
    for module in try await PlainRuns.shared.result(of: example).snapshot.modules {
      #expect(!module.components.isEmpty, "\(module.path) has neither energy nor area")
      let names = Set(module.components.map(\.name))
      #expect(names.count == module.components.count, "\(module.path)")
      for action in module.counters.compactMap(\.action) {
        #expect(names.contains(action.component), "\(module.path): \(action.component)")
      }
    }
  }
}
