public import Peripherals

/// The open files of a simulated program, whichever way it asks the host: one table of descriptors
/// for HTIF, semihosting and Linux system calls, and the console as 0, 1 and 2.
///
/// Nothing a program asks for waits: reading the console gives what is there, and end of file when
/// nothing is. All failures are ``HostError``s.
public final class HostFiles {
  /// Instead of a descriptor of a folder: the working directory (AT_FDCWD).
  public static let workingDirectory: Int32 = -100
  /// The most descriptors in use; the host itself needs some.
  public static let mostOpen = 256
  /// The most bytes of one transfer between a file and memory; larger ones are done in pieces.
  static let transferSize = 1 << 16

  enum Descriptor {
    case consoleInput
    case consoleOutput
    case file(OpenFile)
    case constant(ConstantFile)
  }

  let paths: any HostPaths
  private let console: Console
  private var table: [Descriptor?] = [.consoleInput, .consoleOutput, .consoleOutput]

  /// Starts with the console on descriptors 0, 1 and 2.
  ///
  /// - Parameters:
  ///   - access: which files of the host can be opened.
  ///   - console: what descriptors 0, 1 and 2 read and write.
  ///   - report: given a line for the user when a program is denied a file, the first time only,
  ///     and when the folder of `access` cannot be used.
  public init(access: HostAccess, console: Console, report: @escaping (String) -> Void) {
    self.console = console
    let denial = Denial(report)
    switch access {
    case .none:
      paths = NoPaths { denial.note($0, "the host's files are closed to it") }
    case .unrestricted:
      if let all = AllPaths() {
        paths = all
      } else {
        report(
          "warning: the working directory is gone; the host's files are closed to the firmware")
        paths = NoPaths { _ in }
      }
    case .folder(let folder):
      do {
        paths = try FolderPaths(folder) { denial.note($0, "it is confined to \(folder)") }
      } catch {
        report(
          "warning: \(folder) cannot be opened (error \(error.number)); the host's files are "
            + "closed to the firmware")
        paths = NoPaths { _ in }
      }
    }
  }

  // MARK: Descriptors

  /// What a descriptor stands for.
  func descriptor(_ number: Int32) throws(HostError) -> Descriptor {
    guard table.indices.contains(Int(number)), let entry = table[Int(number)] else {
      throw .badDescriptor
    }
    return entry
  }

  /// The file behind a descriptor, for what only files of the host can do.
  func file(_ number: Int32, otherwise error: HostError) throws(HostError) -> OpenFile {
    guard case .file(let file) = try descriptor(number) else { throw error }
    return file
  }

  /// Gives the lowest free descriptor, `lowest` or above.
  ///
  /// - Throws: EMFILE when there is none.
  func add(_ entry: Descriptor, lowest: Int = 0) throws(HostError) -> Int32 {
    guard lowest >= 0, lowest < Self.mostOpen else { throw .invalidArgument }
    while table.count < lowest { table.append(nil) }
    if let free = table.indices.dropFirst(lowest).first(where: { table[$0] == nil }) {
      table[free] = entry
      return Int32(free)
    }
    guard table.count < Self.mostOpen else { throw .tooManyOpenFiles }
    table.append(entry)
    return Int32(table.count - 1)
  }

  /// - Throws: EMFILE when no descriptor is free.
  func requireFreeDescriptor() throws(HostError) {
    guard table.count < Self.mostOpen || table.contains(where: { $0 == nil }) else {
      throw .tooManyOpenFiles
    }
  }

  /// Gives a new descriptor of the console, to read from it or to write to it.
  public func openConsole(forInput: Bool) throws(HostError) -> Int32 {
    // Semihosting has no handle 0.
    try add(forInput ? .consoleInput : .consoleOutput, lowest: 1)
  }

  /// Gives a descriptor of a read-only file with these bytes.
  public func open(constant bytes: [UInt8]) throws(HostError) -> Int32 {
    try add(.constant(ConstantFile(bytes)), lowest: 1)
  }

  /// Closes a descriptor.
  public func close(_ number: Int32) throws(HostError) {
    _ = try descriptor(number)
    table[Int(number)] = nil
  }

  /// Makes another descriptor of the same file, `lowest` or above.
  public func duplicate(_ number: Int32, lowest: Int = 0) throws(HostError) -> Int32 {
    try add(descriptor(number), lowest: lowest)
  }

  // MARK: Contents

