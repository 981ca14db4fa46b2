public import Fabric
public import SimKernel
public import Telemetry

/// The platform-level interrupt controller with 31 level-triggered sources.
///
/// What it models: priorities, pending bits, enables, threshold, claim and complete of the RISC-V
/// PLIC specification; one machine-mode context per hart.
/// Timing model: sources are registered wires; a change reaches the hart's external interrupt two
/// edges later (one into the PLIC, one out).
/// Not modelled: supervisor contexts, edge-triggered gateways.
public final class PLIC: Module {
  /// The highest source number.
  public static let sourceCount = 31
  /// Bytes of address space.
  public static let windowBytes: UInt64 = 0x100_0000

  /// The register map for context 0.
  public static let map = RegisterMap(
    device: "PLIC", windowBytes: windowBytes,
    [
      RegisterDescriptor(
        "PRIORITY", at: 0, count: 32, "Priority of each source; 0 never interrupts."),
      RegisterDescriptor("PENDING", at: 0x1000, access: .readOnly, "One bit per source."),
      RegisterDescriptor("ENABLE", at: 0x2000, "One bit per source, for context 0."),
      RegisterDescriptor(
        "THRESHOLD", at: 0x20_0000, "Only higher priorities interrupt context 0."),
      RegisterDescriptor(
        "CLAIM", at: 0x20_0004,
        "Reading claims the best pending source, writing its number completes it."),
    ])

  private let registers: RegisterPort
  private let sources: Table<Line?>
  private let contexts: [Line]
  private let priorities: Table<UInt32>
  private let enables: Table<UInt32>
  private let thresholds: Table<UInt32>
  /// Sources whose gateway waits for completion, and requests not yet claimed; one bit per source.
  private var claimed: UInt32 = 0
  private var pending: UInt32 = 0
  private let activity: PeripheralActivity
  private let claims: Counter

  /// Creates the device.
  ///
  /// - Parameter contexts: the machine external interrupt of each hart.
  public init(
    path: String, registers: RegisterPort, contexts: [Line], site: ModuleSite, arena: Arena
  ) {
    self.registers = registers
    sources = Table(arena, count: Self.sourceCount + 1)
    for index in 0...Self.sourceCount { sources[index] = nil }
    self.contexts = contexts
    priorities = Table(arena, count: Self.sourceCount + 1)
    enables = Table(arena, count: max(1, contexts.count))
    thresholds = Table(arena, count: max(1, contexts.count))
    activity = PeripheralActivity(site: site, registers: Self.sourceCount + 4)
    claims = site.counter("claims", unit: "interrupt", "Interrupts claimed by a hart.")
    super.init(path: path)
  }

  /// Connects the interrupt wire of a source number, 1 to 31; the wire's listener is this module.
  public func attach(_ line: Line, to source: Int) {
    precondition((1...Self.sourceCount).contains(source), "a PLIC has sources 1 to 31")
    sources[source] = line
  }

  public override func tick(_ now: Cycle) -> Wake {
    for source in 1...Self.sourceCount {
      let bit: UInt32 = 1 << UInt32(source)
      guard let line = sources[source], line.level, claimed & bit == 0 else { continue }
      pending |= bit
    }
    var progress = false
    if registers.mayHaveAccess, let access = registers.next() {
      serve(access)
      progress = true
    }
    activity.note(served: progress, at: now)
    for index in 0..<contexts.count { contexts[index].set(best(for: index) != 0) }
    return progress ? .nextCycle : .onPort
  }

  /// The pending, enabled source of the highest priority above the threshold, the lowest number on
  /// ties; 0 when there is none.
  private func best(for context: Int) -> Int {
    var candidates = pending & enables[context]
    var (winner, highest) = (0, thresholds[context])
    while candidates != 0 {
      let source = candidates.trailingZeroBitCount
      candidates &= candidates - 1
      if priorities[source] > highest { (winner, highest) = (source, priorities[source]) }
    }
    return winner
  }

  private func serve(_ access: RegisterAccess) {
    switch access {
    case .read(let offset, let bytes):
      let value = bytes == 4 && offset & 3 == 0 ? read(offset) : nil
      registers.complete(read: UInt64(value ?? 0), ok: value != nil)
    case .write(let offset, let bytes, let value):
      registers.completeWrite(
        ok: bytes == 4 && offset & 3 == 0
          && write(offset, UInt32(truncatingIfNeeded: value)))
    }
  }

  private func read(_ offset: UInt64) -> UInt32? {
    switch offset {
    case 0..<4 * 32: return priorities[Int(offset / 4)]
    case 0x1000: return pending
    case 0x2000..<0x20_0000:
      let context = Int(offset - 0x2000) / 0x80
      guard context < contexts.count else { return nil }
      return (offset - 0x2000) % 0x80 == 0 ? enables[context] : 0
    case 0x20_0000...:
      let context = Int(offset - 0x20_0000) / 0x1000
      guard context < contexts.count else { return nil }
      switch (offset - 0x20_0000) % 0x1000 {
      case 0: return thresholds[context]
      case 4: return UInt32(claim(for: context))
      default: return nil
      }
    default: return nil
    }
  }

  private func claim(for context: Int) -> Int {
    // The specification: the threshold masks the notification, not what a claim returns.
    var candidates = pending & enables[context]
    var (winner, highest): (Int, UInt32) = (0, 0)
    while candidates != 0 {
      let source = candidates.trailingZeroBitCount
      candidates &= candidates - 1
      if priorities[source] > highest { (winner, highest) = (source, priorities[source]) }
    }
    if winner != 0 {
      pending &= ~(1 << UInt32(winner))
      claimed |= 1 << UInt32(winner)
      claims.add()
    }
    return winner
  }

  private func write(_ offset: UInt64, _ value: UInt32) -> Bool {
    switch offset {
    case 0..<4 * 32:
      if offset > 0 { priorities[Int(offset / 4)] = value & 7 }
      return true
    case 0x1000: return true
    case 0x2000..<0x20_0000:
      let context = Int(offset - 0x2000) / 0x80
      guard context < contexts.count else { return false }
      if (offset - 0x2000) % 0x80 == 0 { enables[context] = value & ~1 }
      return true
    case 0x20_0000...:
      let context = Int(offset - 0x20_0000) / 0x1000
      guard context < contexts.count else { return false }
      switch (offset - 0x20_0000) % 0x1000 {
      case 0: thresholds[context] = value & 7
      case 4:
        // Completion of a source that is not enabled here is ignored.
        if value <= 31, enables[context] & 1 << value != 0 { claimed &= ~(1 << value) }
      default: return false
      }
      return true
    default: return false
    }
  }
}
