internal import CPlugin
public import Fabric
public import SimKernel
public import Telemetry

/// An accelerator or peripheral that a plug-in library adds.
///
/// Timing model: the plug-in's own, within the one rule that what it does in a cycle is seen by
/// others in later ones. It is called in every cycle for which it asked, and in every cycle in
/// which a stream or a register access brings something.
public final class PluginModule: Module {
  private let instance: PluginInstance
  private let tickFunction:
    @convention(c) (UnsafeMutableRawPointer?, UnsafeMutablePointer<flecsim_cycle>?) -> UInt64
  private let streams: [StreamEnd]
  /// Bytes of the ports; a stream may be wider.
  private let widths: [Int]
  private let registers: RegisterPort
  private let interrupt: Line?
  private let cycle: UnsafeMutablePointer<flecsim_cycle>
  private let pins: UnsafeMutablePointer<flecsim_stream>
  private let residency: Residency
  private let stateCount: Int
  private let portNames: [String]
  private let counters: [Counter]
  private let totals: UnsafeMutablePointer<UInt64>
  private let credited: UnsafeMutablePointer<UInt64>
  /// Ends the run with a sentence about what the plug-in did wrong.
  private let fail: (String) -> Void

  /// Creates an instance.
  ///
  /// - Parameters:
  ///   - parameters: in the order of the kind's parameters.
  ///   - streams: one per port of the kind.
  ///   - fail: ends the run because the plug-in broke the rules.
  /// - Throws: ``PluginError`` when the plug-in cannot create an instance.
  public init(
    path: String, library: PluginLibrary, parameters: [Int64], registers: RegisterPort,
    streams: [StreamEnd], interrupt: Line?, site: ModuleSite, arena: Arena,
    fail: @escaping (String) -> Void
  ) throws(PluginError) {
    let kind = library.kind
    precondition(streams.count == kind.ports.count, "one stream per port")
    guard let tick = library.descriptor.tick else { throw PluginError("has no function tick") }
    tickFunction = tick
    instance = try PluginInstance(library, parameters: parameters, site: site)
    self.streams = streams
    var widths: [Int] = []
    for index in streams.indices {
      widths.append(try library.bits(ofPort: index, parameters: parameters) / 8)
    }
    self.widths = widths
    precondition(
      zip(widths, streams).allSatisfy { $0 <= $1.widthBytes }, "a stream is as wide as its port")
    self.registers = registers
    self.interrupt = interrupt
    self.fail = fail
    pins = arena.allocate(flecsim_stream.self, count: max(1, streams.count))
    totals = arena.allocate(UInt64.self, count: max(1, kind.counters.count))
    credited = arena.allocate(UInt64.self, count: max(1, kind.counters.count))
    cycle = arena.allocate(flecsim_cycle.self, count: 1)
    cycle.pointee.streams = pins
    cycle.pointee.counters = totals
    counters = kind.counters.map { counter in
      site.counter(
        counter.name, unit: counter.unit, counter.help,
        action: counter.component.flatMap { component in
          counter.action.map { (component: component, action: $0) }
        })
    }
    stateCount = kind.states.count
    portNames = kind.ports.map(\.name)
    residency = site.residency(
      kind.states.map { state in
        switch state.kind {
        case .idle: .idle(state.name)
        case .active: .active(state.name)
        case .waiting: .waiting(state.name, on: state.port.flatMap { streams[$0].partner })
        }
      })
    super.init(path: path)
  }

  public override func tick(_ now: Cycle) -> Wake {
    offer()
    let access = registers.mayHaveAccess ? registers.next() : nil
    present(access)
    cycle.pointee.cycle = UInt64(now)
    let answer = tickFunction(instance.pointer, cycle)
    guard let moved = transfer() else { return .onPort }
    if let access { complete(access) }
    interrupt?.set(cycle.pointee.interrupt != 0)
    guard cycle.pointee.state < UInt32(stateCount) else {
      return stop("sets state \(cycle.pointee.state); there are 0 to \(stateCount - 1)")
    }
    residency.enter(Int(cycle.pointee.state), at: now)
    for index in counters.indices where totals[index] != credited[index] {
      counters[index].add(totals[index] &- credited[index])
      credited[index] = totals[index]
    }
    // What was taken or sent may leave more to see, and another access may wait.
    if moved || access != nil { return .nextCycle }
    return answer == 0 ? .onPort : .at(now &+ Cycle(min(answer, 1 << 62)))
  }

  // MARK: Streams

  private func offer() {
    for (index, stream) in streams.enumerated() {
      switch stream {
      case .input(let sink, _):
        let isValid = sink.canPop
        pins[index].ready = 0
        pins[index].valid = isValid ? 1 : 0
        pins[index].data = sink.data.assumingMemoryBound(to: UInt8.self)
        pins[index].kept = isValid ? sink.front.keptBytes : 0
        pins[index].last = isValid && sink.front.isLast ? 1 : 0
      case .output(let source, _):
        pins[index].valid = 0
        pins[index].ready = source.canPush ? 1 : 0
        pins[index].data = source.data.assumingMemoryBound(to: UInt8.self)
        pins[index].kept = UInt32(widths[index])
        pins[index].last = 0
      }
    }
  }

  /// Does what the plug-in asked for; nil when it asked for something impossible.
  private func transfer() -> Bool? {
    var moved = false
    for (index, stream) in streams.enumerated() where pins[index].valid != 0 {
      guard pins[index].ready != 0 else { continue }
      switch stream {
      case .input(let sink, _):
        guard sink.canPop else {
          _ = stop("takes a beat of port \(portNames[index]) although there is none")
          return nil
        }
        guard sink.front.keptBytes <= UInt32(widths[index]) else {
          _ = stop(
            "gets \(sink.front.keptBytes) bytes at port \(portNames[index]), which is \(widths[index]) bytes "
              + "wide: its DMA has to align rows to beats")
          return nil
        }
        sink.pop()
      case .output(let source, _):
        guard source.canPush else {
          _ = stop("sends a beat to port \(portNames[index]) although there is no room")
          return nil
        }
        guard pins[index].kept <= UInt32(widths[index]) else {
          _ = stop(
            "sends \(pins[index].kept) bytes to port \(portNames[index]), which is \(widths[index]) bytes wide"
          )
          return nil
        }
        source.push(
          StreamBeat(keptBytes: Int(pins[index].kept), isLast: pins[index].last != 0))
      }
      moved = true
    }
    return moved
  }

  // MARK: Registers

  private func present(_ access: RegisterAccess?) {
    cycle.pointee.access = flecsim_access()
    switch access {
    case nil: break
    case .read(let offset, let bytes):
      cycle.pointee.access.valid = 1
      cycle.pointee.access.offset = offset
      cycle.pointee.access.bytes = UInt32(bytes)
    case .write(let offset, let bytes, let value):
      cycle.pointee.access.valid = 1
      cycle.pointee.access.write = 1
      cycle.pointee.access.offset = offset
      cycle.pointee.access.bytes = UInt32(bytes)
      cycle.pointee.access.value = value
    }
  }

  private func complete(_ access: RegisterAccess) {
    let isOkay = cycle.pointee.access.okay != 0
    switch access {
    case .read: registers.complete(read: cycle.pointee.access.value, ok: isOkay)
    case .write: registers.completeWrite(ok: isOkay)
    }
  }

  private func stop(_ what: String) -> Wake {
    fail("plug-in \(path) \(what) (cycle \(cycle.pointee.cycle))")
    return .onPort
  }
}
