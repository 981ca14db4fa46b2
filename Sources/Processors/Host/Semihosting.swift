public import Peripherals

/// RISC-V semihosting (version 0.4, with the operations of Arm's): a program calls the host by
/// `ebreak` between two shifts of `x0` that mean nothing. `a0` names the operation, `a1` points to
/// a block of register-sized fields or is the argument itself; the result goes to `a0`.
///
/// Clocks tell simulated time. Whatever a program passes, the answer is at worst an error: -1, and
/// the reason for the operation ERRNO.
public final class Semihosting {
  /// The instruction before the `ebreak`: `slli x0, x0, 0x1f`.
  public static let entryMarker: UInt32 = 0x01F0_1013
  /// The instruction that calls: `ebreak`, not compressed.
  public static let call: UInt32 = 0x0010_0073
  /// The instruction behind the `ebreak`: `srai x0, x0, 7`.
  public static let exitMarker: UInt32 = 0x4070_5013

  /// The frequency of ELAPSED and TICKFREQ in Hz.
  static let tickFrequency: UInt64 = 1_000_000_000
  /// What the file `:semihosting-features` says: magic, then EXIT_EXTENDED and separate `stdout`
  /// and `stderr`.
  private static let features = Array("SHFB".utf8) + [0b11]
  /// What lies beyond without a zero is no string.
  private static let longestString: UInt64 = 1 << 20
  /// The reason of EXIT for a normal end (ADP_Stopped_ApplicationExit).
  private static let applicationExit: UInt64 = 0x20026

  private let files: HostFiles
  private let console: Console
  private let memory: any GuestMemory
  private let settings: HostSettings
  private let report: (String) -> Void
  private var lastError: Int32 = 0
  private var isReported = false

  /// Creates the host's side.
  ///
  /// - Parameter report: given a line for the user the first time a program asks for an operation
  ///   that does not exist.
  public init(
    files: HostFiles, console: Console, memory: any GuestMemory, settings: HostSettings,
    report: @escaping (String) -> Void
  ) {
    self.files = files
    self.console = console
    self.memory = memory
    self.settings = settings
    self.report = report
  }

  /// Whether the `ebreak` at `address` is a call and no breakpoint: both neighbours are in place,
  /// in the same page.
  ///
  /// - Parameter word: the 32-bit word at a virtual address, nil when none can be fetched.
  public static func isCall(at address: UInt64, word: (UInt64) -> UInt32?) -> Bool {
    let offset = address % 4096
    return offset >= 4 && offset <= 4088 && word(address &- 4) == entryMarker
      && word(address) == call && word(address &+ 4) == exitMarker
  }

  /// Carries out the operation `a0` with the parameter `a1`.
  public func perform(
    operation: UInt64, parameter: UInt64, caller: HostCaller
  ) -> HostOutcome {
    let virtual = TranslatedMemory(
      memory, wordBytes: caller.wordBytes, translate: caller.translate)
    let block = SemihostingBlock(
      address: parameter, wordBytes: caller.wordBytes, memory: virtual)
    let number = operation & 0xFFFF_FFFF
    if number == SemihostingOperation.exit.rawValue, caller.wordBytes == 4 {
      return .exit(block.address == Self.applicationExit ? 0 : 1)
    }
    do throws(HostError) {
      guard let operation = SemihostingOperation(rawValue: number) else {
        note("the semihosting operation 0x\(String(number, radix: 16)), which does not exist")
        throw .notImplemented
      }
      switch operation {
      case .exit, .exitExtended:
        let (reason, code) = (try block[0], try block[1])
        guard reason == Self.applicationExit else { return .exit(1) }
        return .exit(Int(Int32(truncatingIfNeeded: code)))
      case .open, .close, .write, .read, .isTerminal, .seek, .length, .temporaryName, .remove,
        .rename:
        return caller.resume(try perform(fileOperation: operation, block))
      case .writeCharacter, .writeString, .readCharacter:
        return caller.resume(try perform(consoleOperation: operation, block))
      case .isError: return caller.resume(try block.signed(0) < 0 ? 1 : 0)
      case .errorNumber: return caller.resume(Int64(lastError))
      case .clock: return caller.resume(Int64(bitPattern: caller.time.count(hertz: 100)))
      case .time: return caller.resume(Int64(bitPattern: caller.time.seconds))
      case .tickFrequency: return caller.resume(Int64(Self.tickFrequency))
      case .elapsed:
        let ticks = caller.time.count(hertz: Self.tickFrequency)
        guard virtual.write(ticks, bytes: 8, at: block.address) else { throw .badAddress }
      case .commandLine: try giveCommandLine(block)
      case .heapInformation: try giveHeap(block)
      case .system:
        note("a command of the host, which it never gets")
        throw .notImplemented
      }
      return caller.resume(0)
    } catch {
      lastError = error.number
      return caller.resume(-1)
    }
  }

