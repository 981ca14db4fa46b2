#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// A file of the host that a program has opened. It is closed when the last descriptor of it goes.
final class OpenFile {
  /// The host's descriptor.
  let number: Int32
  /// How it was opened.
  private(set) var flags: OpenFlags
  /// Of a folder below the root folder: the names on the way to it.
  var components: [[UInt8]]?

  /// Takes over a descriptor of the host.
  init(number: Int32, flags: OpenFlags) {
    self.number = number
    self.flags = flags
  }

  deinit { close(number) }

  /// Reads at most `count` bytes, from `position` on or where the file stands; none at its end.
  func receive(atMost count: Int, at position: Int64?) throws(HostError) -> [UInt8] {
    var result = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      repeat {
        result =
          if let position {
            pread(number, buffer.baseAddress, count, off_t(position))
          } else {
            read(number, buffer.baseAddress, count)
          }
      } while result < 0 && errno == EINTR
      filled = max(0, result)
    }
    guard result >= 0 else { throw .last() }
    return bytes
  }

  /// Writes bytes at `position` or where the file stands; how many were written.
  func send(_ bytes: [UInt8], at position: Int64?) throws(HostError) -> Int {
    var result = 0
    bytes.withUnsafeBytes { buffer in
      repeat {
        result =
          if let position {
            pwrite(number, buffer.baseAddress, buffer.count, off_t(position))
          } else {
            write(number, buffer.baseAddress, buffer.count)
          }
      } while result < 0 && errno == EINTR
    }
    guard result >= 0 else { throw .last() }
    return result
  }

  /// Moves to an offset from the start (0), the position (1) or the end (2); the new position.
  func move(by offset: Int64, from origin: Int32) throws(HostError) -> Int64 {
    guard (0...2).contains(origin) else { throw .invalidArgument }
    let result = lseek(number, off_t(offset), origin)
    guard result >= 0 else { throw .last() }
    return Int64(result)
  }

  /// What the host knows about the file.
  func status() throws(HostError) -> FileStatus {
    var result = stat()
    guard fstat(number, &result) == 0 else { throw .last() }
    return FileStatus(result)
  }

  /// Whether it is a terminal of the host.
  var isTerminal: Bool { isatty(number) == 1 }

  /// Cuts or extends the file to `size` bytes.
  func resize(to size: Int64) throws(HostError) {
    guard ftruncate(number, off_t(size)) == 0 else { throw .last() }
  }

  /// Changes whether writes go to the end.
  func setAppending(_ appends: Bool) throws(HostError) {
    guard fcntl(number, F_SETFL, O_NONBLOCK | (appends ? O_APPEND : 0)) == 0 else {
      throw .last()
    }
    if appends { flags.insert(.append) } else { flags.remove(.append) }
  }
}

/// A file that exists only for programs and never changes.
final class ConstantFile {
  let bytes: [UInt8]
  private var position = 0

  /// A file with these bytes, standing at its start.
  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// Reads at most `count` bytes; reading from `place` leaves the position as it is.
  func receive(atMost count: Int, at place: Int64?) throws(HostError) -> [UInt8] {
    if let place, place < 0 { throw .invalidArgument }
    let start = min(place.map { Int(clamping: $0) } ?? position, bytes.count)
    let end = start + min(count, bytes.count - start)
    if place == nil { position = end }
    return Array(bytes[start..<end])
  }

  /// See ``OpenFile/move(by:from:)``.
  func move(by offset: Int64, from origin: Int32) throws(HostError) -> Int64 {
    let base: Int
    switch origin {
    case 0: base = 0
    case 1: base = position
    case 2: base = bytes.count
    default: throw .invalidArgument
    }
    let (sum, overflow) = Int64(base).addingReportingOverflow(offset)
    guard !overflow, sum >= 0 else { throw .invalidArgument }
    position = Int(clamping: sum)
    return sum
  }
}
