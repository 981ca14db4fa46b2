/// The numbers of the calls that the host proxies, as on RISC-V Linux where it has them.
enum SystemCall: UInt64 {
  case getcwd = 17
  case fcntl = 25
  case mkdirat = 34
  case unlinkat = 35
  case linkat = 37
  case renameat = 38
  case ftruncate = 46
  case faccessat = 48
  case chdir = 49
  case openat = 56
  case close = 57
  case lseek = 62
  case read = 63
  case write = 64
  case pread = 67
  case pwrite = 68
  case readlinkat = 78
  case fstatat = 79
  case fstat = 80
  case exit = 93
  case statx = 291
  case lstat = 1039
  case getmainvars = 2011
}

/// The arguments of a call, taken one after the other.
struct CallArguments {
  /// How paths are passed.
  enum Paths {
    /// As an address and a count of bytes: the proxied calls of HTIF.
    case counted
    /// As an address of bytes that end with a zero: Linux.
    case terminated
  }

  /// The memory that addresses are of.
  let memory: any GuestMemory
  /// How paths are passed.
  let paths: Paths
  /// 4 or 8: where the sign of a word is.
  let wordBytes: Int
  private var words: ArraySlice<UInt64>

  /// The arguments in `words`; those that are missing are zero.
  init(_ words: [UInt64], paths: Paths, wordBytes: Int, memory: any GuestMemory) {
    self.words = words[...]
    self.paths = paths
    self.wordBytes = wordBytes
    self.memory = memory
  }

  /// The next argument as an address or a count.
  mutating func word() -> UInt64 {
    let word = words.popFirst() ?? 0
    return wordBytes == 4 ? word & 0xFFFF_FFFF : word
  }

  /// The next argument as a `long`.
  mutating func signed() -> Int64 {
    let word = word()
    return wordBytes == 4
      ? Int64(Int32(truncatingIfNeeded: word)) : Int64(bitPattern: word)
  }

  /// The next argument as an `int`.
  mutating func int() -> Int32 { Int32(truncatingIfNeeded: word()) }

  /// The next argument as a path.
  ///
  /// - Throws: EFAULT, ENAMETOOLONG.
  mutating func path() throws(HostError) -> [UInt8] {
    let address = word()
    guard paths == .counted else {
      return try memory.string(at: address, limit: UInt64(longestPath))
    }
    // A longer one is too long by what is read of it, unless it has a zero there.
    let count = min(word(), UInt64(longestPath))
    guard let bytes = memory.read(at: address, count: count) else { throw .badAddress }
    return Array(bytes.prefix { $0 != 0 })
  }
}

/// Carries out the proxied calls but `exit`.
struct SystemCalls {
  /// The files that the calls are about.
  let files: HostFiles
  /// What `getmainvars` gives as `argv`.
  let arguments: [String]

  private static let emptyPath: Int32 = 0x1000  // AT_EMPTY_PATH
  private static let noFollow: Int32 = 0x100  // AT_SYMLINK_NOFOLLOW
  private static let removeFolder: Int32 = 0x200  // AT_REMOVEDIR
  private static let follow: Int32 = 0x400  // AT_SYMLINK_FOLLOW

  /// Carries out a call; its result.
  ///
  /// - Throws: the error number; ENOSYS for `exit`.
  func perform(_ call: SystemCall, _ a: inout CallArguments) throws(HostError) -> Int64 {
    switch call {
    case .read, .write, .pread, .pwrite: return try transfer(call, &a)
    case .fstat, .fstatat, .lstat, .statx: return try status(call, &a)
    case .linkat, .renameat:
      let (folder, path) = (a.int(), try a.path())
      let (newFolder, newPath) = (a.int(), try a.path())
      if call == .linkat {
        try files.link(
          path, in: folder, to: newPath, in: newFolder, follow: a.int() & Self.follow != 0)
      } else {
        try files.rename(path, in: folder, to: newPath, in: newFolder)
      }
    case .mkdirat:
      let (folder, path) = (a.int(), try a.path())
      try files.makeFolder(path, in: folder, permissions: UInt32(bitPattern: a.int()))
    case .unlinkat:
      let (folder, path) = (a.int(), try a.path())
      try files.remove(path, in: folder, isFolder: a.int() & Self.removeFolder != 0)
    case .faccessat:
      let (folder, path) = (a.int(), try a.path())
      try files.check(path, in: folder, access: a.int())
    case .openat:
      let (folder, path) = (a.int(), try a.path())
      let flags = OpenFlags(rawValue: UInt32(bitPattern: a.int()))
      return Int64(
        try files.open(
          path, in: folder, flags: flags, permissions: UInt32(bitPattern: a.int())))
    case .close: try files.close(a.int())
    case .lseek:
      return try files.seek(a.int(), by: a.signed(), from: a.int())
    case .ftruncate: try files.truncate(a.int(), to: a.signed())
    case .fcntl:
      return try files.control(a.int(), command: a.int(), argument: a.signed())
    case .chdir:
      // Not even HTIF passes its length.
      let path = try a.memory.string(at: a.word(), limit: UInt64(longestPath))
      try files.changeDirectory(path)
    case .getcwd: return try currentDirectory(&a)
    case .readlinkat: return try readLink(&a)
    case .getmainvars: return try mainVariables(&a)
    case .exit: throw .notImplemented
    }
    return 0
  }

