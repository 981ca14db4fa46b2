import Debugger
import Testing

/// Whatever arrives, the server answers or ignores it.
@Suite struct FuzzTests {
  private static let words = [
    "?", "g", "G", "p", "P", "m", "M", "X", "Z0,", "z1,", "Z2,", "Z4,", "c", "s", "C05", "S05;",
    "Hg",
    "Hc", "T", "vCont;c", "vCont;s:", "vCont;r", "vCont?", "vMustReplyEmpty", "qSupported:",
    "qXfer:",
    "features:read:target.xml:", "threads:read::", "qRcmd,", "qCRC:", "qC", "qThreadExtraInfo,",
    "QStartNoAckMode", "QNonStop:", "80000000", "ffffffffffffffff", ",", ":", ";", "=", "-1", "0",
    "4",
    "6d6f64756c6573", "72756e2d666f722039", "}", "*",
  ]

  private func random(_ generator: inout SeededGenerator) -> [UInt8] {
    var bytes: [UInt8] = []
    switch UInt8.random(in: 0..<4, using: &generator) {
    case 0:
      bytes = (0..<Int.random(in: 0...100, using: &generator)).map { _ in
        UInt8.random(in: 0...255, using: &generator)
      }
    case 1:
      for _ in 0..<Int.random(in: 1...5, using: &generator) {
        bytes += Array((Self.words.randomElement(using: &generator) ?? "").utf8)
      }
      return Packet.encode(bytes)
    case 2:
      bytes = Packet.encode(Array((Self.words.randomElement(using: &generator) ?? "").utf8))
      bytes[Int.random(in: bytes.indices, using: &generator)] ^=
        1 << UInt8.random(in: 0..<8, using: &generator)
    default:
      let count = Int.random(in: 0...300, using: &generator)
      bytes = Array((Self.words.randomElement(using: &generator) ?? "").utf8)
      bytes += (0..<count).map { _ in UInt8.random(in: 0x20...0x7e, using: &generator) }
      return Packet.encode(bytes)
    }
    return bytes
  }

  @Test(arguments: 0..<60 as Range<UInt64>)
  func `random bytes and random packets never do harm`(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    var messages: [[UInt8]] = []
    for _ in 0..<400 {
      messages.append(random(&generator))
      // A run without an end is interrupted sooner or later.
      if Bool.random(using: &generator) { messages.append([3]) }
    }
    let conversation = Conversation(bytes: messages)
    #expect(conversation.replies.allSatisfy { $0.utf8.count <= 2 * Packet.sizeLimit })
  }

  @Test func `an endless packet does not take memory`() {
    let messages =
      [Array("$".utf8)] + Array(repeating: [UInt8](repeating: 0x61, count: 65536), count: 200)
    #expect(Conversation(bytes: messages).replies.isEmpty)
  }
}
