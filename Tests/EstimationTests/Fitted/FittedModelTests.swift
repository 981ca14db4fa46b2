import Estimation
import Foundation
import Testing

/// Fits to machines whose array is known have to find it.
struct FittedModelTests {
  static func fit(_ machine: SyntheticMachine, training: Int = 64) throws -> FittedModel {
    let settings = FitSettings(training: SampleLayers.random(count: training, seed: 1))
    return try FittedModel.refinedRoofline(
      system: "synthetic", digest: "0", settings: settings
    ) { machine.cycles(of: $0) }
  }

  /// The sides as the fit names them.
  static func sides(_ machine: SyntheticMachine) -> RecoveredSides {
    switch machine.stationary {
    case .output: RecoveredSides(pixels: machine.rows, filters: machine.columns)
    case .weights: RecoveredSides(window: machine.rows, filters: machine.columns)
    case .input: RecoveredSides(pixels: machine.columns, window: machine.rows)
    }
  }

  @Test("The array of a refined roofline itself is found with all its constants")
  func itself() throws {
    let truth = RefinedRoofline(
      peakOperations: 512, peakBytes: 12,
      unrolling: SpatialUnrolling(
        pixels: SpatialDimension(size: 16), filters: SpatialDimension(size: 16, alpha: 0.25)),
      launchTime: 300, tileTime: 20)
    let fitted = try FittedModel.refinedRoofline(system: "itself", digest: "0") {
      truth.time(of: $0)
    }
    guard case .refinedRoofline(let model) = fitted.form else { return }
    #expect(fitted.sides == RecoveredSides(pixels: 16, filters: 16))
    #expect(fitted.heldOut.worstPercentage < 1)
    #expect(abs(model.peakOperations / 512 - 1) < 0.05)
    #expect(abs(model.peakBytes / 12 - 1) < 0.01)
  }

  @Test("Every side from 4 to 128 is found, as rows and as columns", arguments: 0..<5)
  func everySide(part: Int) throws {
    for rows in stride(from: 4 + part, through: 128, by: 5) {
      // Not square: 37 is prime to 125, so that columns take every side, too.
      let columns = 4 + (rows - 4) * 37 % 125
      let stationary = StationaryOperand.allCases[rows % 3]
      let machine = SyntheticMachine(rows: rows, columns: columns, stationary: stationary)
      let model = try Self.fit(machine, training: 16)
      #expect(model.sides == Self.sides(machine), "\(rows) x \(columns) \(stationary)")
    }
  }

  @Test("A bus that bounds small layers does not hide the array")
  func boundByBus() throws {
    for (rows, columns, bus) in [
      (4, 4, 1), (8, 8, 2), (16, 16, 8), (16, 8, 4), (32, 32, 16), (12, 24, 8), (64, 32, 32),
      (7, 50, 8),
    ] {
      for stationary in StationaryOperand.allCases {
        let machine = SyntheticMachine(
          rows: rows, columns: columns, stationary: stationary, busBytes: bus)
        // Some layers have to be bound by the bus for this to test anything.
        var unbound = machine
        unbound.busBytes = nil
        #expect(
          SampleLayers.random(count: 32, seed: 2).contains {
            unbound.cycles(of: $0) < machine.cycles(of: $0)
          })
        let model = try Self.fit(machine)
        #expect(model.sides == Self.sides(machine), "\(rows) x \(columns) \(stationary) \(bus)")
        #expect(model.heldOut.meanAbsolutePercentage < 12)
      }
    }
  }

  @Test("Noise of half a percent does not hide the array", arguments: [1, 2, 3] as [UInt64])
  func noise(seed: UInt64) throws {
    for (rows, columns) in [(4, 9), (8, 8), (16, 16), (16, 48), (24, 20), (64, 64)] {
      for stationary in StationaryOperand.allCases {
        let machine = SyntheticMachine(
          rows: rows, columns: columns, stationary: stationary, noise: 0.005, seed: seed)
        let model = try Self.fit(machine)
        #expect(model.sides == Self.sides(machine), "\(rows) x \(columns) \(stationary)")
      }
    }
  }

  @Test("A machine without steps has no sides")
  func withoutSteps() throws {
    let model = try FittedModel.refinedRoofline(
      system: "scalar", digest: "0", settings: FitSettings(largestSide: 32, bases: [64])
    ) { 100 + 3 * Double($0.macs) }
    #expect(model.sides == RecoveredSides())
    #expect(model.heldOut.worstPercentage < 1e-3)
  }

  @Test("Runs are counted, none twice")
  func runs() throws {
    let machine = SyntheticMachine(rows: 16, columns: 16)
    var calls: [LayerShape] = []
    let model = try FittedModel.refinedRoofline(system: "s", digest: "d") {
      calls.append($0)
      return machine.cycles(of: $0)
    }
    #expect(model.runs == calls.count)
    #expect(Set(calls).count == calls.count)
    #expect(model.runs <= 3 * 64 + 64 + 32)
  }

  @Test("What the machine throws is passed on")
  func failures() {
    struct Broken: Error {}
    #expect(throws: Broken.self) {
      try FittedModel.refinedRoofline(system: "s", digest: "d") { _ in throw Broken() }
    }
  }

  @Test("A fitted model survives JSON")
  func json() throws {
    for model in [
      try Self.fit(SyntheticMachine(rows: 16, columns: 8)), try Self.stepwise(16, 8, .output),
    ] {
      let data = try JSONEncoder().encode(model)
      let decoded = try JSONDecoder().decode(FittedModel.self, from: data)
      #expect(decoded == model)
      let layer = LayerShape.product(rows: 100, depth: 50, columns: 30)
      #expect(decoded.estimate(layer) == model.estimate(layer))
    }
  }

  static func stepwise(
    _ rows: Int, _ columns: Int, _ stationary: StationaryOperand
  ) throws -> FittedModel {
    let machine = SyntheticMachine(rows: rows, columns: columns, stationary: stationary)
    return try FittedModel.stepwise(
      system: "synthetic", digest: "0", sampler: SamplerSettings(limit: 256, widths: 2...100)
    ) { machine.cycles(of: $0) }
  }

  @Test(
    "Nested staircases find both sides and are exact where nothing but the array bounds",
    arguments: [(16, 16), (8, 24), (31, 7), (64, 32), (5, 100)], StationaryOperand.allCases)
  func nested(sides: (Int, Int), stationary: StationaryOperand) throws {
    let model = try Self.stepwise(sides.0, sides.1, stationary)
    #expect(
      model.sides
        == Self.sides(
          SyntheticMachine(rows: sides.0, columns: sides.1, stationary: stationary)))
    #expect(model.heldOut.worstPercentage < 1e-6)
    #expect(model.runs < 250)
  }

  @Test("The two-dimensional example is found from its own values")
  func twoDimensions() throws {
    let truth = StepwiseTests.example
    let model = try FittedModel.stepwise(
      system: "example", digest: "0",
      settings: FitSettings(
        bases: [64], heldOut: [.product(rows: 1, depth: 777, columns: 333)]),
      sampler: .published, order: [.columns, .depth]
    ) { truth.time(ofOne: $0.product) }
    #expect(model.sides == RecoveredSides(window: 8, filters: 32))
    #expect(model.heldOut.worstPercentage < 1e-6)
    #expect(model.runs <= 112, "the published fit took 112 measurements")
  }
}
