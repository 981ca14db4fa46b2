import Fabric
import SimKernel

/// A device that records every access, answers after a while and raises interrupts when it likes.
///
/// Registers: 0x00 to 0x3F keep what is written; 0x40 reads the device's cycle; a write to 0x44
/// takes away the external interrupt, one to 0x48 that of supervisor mode; everything else answers
/// SLVERR.
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
    /// The external interrupt of supervisor mode in these cycles.
    case supervisor([Cycle])
    /// A pulse of the software interrupt.
    case pulse(rise: Cycle, fall: Cycle)
    /// The external interrupts some cycles after they were taken away, and pulses of the software
    /// interrupt; all at random.
    case random(seed: UInt64, longestGap: Cycle)
  }

  /// The wires to a core.
  struct Wires {
    let software: Line
    let timer: Line
    let external: Line
    let supervisorExternal: Line
  }

  private(set) var accesses: [Access] = []
  private let registers: RegisterPort
  private let delay: Cycle
  private let wires: Wires
  private var random: SplitMix64
  private var raises: [Cycle] = []
  private var supervisorRaises: [Cycle] = []
  private let longestGap: Cycle
  private var nextChange = Cycle.max
  private var pulse = false
  private var fall = Cycle.max
  private var scratch: [UInt8] = Array(repeating: 0, count: 0x40)
  private var heldSince: Cycle?

  /// Creates the device; an access is answered `delay` cycles after it arrived.
  init(
    path: String, registers: RegisterPort, delay: Cycle, wires: Wires, schedule: Schedule
  ) {
    self.registers = registers
    self.delay = delay
    self.wires = wires
    random = SplitMix64(seed: 0)
    switch schedule {
    case .external(let cycles):
      raises = cycles
      longestGap = 0
    case .supervisor(let cycles):
      supervisorRaises = cycles
      longestGap = 0
    case .pulse(let rise, let fall):
      nextChange = rise
      self.fall = fall
      longestGap = 0
    case .random(let seed, let gap):
      random = SplitMix64(seed: seed)
      raises = [Cycle.random(in: 1...gap, using: &random)]
      nextChange = Cycle.random(in: 1...gap, using: &random)
      supervisorRaises = [Cycle.random(in: 1...gap, using: &random)]
      longestGap = gap
    }
    super.init(path: path)
  }

  override func tick(_ now: Cycle) -> Wake {
    var wake = Wake.onPort
    raise(&raises, wires.external, now)
    raise(&supervisorRaises, wires.supervisorExternal, now)
    if nextChange <= now {
      pulse.toggle()
      wires.software.set(pulse)
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
    for next in [raises.first, supervisorRaises.first] {
      if let next { wake = .earliest(wake, .at(next)) }
    }
    return .earliest(wake, .at(nextChange))
  }

  private func raise(_ raises: inout [Cycle], _ line: Line, _ now: Cycle) {
    guard let next = raises.first, next <= now else { return }
    raises.removeFirst()
    line.set(true)
  }

  private func serve(_ access: RegisterAccess, _ now: Cycle) {
    accesses.append(Access(cycle: now, access: access))
    switch access {
    case .read(let offset, let bytes):
      switch offset {
      case 0..<0x40:
        let place = Int(offset)
        registers.complete(
          read: scratch[place..<place + bytes].reversed().reduce(0) { $0 << 8 | UInt64($1) })
      case 0x40: registers.complete(read: now)
      default: registers.complete(read: 0, ok: false)
      }
    case .write(let offset, let bytes, let value):
      switch offset {
      case 0..<0x40:
        for index in 0..<bytes {
          scratch[Int(offset) + index] = UInt8(truncatingIfNeeded: value >> UInt64(8 * index))
        }
      case 0x44: acknowledge(wires.external, &raises, now)
      case 0x48: acknowledge(wires.supervisorExternal, &supervisorRaises, now)
      default:
        registers.completeWrite(ok: false)
        return
      }
      registers.completeWrite()
    }
  }

  private func acknowledge(_ line: Line, _ raises: inout [Cycle], _ now: Cycle) {
    line.set(false)
    if longestGap > 0, raises.isEmpty {
      raises = [now + Cycle.random(in: 1...longestGap, using: &random)]
    }
  }
}
