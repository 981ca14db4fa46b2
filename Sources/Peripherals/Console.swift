/// The host's end of all consoles of a system: what firmware prints, and what it is given to read.
public final class Console {
  /// Everything printed so far.
  public private(set) var output: [UInt8] = []
  private var input: [UInt8] = []
  private var nextInput = 0
  private let sink: ((UInt8) -> Void)?

  /// Creates a console.
  ///
  /// - Parameters:
  ///   - input: what the firmware can read.
  ///   - sink: called with every character as it is printed.
  public init(input: [UInt8] = [], sink: ((UInt8) -> Void)? = nil) {
    self.input = input
    self.sink = sink
  }

  /// Prints a byte.
  public func send(_ byte: UInt8) {
    output.append(byte)
    sink?(byte)
  }

  /// Whether a byte waits to be read.
  public var hasInput: Bool { nextInput < input.count }

  /// How many bytes wait to be read.
  public var waitingInput: Int { input.count - nextInput }

  /// Takes the next byte to be read, if there is one.
  public func receive() -> UInt8? {
    guard hasInput else { return nil }
    nextInput += 1
    return input[nextInput - 1]
  }
}
