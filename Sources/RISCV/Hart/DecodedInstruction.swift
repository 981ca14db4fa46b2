/// An instruction as the fast loop reads it, in 8 bytes.
///
/// | bits | content |
/// |---|---|
/// | 7:0 | ``Handler`` |
/// | 15:8 | destination: rd, 32 for x0; of stores and branches rs2 |
/// | 23:16 | rs1 |
/// | 31:24 | slots to the next instruction: 1 or 2 |
/// | 43:32 | run: instructions from this one to the end of the straight line it is on |
/// | 63:44 | immediate, signed; of register-register instructions rs2 |
///
/// A straight line ends with a branch or jump, which belongs to it, or before an instruction that
/// is left to the interpreter, or with the page. The loop takes the whole run off its budget when it
/// enters a line, and puts back what it did not execute when it leaves early.
struct DecodedInstruction: BitwiseCopyable {
  /// One slot for each 16 bits of a 4 KiB page.
  static let slotsPerPage = 2048
  /// Register index that swallows writes to x0.
  static let discard = 32

  var bits: UInt64

  init(
    _ handler: Handler, a: Int = 0, b: Int = 0, slots: Int = 0, run: Int = 0, immediate: Int64 = 0
  ) {
    bits =
      UInt64(handler.rawValue) | UInt64(a) << 8 | UInt64(b) << 16 | UInt64(slots) << 24
      | UInt64(run) << 32 | UInt64(bitPattern: immediate) << 44
  }

  static let undecoded = Self(.undecoded)
  static let pageEnd = Self(.pageEnd)
  static let interpret = Self(.interpret)

  @inline(__always) var handler: Handler {
    // Only bytes that were taken from a handler are ever stored.
    get { unsafeBitCast(UInt8(truncatingIfNeeded: bits), to: Handler.self) }
    set { bits = bits & ~0xff | UInt64(newValue.rawValue) }
  }
  @inline(__always) var a: Int { Int(truncatingIfNeeded: bits >> 8 & 0xff) }
  @inline(__always) var b: Int { Int(truncatingIfNeeded: bits >> 16 & 0xff) }
  @inline(__always) var slots: Int { Int(truncatingIfNeeded: bits >> 24 & 0xff) }
  @inline(__always) var immediate: Int64 { Int64(bitPattern: bits) >> 44 }
  /// rs2 of a register-register instruction.
  @inline(__always) var c: Int { Int(truncatingIfNeeded: bits >> 44) }
  @inline(__always) var run: Int {
    get { Int(truncatingIfNeeded: bits >> 32 & 0xfff) }
    set { bits = bits & ~(0xfff << 32) | UInt64(newValue) << 32 }
  }

  /// Whether execution never simply goes on behind it.
  var endsRun: Bool {
    switch handler {
    case .undecoded, .pageEnd, .interpret: true
    default: handler.rawValue >= Handler.jal.rawValue
    }
  }
}