  private func transfer(
    _ call: SystemCall, _ a: inout CallArguments
  ) throws(HostError) -> Int64 {
    let (number, address, count) = (a.int(), a.word(), a.word())
    let position = call == .pread || call == .pwrite ? a.signed() : nil
    let moved =
      call == .read || call == .pread
      ? try files.read(
        number, into: a.memory, at: address, count: count, position: position)
      : try files.write(
        number, from: a.memory, at: address, count: count, position: position)
    return Int64(moved)
  }

  private func status(
    _ call: SystemCall, _ a: inout CallArguments
  ) throws(HostError) -> Int64 {
    let status: FileStatus
    let buffer: UInt64
    switch call {
    case .fstat:
      status = try files.status(a.int())
      buffer = a.word()
    case .lstat:
      let path = try a.path()
      buffer = a.word()
      status = try files.status(of: path, follow: false)
    default:
      let (folder, path) = (a.int(), try a.path())
      let flags: Int32
      if call == .statx {
        flags = a.int()
        _ = a.word()  // the fields wanted; all basic ones are given
        buffer = a.word()
      } else {
        buffer = a.word()
        flags = a.int()
      }
      status =
        if path.isEmpty, flags & Self.emptyPath != 0, folder != HostFiles.workingDirectory {
          try files.status(folder)
        } else {
          try files.status(of: path, in: folder, follow: flags & Self.noFollow == 0)
        }
    }
    let bytes = call == .statx ? status.statx : status.kernelStat
    guard a.memory.write(bytes, at: buffer) else { throw .badAddress }
    return 0
  }

  private func currentDirectory(_ a: inout CallArguments) throws(HostError) -> Int64 {
    let (buffer, size) = (a.word(), a.word())
    let path = try files.currentDirectory() + [0]
    guard size >= UInt64(path.count) else { throw .outOfRange }
    guard a.memory.write(path, at: buffer) else { throw .badAddress }
    return Int64(path.count)
  }

  private func readLink(_ a: inout CallArguments) throws(HostError) -> Int64 {
    let (folder, path) = (a.int(), try a.path())
    let (buffer, size) = (a.word(), a.word())
    guard size > 0 else { throw .invalidArgument }
    let target = try files.readLink(path, in: folder).prefix(Int(clamping: size))
    guard a.memory.write(Array(target), at: buffer) else { throw .badAddress }
    return Int64(target.count)
  }

  /// `argc`, `argv`, a null, an empty `envp` and the strings, in words of 64 bits.
  private func mainVariables(_ a: inout CallArguments) throws(HostError) -> Int64 {
    let (buffer, limit) = (a.word(), a.word())
    var words = littleEndian(UInt64(arguments.count), bytes: 8)
    var strings: [UInt8] = []
    let start = buffer &+ UInt64(8 * (arguments.count + 3))
    for argument in arguments {
      words += littleEndian(start &+ UInt64(strings.count), bytes: 8)
      strings += Array(argument.utf8) + [0]
    }
    let bytes = words + [UInt8](repeating: 0, count: 16) + strings
    guard UInt64(bytes.count) <= limit else { throw .noMemory }
    guard a.memory.write(bytes, at: buffer) else { throw .badAddress }
    return 0
  }
}
