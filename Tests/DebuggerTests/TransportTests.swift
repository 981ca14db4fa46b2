import Debugger
import Foundation
import Testing

#if canImport(Glibc)
  import Glibc
#endif

@Suite struct TransportTests {
  /// Connects to a listener of this host.
  private func connect(_ port: UInt16) throws -> DescriptorTransport {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = (0x7f00_0001 as UInt32).bigEndian
    let result = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    try #require(result == 0)
    return DescriptorTransport(socket: descriptor)
  }

  @Test func `a listener chooses a port and hands over what arrives`() throws {
    let listener = try DebugListener(port: 0)
    #expect(listener.port != 0)
    let client = try connect(listener.port)
    let server = try #require(listener.accept { false })
    #expect(server.receive(waiting: 0) == [])
    #expect(client.send(Array("hello".utf8)))
    #expect(server.receive(waiting: 1000) == Array("hello".utf8))
    #expect(server.send([1, 2, 3]))
    #expect(client.receive(waiting: 1000) == [1, 2, 3])
    client.finish()
    #expect(server.receive(waiting: 1000) == nil)
  }

  @Test func `a port that is taken is an error in words`() throws {
    let listener = try DebugListener(port: 0)
    do {
      _ = try DebugListener(port: listener.port)
      Issue.record("two listeners on one port")
    } catch {
      #expect("\(error)".hasPrefix("cannot listen on port \(listener.port) of 127.0.0.1: "))
    }
  }

  @Test func `waiting for a debugger can be cancelled`() throws {
    let listener = try DebugListener(port: 0)
    var asked = 0
    #expect(
      listener.accept {
        asked += 1
        return asked > 2
      } == nil)
  }

  @Test func `a client that hangs up ends the session and not the process`() throws {
    let listener = try DebugListener(port: 0)
    do {
      let client = try connect(listener.port)
      #expect(client.send(Packet.encode("g".utf8) + Packet.encode("g".utf8)))
    }
    let server = try #require(listener.accept { false })
    #expect(GDBServer(target: FakeTarget(), transport: server).serve() == .disconnected)
  }
}
