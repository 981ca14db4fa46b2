/// What both sides showed at every port signal in the last cycles, and where they differed.
public final class SignalLog {
  /// Cycles that are kept for the waveform.
  static let depth = 64

  /// A signal of the log.
  public struct Signal {
    let name: String
    let bits: Int
    let isInput: Bool
    fileprivate let offset: Int
    var byteCount: Int { (bits + 7) / 8 }
  }

  /// A difference: the first cycle in which it shows, and both values.
  public struct Difference: Sendable, Equatable {
    /// The signal.
    public let signal: String
    /// The cycle since the last reset.
    public let cycle: UInt64
    /// What the model showed, hexadecimal.
    public let model: String
    /// What the RTL showed, hexadecimal.
    public let rtl: String
  }

  private(set) var signals: [Signal] = []
  private var frameBytes = 0
  /// Rings of frames of the model and of the RTL.
  private var frames: (model: UnsafeMutableRawPointer, rtl: UnsafeMutableRawPointer)?
  /// Where frames are before the first cycle.
  private let empty: UnsafeMutableRawPointer
  private var frame: (model: UnsafeMutableRawPointer, rtl: UnsafeMutableRawPointer)
  private(set) var cycle: UInt64 = 0
  /// Every signal that differed in the first cycle with a difference.
  public private(set) var differences: [Difference] = []

  /// A log without signals.
  public init() {
    empty = UnsafeMutableRawPointer.allocate(byteCount: 1, alignment: 1)
    frame = (empty, empty)
  }

  deinit {
    empty.deallocate()
    frames?.model.deallocate()
    frames?.rtl.deallocate()
  }

  /// Declares a signal, before the first cycle.
  ///
  /// - Parameter isInput: whether the testbench drives it, the same on both sides.
  public func declare(_ name: String, bits: Int, isInput: Bool = false) -> Int {
    precondition(frames == nil, "signals are declared before the first cycle")
    let signal = Signal(name: name, bits: bits, isInput: isInput, offset: frameBytes)
    frameBytes += signal.byteCount
    signals.append(signal)
    return signals.count - 1
  }

  /// Begins a cycle; all signals are to be recorded in it.
  public func begin(_ cycle: UInt64) {
    if frames == nil {
      func ring() -> UnsafeMutableRawPointer {
        let memory = UnsafeMutableRawPointer.allocate(
          byteCount: max(1, frameBytes * Self.depth), alignment: 16)
        memory.initializeMemory(as: UInt8.self, repeating: 0, count: frameBytes * Self.depth)
        return memory
      }
      frames = (ring(), ring())
    }
    guard let frames else { return }
    self.cycle = cycle
    let offset = Int(cycle % UInt64(Self.depth)) * frameBytes
    frame = (frames.model + offset, frames.rtl + offset)
  }

  // MARK: Values of a cycle

  /// Records what the testbench drives.
  public func drive(_ signal: Int, _ value: UInt64) {
    store(value, signal, frame.model)
    store(value, signal, frame.rtl)
  }

  /// Records what the testbench drives.
  public func drive(_ signal: Int, _ bytes: UnsafeRawPointer, count: Int) {
    store(bytes, count, signal, frame.model)
    store(bytes, count, signal, frame.rtl)
  }

  /// Compares two values.
  public func check(_ signal: Int, model: UInt64, rtl: UInt64) {
    store(model, signal, frame.model)
    store(rtl, signal, frame.rtl)
    if model != rtl { differ(signal) }
  }

  /// Compares bytes `range`; the others are shown as what the RTL has.
  public func check(
    _ signal: Int, model: UnsafeRawPointer, rtl: UnsafeRawPointer, range: Range<Int>
  ) {
    let count = signals[signal].byteCount
    store(rtl, count, signal, frame.model)
    store(rtl, count, signal, frame.rtl)
    let place = frame.model + signals[signal].offset
    var isEqual = true
    for index in range {
      let byte = model.load(fromByteOffset: index, as: UInt8.self)
      if byte != rtl.load(fromByteOffset: index, as: UInt8.self) { isEqual = false }
      place.storeBytes(of: byte, toByteOffset: index, as: UInt8.self)
    }
    if !isEqual { differ(signal) }
  }

  /// Compares as many bytes as the model has.
  public func check(_ signal: Int, model: [UInt8], rtl: UnsafeRawPointer) {
    check(signal, model: model, rtl: rtl, range: 0..<model.count)
  }

  /// Compares all bytes.
  public func check(_ signal: Int, model: [UInt8], rtl: [UInt8]) {
    check(signal, model: model, rtl: rtl, range: 0..<model.count)
  }

  /// Records a value that means nothing in this cycle.
  public func ignore(_ signal: Int, rtl: UInt64) {
    store(rtl, signal, frame.model)
    store(rtl, signal, frame.rtl)
  }

  /// Records bytes that mean nothing in this cycle.
  public func ignore(_ signal: Int, rtl: UnsafeRawPointer) {
    let count = signals[signal].byteCount
    store(rtl, count, signal, frame.model)
    store(rtl, count, signal, frame.rtl)
  }

  /// Notes a difference of totals, found when the cycles are over.
  public func differ(_ name: String, model: UInt64, rtl: UInt64) {
    differences.append(
      Difference(signal: name, cycle: cycle, model: String(model), rtl: String(rtl)))
  }

  private func store(_ value: UInt64, _ signal: Int, _ frame: UnsafeMutableRawPointer) {
    var value = value.littleEndian
    store(&value, min(8, signals[signal].byteCount), signal, frame)
  }

  private func store(
    _ bytes: UnsafeRawPointer, _ count: Int, _ signal: Int, _ frame: UnsafeMutableRawPointer
  ) {
    (frame + signals[signal].offset).copyMemory(
      from: bytes, byteCount: min(count, signals[signal].byteCount))
  }

  private func differ(_ signal: Int) {
    differences.append(
      Difference(
        signal: signals[signal].name, cycle: cycle,
        model: text(signal, at: cycle, isModel: true),
        rtl: text(signal, at: cycle, isModel: false)))
  }

  // MARK: Reading back

  /// The cycles that are kept.
  var keptCycles: ClosedRange<UInt64> {
    (cycle >= UInt64(Self.depth) ? cycle - UInt64(Self.depth) + 1 : 0)...cycle
  }

  /// A kept value, lowest byte first.
  func bytes(_ signal: Int, at cycle: UInt64, isModel: Bool) -> [UInt8] {
    guard let frames else { return [] }
    let place =
      (isModel ? frames.model : frames.rtl) + Int(cycle % UInt64(Self.depth)) * frameBytes
      + signals[signal].offset
    return Array(UnsafeRawBufferPointer(start: place, count: signals[signal].byteCount))
  }

  /// A kept value in hexadecimal.
  func text(_ signal: Int, at cycle: UInt64, isModel: Bool) -> String {
    let digits = bytes(signal, at: cycle, isModel: isModel).reversed().map { byte in
      (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }.joined()
    let short = digits.drop { $0 == "0" }
    return short.isEmpty ? "0" : String(short)
  }
}
