internal import Fabric
internal import Peripherals

/// The host side of HTIF: `tohost` and `fromhost`, console and proxied system calls.
///
/// The words are ordinary memory; the hart reports stores to `tohost`. A store of 64 bits or of the
/// high word acts at once. A store of the low word arms: it acts when the same hart writes the high
/// word, or after ``lowWordPatience`` cycles, so that programs which write only the low word end
/// too.
final class HostInterface {
  /// Cycles after which a store of the low word alone acts.
  static let lowWordPatience: UInt64 = 1000

  private let toHost: UInt64
  private let fromHost: UInt64?
  private let memory: BackingStore
  private let memories: [BackingStore]
  private let console: Console
  private var replies: [UInt64] = []

  /// Creates the interface; nil when `tohost` lies in none of `memories`.
  init?(toHost: UInt64, fromHost: UInt64?, memories: [BackingStore], console: Console) {
    guard let memory = memories.first(where: { $0.contains(toHost, count: 8) }) else { return nil }
    self.toHost = toHost
    self.fromHost = fromHost.flatMap { memory.contains($0, count: 8) ? $0 : nil }
    self.memory = memory
    self.memories = memories
    self.console = console
  }

  /// Whether a store of `bytes` bytes at `address` acts at once.
  func isComplete(address: UInt64, bytes: Int) -> Bool {
    bytes == 8 || address >= toHost + 4
  }

  /// Whether a reply waits for the program to take the one before.
  var hasWaitingReply: Bool { !replies.isEmpty && fromHost != nil }

  /// Reads and clears `tohost`, acts, and returns the exit code if the program asked to end.
  func act() -> Int? {
    let command = load(memory, toHost)
    guard command != 0 else {
      deliverReply()
      return nil
    }
    store(memory, toHost, 0)
    let (device, code, payload) = (command >> 56, command >> 48 & 0xFF, command & 0xFFFF_FFFF_FFFF)
    switch (device, code) {
    case (0, 0):
      if payload & 1 != 0 { return Int(payload >> 1) }
      if let exit = systemCall(at: payload) { return exit }
      replies.append(1)
    case (1, 0):
      if let byte = console.receive() { replies.append(1 << 56 | 0x100 | UInt64(byte)) }
    case (1, 1): console.send(UInt8(truncatingIfNeeded: payload))
    default: break
    }
    deliverReply()
    return nil
  }

  /// Writes the oldest reply when the program has taken the previous one.
  private func deliverReply() {
    guard let fromHost, !replies.isEmpty, load(memory, fromHost) == 0 else { return }
    store(memory, fromHost, replies.removeFirst())
  }

  /// Executes the system call described by eight words at `address`; returns the code of `exit`.
  private func systemCall(at address: UInt64) -> Int? {
    guard let block = memories.first(where: { $0.contains(address, count: 64) }) else { return nil }
    let arguments = (0..<8).map { load(block, address + UInt64(8 * $0)) }
    var result = Int64(-38)  // ENOSYS
    switch arguments[0] {
    case 93: return Int(truncatingIfNeeded: arguments[1])
    case 64:
      let (descriptor, start) = (arguments[1], arguments[2])
      let count = Int(clamping: arguments[3])
      if descriptor != 1, descriptor != 2 {
        result = -9  // EBADF
      } else if let source = memories.first(where: { $0.contains(start, count: count) }) {
        for byte in source.read(at: start, count: count) { console.send(byte) }
        result = Int64(count)
      } else {
        result = -14  // EFAULT
      }
    default: break
    }
    store(block, address, UInt64(bitPattern: result))
    return nil
  }

  private func load(_ store: BackingStore, _ address: UInt64) -> UInt64 {
    (store.bytes + Int(address - store.base)).loadUnaligned(as: UInt64.self)
  }

  private func store(_ store: BackingStore, _ address: UInt64, _ value: UInt64) {
    (store.bytes + Int(address - store.base)).storeBytes(of: value, as: UInt64.self)
  }
}
