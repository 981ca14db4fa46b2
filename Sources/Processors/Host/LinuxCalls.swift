/// System calls by `ecall` with the numbers of RISC-V Linux and of newlib's `libgloss`, for programs
/// that expect a simulator to answer them (`--specs=sim.specs`): `a7` is the number, `a0` to `a5`
/// the arguments, `a0` the result or a negative error number.
///
/// Addresses are those of the caller. Time is simulated time.
public final class LinuxCalls {
  /// Calls beyond those that HTIF proxies too.
  private enum Extra: UInt64 {
    case dup = 23
    case writev = 66
    case exitGroup = 94
    case clockGetTime = 113
    case kill = 129
    case times = 153
    case getTimeOfDay = 169
    case getpid = 172
    case getuid = 174
    case geteuid = 175
    case getgid = 176
    case getegid = 177
    case brk = 214
    case clockGetTime64 = 403
    case open = 1024
    case link = 1025
    case unlink = 1026
    case mkdir = 1030
    case access = 1033
    case stat = 1038
    case time = 1062
  }

  /// The one process's number.
  private static let process: Int32 = 1
  /// What `times` counts in, in Hz (USER_HZ).
  private static let clockTicks: UInt64 = 100
  /// IOV_MAX of Linux.
  private static let mostPieces: UInt64 = 1024

  private let files: HostFiles
  private let memory: any GuestMemory
  private let calls: SystemCalls
  private let freeMemory: Range<UInt64>?
  /// The end of the heap.
  private var heapEnd: UInt64

  /// Creates the host's side.
  public init(files: HostFiles, memory: any GuestMemory, settings: HostSettings) {
    self.files = files
    self.memory = memory
    calls = SystemCalls(files: files, arguments: settings.arguments)
    freeMemory = settings.freeMemory
    heapEnd = settings.freeMemory?.lowerBound ?? 0
  }

  /// Carries out the call `number` (`a7`) with the registers from `a0` on.
  public func perform(
    number: UInt64, arguments: [UInt64], caller: HostCaller
  ) -> HostOutcome {
    var a = CallArguments(
      arguments, paths: .terminated, wordBytes: caller.wordBytes,
      memory: TranslatedMemory(
        memory, wordBytes: caller.wordBytes, translate: caller.translate))
    let number = number & 0xFFFF_FFFF
    do throws(HostError) {
      if let call = SystemCall(rawValue: number) {
        if call == .exit { return .exit(Int(a.int())) }
        return caller.resume(try calls.perform(call, &a))
      }
      guard let call = Extra(rawValue: number) else { throw .notImplemented }
      switch call {
      case .exitGroup: return .exit(Int(a.int()))
      case .kill:
        // A program can only end itself, as `abort` does.
        let (process, signal) = (a.int(), a.int())
        guard process == Self.process, (0..<64).contains(signal) else { throw .invalidArgument }
        return signal == 0 ? caller.resume(0) : .exit(128 + Int(signal))
      default: return caller.resume(try perform(call, &a, caller))
      }
    } catch {
      return caller.resume(-Int64(error.number))
    }
  }

  private func perform(
    _ call: Extra, _ a: inout CallArguments, _ caller: HostCaller
  ) throws(HostError) -> Int64 {
    switch call {
    case .dup: return Int64(try files.duplicate(a.int()))
    case .writev: return try writePieces(&a)
    case .getpid: return Int64(Self.process)
    case .getuid, .geteuid, .getgid, .getegid: return 0
    case .brk: return try moveHeapEnd(a.word())
    case .clockGetTime, .clockGetTime64:
      _ = a.word()  // all clocks show the same
      try giveTime(fraction: 1_000_000_000, caller, &a)
    case .getTimeOfDay: try giveTime(fraction: 1_000_000, caller, &a)
    case .times: return try giveProcessTimes(caller, &a)
    case .time:
      let (seconds, buffer) = (caller.time.seconds, a.word())
      guard buffer == 0 || a.memory.write(seconds, bytes: 8, at: buffer) else {
        throw .badAddress
      }
      return Int64(bitPattern: seconds)
    case .open:
      let path = try a.path()
      let flags = OpenFlags(newlib: UInt32(bitPattern: a.int()))
      return Int64(
        try files.open(path, flags: flags, permissions: UInt32(bitPattern: a.int())))
    case .link:
      let path = try a.path()
      try files.link(path, to: try a.path())
    case .unlink: try files.remove(a.path())
    case .mkdir:
      let path = try a.path()
      try files.makeFolder(path, permissions: UInt32(bitPattern: a.int()))
    case .access:
      let path = try a.path()
      try files.check(path, access: a.int())
    case .stat:
      let status = try files.status(of: a.path(), follow: true)
      guard a.memory.write(status.kernelStat, at: a.word()) else { throw .badAddress }
    case .exitGroup, .kill: throw .notImplemented
    }
    return 0
  }

  /// Seconds in 64 bits and a fraction in as many, which is right for 32-bit programs too: their
  /// `long` is followed by padding.
  private func giveTime(
    fraction: UInt64, _ caller: HostCaller, _ a: inout CallArguments
  ) throws(HostError) {
    let count = caller.time.count(hertz: fraction)
    let bytes =
      littleEndian(caller.time.seconds, bytes: 8) + littleEndian(count % fraction, bytes: 8)
    guard a.memory.write(bytes, at: a.word()) else { throw .badAddress }
  }

  /// `struct tms`: all time is the program's own.
  private func giveProcessTimes(
    _ caller: HostCaller, _ a: inout CallArguments
  ) throws(HostError) -> Int64 {
    let ticks = caller.time.count(hertz: Self.clockTicks)
    let buffer = a.word()
    let bytes = [ticks, 0, 0, 0].flatMap { littleEndian($0, bytes: caller.wordBytes) }
    guard buffer == 0 || a.memory.write(bytes, at: buffer) else { throw .badAddress }
    return Int64(bitPattern: ticks)
  }

  /// `brk`: the new end of the heap, or the present one when the new is out of bounds. Where nobody
  /// knows what is free, every address in memory is taken.
  private func moveHeapEnd(_ address: UInt64) throws(HostError) -> Int64 {
    if let freeMemory {
      if address >= freeMemory.lowerBound, address <= freeMemory.upperBound {
        heapEnd = address
      }
    } else if address > 0, memory.contains(address - 1, count: 1) {
      heapEnd = address
    }
    guard heapEnd > 0 else { throw .noMemory }
    return Int64(bitPattern: heapEnd)
  }

  private func writePieces(_ a: inout CallArguments) throws(HostError) -> Int64 {
    let (number, list, count) = (a.int(), a.word(), a.word())
    guard count <= Self.mostPieces else { throw .invalidArgument }
    let word = a.wordBytes
    var done: UInt64 = 0
    for index in 0..<count {
      let entry = list &+ index * UInt64(2 * word)
      guard let start = a.memory.integer(at: entry, bytes: word),
        let length = a.memory.integer(at: entry &+ UInt64(word), bytes: word)
      else { throw .badAddress }
      do throws(HostError) {
        let moved = try files.write(number, from: a.memory, at: start, count: length)
        done &+= moved
        if moved < length { break }
      } catch {
        if done == 0 { throw error }
        break
      }
    }
    return Int64(bitPattern: done)
  }
}
