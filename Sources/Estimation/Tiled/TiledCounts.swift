/// What the tiled model counts: an action of a module around an array, by the counter's name in the
/// registry.
public enum TiledCounter: Int, CaseIterable, Sendable {
  case macs, steps, skewWrites, results, biases, rectified, requantised, channelScaled
  case drainCaptures, drainShifts
  case weightWrites, partialSums, deskewWrites, accumulatorReads, accumulatorWrites
  case accumulatorAdditions, resultRows, arrayRegisters
  case vectorOperands, vectorResults, products, integerProducts, conversions, comparisons, lookups
  case poolUpdates, lineAccesses, vectorRegisters
  case inputBursts, inputWords, inputBeats, inputTurned, inputRegisters
  case weightBursts, weightWords, weightBeats, weightRegisters
  case outputBursts, outputWords, outputBeats, outputRegisters
  case sideBursts, sideWords, sideBeats, sideRegisters
  case loadBursts, loadReads, loadBeats, loadRegisters
  case activationReads, activationWrites, weightReads, weightStores, mainReadWords, mainReads,
    mainWrites
  case mainWrittenBytes
  case requests, writeBeats, readBeats, writeAnswers
  case activationLoads, activationStores, coreWeightLoads, coreWeightStores
  case coreLoadedBytes, coreStoredBytes, instructions, controllerAccesses

  /// The module that counts it.
  public enum Role: Sendable, CaseIterable {
    case array, vector, input, weights, output, side, load
    case activations, weightMemory, main, crossbar, core, controller
  }

  /// The module and the names of its counters that have the value.
  public var place: (role: Role, names: [String]) {
    switch self {
    case .macs: (.array, ["macs", "operand_register_writes", "accumulator_writes"])
    case .steps: (.array, ["steps", "vectors"])
    case .skewWrites: (.array, ["skew_register_writes"])
    case .results: (.array, ["result_elements", "output_register_writes"])
    case .biases: (.array, ["bias_additions"])
    case .rectified: (.array, ["relu_comparisons"])
    case .requantised:
      (
        .array,
        ["requantised_elements", "scale_shifts", "zero_point_additions", "clamp_comparisons"]
      )
    case .channelScaled: (.array, ["scale_register_writes"])
    case .drainCaptures: (.array, ["drain_captures"])
    case .drainShifts: (.array, ["drain_shifts"])
    case .weightWrites: (.array, ["weight_register_writes"])
    case .partialSums: (.array, ["partial_sum_writes"])
    case .deskewWrites: (.array, ["deskew_register_writes"])
    case .accumulatorReads: (.array, ["accumulator_buffer_reads"])
    case .accumulatorWrites: (.array, ["accumulator_buffer_writes"])
    case .accumulatorAdditions: (.array, ["accumulator_additions"])
    case .resultRows: (.array, ["output_fifo_pushes", "output_fifo_pops"])
    case .arrayRegisters: (.array, ["register_accesses"])
    case .vectorOperands: (.vector, ["operand_elements"])
    case .vectorResults: (.vector, ["result_elements"])
    case .products: (.vector, ["fma_operations"])
    case .integerProducts: (.vector, ["integer_products"])
    case .conversions: (.vector, ["conversions"])
    case .comparisons: (.vector, ["clamp_comparisons"])
    case .lookups: (.vector, ["table_lookups"])
    case .poolUpdates: (.vector, ["pool_updates", "pool_register_writes"])
    case .lineAccesses: (.vector, ["line_buffer_reads", "line_buffer_writes"])
    case .vectorRegisters: (.vector, ["register_accesses"])
    case .inputBursts: (.input, ["bursts"])
    case .inputWords: (.input, ["bus_beats", "words_read", "read_buffer_pops"])
    case .inputBeats: (.input, ["stream_beats", "buffer_pops"])
    case .inputTurned: (.input, ["turned_pieces"])
    case .inputRegisters: (.input, ["register_accesses"])
    case .weightBursts: (.weights, ["bursts"])
    case .weightWords: (.weights, ["bus_beats", "words_read", "read_buffer_pops"])
    case .weightBeats: (.weights, ["stream_beats", "buffer_pops"])
    case .weightRegisters: (.weights, ["register_accesses"])
    case .outputBursts: (.output, ["bursts"])
    case .outputWords: (.output, ["bus_beats"])
    case .outputBeats: (.output, ["stream_beats", "buffer_pops"])
    case .outputRegisters: (.output, ["register_accesses"])
    case .sideBursts: (.side, ["bursts"])
    case .sideWords: (.side, ["bus_beats", "words_read", "read_buffer_pops"])
    case .sideBeats: (.side, ["stream_beats", "buffer_pops"])
    case .sideRegisters: (.side, ["register_accesses"])
    case .loadBursts: (.load, ["bursts"])
    case .loadReads: (.load, ["words_read", "read_buffer_pops"])
    case .loadBeats: (.load, ["bus_beats"])
    case .loadRegisters: (.load, ["register_accesses"])
    case .activationReads: (.activations, ["reads"])
    case .activationWrites: (.activations, ["writes"])
    case .weightReads: (.weightMemory, ["reads"])
    case .weightStores: (.weightMemory, ["writes"])
    case .mainReadWords: (.main, ["reads"])
    case .mainReads: (.main, ["read_bytes"])
    case .mainWrites: (.main, ["writes"])
    case .mainWrittenBytes: (.main, ["written_bytes"])
    case .requests: (.crossbar, ["requests"])
    case .writeBeats: (.crossbar, ["write_beats"])
    case .readBeats: (.crossbar, ["read_beats"])
    case .writeAnswers: (.crossbar, ["write_answers"])
    case .activationLoads: (.activations, ["direct_loads"])
    case .activationStores: (.activations, ["direct_stores"])
    case .coreWeightLoads: (.weightMemory, ["direct_loads"])
    case .coreWeightStores: (.weightMemory, ["direct_stores"])
    case .coreLoadedBytes: (.main, ["direct_loaded_bytes"])
    case .coreStoredBytes: (.main, ["direct_stored_bytes"])
    case .instructions: (.core, ["instructions"])
    case .controllerAccesses: (.controller, ["register_accesses"])
    }
  }
}

/// Counts of all of ``TiledCounter``.
public struct TiledCounts: Sendable {
  /// As many as there are counters at least.
  private var values = InlineArray<80, Int>(repeating: 0)

  /// Nothing.
  public init() {}

  /// A count.
  @inline(__always)
  public subscript(counter: TiledCounter) -> Int {
    get { values[counter.rawValue] }
    set { values[counter.rawValue] = newValue }
  }

  /// The count of the counter at a position among all cases.
  @inline(__always)
  public func count(at index: Int) -> Int { values[index] }
}
