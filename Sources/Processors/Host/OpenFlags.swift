#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// How a file is opened, in the numbers of RISC-V Linux (`asm-generic/fcntl.h`).
public struct OpenFlags: OptionSet, Sendable, Equatable {
  /// Linux's number. The two low bits are the access mode: 0 read, 1 write, 2 both.
  public let rawValue: UInt32

  /// Takes Linux's number; bits that mean nothing here are kept and have no effect.
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// Writing only; reading is the absence of this and ``readWrite``.
  public static let writeOnly = OpenFlags(rawValue: 1)
  /// Reading and writing.
  public static let readWrite = OpenFlags(rawValue: 2)
  /// Make the file if it is not there.
  public static let create = OpenFlags(rawValue: 0o100)
  /// Fail if the file is there.
  public static let exclusive = OpenFlags(rawValue: 0o200)
  /// Empty the file.
  public static let truncate = OpenFlags(rawValue: 0o1000)
  /// Write at the end only.
  public static let append = OpenFlags(rawValue: 0o2000)
  /// Fail if it is no folder.
  public static let directory = OpenFlags(rawValue: 0o200000)
  /// Fail if it is a symbolic link.
  public static let noFollow = OpenFlags(rawValue: 0o400000)

  /// Whether reading is asked for.
  var reads: Bool { rawValue & 3 != 1 }
  /// Whether writing is asked for.
  var writes: Bool { rawValue & 3 == 1 || rawValue & 3 == 2 }

  /// The flags of newlib's `<fcntl.h>`, which its `open` call (1024, unknown to RISC-V Linux) uses.
  ///
  /// Programs against a C library with Linux's numbers use the call too. Linux's `O_CREAT` is a bit
  /// that newlib's `open` never has, so it tells them apart.
  init(newlib word: UInt32) {
    guard word & Self.create.rawValue == 0 else {
      self.init(rawValue: word)
      return
    }
    var flags = OpenFlags(rawValue: word & 3)
    if word & 0x0008 != 0 { flags.insert(.append) }
    if word & 0x0200 != 0 { flags.insert(.create) }
    if word & 0x0400 != 0 { flags.insert(.truncate) }
    if word & 0x0800 != 0 { flags.insert(.exclusive) }
    if word & 0x10_0000 != 0 { flags.insert(.noFollow) }
    if word & 0x20_0000 != 0 { flags.insert(.directory) }
    self = flags
  }

  /// The flags of a semihosting mode: `r`, `rb`, `r+`, `r+b`, then the same for `w` and `a`.
  init?(semihostingMode mode: UInt64) {
    guard mode < 12 else { return nil }
    let both = mode & 2 != 0
    switch mode / 4 {
    case 0: self = both ? .readWrite : []
    case 1: self = [both ? .readWrite : .writeOnly, .create, .truncate]
    default: self = [both ? .readWrite : .writeOnly, .create, .append]
    }
  }

  /// The host's flags. The simulation must never wait for another process, and files are closed in
  /// processes it starts.
  var hostFlags: Int32 {
    var flags = writes ? (reads ? O_RDWR : O_WRONLY) : O_RDONLY
    flags |= O_NONBLOCK | O_CLOEXEC | O_NOCTTY
    if contains(.create) { flags |= O_CREAT }
    if contains(.exclusive) { flags |= O_EXCL }
    if contains(.truncate) { flags |= O_TRUNC }
    if contains(.append) { flags |= O_APPEND }
    if contains(.directory) { flags |= O_DIRECTORY }
    if contains(.noFollow) { flags |= O_NOFOLLOW }
    return flags
  }
}
