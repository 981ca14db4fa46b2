internal import Glibc

/// Waits on 127.0.0.1 for one debugger. Nobody outside this host can connect.
public final class DebugListener {
  private let socket: Int32
  /// The TCP port, chosen by the host when 0 was asked for.
  public let port: UInt16

  /// Listens on `port` of the loopback interface; 0 takes any free one.
  ///
  /// - Throws: ``DebugFailure`` when the port is taken or not allowed.
  public init(port: UInt16) throws(DebugFailure) {
    let descriptor = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard descriptor >= 0 else { throw Self.failure("no socket for the debugger") }
    var yes: Int32 = 1
    _ = setsockopt(
      descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = (0x7f00_0001 as UInt32).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isListening = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, length) == 0 && listen(descriptor, 1) == 0
          && getsockname(descriptor, $0, &length) == 0
      }
    }
    guard isListening else {
      let failure = Self.failure("cannot listen on port \(port) of 127.0.0.1")
      _ = close(descriptor)
      throw failure
    }
    socket = descriptor
    self.port = UInt16(bigEndian: address.sin_port)
  }

  deinit {
    _ = close(socket)
  }

  /// Waits for a debugger; nil when `isCancelled` answers true before one comes.
  public func accept(isCancelled: () -> Bool) -> DescriptorTransport? {
    while !isCancelled() {
      var descriptor = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
      guard poll(&descriptor, 1, 100) > 0 else { continue }
      let connection = Glibc.accept(socket, nil, nil)
      guard connection >= 0 else { continue }
      var yes: Int32 = 1
      // Packets are small and each is answered: waiting for more to send costs 40 ms every time.
      _ = setsockopt(
        connection, Int32(IPPROTO_TCP), TCP_NODELAY, &yes,
        socklen_t(MemoryLayout<Int32>.size))
      return DescriptorTransport(socket: connection)
    }
    return nil
  }

  private static func failure(_ what: String) -> DebugFailure {
    DebugFailure("\(what): \(String(cString: strerror(errno)))")
  }
}
