/// A port of a translated top module.
public struct Pin: Sendable, Equatable {
  /// Which way a pin drives, seen from the module.
  public enum Direction: String, Sendable {
    /// Driven by us.
    case input
    /// Driven by the module.
    case output
  }

  /// The port's name.
  public let name: String
  /// Which way it drives.
  public let direction: Direction
  /// How many bits it has.
  public let bits: Int

  /// Describes a port.
  public init(_ name: String, _ direction: Direction, bits: Int) {
    self.name = name
    self.direction = direction
    self.bits = bits
  }

  /// Bytes of its value in the model's memory: 1, 2, 4, 8, or words of 4.
  var storedBytes: Int {
    switch bits {
    case ...8: 1
    case ...16: 2
    case ...32: 4
    case ...64: 8
    default: (bits + 31) / 32 * 4
    }
  }
}

/// The ports of a top module, as Verilator's header declares them.
///
/// The macros `VL_IN8(&clk,0,0);` and so on are how Verilator has announced ports since its third
/// version; its other descriptions of a module change from version to version.
struct PinList {
  let pins: [Pin]

  /// - Throws: ``RTLError`` for ports that cannot be connected.
  init(header: String) throws(RTLError) {
    var pins: [Pin] = []
    for line in header.split(separator: "\n") {
      let text = line.drop { $0 == " " }
      guard text.hasPrefix("VL_IN") || text.hasPrefix("VL_OUT"),
        let open = text.firstIndex(of: "("),
        let close = text.lastIndex(of: ")"), open < close
      else { continue }
      if text.hasPrefix("VL_INOUT") {
        throw RTLError(
          message: "the top module has a bidirectional port (\(text)); use an input and an output")
      }
      let fields = text[text.index(after: open)..<close].split(separator: ",")
      guard fields.count >= 3, let high = Int(fields[1]), let low = Int(fields[2]) else { continue }
      let name = fields[0].drop { $0 == "&" }
      guard name.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "_" }) else {
        throw RTLError(
          message: "port '\(name)' of the top module is an unpacked array; make it a packed one")
      }
      pins.append(
        Pin(
          String(name), text.hasPrefix("VL_IN") ? .input : .output,
          bits: abs(high - low) + 1))
    }
    self.pins = pins
  }
}
