/// Beats between two devices: each is the bytes that count.
final class PlanStream {
  private let capacity: Int
  private var beats: [[UInt8]] = []
  private var first = 0

  init(capacity: Int) { self.capacity = capacity }

  var isFull: Bool { beats.count - first >= capacity }
  var isEmpty: Bool { beats.count == first }

  func push(_ beat: [UInt8]) { beats.append(beat) }

  func pop() -> [UInt8] {
    defer {
      first += 1
      if first > 1024 {
        beats.removeFirst(first)
        first = 0
      }
    }
    return beats[first]
  }
}

/// A device that takes commands through registers and does a little at a time.
///
/// Devices have no clock. Each step moves at most one beat, and any order of the steps of different devices is a
/// possible course of events.
class PlanDevice {
  let name: String
  /// Registers by offset.
  private(set) var registers: [UInt32: UInt32] = [:]
  private let offsets: [String: UInt32]
  private let known: Set<UInt32>
  private(set) var started = 0
  var completed = 0

  init(_ name: String, _ offsets: [String: UInt32], banks: [String: Int] = [:]) {
    self.name = name
    self.offsets = offsets
    var known: Set<UInt32> = []
    for (register, offset) in offsets {
      for index in 0..<(banks[register] ?? 1) { known.insert(offset + UInt32(4 * index)) }
    }
    self.known = known
  }

  func value(_ register: String, _ index: Int = 0) -> UInt32 {
    guard let offset = offsets[register] else {
      preconditionFailure("\(name) has no register \(register)")
    }
    return registers[offset + UInt32(4 * index)] ?? 0
  }

  func write(_ value: UInt32, to offset: UInt32) throws {
    guard known.contains(offset) else {
      throw PlanFailure("\(name) has no register at \(String(offset, radix: 16))")
    }
    registers[offset] = value
    guard offset == 0, value & 1 != 0 else { return }
    guard started - completed < 2 else { throw PlanFailure("\(name): START while two jobs wait") }
    started += 1
    try start()
  }

  /// Takes a job as the registers say it.
  func start() throws {}

  /// Does a little.
  ///
  /// - Returns: whether something could be done.
  func step() throws -> Bool { false }

  func fail(_ message: String) -> PlanFailure { PlanFailure("\(name): \(message)") }
}

extension UInt32 {
  func bits(_ first: Int, _ count: Int) -> Int {
    Int(self >> UInt32(first) & (1 << UInt32(count) - 1))
  }
  var signed: Int { Int(Int32(bitPattern: self)) }
}
