internal import Foundation
internal import SoC

/// Standard output and standard error, with failures as values instead of signals and traps.
enum StandardStream {
  /// Why standard output failed, as an error number; further output is dropped.
  nonisolated(unsafe) private static var failure: Int32?

  /// To be called first. A reader that goes away and a file size limit become error numbers;
  /// streams that the caller closed are opened on nothing, so that no file takes their place.
  static func prepare() {
    signal(SIGPIPE, SIG_IGN)
    signal(SIGXFSZ, SIG_IGN)
    for descriptor in STDIN_FILENO...STDERR_FILENO
    where fcntl(descriptor, F_GETFD) == -1 && errno == EBADF {
      // The lowest free descriptor is this one. Output fails, as it should; messages are lost.
      _ = open("/dev/null", descriptor == STDERR_FILENO ? O_WRONLY : O_RDONLY)
    }
  }

  /// Writes to standard output.
  static func print(_ text: String, terminator: String = "\n") {
    write(Array((text + terminator).utf8))
  }

  /// Writes to standard output.
  static func write(_ bytes: [UInt8]) {
    guard failure == nil else { return }
    failure = store(bytes, STDOUT_FILENO)
  }

  /// Writes a line to standard error.
  static func note(_ text: String) {
    _ = store(Array((text + "\n").utf8), STDERR_FILENO)
  }

  /// Writes to standard error without ending the line.
  static func progress(_ text: String) {
    _ = store(Array(text.utf8), STDERR_FILENO)
  }

  /// - Throws: `CommandFailure` when output was lost. A reader that has seen enough, as `head`, is
  ///   no failure.
  static func finish() throws {
    guard let failure, failure != EPIPE else { return }
    throw CommandFailure(
      .output, "error: standard output: \(String(cString: strerror(failure)))")
  }

  /// Writes all bytes; the error number, nil for none.
  static func store(_ bytes: [UInt8], _ descriptor: Int32) -> Int32? {
    bytes.withUnsafeBytes { buffer in
      var done = 0
      while done < buffer.count {
        let rest = UnsafeRawBufferPointer(rebasing: buffer[done...])
        let count = Foundation.write(descriptor, rest.baseAddress, rest.count)
        if count >= 0 {
          done += count
        } else if errno == EAGAIN {
          var event = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
          _ = poll(&event, 1, -1)
        } else if errno != EINTR {
          return errno
        }
      }
      return nil
    }
  }
}
