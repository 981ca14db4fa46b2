public import Fabric
public import SimKernel
public import Telemetry

/// The marker block: firmware says which layer or phase it is in, and opens waveform windows.
///
/// It is an instrument, not hardware one would build: its names are read from memory by the tool
/// without bus traffic.
public final class Marker: Module {
  /// The register map.
  public static let map = RegisterMap(
    device: "Marker",
    [
      RegisterDescriptor(
        "TAG", at: 0x00, access: .writeOnly,
        "Everything from now on is charged to this tag number or its configured name."),
      RegisterDescriptor(
        "TAG_NAME", at: 0x04, access: .writeOnly,
        "Address of a C string in memory: the tag by name."),
      RegisterDescriptor("WAVES", at: 0x08, "1 records waveforms, 0 does not."),
      RegisterDescriptor(
        "TIME_LO", at: 0x0C, access: .readOnly, reset: nil, "Simulated time in ns, low half."),
      RegisterDescriptor(
        "TIME_HI", at: 0x10, access: .readOnly, reset: nil,
        "High half of the time at the last read of TIME_LO."),
    ])

  private let registers: RegisterPort
  private let registry: Registry
  private let memories: [BackingStore]
  private let names: [UInt64: String]
  private let time: UnsafeMutablePointer<Tick>
  private let nanoseconds: TimeBase
  private var latched: UInt64 = 0
  private var isRecording = false
  private let activity: PeripheralActivity

  /// Creates the device.
  ///
  /// - Parameters:
  ///   - names: names of tag numbers.
  ///   - memories: where tag names may lie.
  public init(
    path: String, registers: RegisterPort, registry: Registry, names: [UInt64: String],
    memories: [BackingStore], site: ModuleSite, kernel: Kernel
  ) {
    self.registers = registers
    self.registry = registry
    self.names = names
    self.memories = memories
    time = kernel.time
    nanoseconds = TimeBase(ticksPerSecond: kernel.ticksPerSecond, hertz: 1_000_000_000)
    activity = PeripheralActivity(site: site, registers: 5)
    super.init(path: path)
  }

  public override func tick(_ now: Cycle) -> Wake {
    let waiting = registers.next()
    activity.note(served: waiting != nil, at: now)
    guard let access = waiting else { return .onPort }
    switch access {
    case .read(let offset, let bytes):
      let value = bytes == 4 ? read(offset) : nil
      registers.complete(read: value ?? 0, ok: value != nil)
    case .write(let offset, let bytes, let value):
      registers.completeWrite(ok: bytes == 4 && write(offset, value))
    }
    return .nextCycle
  }

  private func read(_ offset: UInt64) -> UInt64? {
    switch offset {
    case 0x00, 0x04: return 0
    case 0x08: return isRecording ? 1 : 0
    case 0x0C:
      latched = nanoseconds.count(at: time.pointee)
      return latched & 0xFFFF_FFFF
    case 0x10: return latched >> 32
    default: return nil
    }
  }

  private func write(_ offset: UInt64, _ value: UInt64) -> Bool {
    switch offset {
    case 0x00: registry.changeTag(to: names[value] ?? String(value))
    case 0x04:
      guard let name = string(at: value) else { return false }
      registry.changeTag(to: name)
    case 0x08:
      isRecording = value & 1 != 0
      registry.setWaveWindow(isRecording)
    case 0x0C, 0x10: break
    default: return false
    }
    return true
  }

  /// The C string at `address`, of at most 64 bytes.
  private func string(at address: UInt64) -> String? {
    guard let store = memories.first(where: { $0.contains(address, count: 1) }) else {
      return nil
    }
    var bytes: [UInt8] = []
    var cursor = address
    while bytes.count < 64, store.contains(cursor, count: 1) {
      let byte = store.read(at: cursor, count: 1)[0]
      if byte == 0 { break }
      bytes.append(byte)
      cursor += 1
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
