/// Framing of the GDB remote serial protocol: `$`, escaped payload, `#`, two checksum digits.
public enum Packet {
  /// The longest payload this server takes, in bytes, and about the longest it sends.
  public static let sizeLimit = 0x4000

  static let escape = UInt8(ascii: "}")
  static let start = UInt8(ascii: "$")
  static let end = UInt8(ascii: "#")
  /// A repeat count in the protocol's run-length encoding, which this server never sends.
  static let runLength = UInt8(ascii: "*")

  /// The bytes of a packet with `payload`, characters that mean something to the framing escaped.
  public static func encode(_ payload: some Sequence<UInt8>) -> [UInt8] {
    var result = [start]
    var sum: UInt8 = 0
    func append(_ byte: UInt8) {
      result.append(byte)
      sum &+= byte
    }
    for byte in payload {
      switch byte {
      case start, end, escape, runLength:
        append(escape)
        append(byte ^ 0x20)
      default: append(byte)
      }
    }
    result.append(end)
    return result + Hexadecimal.encode([sum])
  }
}

/// What arrives from the client.
public enum PacketEvent: Equatable, Sendable {
  /// A packet with a right checksum, unescaped.
  case packet([UInt8])
  /// A packet with a wrong checksum, or one longer than ``Packet/sizeLimit``.
  case damaged
  /// The client has received the last packet.
  case acknowledged
  /// The client asks for the last packet again.
  case refused
  /// The interrupt byte (control-C).
  case interrupt
}

/// Finds packets in a stream of bytes. Any bytes are acceptable input; memory is bounded by
/// ``Packet/sizeLimit``.
public struct PacketDecoder: Sendable {
  private enum State: Sendable {
    case idle
    case payload
    case firstDigit
    case secondDigit(UInt8)
  }

  private var state = State.idle
  private var payload: [UInt8] = []
  private var sum: UInt8 = 0
  private var isTooLong = false

  /// A decoder that waits for the start of a packet.
  public init() {}

  /// Takes the next byte; answers what it completes, if anything.
  public mutating func take(_ byte: UInt8) -> PacketEvent? {
    switch state {
    case .idle: return takeOutside(byte)
    case .payload:
      switch byte {
      case Packet.start: begin()  // The end of the packet before was lost.
      case Packet.end: state = .firstDigit
      default:
        sum &+= byte
        if payload.count < 2 * Packet.sizeLimit { payload.append(byte) } else { isTooLong = true }
      }
      return nil
    case .firstDigit:
      guard let digit = Hexadecimal.digit(byte) else { return abandon() }
      state = .secondDigit(digit)
      return nil
    case .secondDigit(let high):
      guard let low = Hexadecimal.digit(byte), high << 4 | low == sum, !isTooLong,
        let unescaped = unescape()
      else { return abandon() }
      state = .idle
      payload = []
      return .packet(unescaped)
    }
  }

  private mutating func takeOutside(_ byte: UInt8) -> PacketEvent? {
    switch byte {
    case Packet.start:
      begin()
      return nil
    case UInt8(ascii: "+"): return .acknowledged
    case UInt8(ascii: "-"): return .refused
    case 3: return .interrupt
    default: return nil
    }
  }

  private mutating func begin() {
    state = .payload
    payload = []
    sum = 0
    isTooLong = false
  }

  private mutating func abandon() -> PacketEvent {
    state = .idle
    payload = []
    return .damaged
  }

  private func unescape() -> [UInt8]? {
    var result: [UInt8] = []
    result.reserveCapacity(payload.count)
    var isEscaped = false
    for byte in payload {
      if isEscaped {
        result.append(byte ^ 0x20)
        isEscaped = false
      } else if byte == Packet.escape {
        isEscaped = true
      } else {
        result.append(byte)
      }
    }
    return isEscaped || result.count > Packet.sizeLimit ? nil : result
  }
}
