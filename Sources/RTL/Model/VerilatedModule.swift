public import Fabric
public import SimKernel
public import Telemetry

/// A module of the SoC that is RTL (requirement F26).
///
/// Timing model: the RTL's own. In every cycle the streams show their state at the pins, the
/// combinational logic settles, beats whose valid and ready are both high are transferred, and the
/// clock rises. A stream is a queue of two beats with registered flags, so valid and ready need no
/// register of their own in the RTL. The interrupt pin is read after the edge.
///
/// While nothing is transferred the module is watched: when not one register or wire of it changes
/// from cycle to cycle it sleeps until a port brings something, which is exact because equal state
/// and equal inputs give equal state for ever.
public final class VerilatedModule: Module {
  private enum State {
    static let idle = 0
    static let transfer = 1
    static let busy = 2
    static let unanswered = 3
    static let firstWait = 4
  }

  private let block: RTLBlock
  private let ends: [StreamEnd]
  private let registers: RegisterPort
  private let interrupt: Line?
  private let residency: Residency
  private let counters: [Counter]
  private let fail: (String) -> Void
  /// Cycles without a transfer and without anything to count up to now.
  private var quietCycles: UInt64 = 0
  /// Whether nothing changes any more until an input does. A tick that finds it so, as that of an
  /// eager kernel, leaves everything as it is.
  private var isAsleep = false

  /// Creates an instance in the state after reset.
  ///
  /// - Parameters:
  ///   - streams: one per stream of the map, in its order.
  ///   - fail: ends the run because the RTL halted or broke the rules.
  public init(
    path: String, model: VerilatedModel, map: PortMap, registers: RegisterPort,
    streams: [StreamEnd], interrupt: Line?, site: ModuleSite, fail: @escaping (String) -> Void
  ) {
    precondition(streams.count == map.streams.count, "one stream per port")
    block = RTLBlock(model, map: map)
    ends = streams
    self.registers = registers
    self.interrupt = interrupt
    self.fail = fail
    counters = map.counters.map { counter in
      site.counter(
        counter.name, unit: counter.unit, counter.help,
        action: counter.component.flatMap { component in
          counter.action.map { (component: component, action: $0) }
        })
    }
    residency = site.residency(
      [
        .idle(), .active("transfer"), .active("busy"),
        .waiting("unanswered-access", on: path),
      ]
        + zip(map.streams, streams).map { stream, end in
          .waiting("wait-\(stream.name)", on: end.partner)
        })
    super.init(path: path)
  }

  public override func tick(_ now: Cycle) -> Wake {
    block.drive(ends)
    let access = registers.mayHaveAccess ? registers.next() : nil
    block.registers?.present(access)
    block.model.time = UInt64(now)
    block.settle()
    if let violation = block.streamViolation() { return stop(now, "the RTL's \(violation)") }
    guard var moved = transfer(now) else { return .onPort }
    var isUnanswered = false
    if let access {
      let answer =
        block.registers.map { $0.answer() } ?? RegisterAnswer(value: 0, isOkay: false)
      if let violation = block.registers?.violation {
        return stop(now, "the RTL sends \(violation)")
      }
      if let answer {
        complete(access, answer)
        moved = true
      } else {
        isUnanswered = true
      }
    }
    var isCounting = false
    for (index, pin) in block.counters.enumerated() {
      let count = pin.value
      guard count != 0 else { continue }
      counters[index].add(count)
      isCounting = true
    }
    let waiting = refusedPort()
    block.clock()
    if let interrupt, let pin = block.interrupt { interrupt.set(pin.value != 0) }
    if let halt = block.model.failure {
      return stop(now, "the RTL halted by itself: \(halt)")
    }
    if isAsleep {
      if !moved, block.model.isUnchanged() { return .onPort }
      isAsleep = false
      quietCycles = 0
    }
    quietCycles = moved || isCounting ? 0 : quietCycles &+ 1
    if isSettled {
      isAsleep = true
      // The class of a cycle that changes nothing: waiting for a port, or idle.
      residency.enter(isUnanswered ? State.unanswered : waiting ?? State.idle, at: now)
      return .onPort
    }
    residency.enter(moved ? State.transfer : waiting ?? State.busy, at: now)
    return .nextCycle
  }

  /// Whether the cycle changed nothing and inputs were those of the one before. Looked at in pairs
  /// of cycles whose distance grows, so that long computations are not slowed down.
  private var isSettled: Bool {
    guard quietCycles >= 4 else { return false }
    if quietCycles & (quietCycles &- 1) == 0 {
      _ = block.model.isUnchanged()
      return false
    }
    let before = quietCycles &- 1
    return before & (before &- 1) == 0 && block.model.isUnchanged()
  }

  /// Ends the run because the RTL halted or broke a rule.
  private func stop(_ now: Cycle, _ what: String) -> Wake {
    fail("\(path): \(what) (cycle \(now))")
    return .onPort
  }

  /// Transfers beats; nil after a mistake of the RTL.
  private func transfer(_ now: Cycle) -> Bool? {
    var moved = false
    for (index, end) in ends.enumerated() where block.transfers(index) {
      moved = true
      switch end {
      case .input(let sink, _):
        let width = block.streams[index].dataBytes
        guard sink.front.keptBytes <= UInt32(width) else {
          _ = stop(
            now,
            "the RTL gets \(sink.front.keptBytes) bytes at stream \(block.name(index)), which is "
              + "\(width) bytes wide: its DMA has to align rows to beats")
          return nil
        }
        sink.pop()
      case .output(let source, _):
        guard let kept = block.sentBytes(index) else {
          _ = stop(now, "the RTL sends a beat on stream \(block.name(index)) whose TKEEP has holes")
          return nil
        }
        let bytes = block.streams[index].data.bytes
        let width = source.widthBytes
        if let start = bytes.baseAddress {
          source.data.copyMemory(from: start, byteCount: min(width, bytes.count))
        }
        if bytes.count < width {
          (source.data + bytes.count).initializeMemory(
            as: UInt8.self, repeating: 0, count: width - bytes.count)
        }
        source.push(StreamBeat(keptBytes: kept, isLast: block.sendsLast(index)))
      }
    }
    return moved
  }

  /// The class of waiting for the first output whose beat is refused, or for the first input that
  /// is ready for a beat that does not come.
  private func refusedPort() -> Int? {
    let streams = block.streams
    if let index = streams.firstIndex(where: {
      !$0.isInput && $0.valid.value != 0 && $0.ready.value == 0
    }) {
      return State.firstWait + index
    }
    return streams.firstIndex { $0.isInput && $0.valid.value == 0 && $0.ready.value != 0 }
      .map { State.firstWait + $0 }
  }

  private func complete(_ access: RegisterAccess, _ answer: RegisterAnswer) {
    switch access {
    case .read: registers.complete(read: answer.value, ok: answer.isOkay)
    case .write: registers.completeWrite(ok: answer.isOkay)
    }
  }
}
