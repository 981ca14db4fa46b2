#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// What is known about a file, in the layouts of RISC-V Linux, which are the same for 32 and 64
/// bits.
struct FileStatus {
  var device: UInt64 = 0
  var inode: UInt64 = 0
  /// Type and permissions.
  var mode: UInt32
  var links: UInt32 = 1
  var user: UInt32 = 0
  var group: UInt32 = 0
  var specialDevice: UInt64 = 0
  /// In bytes.
  var size: UInt64 = 0
  /// The best size of a transfer, in bytes.
  var blockSize: UInt32
  /// In units of 512 bytes.
  var blocks: UInt64 = 0
  /// Seconds since the epoch.
  var accessed: UInt64 = 0
  var modified: UInt64 = 0
  var changed: UInt64 = 0

  /// A terminal: the console is one whatever the simulator's streams are, so that programs buffer
  /// by lines and every run gives the same result.
  static let console = FileStatus(
    mode: 0o20620, specialDevice: 0x0501, blockSize: 1024)

  /// A file that exists only for the program.
  static func constant(bytes: Int) -> FileStatus {
    FileStatus(mode: 0o100444, size: UInt64(bytes), blockSize: 1024)
  }

  private init(mode: UInt32, specialDevice: UInt64 = 0, size: UInt64 = 0, blockSize: UInt32) {
    self.mode = mode
    self.specialDevice = specialDevice
    self.size = size
    self.blockSize = blockSize
  }

  /// What the host says.
  init(_ status: stat) {
    device = UInt64(truncatingIfNeeded: status.st_dev)
    inode = UInt64(truncatingIfNeeded: status.st_ino)
    mode = UInt32(truncatingIfNeeded: status.st_mode)
    links = UInt32(truncatingIfNeeded: status.st_nlink)
    user = UInt32(truncatingIfNeeded: status.st_uid)
    group = UInt32(truncatingIfNeeded: status.st_gid)
    specialDevice = UInt64(truncatingIfNeeded: status.st_rdev)
    size = UInt64(truncatingIfNeeded: status.st_size)
    blockSize = UInt32(truncatingIfNeeded: status.st_blksize)
    blocks = UInt64(truncatingIfNeeded: status.st_blocks)
    #if canImport(Glibc)
      accessed = UInt64(truncatingIfNeeded: status.st_atim.tv_sec)
      modified = UInt64(truncatingIfNeeded: status.st_mtim.tv_sec)
      changed = UInt64(truncatingIfNeeded: status.st_ctim.tv_sec)
    #else
      accessed = UInt64(truncatingIfNeeded: status.st_atimespec.tv_sec)
      modified = UInt64(truncatingIfNeeded: status.st_mtimespec.tv_sec)
      changed = UInt64(truncatingIfNeeded: status.st_ctimespec.tv_sec)
    #endif
  }

  /// Whether it is a regular file.
  var isRegular: Bool { mode & 0o170000 == 0o100000 }
  /// Whether it is a folder.
  var isFolder: Bool { mode & 0o170000 == 0o040000 }
  /// Whether it is a symbolic link.
  var isLink: Bool { mode & 0o170000 == 0o120000 }

  /// `struct stat`, 128 bytes. Nanoseconds are zero, as Spike gives them.
  var kernelStat: [UInt8] {
    var bytes = Layout()
    bytes.add(device, 8)
    bytes.add(inode, 8)
    for word in [mode, links, user, group] { bytes.add(UInt64(word), 4) }
    bytes.add(specialDevice, 8)
    bytes.skip(8)
    bytes.add(size, 8)
    bytes.add(UInt64(blockSize), 4)
    bytes.skip(4)
    bytes.add(blocks, 8)
    for seconds in [accessed, modified, changed] { bytes.addTime(seconds) }
    bytes.skip(8)
    return bytes.bytes
  }

  /// `struct statx`, 256 bytes: the basic fields, without a time of creation.
  var statx: [UInt8] {
    let basicFields: UInt64 = 0x7FF
    var bytes = Layout()
    bytes.add(basicFields, 4)
    bytes.add(UInt64(blockSize), 4)
    bytes.skip(8)
    for word in [links, user, group] { bytes.add(UInt64(word), 4) }
    bytes.add(UInt64(mode), 2)
    bytes.skip(2)
    for word in [inode, size, blocks] { bytes.add(word, 8) }
    bytes.skip(8)
    bytes.addTime(accessed)
    bytes.skip(16)
    bytes.addTime(changed)
    bytes.addTime(modified)
    for number in [specialDevice, device] {
      bytes.add((number >> 8 & 0xFFF) | (number >> 32 & ~0xFFF), 4)
      bytes.add((number & 0xFF) | (number >> 12 & ~0xFF), 4)
    }
    bytes.skip(256 - bytes.bytes.count)
    return bytes.bytes
  }
}

/// A structure put together field by field.
private struct Layout {
  private(set) var bytes: [UInt8] = []

  mutating func add(_ value: UInt64, _ count: Int) { bytes += littleEndian(value, bytes: count) }

  mutating func skip(_ count: Int) { bytes += [UInt8](repeating: 0, count: count) }

  /// Seconds and eight bytes for the nanoseconds.
  mutating func addTime(_ seconds: UInt64) {
    add(seconds, 8)
    skip(8)
  }
}
