import Debugger

/// A client that says everything and then hangs up: at once when the server waits, after a while
/// when the system runs.
final class ScriptedTransport: DebugTransport {
  private var input: [[UInt8]]
  private var patience = 100
  private(set) var output: [UInt8] = []

  init(_ input: [[UInt8]]) { self.input = input }

  func receive(waiting milliseconds: Int32) -> [UInt8]? {
    if !input.isEmpty { return input.removeFirst() }
    guard milliseconds == 0, patience > 0 else { return nil }
    patience -= 1
    return []
  }

  func send(_ bytes: [UInt8]) -> Bool {
    output += bytes
    return true
  }
}

/// A session of a debugger with a target, packet by packet.
struct Conversation {
  let replies: [String]
  let end: SessionEnd
  /// Everything the server sent, as it went over the wire.
  let wire: String

  /// Sends the packets one after the other.
  init(_ packets: [String], _ target: any DebugTarget = FakeTarget()) {
    self.init(bytes: packets.map { Packet.encode($0.utf8) }, target)
  }

  init(bytes: [[UInt8]], _ target: any DebugTarget = FakeTarget()) {
    let transport = ScriptedTransport(bytes)
    end = GDBServer(target: target, transport: transport).serve()
    var decoder = PacketDecoder()
    var replies: [String] = []
    for byte in transport.output {
      if case .packet(let payload) = decoder.take(byte) {
        replies.append(String(decoding: payload, as: UTF8.self))
      }
    }
    self.replies = replies
    wire = String(decoding: transport.output, as: UTF8.self)
  }

  /// What `monitor` shows for a command.
  static func monitor(_ command: String, _ target: any DebugTarget = FakeTarget()) -> String {
    let replies = Conversation(["qRcmd," + hexadecimal(command)], target).replies
    return replies.filter { $0 != "OK" }.map { text(hexadecimal: String($0.dropFirst())) }.joined()
  }

  static func hexadecimal(_ text: String) -> String {
    text.utf8.map { byte in
      let digits = String(byte, radix: 16)
      return digits.count == 1 ? "0" + digits : digits
    }.joined()
  }

  static func text(hexadecimal: String) -> String {
    var bytes: [UInt8] = []
    var rest = hexadecimal[...]
    while rest.count >= 2 {
      bytes.append(UInt8(rest.prefix(2), radix: 16) ?? 0)
      rest = rest.dropFirst(2)
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
