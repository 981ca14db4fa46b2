public import Peripherals

/// The host's side of HTIF: `tohost` and `fromhost`, with the devices that Spike has: 0 for
/// proxied system calls and exit, 1 for the console.
///
/// The words are ordinary memory; the hart reports stores to `tohost`. A store of 64 bits or of the
/// high word acts at once. A store of the low word arms: it acts when the same hart writes the high
/// word, or after ``lowWordPatience`` cycles, so that programs which write only the low word end
/// too. Replies are delivered one at a time, each when `fromhost` reads zero.
///
/// Unlike on Spike, a call that does not exist answers ENOSYS, and addresses outside memory answer
/// EFAULT; neither ends the run.
public final class HostInterface {
  /// Cycles after which a store of the low word alone acts.
  public static let lowWordPatience: UInt64 = 1000

  /// Replies that a program can leave untaken; it loses the ones after them.
  private static let mostReplies = 1 << 16
  private static let identityBytes = 64

  private let toHost: UInt64
  private let fromHost: UInt64?
  private let memory: any GuestMemory
  private let calls: SystemCalls
  private let console: Console
  private let report: (String) -> Void
  private var replies: [UInt64] = []
  /// The oldest reply that is not delivered.
  private var nextReply = 0
  /// Requests for a character of the console, which are answered when there is one.
  private var pendingReads = 0
  private var hasExited = false

  /// Creates the interface; nil when `tohost` does not lie in memory.
  public init?(
    toHost: UInt64, fromHost: UInt64?, memory: any GuestMemory, files: HostFiles,
    console: Console, arguments: [String], report: @escaping (String) -> Void
  ) {
    guard memory.contains(toHost, count: 8) else { return nil }
    self.toHost = toHost
    self.fromHost = fromHost.flatMap { memory.contains($0, count: 8) ? $0 : nil }
    self.memory = memory
    calls = SystemCalls(files: files, arguments: arguments)
    self.console = console
    self.report = report
  }

  /// Whether a store of `bytes` bytes at `address` acts at once.
  public func isComplete(address: UInt64, bytes: Int) -> Bool {
    bytes == 8 || address >= toHost + 4
  }

  /// Whether a reply waits for the program to take the one before.
  public var hasWaitingReply: Bool {
    fromHost != nil && (nextReply < replies.count || pendingReads > 0 && console.hasInput)
  }

  /// Reads and clears `tohost`, acts, and returns the exit code if the program asked to end.
  ///
  /// What a program writes after that has no effect.
  public func act() -> Int? {
    guard !hasExited else { return nil }
    let command = memory.integer(at: toHost, bytes: 8) ?? 0
    if command != 0 {
      _ = memory.write(0, bytes: 8, at: toHost)
      if let code = perform(command) {
        hasExited = true
        return code
      }
    }
    poll()
    return nil
  }

  /// Delivers a reply that waits, if the program has taken the one before.
  ///
  /// Nothing tells when a program takes a reply, so that this is called now and then while
  /// ``hasWaitingReply``. It leaves `tohost` alone, which a hart may be in the midst of writing.
  public func poll() {
    while pendingReads > 0, let byte = console.receive() {
      pendingReads -= 1
      reply(to: 1 << 56, 0x100 | UInt64(byte))
    }
    deliverReply()
  }

  /// Carries out `device[63:56] | command[55:48] | payload[47:0]`; the exit code if there is one.
  private func perform(_ command: UInt64) -> Int? {
    let payload = command & 0xFFFF_FFFF_FFFF
    switch (command >> 56, command >> 48 & 0xFF) {
    case (_, 255): identify(command, payload)
    case (0, 0):
      if payload & 1 != 0 {
        let code = Int(payload >> 1)
        if code != 0 { report("*** FAILED *** (tohost = \(code))") }
        return code
      }
      if let exit = systemCall(at: payload) { return exit }
      reply(to: command, 1)
    case (1, 0): if pendingReads < Self.mostReplies { pendingReads += 1 }
    case (1, 1): console.send(UInt8(truncatingIfNeeded: payload))
    default: break
    }
    return nil
  }

  /// Writes the name of a device (255) or of one of its commands to memory, in 64 bytes.
  private func identify(_ command: UInt64, _ payload: UInt64) {
    let names: [UInt64: String] =
      switch command >> 56 {
      case 0: [0: "syscall", 255: "syscall_proxy"]
      case 1: [0: "read", 1: "write", 255: "bcd"]
      default: [:]
      }
    var bytes = Array((names[payload & 0xFF] ?? "").utf8)
    bytes += [UInt8](repeating: 0, count: Self.identityBytes - bytes.count)
    _ = memory.write(bytes, at: payload >> 8)
    reply(to: command, 1)
  }

  /// Executes the call described by eight words at `address`, whose first receives the result;
  /// returns the code of `exit`.
  private func systemCall(at address: UInt64) -> Int? {
    guard memory.contains(address, count: 64) else { return nil }
    let words = (0..<8).map { memory.integer(at: address + UInt64(8 * $0), bytes: 8) ?? 0 }
    let call = SystemCall(rawValue: words[0])
    if call == .exit { return Int(truncatingIfNeeded: words[1]) }
    var arguments = CallArguments(
      Array(words[1...]), paths: .counted, wordBytes: 8, memory: memory)
    var result: Int64
    do throws(HostError) {
      guard let call else { throw .notImplemented }
      result = try calls.perform(call, &arguments)
    } catch {
      result = -Int64(error.number)
    }
    _ = memory.write(UInt64(bitPattern: result), bytes: 8, at: address)
    return nil
  }

  /// Queues a reply with the device and command of what it answers.
  private func reply(to command: UInt64, _ payload: UInt64) {
    guard fromHost != nil, replies.count - nextReply < Self.mostReplies else { return }
    replies.append((command >> 48) << 48 | payload)
  }

  /// Writes the oldest reply when the program has taken the previous one.
  private func deliverReply() {
    guard let fromHost, nextReply < replies.count,
      memory.integer(at: fromHost, bytes: 8) == 0
    else { return }
    _ = memory.write(replies[nextReply], bytes: 8, at: fromHost)
    nextReply += 1
    if nextReply == replies.count {
      replies.removeAll(keepingCapacity: true)
      nextReply = 0
    } else if nextReply == Self.mostReplies {
      replies.removeFirst(nextReply)
      nextReply = 0
    }
  }
}
