import Fabric
import Foundation
import Peripherals
import Processors
import Testing

/// A folder of the host for the files of one test, removed with this object.
final class ScratchFolder {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.path + "/flecsim-" + UUID().uuidString
    try FileManager.default.createDirectory(
      atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func write(_ text: String, to name: String) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: path + "/" + name))
  }

  func read(_ name: String) throws -> String {
    String(decoding: try Data(contentsOf: URL(fileURLWithPath: path + "/" + name)), as: UTF8.self)
  }

  func makeFolder(_ name: String) throws {
    try FileManager.default.createDirectory(
      atPath: path + "/" + name, withIntermediateDirectories: true)
  }

  func link(_ name: String, to target: String) throws {
    try FileManager.default.createSymbolicLink(
      atPath: path + "/" + name, withDestinationPath: target)
  }

  func exists(_ name: String) -> Bool {
    FileManager.default.fileExists(atPath: path + "/" + name)
  }
}

/// The host's services with a memory, without a processor.
final class HostBench {
  static let base: UInt64 = 0x8000_0000
  static let size = 1 << 18
  static let toHost = base + 0xF000
  static let fromHost = base + 0xF040
  static let block = base + 0x1000
  static let names = base + 0x2000
  static let buffer = base + 0x4000
  /// The second half of memory, twice the size of a piece of a transfer.
  static let large = base + 0x2_0000

  /// What the services told the rest of the simulator.
  final class Log {
    var reports: [String] = []
    var writes: [ClosedRange<UInt64>] = []
  }

  let memory: BackingStore
  let console: Console
  let log = Log()
  let services: HostServices
  var ticks: UInt64 = 0

  init(
    _ settings: HostSettings = HostSettings(), input: String = "", fromHost: UInt64? = fromHost
  ) throws {
    memory = try #require(BackingStore(base: Self.base, size: Self.size))
    console = Console(input: Array(input.utf8))
    let log = log
    services = HostServices(
      settings: settings, console: console,
      memory: PhysicalStores([memory]) { log.writes.append($0) }, toHost: Self.toHost,
      fromHost: fromHost
    ) { log.reports.append($0) }
  }

  /// A bench whose programs are confined to a folder.
  convenience init(_ folder: ScratchFolder, input: String = "") throws {
    try self.init(HostSettings(access: .folder(folder.path)), input: input)
  }

  var output: String { String(decoding: console.output, as: UTF8.self) }

  // MARK: Memory

  func word(_ address: UInt64, bytes: Int = 8) -> UInt64 {
    memory.read(at: address, count: bytes).reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  func store(_ value: UInt64, at address: UInt64, bytes: Int = 8) {
    memory.write(
      (0..<bytes).map { UInt8(truncatingIfNeeded: value >> UInt64(8 * $0)) }, at: address)
  }

  func text(_ address: UInt64, _ count: Int) -> String {
    String(decoding: memory.read(at: address, count: count), as: UTF8.self)
  }

  /// Puts a string with a zero at its end into memory; where it is and how long with the zero.
  func put(_ text: String, at address: UInt64 = names) -> (address: UInt64, count: UInt64) {
    memory.write(Array(text.utf8) + [0], at: address)
    return (address, UInt64(text.utf8.count) + 1)
  }

  // MARK: Calls

  var time: HostTime { HostTime(ticks: ticks, ticksPerSecond: 1_000_000_000) }

  /// Writes a command to `tohost` and lets the host act.
  @discardableResult
  func command(_ device: UInt64, _ code: UInt64, _ payload: UInt64) throws -> Int? {
    store(device << 56 | code << 48 | payload, at: Self.toHost)
    return try #require(services.hostInterface).act()
  }

  /// Takes the reply in `fromhost`.
  func takeReply() -> UInt64 {
    defer { store(0, at: Self.fromHost) }
    return word(Self.fromHost)
  }

  /// A proxied system call by HTIF; its result.
  func call(_ number: UInt64, _ arguments: UInt64...) throws -> Int64 {
    for index in 0..<8 { store(0, at: Self.block + UInt64(8 * index)) }
    for (index, word) in ([number] + arguments).enumerated() {
      store(word, at: Self.block + UInt64(8 * index))
    }
    #expect(try command(0, 0, Self.block) == nil)
    #expect(takeReply() == 1)
    return Int64(bitPattern: word(Self.block))
  }

  /// `openat` from the working directory.
  func open(_ path: String, _ flags: OpenFlags = [], mode: UInt64 = 0o644) throws -> Int64 {
    let name = put(path)
    return try call(
      56, UInt64(bitPattern: -100), name.address, name.count, UInt64(flags.rawValue), mode)
  }

  /// A semihosting operation with a block; `a0` sign-extended, or nil after an exit.
  func semihost(
    _ operation: UInt64, _ fields: [UInt64], wordBytes: Int = 8
  ) throws -> Int64? {
    for (index, field) in fields.enumerated() {
      store(field, at: Self.block + UInt64(wordBytes * index), bytes: wordBytes)
    }
    return try semihost(operation, parameter: Self.block, wordBytes: wordBytes)
  }

  /// A semihosting operation; `a0` sign-extended, or nil after an exit.
  func semihost(_ operation: UInt64, parameter: UInt64, wordBytes: Int = 8) throws -> Int64? {
    let outcome = try #require(services.semihosting).perform(
      operation: operation, parameter: parameter,
      caller: HostCaller(wordBytes: wordBytes, time: time))
    guard case .resume(let word) = outcome else { return nil }
    if wordBytes == 4 { #expect(word >> 32 == 0) }
    return wordBytes == 4 ? Int64(Int32(truncatingIfNeeded: word)) : Int64(bitPattern: word)
  }

  /// A Linux system call by `ecall`.
  func linux(_ number: UInt64, _ arguments: UInt64..., wordBytes: Int = 8) throws -> HostOutcome {
    try #require(services.linuxCalls).perform(
      number: number, arguments: arguments, caller: HostCaller(wordBytes: wordBytes, time: time))
  }
}

/// The outcome that a result of a call has on RV64.
func result(_ value: Int64) -> HostOutcome { .resume(UInt64(bitPattern: value)) }

/// Makes a named pipe; whether that worked.
func makePipe(_ path: String) -> Bool { mkfifo(path, 0o600) == 0 }

/// Type and permissions of a file.
func fileMode(_ path: String) throws -> UInt32 {
  let attributes = try FileManager.default.attributesOfItem(atPath: path)
  return UInt32(truncating: try #require(attributes[.posixPermissions] as? NSNumber))
}