  /// Reads at most `count` bytes, from a position or where the file stands; none at the end.
  public func read(
    _ number: Int32, atMost count: Int, at position: Int64? = nil
  ) throws(HostError) -> [UInt8] {
    let count = min(max(0, count), Self.transferSize)
    switch try descriptor(number) {
    case .consoleOutput: throw .badDescriptor
    case .consoleInput:
      if position != nil { throw .noPosition }
      var bytes: [UInt8] = []
      while bytes.count < count, let byte = console.receive() { bytes.append(byte) }
      return bytes
    case .file(let file): return try file.receive(atMost: count, at: position)
    case .constant(let file): return try file.receive(atMost: count, at: position)
    }
  }

  /// Writes bytes at a position or where the file stands; how many were written.
  public func write(
    _ bytes: [UInt8], to number: Int32, at position: Int64? = nil
  ) throws(HostError) -> Int {
    switch try descriptor(number) {
    case .consoleInput, .constant: throw .badDescriptor
    case .consoleOutput:
      if position != nil { throw .noPosition }
      for byte in bytes { console.send(byte) }
      return bytes.count
    case .file(let file): return try file.send(bytes, at: position)
    }
  }

  /// Moves to an offset from the start (0), the position (1) or the end (2); the new position.
  public func seek(
    _ number: Int32, by offset: Int64, from origin: Int32
  ) throws(HostError) -> Int64 {
    switch try descriptor(number) {
    case .consoleInput, .consoleOutput: throw .noPosition
    case .file(let file): return try file.move(by: offset, from: origin)
    case .constant(let file): return try file.move(by: offset, from: origin)
    }
  }

  /// Cuts or extends a file to `size` bytes.
  public func truncate(_ number: Int32, to size: Int64) throws(HostError) {
    try file(number, otherwise: .invalidArgument).resize(to: size)
  }

  // MARK: About descriptors

  func status(_ number: Int32) throws(HostError) -> FileStatus {
    switch try descriptor(number) {
    case .consoleInput, .consoleOutput: .console
    case .file(let file): try file.status()
    case .constant(let file): .constant(bytes: file.bytes.count)
    }
  }

  /// Whether a descriptor is the console or a terminal of the host.
  public func isTerminal(_ number: Int32) throws(HostError) -> Bool {
    switch try descriptor(number) {
    case .consoleInput, .consoleOutput: true
    case .file(let file): file.isTerminal
    case .constant: false
    }
  }

  /// Size of a file in bytes.
  ///
  /// - Throws: ESPIPE for the console.
  public func length(_ number: Int32) throws(HostError) -> UInt64 {
    if case .consoleInput = try descriptor(number) { throw .noPosition }
    if case .consoleOutput = try descriptor(number) { throw .noPosition }
    return try status(number).size
  }

  /// `fcntl`: duplicates, and the flags of descriptors and files, in the numbers of RISC-V Linux.
  public func control(
    _ number: Int32, command: Int32, argument: Int64
  ) throws(HostError) -> Int64 {
    let entry = try descriptor(number)
    switch command {
    case 0, 1030:  // F_DUPFD, F_DUPFD_CLOEXEC
      return Int64(try duplicate(number, lowest: Int(clamping: argument)))
    case 1, 2: return 0  // F_GETFD, F_SETFD: there is nothing that a program could execute
    case 3:  // F_GETFL
      switch entry {
      case .consoleInput, .constant: return 0
      case .consoleOutput: return Int64(OpenFlags.writeOnly.rawValue)
      case .file(let file):
        return Int64(file.flags.rawValue & (3 | OpenFlags.append.rawValue))
      }
    case 4:  // F_SETFL
      guard case .file(let file) = entry else { return 0 }
      let flags = OpenFlags(rawValue: UInt32(truncatingIfNeeded: argument))
      try file.setAppending(flags.contains(.append))
      return 0
    default: throw .invalidArgument
    }
  }
}

/// Tells the user once that a program was denied a file.
private final class Denial {
  private let report: (String) -> Void
  private var isReported = false

  init(_ report: @escaping (String) -> Void) { self.report = report }

  func note(_ path: [UInt8], _ why: String) {
    guard !isReported else { return }
    isReported = true
    // The name is the program's: it must not control the user's terminal.
    let name = path.prefix(100).map { byte in
      (0x20..<0x7F).contains(byte)
        ? String(UnicodeScalar(byte))
        : "\\x" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }
    report(
      "warning: the firmware asked for the host's file '\(name.joined())'"
        + (path.count > 100 ? "…" : "") + ", but \(why)")
  }
}
