public import RISCV

/// Collects the lines of a log and hands them over in large pieces, which end with whole lines.
public final class LogBuffer {
  private static let capacity = 1 << 18

  /// What has not been handed over.
  var bytes: [UInt8] = []
  private let write: ([UInt8]) -> Void

  /// A buffer that hands its content to `write`.
  public init(write: @escaping ([UInt8]) -> Void) {
    self.write = write
    bytes.reserveCapacity(Self.capacity + 4096)
  }

  /// To be called after whole lines were added.
  @inline(__always)
  func added() {
    if bytes.count >= Self.capacity { flush() }
  }

  /// Hands over all there is.
  public func flush() {
    if !bytes.isEmpty { write(bytes) }
    bytes.removeAll(keepingCapacity: true)
  }
}

/// Writes what one hart does in the format of Spike's logs.
public final class InstructionLog: InstructionObserver {
  /// What is logged.
  public struct Contents: OptionSet, Sendable {
    /// The bits of the set.
    public let rawValue: UInt8

    /// A set of the given bits.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// The instructions before they are executed, and traps (Spike's `-l`).
    public static let instructions = Contents(rawValue: 1)
    /// What instructions write (Spike's `--log-commits`).
    public static let commits = Contents(rawValue: 2)
  }

  private var log: SpikeLog
  private let contents: Contents
  private let buffer: LogBuffer

  /// A log of hart number `hart` from its reset on.
  ///
  /// - Parameters:
  ///   - symbols: the names to announce among the instructions.
  ///   - buffer: where the lines go; the logs of several harts may share one.
  public init(
    hart: Int, instructionSet: InstructionSet, symbols: SpikeSymbols, contents: Contents,
    buffer: LogBuffer
  ) {
    log = SpikeLog(hart: hart, instructionSet: instructionSet, symbols: symbols)
    self.contents = contents
    self.buffer = buffer
  }

  /// Adds the lines of an event.
  public func observe(_ event: InstructionEvent, of hart: Hart, at cycle: UInt64) {
    let logsInstructions = contents.contains(.instructions)
    switch event {
    case .retired(let retired):
      if logsInstructions {
        log.appendInstruction(
          at: retired.programCounter, encoding: UInt64(retired.word), to: &buffer.bytes)
      }
      if contents.contains(.commits) { log.appendCommit(retired, to: &buffer.bytes) }
    case .exception(let trap, let word):
      guard logsInstructions else { return }
      if let word {
        log.appendInstruction(
          at: trap.programCounter, encoding: encoding(word, at: trap.programCounter, hart),
          to: &buffer.bytes)
      }
      log.appendTrap(trap, handledIn: hart.privilege, to: &buffer.bytes)
    case .interrupt(let trap):
      guard logsInstructions else { return }
      log.appendTrap(trap, handledIn: hart.privilege, to: &buffer.bytes)
    }
    buffer.added()
  }

  /// All of an encoding of which the hart has fetched `word`: it may be of more than 32 bits, which
  /// no instruction of the hart is.
  private func encoding(_ word: UInt32, at pc: UInt64, _ hart: Hart) -> UInt64 {
    var encoding = UInt64(word)
    let bytes = SpikeLog.encodingLength(UInt16(truncatingIfNeeded: word))
    guard bytes > 4 else { return encoding }
    let mode = interruptedMode(hart)
    for offset in stride(from: UInt64(4), to: UInt64(bytes), by: 2) {
      guard let address = hart.physicalAddress(of: pc &+ offset, access: .fetch, from: mode),
        let parcel = hart.peek(address, bytes: 2)
      else { break }
      encoding |= parcel << (8 * offset)
    }
    return encoding
  }

  /// The mode that the trap whose handler is about to start came from.
  private func interruptedMode(_ hart: Hart) -> PrivilegeMode? {
    let status = hart.readCSR(CSR.mstatus) ?? 0
    if hart.privilege == .supervisor { return status >> 8 & 1 != 0 ? .supervisor : .user }
    return PrivilegeMode(rawValue: UInt8(truncatingIfNeeded: status >> 11 & 3))
  }
}
