public import Peripherals

/// What a user decides about the services that the host offers to programs.
public struct HostSettings: Sendable, Equatable {
  /// Which files of the host programs can use. The default is none.
  public var access: HostAccess
  /// `argv` for programs that ask: the program's name first.
  public var arguments: [String]
  /// Memory behind the program, which is free for its heap and stack, if known.
  public var freeMemory: Range<UInt64>?
  /// Whether the semihosting sequence calls the host instead of being a breakpoint.
  public var hasSemihosting: Bool
  /// Whether `ecall` calls the host with Linux's numbers (programs linked with
  /// `--specs=sim.specs`) instead of trapping.
  public var hasLinuxCalls: Bool

  /// Settings; the defaults give the console, HTIF and semihosting, and no files.
  public init(
    access: HostAccess = .none, arguments: [String] = [], freeMemory: Range<UInt64>? = nil,
    hasSemihosting: Bool = true, hasLinuxCalls: Bool = false
  ) {
    self.access = access
    self.arguments = arguments
    self.freeMemory = freeMemory
    self.hasSemihosting = hasSemihosting
    self.hasLinuxCalls = hasLinuxCalls
  }
}

/// What the host's answer to a call means for the hart.
public enum HostOutcome: Sendable, Equatable {
  /// The program goes on behind the call with this value in `a0`, zero-extended from XLEN.
  case resume(UInt64)
  /// The program ends with this code.
  case exit(Int)
}

/// A hart, as a call to the host needs it.
public struct HostCaller {
  /// Bytes of a register: 4 or 8.
  public let wordBytes: Int
  /// The instant of the call.
  public let time: HostTime
  /// Where a virtual address is in physical memory; nil when it is not mapped for the caller.
  public let translate: (UInt64) -> UInt64?

  /// Describes a hart; by default its addresses are physical.
  public init(
    wordBytes: Int, time: HostTime, translate: @escaping (UInt64) -> UInt64? = { $0 }
  ) {
    self.wordBytes = wordBytes
    self.time = time
    self.translate = translate
  }

  /// A result as the register holds it.
  func resume(_ value: Int64) -> HostOutcome {
    let word = UInt64(bitPattern: value)
    return .resume(wordBytes == 4 ? word & 0xFFFF_FFFF : word)
  }
}

/// The services of the host, one for all harts of a system.
public struct HostServices {
  /// `tohost` and `fromhost`, if the program has them in memory.
  public let hostInterface: HostInterface?
  /// RISC-V semihosting, if it is on.
  public let semihosting: Semihosting?
  /// Linux system calls by `ecall`, if they are on.
  public let linuxCalls: LinuxCalls?

  /// Creates the services.
  ///
  /// - Parameters:
  ///   - memory: the memory that programs pass buffers in.
  ///   - toHost: the address of `tohost`, if the program has it; likewise `fromHost`.
  ///   - report: given a line for the user's error stream now and then.
  public init(
    settings: HostSettings, console: Console, memory: any GuestMemory, toHost: UInt64?,
    fromHost: UInt64?, report: @escaping (String) -> Void
  ) {
    let files = HostFiles(access: settings.access, console: console, report: report)
    hostInterface = toHost.flatMap {
      HostInterface(
        toHost: $0, fromHost: fromHost, memory: memory, files: files, console: console,
        arguments: settings.arguments, report: report)
    }
    semihosting =
      settings.hasSemihosting
      ? Semihosting(
        files: files, console: console, memory: memory, settings: settings, report: report) : nil
    linuxCalls =
      settings.hasLinuxCalls
      ? LinuxCalls(files: files, memory: memory, settings: settings) : nil
  }
}
