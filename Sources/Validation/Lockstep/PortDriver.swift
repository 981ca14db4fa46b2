internal import RTL
internal import SimKernel

/// One side of a port in lockstep: drives the RTL's pins and the model's channel with the same
/// stimulus and compares what comes back.
///
/// In every cycle the testbench lets all drivers drive, settles the RTL, lets all of them compare,
/// then lets them do to the model's channels what the RTL will see at its clock edge.
protocol PortDriver: AnyObject {
  /// Sets the RTL's inputs for this cycle.
  func drive(_ random: inout SplitMix64, _ log: SignalLog)
  /// Compares the RTL's outputs with what the model's channel shows in this cycle.
  func compare(_ log: SignalLog)
  /// Pushes or pops what was transferred in this cycle.
  func commit()
  /// Compares totals after the last cycle.
  func finish(_ log: SignalLog)
}

extension PortDriver {
  func finish(_ log: SignalLog) {}
}

/// How willing a side of a port is, changing from time to time: never stalling, now and then, most
/// of the time, and for a long while.
struct Mood {
  private var willing: UInt64 = 256
  private var cyclesLeft = 0

  /// Willing in every cycle until the first roll.
  init() {}

  /// Whether the side is willing in this cycle.
  mutating func roll(_ random: inout SplitMix64) -> Bool {
    if cyclesLeft == 0 {
      let bits = random.next()
      willing = [256, 256, 230, 128, 40, 0][Int(bits % 6)]
      cyclesLeft = willing == 0 ? Int(bits >> 8 % 24) + 1 : Int(bits >> 8 % 96) + 1
    }
    cyclesLeft -= 1
    return willing == 256 || random.next() & 0xFF < willing
  }
}

extension SplitMix64 {
  /// A number of a range.
  mutating func pick(_ range: ClosedRange<Int>) -> Int {
    range.lowerBound + Int(next() % UInt64(range.count))
  }

  /// True once in `count` times.
  mutating func oneIn(_ count: Int) -> Bool { next() % UInt64(count) == 0 }

  /// Random bytes.
  mutating func bytes(_ count: Int) -> [UInt8] {
    (0..<count).map { _ in UInt8(truncatingIfNeeded: next() >> 7) }
  }

  /// An element of an array that is not empty.
  mutating func choose<Element>(_ elements: [Element]) -> Element {
    elements[Int(next() % UInt64(elements.count))]
  }
}

/// Indices of a driver's signals in the log, by the pin's name without its prefix.
struct SignalTable {
  let indices: [String: Int]

  subscript(name: String) -> Int {
    guard let index = indices[name] else { preconditionFailure("no signal \(name)") }
    return index
  }
}

extension UnsafeMutableRawPointer {
  /// Copies bytes to this place.
  func copy(_ bytes: some Collection<UInt8>) {
    UnsafeMutableRawBufferPointer(start: self, count: bytes.count).copyBytes(from: bytes)
  }
}
