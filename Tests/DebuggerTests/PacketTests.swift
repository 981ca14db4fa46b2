import Debugger
import Testing

@Suite struct PacketTests {
  private func events(_ bytes: some Sequence<UInt8>) -> [PacketEvent] {
    var decoder = PacketDecoder()
    return bytes.compactMap { decoder.take($0) }
  }

  @Test func `a packet has a checksum of its payload modulo 256`() {
    // The example of the protocol's manual.
    #expect(Packet.encode("OK".utf8) == Array("$OK#9a".utf8))
    #expect(Packet.encode([]) == Array("$#00".utf8))
  }

  @Test func `characters of the framing travel escaped`() {
    #expect(Packet.encode("a#b".utf8) == Array("$a}\u{3}b#43".utf8))
    #expect(events(Packet.encode("$#}*".utf8)) == [.packet(Array("$#}*".utf8))])
  }

  @Test(arguments: 0..<50 as Range<UInt64>)
  func `any payload arrives as it was sent`(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let payload = (0..<Int.random(in: 0...600, using: &random)).map { _ in
      UInt8.random(in: 0...255, using: &random)
    }
    #expect(events(Packet.encode(payload)) == [.packet(payload)])
  }

  @Test func `acknowledgements and the interrupt byte count between packets only`() {
    let bytes = Array("+-".utf8) + [3] + Packet.encode([0x2b, 3, 0x2d]) + [3]
    #expect(
      events(bytes) == [.acknowledged, .refused, .interrupt, .packet([0x2b, 3, 0x2d]), .interrupt])
  }

  @Test func `a wrong or broken checksum is damage`() {
    #expect(events("$OK#9b$OK#9a".utf8) == [.damaged, .packet(Array("OK".utf8))])
    #expect(events("$OK#zz".utf8) == [.damaged])
    #expect(events("$O}#cc".utf8) == [.damaged])
  }

  @Test func `a new start drops an unfinished packet`() {
    #expect(events("$garbage$OK#9a".utf8) == [.packet(Array("OK".utf8))])
  }

  @Test func `a packet beyond the limit is damage and does not grow`() {
    let long = [UInt8](repeating: 0x61, count: 10 * Packet.sizeLimit)
    #expect(
      events(Packet.encode(long) + Packet.encode("OK".utf8)) == [
        .damaged, .packet(Array("OK".utf8)),
      ])
    let longest = Array(long.prefix(Packet.sizeLimit))
    #expect(events(Packet.encode(longest)) == [.packet(longest)])
  }
}

/// A small deterministic generator (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var value = state
    value = (value ^ value >> 30) &* 0xbf58_476d_1ce4_e5b9
    value = (value ^ value >> 27) &* 0x94d0_49bb_1331_11eb
    return value ^ value >> 31
  }
}
