internal import Fabric
internal import SimKernel

/// An instance of a module with its pins sorted by what they are for.
///
/// A cycle: ``drive(_:)`` shows the module what its channels hold, ``settle()`` lets its
/// combinational logic answer, the answers are read, ``clock()`` is the edge.
final class RTLBlock {
  /// A stream's pins.
  struct StreamPins: BitwiseCopyable {
    let isInput: Bool
    let valid: PinHandle, ready: PinHandle, data: PinHandle
    let keep: PinHandle?, last: PinHandle?
    var dataBytes: Int { data.bits / 8 }
  }

  let model: VerilatedModel
  let streams: [StreamPins]
  let registers: (any RegisterBridge)?
  let interrupt: PinHandle?
  let counters: [PinHandle]
  private let clockPin: PinHandle
  private let reset: PinHandle?
  private let map: PortMap

  /// Connects an instance and holds it in reset as long as the map says.
  init(_ model: VerilatedModel, map: PortMap) {
    func pin(_ name: String) -> PinHandle {
      guard let pin = model.pin(name) else {
        preconditionFailure("a resolved port map names pins that exist")
      }
      return pin
    }
    self.model = model
    self.map = map
    clockPin = pin(map.clock)
    reset = map.reset.map { pin($0.pin) }
    streams = map.streams.map { stream in
      StreamPins(
        isInput: stream.isInput, valid: pin(stream.valid), ready: pin(stream.ready),
        data: pin(stream.data), keep: stream.keep.map(pin), last: stream.last.map(pin))
    }
    registers = map.registers.map { registers in
      let pins = registers.pins.mapValues(pin)
      return registers.kind == .simple ? SimpleRegisters(pins) : AXI4LiteRegisters(pins)
    }
    interrupt = map.interrupt.map(pin)
    counters = map.counters.map { pin($0.pin) }
    for (name, value) in map.ties { pin(name).value = value }
    applyReset()
  }

  private func applyReset() {
    guard let reset, let description = map.reset else { return }
    registers?.present(nil)
    reset.value = description.isActiveLow ? 0 : 1
    for _ in 0..<max(1, description.cycles) {
      settle()
      clock()
    }
    reset.value = description.isActiveLow ? 1 : 0
    model.time = 0
  }

  // MARK: A cycle

  /// Shows the module what the streams hold in this cycle.
  func drive(_ ends: [StreamEnd]) {
    for (index, end) in ends.enumerated() {
      let pins = streams[index]
      switch end {
      case .input(let sink, _):
        let isValid = sink.canPop
        pins.valid.value = isValid ? 1 : 0
        guard isValid else { continue }
        let beat = sink.front
        pins.data.set(UnsafeRawPointer(sink.data), count: min(sink.widthBytes, pins.dataBytes))
        if let keep = pins.keep { keep.setOnes(min(Int(beat.keptBytes), pins.dataBytes)) }
        if let last = pins.last { last.value = beat.isLast ? 1 : 0 }
      case .output(let source, _):
        pins.ready.value = source.canPush ? 1 : 0
      }
    }
  }

  func settle() { model.settle() }

  func clock() { model.clock(clockPin) }

  /// The stream's name in the SoC.
  func name(_ index: Int) -> String { map.streams[index].name }

  /// What an output offers and was refused, to see that it goes on offering it.
  private var refused: [Int: (data: [UInt8], keep: [UInt8], isLast: Bool)] = [:]

  /// The rule of AXI4-Stream that an output breaks in this cycle: a beat that was offered stays as it
  /// is until it is taken. Nil when none does.
  func streamViolation() -> String? {
    for (index, pins) in streams.enumerated() where !pins.isInput {
      let isOffering = pins.valid.value != 0
      if let before = refused[index] {
        let name = name(index)
        guard isOffering else { return "stream \(name) withdraws TVALID before TREADY" }
        guard pins.data.bytes.elementsEqual(before.data),
          pins.keep?.bytes.elementsEqual(before.keep) ?? true,
          sendsLast(index) == before.isLast
        else { return "stream \(name) changes a beat while TREADY is low" }
      }
      if isOffering, pins.ready.value == 0 {
        if refused[index] == nil {
          refused[index] = (
            Array(pins.data.bytes), pins.keep.map { Array($0.bytes) } ?? [], sendsLast(index)
          )
        }
      } else if refused[index] != nil {
        refused[index] = nil
      }
    }
    return nil
  }

  /// Whether the beat at a port is transferred in this cycle.
  func transfers(_ index: Int) -> Bool {
    streams[index].valid.value & streams[index].ready.value != 0
  }

  /// The bytes of the beat that an output sends; nil when its TKEEP has holes.
  func sentBytes(_ index: Int) -> Int? {
    guard let keep = streams[index].keep else { return streams[index].dataBytes }
    return keep.countOfLowOnes()
  }

  func sendsLast(_ index: Int) -> Bool {
    streams[index].last.map { $0.value != 0 } ?? false
  }
}

extension PinHandle {
  /// Sets the `count` lowest bits and clears the others.
  func setOnes(_ count: Int) {
    if bits <= 64 {
      value = count >= 64 ? ~0 : 1 << UInt64(count) - 1
      return
    }
    for index in 0..<(bits + 31) / 32 * 4 {
      let ones = min(8, max(0, count - 8 * index))
      address.storeBytes(
        of: UInt8(truncatingIfNeeded: (1 << ones) - 1), toByteOffset: index, as: UInt8.self)
    }
  }

  /// How many bits are set, counted from the lowest; nil when the ones have a gap.
  func countOfLowOnes() -> Int? {
    var count = 0
    var isOver = false
    for byte in bytes {
      if isOver {
        if byte != 0 { return nil }
        continue
      }
      let ones = (~byte).trailingZeroBitCount
      count += min(8, ones)
      if ones < 8 {
        if byte >> UInt8(ones) != 0 { return nil }
        isOver = true
      }
    }
    return min(count, bits)
  }
}
