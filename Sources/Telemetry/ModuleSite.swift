public import SimKernel

/// Where one module declares its components, counters, classes of cycles and signals.
public final class ModuleSite {
  /// The instance path.
  public let path: String
  /// The component kind.
  public let kind: String
  /// The module's clock.
  public let domain: ClockDomain

  private struct CounterEntry {
    let name: String
    let unit: String
    let help: String
    let action: ActionReference?
    let value: UnsafeMutablePointer<UInt64>
    /// What was already charged, in total and per tag.
    var charged: UInt64 = 0
    var perTag: [UInt64] = []
  }

  private let arena: Arena
  private let waves: WaveRecorder?
  private var components: [ComponentRecord] = []
  private var counters: [CounterEntry] = []
  private var states: [StateDescriptor] = []
  private var residency: Residency?
  private var stateCycles: UnsafeMutablePointer<UInt64>?
  private var statesCharged: [UInt64] = []
  private var statesPerTag: [[UInt64]] = []
  private var cyclesPerTag: [UInt64] = []
  private var cyclesCharged: UInt64 = 0

  init(path: String, kind: String, domain: ClockDomain, arena: Arena, waves: WaveRecorder?) {
    self.path = path
    self.kind = kind
    self.domain = domain
    self.arena = arena
    self.waves = waves
  }

  /// Declares a physical component that has energy and area.
  ///
  /// - Parameters:
  ///   - name: name within the module, for example `pe`.
  ///   - componentClass: the class in the energy table, for example `mac.int8`.
  ///   - attributes: what the table scales by, for example `width_bits`.
  ///   - quantity: how many of them.
  public func component(
    _ name: String, class componentClass: String, attributes: [String: Double] = [:],
    quantity: UInt64 = 1
  ) {
    components.append(
      ComponentRecord(
        name: name, componentClass: componentClass, attributes: attributes, quantity: quantity))
  }

  /// Declares a counter.
  ///
  /// - Parameters:
  ///   - unit: what one count is, for example `MAC` or `B`.
  ///   - help: one sentence that defines the event.
  ///   - action: the component and action each count stands for, when it costs energy.
  ///   - scale: actions per count.
  public func counter(
    _ name: String, unit: String, _ help: String,
    action: (component: String, action: String)? = nil, scale: Double = 1
  ) -> Counter {
    let value = arena.allocate(UInt64.self, count: 1)
    let reference = action.map {
      ActionReference(component: $0.component, action: $0.action, scale: scale)
    }
    counters.append(
      CounterEntry(name: name, unit: unit, help: help, action: reference, value: value))
    return Counter(value: value)
  }

  /// Charges another action per count of an already declared counter; `counter` names it.
  public func alsoCharges(
    _ counter: String, as name: String, component: String, action: String, scale: Double = 1
  ) {
    guard let entry = counters.first(where: { $0.name == counter }) else {
      preconditionFailure("no counter \(counter) in \(path)")
    }
    counters.append(
      CounterEntry(
        name: name, unit: entry.unit, help: entry.help,
        action: ActionReference(component: component, action: action, scale: scale),
        value: entry.value))
  }

  /// Declares the classes of cycles; the module starts in the first one. Called once per module.
  public func residency(_ descriptors: [StateDescriptor]) -> Residency {
    precondition(residency == nil, "a module has one set of states")
    states = descriptors
    statesCharged = Array(repeating: 0, count: descriptors.count)
    let cycles = arena.allocate(UInt64.self, count: descriptors.count)
    let record = arena.allocate(Residency.Record.self, count: 1)
    record.initialize(
      to: Residency.Record(
        current: 0, since: 0, cycles: cycles,
        signal: signal("state", .names(descriptors.map(\.name)))))
    record.pointee.signal.set(0)
    stateCycles = cycles
    let result = Residency(record: record)
    residency = result
    return result
  }

  /// Declares a waveform signal; without waves the probe records nothing.
  public func signal(_ name: String, _ format: SignalFormat) -> Signal {
    waves?.declare(SignalDescriptor(module: path, name: name, format: format)) ?? .off
  }

  // MARK: Reading out

  func charge(tag: Int, through tick: Tick) {
    let boundary = domain.cycles(through: tick)
    add(boundary - cyclesCharged, to: &cyclesPerTag, tag: tag)
    cyclesCharged = boundary
    for index in counters.indices {
      let total = counters[index].value.pointee
      add(total - counters[index].charged, to: &counters[index].perTag, tag: tag)
      counters[index].charged = total
    }
    guard let residency, let stateCycles else { return }
    residency.flush(before: boundary)
    if statesPerTag.isEmpty { statesPerTag = Array(repeating: [], count: states.count) }
    for index in states.indices {
      add(stateCycles[index] - statesCharged[index], to: &statesPerTag[index], tag: tag)
      statesCharged[index] = stateCycles[index]
    }
  }

  private func add(_ amount: UInt64, to values: inout [UInt64], tag: Int) {
    while values.count <= tag { values.append(0) }
    values[tag] += amount
  }

  func record(tagCount: Int) -> ModuleRecord {
    func padded(_ values: [UInt64]) -> [UInt64] {
      values + Array(repeating: 0, count: tagCount - values.count)
    }
    return ModuleRecord(
      path: path, kind: kind, clock: domain.name, hertz: domain.hertz,
      cycles: padded(cyclesPerTag), components: components,
      counters: counters.map {
        CounterRecord(
          name: $0.name, unit: $0.unit, help: $0.help, values: padded($0.perTag),
          action: $0.action)
      },
      states: states.indices.map {
        StateRecord(
          name: states[$0].name, kind: states[$0].kind, blocker: states[$0].blocker,
          cycles: padded(statesPerTag.isEmpty ? [] : statesPerTag[$0]))
      })
  }

  /// What the module is doing at `tick`.
  func status(at tick: Tick) -> ModuleStatus {
    let elapsed = domain.cycles(through: tick)
    let current = residency?.current
    return ModuleStatus(
      path: path, kind: kind, clock: domain.name, cycles: elapsed,
      states: states.indices.map { index in
        var cycles = stateCycles?[index] ?? 0
        // The stay that has not ended yet.
        if index == current, let since = residency?.since, elapsed > since {
          cycles &+= elapsed &- since
        }
        return ModuleStatus.State(
          name: states[index].name, kind: states[index].kind, blocker: states[index].blocker,
          cycles: cycles)
      }, current: current,
      counters: counters.map {
        ModuleStatus.Count(
          name: $0.name, unit: $0.unit, help: $0.help, total: $0.value.pointee)
      })
  }

  /// The module's current wait, if it waits: name of the state and blocker.
  var waits: [String] {
    guard let residency else { return [] }
    let state = states[residency.current]
    guard state.kind == .waiting else { return [] }
    return ["\(path): \(state.name)" + (state.blocker.map { " (on \($0))" } ?? "")]
  }
}
