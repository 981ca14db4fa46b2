public import Debugger
internal import Fabric
internal import Processors
internal import RISCV
internal import SimKernel
internal import Telemetry

/// A system as a debugger sees it.
///
/// A hart that reaches a breakpoint breaks off its cycle; the kernel then pauses after the instant,
/// and when the user lets it go on, that cycle is finished first, in the same instant. So a run
/// with a debugger has the same cycles, counters and digest as one without, as long as the user
/// changes nothing.
public final class SystemDebugTarget: DebugTarget {
  /// The system that runs, a new one after a reset.
  public internal(set) var system: System
  /// How the run has ended, once it has.
  public internal(set) var end: RunEnd?

  let limits: RunLimits
  let progress: () -> Bool
  private let rebuild: () throws -> System
  /// One per hart.
  var controls: [DebugControl] = []
  var points: Set<StopPoint> = []
  let group = DebugGroup()
  /// Indices of the harts that have to finish the present instant, in order.
  var halted: [Int] = []
  /// Index of the hart whose stop the user saw last.
  var reported = 0
  /// Whether it stands there still: then it steps over its breakpoint.
  var isStopSeen = true
  /// Cached, because GDB asks for registers one by one.
  public private(set) var architecture: TargetArchitecture

  /// A system at the beginning of its run, with at least one hart.
  ///
  /// - Parameters:
  ///   - limits: only the limit of cycles counts: the user's time passes while the system stands.
  ///   - progress: asked now and then while the system runs; false stops it.
  ///   - rebuild: builds the same system again, for a reset.
  /// - Throws: ``DebugFailure`` when there is no hart to debug.
  public init(
    _ system: System, limits: RunLimits, progress: @escaping () -> Bool = { true },
    rebuild: @escaping () throws -> System
  ) throws(DebugFailure) {
    guard let core = system.cores.first else {
      throw DebugFailure("\(system.description.name) has no processor to debug")
    }
    self.system = system
    self.limits = limits
    self.progress = progress
    self.rebuild = rebuild
    architecture = Self.architecture(of: core.hart)
    attach()
  }

  private func attach() {
    controls = system.cores.map { core in
      let control = DebugControl(group: group)
      core.debug = control
      return control
    }
    for control in controls { apply(points, to: control) }
  }

  /// Lets the system run on by itself.
  public func detach() {
    removeAllStopPoints()
    for control in controls { control.resume(.run, stepsOver: true) }
    group.resume()
    _ = finishInstant([])
    for core in system.cores { core.debug = nil }
  }

  /// Builds the system anew; stop points stay.
  ///
  /// - Throws: ``DebugFailure`` when that fails.
  public func reset() throws(DebugFailure) {
    do {
      system = try rebuild()
    } catch {
      throw DebugFailure("\(error)")
    }
    end = nil
    reported = 0
    isStopSeen = true
    halted = []
    group.resume()
    attach()
  }

  // MARK: Stop points

  /// Sets a breakpoint or watchpoint on all harts.
  public func insert(_ point: StopPoint) -> Bool {
    points.insert(point)
    for control in controls { apply(points, to: control) }
    return true
  }

  /// Removes one, on all harts.
  public func remove(_ point: StopPoint) {
    points.remove(point)
    for control in controls { apply(points, to: control) }
  }

  /// Removes all.
  public func removeAllStopPoints() {
    points = []
    for control in controls { apply(points, to: control) }
  }

  private func apply(_ points: Set<StopPoint>, to control: DebugControl) {
    control.breakpoints = []
    control.watchpoints = []
    for point in points {
      switch point {
      case .breakpoint(let address, _): control.breakpoints.insert(address & addressMask)
      case .watchpoint(let kind, let address, let length):
        let access: DebugControl.Access =
          switch kind {
          case .write: .write
          case .read: .read
          case .access: .any
          }
        control.watchpoints.insert(
          DebugControl.Watchpoint(access: access, address: address & addressMask, length: length))
      }
    }
  }

  var addressMask: UInt64 { architecture.xlen == 32 ? 0xffff_ffff : .max }

  // MARK: What there is

  private static func architecture(of hart: Hart) -> TargetArchitecture {
    let instructionSet = hart.configuration.instructionSet
    let floatBits =
      instructionSet.extensions.contains(.d)
      ? 64 : instructionSet.extensions.contains(.f) ? 32 : 0
    return TargetArchitecture(
      xlen: Int(instructionSet.xlen.rawValue), floatBits: floatBits,
      controlRegisters: (0..<4096 as Range<UInt16>).compactMap { number in
        guard hart.readCSR(number) != nil, let name = CSR.name(of: number) else { return nil }
        return TargetArchitecture.ControlRegister(name: name, number: number)
      })
  }

  /// The harts, with mode and class of cycles.
  public var threads: [DebugThread] {
    let statuses = system.registry.status(at: now)
    return system.cores.enumerated().map { index, core in
      let mode =
        switch core.hart.privilege {
        case .machine: "machine mode"
        case .supervisor: "supervisor mode"
        case .user: "user mode"
        }
      let status = statuses.first { $0.path == core.path }
      let state = status.flatMap { status in status.current.map { status.states[$0].name } }
      return DebugThread(
        number: index + 1, name: core.path, detail: mode + (state.map { ", \($0)" } ?? ""))
    }
  }

  /// The hardware modules as of ``time``.
  public func modules() -> [ModuleView] {
    system.registry.status(at: now).map { status in
      ModuleView(
        path: status.path, kind: status.kind, clock: status.clock, cycles: status.cycles,
        states: status.states.map {
          ModuleView.State(
            name: $0.name, kind: $0.kind.rawValue, blocker: $0.blocker, cycles: $0.cycles)
        }, current: status.current,
        counters: status.counters.map {
          ModuleView.Counter(name: $0.name, value: $0.total, unit: $0.unit, help: $0.help)
        })
    }
  }

  /// How far the hart that is ahead has come: nothing else happens before.
  public var time: TimeView {
    let kernel = system.kernel
    return TimeView(
      seconds: Double(now) / Double(kernel.ticksPerSecond),
      reference: system.referenceClock.name,
      clocks: kernel.domains.map {
        TimeView.Clock(name: $0.name, hertz: $0.hertz, cycles: $0.cycles(through: now))
      })
  }

  /// How far the hart that is ahead has come: nothing else happens before.
  var now: Tick {
    system.cores.reduce(system.kernel.time.pointee) { tick, core in
      max(tick, (max(1, core.hart.cycle) - 1) * instructionClock.period)
    }
  }

  var instructionClock: ClockDomain {
    guard
      let clock = system.kernel.domains.first(where: { $0.name == SystemBuilder.instructionClock })
    else { preconditionFailure("a system with a hart has its clock") }
    return clock
  }
}
