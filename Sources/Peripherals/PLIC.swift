public import Fabric
public import SimKernel
public import Telemetry

/// The platform-level interrupt controller with 31 level-triggered sources.
///
/// What it models: priorities, pending bits, enables, threshold, claim and complete of the RISC-V
/// PLIC specification, for any number of contexts: a hart has one for machine mode and, where it
/// has supervisor mode, the next one for that. Registers are words, which may be accessed in pairs;
/// places without a register read as zero, contexts that do not exist answer with an error, as on
/// Spike.
/// Timing model: sources are registered wires; a change reaches the hart's external interrupt two
/// edges later (one into the PLIC, one out).
/// Not modelled: edge-triggered gateways.
public final class PLIC: Module {
  /// The highest source number.
  public static let sourceCount = 31
  /// Bytes of address space.
  public static let windowBytes: UInt64 = 0x100_0000
  /// The most contexts the window has room for.
  public static let contextLimit = 3584
  /// Bits of a priority and of a threshold, as on Spike.
  public static let priorityBits = 4

  private static let contextBase: UInt64 = 0x20_0000
  private static let contextStride: UInt64 = 0x1000
  private static let enableBase: UInt64 = 0x2000
  private static let enableStride: UInt64 = 0x80

  /// The register map for context 0.
  public static let map = RegisterMap(
    device: "PLIC", windowBytes: windowBytes,
    [
      RegisterDescriptor(
        "PRIORITY", at: 0, count: 32,
        "Priority of each source, 0 to 15; 0 never interrupts. Source 0 does not exist."),
      RegisterDescriptor("PENDING", at: 0x1000, access: .readOnly, "One bit per source."),
      RegisterDescriptor(
        "ENABLE", at: enableBase, "One bit per source, for context 0; context c at +0x80·c."),
      RegisterDescriptor(
        "THRESHOLD", at: contextBase,
        "Only higher priorities interrupt context 0; context c at +0x1000·c."),
      RegisterDescriptor(
        "CLAIM", at: contextBase + 4,
        "Reading claims the best pending source, writing its number completes it; context c at "
          + "+0x1000·c."),
    ])

  private let registers: RegisterPort
  private let sources: Table<Line?>
  private let contexts: [Line]
  private let priorityMask: UInt32
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
  /// - Parameters:
  ///   - contexts: the external interrupts in the order of their contexts: hart 0 machine mode,
  ///     hart 0 supervisor mode, hart 1 machine mode and so on.
  ///   - harts: how many harts they belong to; the estimate of area counts one set of context
  ///     registers for each.
  ///   - priorityBits: bits of a priority and of a threshold, 1 to 32.
  public init(
    path: String, registers: RegisterPort, contexts: [Line], harts: Int? = nil,
    priorityBits: Int = PLIC.priorityBits, site: ModuleSite, arena: Arena
  ) {
    precondition(contexts.count <= Self.contextLimit, "a PLIC has room for 3584 contexts")
    precondition((1...32).contains(priorityBits), "a priority has 1 to 32 bits")
    self.registers = registers
    sources = Table(arena, count: Self.sourceCount + 1)
    for index in 0...Self.sourceCount { sources[index] = nil }
    self.contexts = contexts
    priorityMask = .max >> UInt32(32 - priorityBits)
    priorities = Table(arena, count: Self.sourceCount + 1)
    enables = Table(arena, count: max(1, contexts.count))
    thresholds = Table(arena, count: max(1, contexts.count))
    activity = PeripheralActivity(
      site: site, registers: Self.sourceCount + 1 + 3 * max(1, harts ?? contexts.count))
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
    for index in 0..<contexts.count {
      contexts[index].set(best(of: index, above: thresholds[index]) != 0)
    }
    return progress ? .nextCycle : .onPort
  }

  /// The pending, enabled source of the highest priority above `floor`, the lowest number on ties;
  /// 0 when there is none.
  private func best(of context: Int, above floor: UInt32) -> Int {
    var candidates = pending & enables[context]
    var (winner, highest) = (0, floor)
    while candidates != 0 {
      let source = candidates.trailingZeroBitCount
      candidates &= candidates - 1
      if priorities[source] > highest { (winner, highest) = (source, priorities[source]) }
    }
    return winner
  }

  // MARK: Registers

  private func serve(_ access: RegisterAccess) {
    switch access {
    case .read(let offset, let bytes):
      guard serves(offset, bytes) else {
        registers.complete(read: 0, ok: false)
        return
      }
      var value = UInt64(read(offset))
      if bytes == 8 { value |= UInt64(read(offset + 4)) << 32 }
      registers.complete(read: value)
    case .write(let offset, let bytes, let value):
      guard serves(offset, bytes) else {
        registers.completeWrite(ok: false)
        return
      }
      write(offset, UInt32(truncatingIfNeeded: value))
      if bytes == 8 { write(offset + 4, UInt32(truncatingIfNeeded: value >> 32)) }
      registers.completeWrite()
    }
  }

  private func serves(_ offset: UInt64, _ bytes: Int) -> Bool {
    guard bytes == 4 || bytes == 8, offset % UInt64(bytes) == 0 else { return false }
    switch offset {
    case ..<Self.enableBase: return true
    case ..<Self.contextBase: return enableContext(offset) < contexts.count
    default:
      return context(offset) < contexts.count
        && (offset - Self.contextBase) % Self.contextStride < 8
    }
  }

  private func enableContext(_ offset: UInt64) -> Int {
    Int((offset - Self.enableBase) / Self.enableStride)
  }

  private func context(_ offset: UInt64) -> Int {
    Int((offset - Self.contextBase) / Self.contextStride)
  }

  /// The word at `offset`, which lies in a context that exists.
  private func read(_ offset: UInt64) -> UInt32 {
    switch offset {
    case ..<0x1000:
      return offset < 4 * UInt64(priorities.count) ? priorities[Int(offset / 4)] : 0
    case ..<Self.enableBase:
      return offset == 0x1000 ? pending : 0
    case ..<Self.contextBase:
      return offset % Self.enableStride == 0 ? enables[enableContext(offset)] : 0
    default:
      return offset % Self.contextStride == 0
        ? thresholds[context(offset)] : UInt32(claim(for: context(offset)))
    }
  }

  private func claim(for context: Int) -> Int {
    // The specification: the threshold masks the notification, not what a claim returns.
    let winner = best(of: context, above: 0)
    if winner != 0 {
      pending &= ~(1 << UInt32(winner))
      claimed |= 1 << UInt32(winner)
      claims.add()
    }
    return winner
  }

  private func write(_ offset: UInt64, _ value: UInt32) {
    switch offset {
    case ..<0x1000:
      if offset > 0, offset < 4 * UInt64(priorities.count) {
        priorities[Int(offset / 4)] = value & priorityMask
      }
    case ..<Self.enableBase: break
    case ..<Self.contextBase:
      if offset % Self.enableStride == 0 { enables[enableContext(offset)] = value & ~1 }
    default:
      let context = context(offset)
      if offset % Self.contextStride == 0 {
        thresholds[context] = value & priorityMask
      } else if value <= Self.sourceCount, enables[context] & 1 << value != 0 {
        // Completion of a source that is not enabled here is ignored.
        claimed &= ~(1 << value)
      }
    }
  }
}
