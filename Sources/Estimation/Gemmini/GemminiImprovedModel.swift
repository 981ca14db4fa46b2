/// A Gemmini as the sequence of events in its reservation station and controllers.
///
/// The command stream of the C library and of the two loop unrollers is laid out in time, command
/// by command: each event is one row of a move, one operation of the array, one completion or one
/// command handed over. Durations and distances are those of the Chisel source
/// (`ucb-bar/gemmini` at `36738d0`) and of single operations measured on its RTL; nothing is
/// fitted to layers.
///
/// Tiles, command streams and pipeline lengths are those of a 16 x 16 array with 16-byte beats;
/// other dimensions are not supported here (the printed equations take them).
public struct GemminiImprovedModel: Sendable {
  /// The accelerator.
  public var configuration: GemminiConfiguration

  /// Leaves out what repeats: same cycles and counts, much sooner. Off, every command is run.
  public var skipsRepetitions: Bool

  /// A model of the accelerator.
  public init(
    configuration: GemminiConfiguration = GemminiConfiguration(), skipsRepetitions: Bool = true
  ) {
    self.configuration = configuration
    self.skipsRepetitions = skipsRepetitions
  }

  /// What it adds to the printed equations.
  public static let additions = [
    "memory latency, start-up and drain: a move-in of R rows takes 19 + L + R beats, not R beats",
    "16 requests in flight and two tracked move-ins: loads slow down when latency grows",
    "request sizes of 16, 32 and 64 bytes by alignment; wasted beats of the merger",
    "one response channel for read data and write acknowledgements, beat interval",
    "reservation station of 8 load, 16 execute and 4 store entries, order by overlapping rows",
    "order and release rules of the loop unrollers, two loops in flight, command pace",
    "separate cost of a preload whose partner arrives late; at least 4 rows per operation",
    "scratchpad bank conflicts between operands and with incoming writes",
    "38 cycles from a row fed to its result, six tags in the mesh, flushes when output stationary",
    "accumulator reads wait for accumulating writes; scaler of 5 rows in 8 cycles",
    "max pooling at the scaler's pace, overlapping windows and tiles computed again",
    "several pixels of few input channels packed into a scratchpad row",
    "zero fill of padding and of absent bias as commands of their own",
    "bias rows repeated in the accumulator in the cycles that other move-ins leave",
    "address translation: page filter per direction, one entry of four pages, walk latency",
  ]

  /// The estimate of one layer.
  public func estimate(_ workload: GemminiWorkload, memory: GemminiMemory) -> GemminiEstimate {
    switch workload {
    case .matmul(let matmul): estimate(matmul, memory: memory)
    case .convolution(let convolution): estimate(convolution, memory: memory)
    }
  }

  /// The estimate of one matrix product.
  public func estimate(_ matmul: GemminiMatmul, memory: GemminiMemory) -> GemminiEstimate {
    var estimate: GemminiEstimate
    if matmul.driver.isOutputStationary {
      let source = SoftwareMatmulSource(matmul, configuration, gap: memory.commandGap)
      estimate = run(source, memory, outputStationary: true)
    } else {
      let source = LoopMatmulSource(matmul, configuration, gap: memory.commandGap)
      estimate = run(source, memory, outputStationary: false)
    }
    let tiling = MatmulTiling(matmul, configuration)
    let actions = tiling.executeActions(matmul, dimension: configuration.dimension)
    estimate.actions.add(actions, times: 1)
    return estimate
  }

  /// The estimate of one convolution.
  public func estimate(
    _ convolution: GemminiConvolution, memory: GemminiMemory
  ) -> GemminiEstimate {
    let source = LoopConvolutionSource(convolution, configuration, gap: memory.commandGap)
    var estimate = run(source, memory, outputStationary: false)
    let tiling = ConvolutionTiling(convolution, configuration)
    let actions = tiling.executeActions(
      convolution, ConvolutionShape(convolution), dimension: configuration.dimension)
    estimate.actions.add(actions, times: 1)
    return estimate
  }

  private func run<Source: GemminiCommandSource>(
    _ source: Source, _ memory: GemminiMemory, outputStationary: Bool
  ) -> GemminiEstimate {
    var timeline = GemminiTimeline(
      source, configuration: configuration, memory: memory, outputStationary: outputStationary,
      repeats: skipsRepetitions)
    let cycles = timeline.run()
    var actions = timeline.counts
    actions.commands = timeline.source.commands
    return GemminiEstimate(cycles: cycles, actions: actions)
  }
}