  private func note(_ what: String) {
    guard !isReported else { return }
    isReported = true
    report("warning: the firmware asked for \(what)")
  }

  // MARK: Console

  private func perform(
    consoleOperation operation: SemihostingOperation, _ block: SemihostingBlock
  ) throws(HostError) -> Int64 {
    let (memory, address) = (block.memory, block.address)
    switch operation {
    case .readCharacter: return console.receive().map(Int64.init) ?? -1
    case .writeCharacter:
      guard let byte = memory.integer(at: address, bytes: 1) else { throw .badAddress }
      console.send(UInt8(truncatingIfNeeded: byte))
    default:
      for byte in try memory.string(at: address, limit: Self.longestString) {
        console.send(byte)
      }
    }
    return 0
  }

  // MARK: Files

  private func perform(
    fileOperation operation: SemihostingOperation, _ block: SemihostingBlock
  ) throws(HostError) -> Int64 {
    switch operation {
    case .open: return Int64(try open(block))
    case .close: try files.close(block.handle)
    case .read, .write: return try transfer(operation, block)
    case .isTerminal: return try files.isTerminal(block.handle) ? 1 : 0
    case .seek:
      let position = try block[1]
      // Beyond 2^63 this is negative, which seeking refuses.
      _ = try files.seek(block.handle, by: Int64(bitPattern: position), from: 0)
    case .length: return Int64(clamping: try files.length(block.handle))
    case .temporaryName:
      let identifier = String(try block[1] & 0xFF, radix: 16)
      let name = "temporary-\(identifier).tmp".utf8 + [0]
      guard try block[2] >= UInt64(name.count) else { throw .argumentsTooLong }
      guard block.memory.write(Array(name), at: try block[0]) else { throw .badAddress }
    case .remove:
      let path = try block.path(0)
      do throws(HostError) {
        try files.remove(path)
      } catch {
        guard error == .isDirectory else { throw error }
        try files.remove(path, isFolder: true)
      }
    default:
      let (old, new) = (try block.path(0), try block.path(2))
      try files.rename(old, to: new)
    }
    return 0
  }

  private func open(_ block: SemihostingBlock) throws(HostError) -> Int32 {
    let mode = try block[1]
    guard let flags = OpenFlags(semihostingMode: mode) else { throw .invalidArgument }
    let path = try block.path(name: 0, length: 2)
    switch String(decoding: path, as: UTF8.self) {
    case ":tt": return try files.openConsole(forInput: mode < 4)
    case ":semihosting-features":
      guard mode < 2 else { throw .accessDenied }
      return try files.open(constant: Self.features)
    default: return try files.open(path, flags: flags)
    }
  }

  /// READ and WRITE give the number of bytes that were not transferred, all of them after an error.
  private func transfer(
    _ operation: SemihostingOperation, _ block: SemihostingBlock
  ) throws(HostError) -> Int64 {
    let (handle, start, count) = (try block.handle, try block[1], try block[2])
    var moved: UInt64 = 0
    do throws(HostError) {
      moved =
        operation == .read
        ? try files.read(handle, into: block.memory, at: start, count: count)
        : try files.write(handle, from: block.memory, at: start, count: count)
    } catch {
      lastError = error.number
    }
    return Int64(bitPattern: count &- moved)
  }

  // MARK: About the program

  private func giveCommandLine(_ block: SemihostingBlock) throws(HostError) {
    let line = Array(settings.arguments.joined(separator: " ").utf8)
    let (buffer, room) = (try block[0], try block[1])
    guard room > UInt64(line.count) else { throw .argumentsTooLong }
    guard block.memory.write(line + [0], at: buffer) else { throw .badAddress }
    try block.store(UInt64(line.count), 1)
  }

  /// Where heap and stack can be, both in what is free; zeros when nobody knows, which makes
  /// programs use what they were linked with.
  private func giveHeap(_ block: SemihostingBlock) throws(HostError) {
    let (base, limit) =
      settings.freeMemory.map { ($0.lowerBound, $0.upperBound) } ?? (0, 0)
    let result = SemihostingBlock(
      address: try block[0], wordBytes: block.wordBytes, memory: block.memory)
    for (index, value) in [base, limit, limit, base].enumerated() {
      try result.store(value, index)
    }
  }
}
