internal import Glibc

/// A transport over file descriptors: a connected socket or a pair of pipes.
public final class DescriptorTransport: DebugTransport {
  private let input: Int32
  private let output: Int32
  private let isSocket: Bool
  private let closesWhenDone: Bool
  private var buffer = [UInt8](repeating: 0, count: 4096)

  /// A transport over a connected socket, which it closes in the end.
  public init(socket: Int32) {
    input = socket
    output = socket
    isSocket = true
    closesWhenDone = true
  }

  /// A transport that reads one descriptor and writes another, neither of which it closes.
  public init(input: Int32, output: Int32) {
    self.input = input
    self.output = output
    isSocket = false
    closesWhenDone = false
  }

  deinit {
    if closesWhenDone { _ = close(input) }
  }

  /// What has arrived; see ``DebugTransport``.
  public func receive(waiting milliseconds: Int32) -> [UInt8]? {
    var descriptor = pollfd(fd: input, events: Int16(POLLIN), revents: 0)
    guard poll(&descriptor, 1, milliseconds) > 0 else { return [] }
    let count = read(input, &buffer, buffer.count)
    if count > 0 { return Array(buffer[..<count]) }
    return count < 0 && (errno == EINTR || errno == EAGAIN) ? [] : nil
  }

  /// Sends everything; false when the other end has closed.
  public func send(_ bytes: [UInt8]) -> Bool {
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes { buffer -> Int in
        guard let start = buffer.baseAddress else { return 0 }
        // A socket whose other end is gone must not end the process by a signal.
        return isSocket
          ? Glibc.send(output, start + sent, bytes.count - sent, Int32(MSG_NOSIGNAL))
          : write(output, start + sent, bytes.count - sent)
      }
      if count > 0 {
        sent += count
      } else if errno == EAGAIN {
        var descriptor = pollfd(fd: output, events: Int16(POLLOUT), revents: 0)
        _ = poll(&descriptor, 1, 100)
      } else if errno != EINTR {
        return false
      }
    }
    return true
  }

  /// Says that nothing more will be sent and reads what still comes, for at most a second, so that
  /// the other end gets the last packet before it sees the connection closed.
  public func finish() {
    guard isSocket, shutdown(output, Int32(SHUT_WR)) == 0 else { return }
    for _ in 0..<10 where receive(waiting: 100) == nil { return }
  }
}
