public import Fabric
public import SimKernel

/// A model and the RTL of the same module, both seeing the same firmware: the model does the work,
/// the RTL must do the same in every cycle, otherwise the run ends.
///
/// Compared in every cycle: which beats are taken and sent, with their bytes, TKEEP and TLAST; the
/// answers to register accesses; the interrupt's level. Cycles in which the model sleeps are run
/// by the RTL when the model wakes; it must do nothing visible in them.
public final class ShadowModule: Module {
  private let model: Module
  private let block: RTLBlock
  private let ends: [StreamEnd]
  private let registers: RegisterPort
  private let interrupt: Line?
  private let fail: (String) -> Void
  private let log = SignalLog()
  private var logged: [StreamSignals] = []
  private let accessSignals: (access: Int, okay: Int, value: Int)
  private let interruptSignal: Int
  /// The first cycle that the RTL has not seen.
  private var next: Cycle = 0
  /// Cycles compared.
  public var comparedCycles: UInt64 { UInt64(next) }

  private struct StreamSignals {
    let transfer: Int, data: Int, kept: Int, last: Int
  }

  /// Watches `model`, which must be connected to the same ports.
  ///
  /// - Parameters:
  ///   - streams: one per stream of the map, in its order.
  ///   - fail: ends the run with what differed.
  public init(
    _ model: Module, rtl: VerilatedModel, map: PortMap, registers: RegisterPort,
    streams: [StreamEnd], interrupt: Line?, fail: @escaping (String) -> Void
  ) {
    self.model = model
    block = RTLBlock(rtl, map: map)
    ends = streams
    self.registers = registers
    self.interrupt = interrupt
    self.fail = fail
    for stream in map.streams {
      logged.append(
        StreamSignals(
          transfer: log.declare("\(stream.name) transfer", bits: 1),
          data: log.declare("\(stream.name) data", bits: stream.bits),
          kept: log.declare("\(stream.name) bytes", bits: 16),
          last: log.declare("\(stream.name) last", bits: 1)))
    }
    accessSignals = (
      log.declare("register access", bits: 1), log.declare("register okay", bits: 1),
      log.declare("register value", bits: 64)
    )
    interruptSignal = log.declare("interrupt", bits: 1)
    super.init(path: model.path)
  }

  public override func tick(_ now: Cycle) -> Wake {
    while next < now {
      sleep(next)
      next &+= 1
      if stops { return .onPort }
    }
    let wake = compare(now)
    next = now &+ 1
    // What the model will find if it sleeps now.
    block.drive(ends)
    block.registers?.present(nil)
    return stops ? .onPort : wake
  }

  /// A cycle in which the model sleeps: its ports are as they were at the end of the last one.
  private func sleep(_ cycle: Cycle) {
    log.begin(UInt64(cycle))
    block.settle()
    for index in ends.indices {
      log.check(logged[index].transfer, model: 0, rtl: block.transfers(index) ? 1 : 0)
    }
    edge()
  }

  private func compare(_ now: Cycle) -> Wake {
    log.begin(UInt64(now))
    block.drive(ends)
    // Refused bursts are dropped here, as the model would do it in this very cycle.
    let access = registers.mayHaveAccess ? registers.next() : nil
    let answers = registers.watch
    block.registers?.present(access)
    block.settle()
    let watched = ends.map { end in
      switch end {
      case .input(let sink, _): sink.watch
      case .output(let source, _): source.watch
      }
    }
    let wake = model.tick(now)
    for (index, watch) in watched.enumerated() { compare(index, watch) }
    compare(access, answers)
    edge()
    return wake
  }

  private func compare(_ index: Int, _ watch: SlotWatch<StreamBeat>) {
    let signals = logged[index]
    let isOutput = !block.streams[index].isInput
    let modelMoves = isOutput ? watch.wasFilled : watch.wasEmptied
    let rtlMoves = block.transfers(index)
    log.check(signals.transfer, model: modelMoves ? 1 : 0, rtl: rtlMoves ? 1 : 0)
    guard isOutput, modelMoves, rtlMoves, let start = block.streams[index].data.bytes.baseAddress
    else { return }
    let kept = Int(watch.payload.keptBytes)
    log.check(
      signals.kept, model: UInt64(kept), rtl: block.sentBytes(index).map(UInt64.init) ?? 0xFFFF)
    log.check(
      signals.data, model: watch.data, rtl: start,
      range: 0..<min(kept, block.streams[index].dataBytes))
    log.check(
      signals.last, model: watch.payload.isLast ? 1 : 0, rtl: block.sendsLast(index) ? 1 : 0)
  }

  private func compare(
    _ access: RegisterAccess?,
    _ answers: (read: SlotWatch<ReadBeat>, write: SlotWatch<WriteResponse>)
  ) {
    guard let access, let answer = block.registers?.answer() else { return }
    let isAnswered: Bool
    var isOkay = false
    var value: UInt64 = 0
    switch access {
    case .read(let offset, let bytes):
      isAnswered = answers.read.wasFilled
      isOkay = answers.read.payload.response == .okay
      let lane = Int(registers.address(ofOffset: offset) & Address(registers.widthBytes - 1))
      for index in (0..<bytes).reversed() {
        value =
          value << 8
          | UInt64(answers.read.data.load(fromByteOffset: lane + index, as: UInt8.self))
      }
      if isOkay, answer.isOkay {
        let mask: UInt64 = bytes >= 8 ? ~0 : 1 << UInt64(8 * bytes) - 1
        log.check(accessSignals.value, model: value, rtl: answer.value & mask)
      }
    case .write:
      isAnswered = answers.write.wasFilled
      isOkay = answers.write.payload.response == .okay
    }
    log.check(accessSignals.access, model: isAnswered ? 1 : 0, rtl: 1)
    log.check(accessSignals.okay, model: isOkay ? 1 : 0, rtl: answer.isOkay ? 1 : 0)
  }

  private func edge() {
    block.clock()
    if let interrupt, let pin = block.interrupt {
      log.check(interruptSignal, model: interrupt.drivenLevel ? 1 : 0, rtl: pin.value)
    }
  }

  /// Reports the first difference.
  private var stops: Bool {
    if let halt = block.model.failure {
      fail("\(path): the RTL halted by itself: \(halt)")
      return true
    }
    guard let first = log.differences.first else { return false }
    let all = log.differences.map { "\($0.signal): model \($0.model), RTL \($0.rtl)" }
    fail(
      "\(path): model and RTL differ in cycle \(first.cycle): \(all.joined(separator: "; "))\n"
        + log.table())
    return true
  }
}
