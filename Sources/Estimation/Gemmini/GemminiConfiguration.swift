/// The parameters of a Gemmini that its timing depends on.
///
/// The default is the configuration of the measured RTL: 16 x 16 int8 elements, 256 KiB of
/// scratchpad, 64 KiB of accumulator (`ucb-bar/gemmini` at `36738d0`, Chipyard's
/// `GemminiRocketConfig`).
public struct GemminiConfiguration: Sendable, Equatable {
  /// Rows and columns of the array; the array is square.
  public var dimension = 16
  /// Rows of the scratchpad, each of `dimension` int8 elements.
  public var scratchpadRows = 16384
  /// Banks of the scratchpad, single-ported.
  public var scratchpadBanks = 4
  /// Rows of the accumulator, each of `dimension` int32 elements.
  public var accumulatorRows = 1024
  /// Banks of the accumulator.
  public var accumulatorBanks = 2
  /// Reservation station entries of load commands.
  public var loadEntries = 8
  /// Reservation station entries of execute commands.
  public var executeEntries = 16
  /// Reservation station entries of store commands.
  public var storeEntries = 4
  /// Reads, and separately writes, that the DMA may have in flight.
  public var requestsInFlight = 16
  /// Operations whose tags the mesh can hold.
  public var meshTags = 6
  /// Bytes of one beat of the memory bus.
  public var beatBytes = 16
  /// Most bytes of one DMA request.
  public var requestBytes = 64

  /// The measured configuration.
  public init() {}

  /// Bits of a scratchpad row number below its bank.
  var scratchpadBankShift: Int { (scratchpadRows / scratchpadBanks).trailingZeroBitCount }
  /// Bits of an accumulator row number below its bank.
  var accumulatorBankShift: Int { (accumulatorRows / accumulatorBanks).trailingZeroBitCount }
}
