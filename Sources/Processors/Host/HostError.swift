#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// Why the host refused what a program asked for: an error number of RISC-V Linux.
public struct HostError: Error, Sendable, Equatable {
  /// The number, positive, as Linux has it on most architectures (`asm-generic/errno.h`).
  public let number: Int32

  /// EBADF: no such descriptor, or not one for this.
  public static let badDescriptor = HostError(number: 9)
  /// EACCES: the program may not do that.
  public static let accessDenied = HostError(number: 13)
  /// EFAULT: an address is not in memory.
  public static let badAddress = HostError(number: 14)
  /// ENOTDIR: a part of a path that must be a folder is none.
  public static let notDirectory = HostError(number: 20)
  /// EISDIR: the path leads to a folder.
  public static let isDirectory = HostError(number: 21)
  /// EINVAL: an argument that makes no sense.
  public static let invalidArgument = HostError(number: 22)
  /// EMFILE: too many open files.
  public static let tooManyOpenFiles = HostError(number: 24)
  /// ENOTTY: not something that can be controlled so.
  public static let notTerminal = HostError(number: 25)
  /// ESPIPE: the console has no positions.
  public static let noPosition = HostError(number: 29)
  /// ERANGE: a result does not fit.
  public static let outOfRange = HostError(number: 34)
  /// ENAMETOOLONG: a path too long or too deep.
  public static let nameTooLong = HostError(number: 36)
  /// ENOSYS: no such call.
  public static let notImplemented = HostError(number: 38)
  /// ELOOP: too many symbolic links.
  public static let tooManyLinks = HostError(number: 40)
  /// ENOENT: no such file.
  public static let noSuchFile = HostError(number: 2)
  /// E2BIG: arguments do not fit.
  public static let argumentsTooLong = HostError(number: 7)
  /// ENOMEM: no room.
  public static let noMemory = HostError(number: 12)

  /// The error of the host's last call.
  static func last() -> HostError {
    HostError(number: linuxNumbers[errno] ?? 5)
  }

  /// The host's numbers and Linux's; what is not here is EIO.
  private static let linuxNumbers: [Int32: Int32] = [
    EPERM: 1, ENOENT: 2, ESRCH: 3, EINTR: 4, EIO: 5, ENXIO: 6, E2BIG: 7, EBADF: 9, EAGAIN: 11,
    ENOMEM: 12, EACCES: 13, EFAULT: 14, EBUSY: 16, EEXIST: 17, EXDEV: 18, ENODEV: 19, ENOTDIR: 20,
    EISDIR: 21, EINVAL: 22, ENFILE: 23, EMFILE: 24, ENOTTY: 25, ETXTBSY: 26, EFBIG: 27,
    ENOSPC: 28, ESPIPE: 29, EROFS: 30, EMLINK: 31, EPIPE: 32, EDOM: 33, ERANGE: 34, EDEADLK: 35,
    ENAMETOOLONG: 36, ENOLCK: 37, ENOSYS: 38, ENOTEMPTY: 39, ELOOP: 40, EOVERFLOW: 75,
    EILSEQ: 84, ENOTSUP: 95, EDQUOT: 122,
  ]
}
