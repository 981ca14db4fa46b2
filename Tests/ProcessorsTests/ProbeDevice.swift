import Fabric
import SimKernel

/// A device that records every access, answers after a while and raises interrupts when it likes.
///
/// Registers: 0x00 to 0x3C keep what is written; 0x40 reads the device's cycle; a write to 0x44
/// takes away the external interrupt; everything else answers SLVERR.
final class ProbeDevice: Module {
  /// An access and the cycle in which it was served.
  struct Access: Equatable {
    let cycle: Cycle
    let access: RegisterAccess
  }

  /// When the device raises its wires.
  enum Schedule {
    /// The external interrupt in these cycles.
    case external([Cycle])
    /// A pulse of the software interrupt.
    case pulse(rise: Cycle, fall: Cycle)
    /// The external interrupt some cycles after it was taken away, and pulses of the software
    /// interrupt; both at random.
    case random(seed: UInt64, longestGap: Cycle)
  }

  private(set) var accesses: [Access] = []
  private let registers: RegisterPort
  private let delay: Cycle
  private let external: Line
  private let software: Line
  private var random: SplitMix64
  private var raises: [Cycle]
  private let longestGap: Cycle
  private var nextChange = Cycle.max
  private var pulse = false
  private var fall = Cycle.max
  private var scratch: [UInt64] = Array(repeating: 0, count: 16)
  private var heldSince: Cycle?

  /// Creates the device; an access is answered `delay` cycles after it arrived.
  init(
    path: String, registers: RegisterPort, delay: Cycle, external: Line, software: Line,
    schedule: Schedule
  ) {
    self.registers = registers
    self.delay = delay
    self.external = external
    self.software = software
    switch schedule {
    case .external(let cycles):
      raises = cycles
      longestGap = 0
      random = SplitMix64(seed: 0)
    case .pulse(let rise, let fall):
      raises = []
      nextChange = rise
      self.fall = fall
      longestGap = 0
      random = SplitMix64(seed: 0)
    case .random(let seed, let gap):
      random = SplitMix64(seed: seed)
      raises = [Cycle.random(in: 1...gap, using: &random)]
      nextChange = Cycle.random(in: 1...gap, using: &random)
      longestGap = gap
    }
    super.init(path: path)
  }

  override func tick(_ now: Cycle) -> Wake {
    var wake = Wake.onPort
    if let next = raises.first {
      if next <= now {
        raises.removeFirst()
        external.set(true)
      }
    }
    if nextChange <= now {
      pulse.toggle()
      software.set(pulse)
      nextChange =
        longestGap == 0
        ? (pulse ? fall : .max)
        : now + Cycle.random(in: 1...(pulse ? 12 : 4 * longestGap), using: &random)
    }
    if registers.mayHaveAccess {
      let since = heldSince ?? now
      heldSince = since
      if now >= since + delay, let access = registers.next() {
        heldSince = nil
        serve(access, now)
        return .nextCycle
      }
      wake = .at(since + delay)
    }
    if let next = raises.first { wake = .earliest(wake, .at(next)) }
    return .earliest(wake, .at(nextChange))
  }

  private func serve(_ access: RegisterAccess, _ now: Cycle) {
    accesses.append(Access(cycle: now, access: access))
    switch access {
    case .read(let offset, _):
      switch offset {
      case 0..<0x40: registers.complete(read: scratch[Int(offset / 4)] >> (offset % 4 * 8))
      case 0x40: registers.complete(read: now)
      default: registers.complete(read: 0, ok: false)
      }
    case .write(let offset, _, let value):
      switch offset {
      case 0..<0x40: scratch[Int(offset / 4)] = value
      case 0x44:
        external.set(false)
        if longestGap > 0, raises.isEmpty {
          raises = [now + Cycle.random(in: 1...longestGap, using: &random)]
        }
      default:
        registers.completeWrite(ok: false)
        return
      }
      registers.completeWrite()
    }
  }
}
