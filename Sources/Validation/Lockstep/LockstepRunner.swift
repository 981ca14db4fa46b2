internal import Foundation
public import RTL
internal import SimKernel

/// Runs random cases of a block.
public struct LockstepRunner: Sendable {
  /// Translates and compiles the RTL.
  public let builder: RTLBuilder
  /// The folder of the RTL's source files.
  public let folder: String

  /// Prepares to run.
  public init(builder: RTLBuilder, folder: String) {
    self.builder = builder
    self.folder = folder
  }

  /// What was compared.
  public struct Summary: Sendable, Equatable {
    /// Random cases without a difference.
    public var cases = 0
    /// Cycles in which all port signals were compared.
    public var cycles: UInt64 = 0
    /// Resets in the middle of a case.
    public var resets = 0

    /// Nothing yet.
    public init() {}

    /// Adds up two summaries.
    public static func += (sum: inout Summary, other: Summary) {
      sum.cases += other.cases
      sum.cycles += other.cycles
      sum.resets += other.resets
    }
  }

  /// Runs `cases` random cases of one configuration.
  ///
  /// - Parameters:
  ///   - seed: the seed of the first case; the others follow.
  ///   - isEager: tick the model in every cycle instead of letting it sleep.
  /// - Throws: ``LockstepFailure`` at the first difference, ``RTLError`` when the RTL cannot be
  ///   built.
  public func run(
    _ block: LockstepBlock, _ configuration: LockstepConfiguration, cases: Int, seed: UInt64,
    isEager: Bool = false
  ) throws -> Summary {
    let source = RTLSource(
      top: block.name, files: ["\(folder)/\(block.name).sv"],
      searchFolders: [folder],
      parameters: configuration.parameters)
    let translation = try builder.translate(source)
    let model = try VerilatedModel(translation, library: try builder.compile(translation))
    let wires = Wires(model: model)
    let clock = try wires.handle("clk")
    let reset = try wires.handle("rst_n")
    var summary = Summary()
    for index in 0..<cases {
      let caseSeed = seed &+ UInt64(index)
      // The same mistake must not be made in all cases by chance.
      var random = SplitMix64(seed: caseSeed &* 0x9E37_79B9 &+ 17)
      let episodes = random.pick(1...3)
      for episode in 0..<episodes {
        pulse(reset, clock, model, cycles: random.pick(1...3), &random)
        let bench = try LockstepBench(
          model: model, clock: clock,
          cycles: UInt64(random.pick(configuration.cycles)), seed: random.next(),
          isEager: isEager)
        try configuration.build(bench, &random)
        summary.cycles += try bench.run()
        if !bench.log.differences.isEmpty {
          throw LockstepFailure(
            block: source.title, seed: caseSeed, episode: episode,
            differences: bench.log.differences, table: bench.log.table(),
            waveform: bench.log.valueChangeDump(top: block.name))
        }
      }
      summary.cases += 1
      summary.resets += episodes - 1
    }
    return summary
  }

  /// Holds the reset low for some cycles, the other inputs at random values.
  private func pulse(
    _ reset: PinHandle, _ clock: PinHandle, _ model: VerilatedModel, cycles: Int,
    _ random: inout SplitMix64
  ) {
    let inputs = model.pins.filter {
      $0.direction == .input && $0.name != "clk" && $0.name != "rst_n"
    }.compactMap { model.pin($0.name) }
    reset.value = 0
    for _ in 0..<cycles {
      for pin in inputs where pin.bits <= 64 { pin.value = random.next() }
      model.settle()
      model.clock(clock)
    }
    reset.value = 1
  }
}
