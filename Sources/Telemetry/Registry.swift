public import SimKernel

/// Observes all modules (requirement F7): action counters, classes of cycles, tags, probes.
///
/// Everything is declared while the system is built and updated through handles that point into
/// kernel-owned memory. The current tag (a layer, a phase) is charged with everything that happens
/// between two tag changes; changing it costs one pass over the counters.
public final class Registry {
  private let kernel: Kernel
  /// The wave recorder, when waves are on.
  public let waves: WaveRecorder?
  private var sites: [ModuleSite] = []
  private var tags: [String] = [""]
  private var currentTag = 0
  private var pendingTag: String?
  private var pendingWindow: Bool?

  /// Creates the registry of `kernel`.
  public init(kernel: Kernel, waves: WaveRecorder? = nil) {
    self.kernel = kernel
    self.waves = waves
    kernel.onBarrier { [unowned self] tick in self.settle(at: tick) }
  }

  /// Registers a module and returns the place where it declares what it counts.
  ///
  /// - Parameters:
  ///   - path: the instance path, unique.
  ///   - kind: the component kind, for example `SRAM`.
  public func module(_ path: String, kind: String, domain: ClockDomain) -> ModuleSite {
    let site = ModuleSite(
      path: path, kind: kind, domain: domain, arena: kernel.arena, waves: waves)
    sites.append(site)
    return site
  }

  /// From the instant after this one on, everything is charged to tag `name`.
  public func changeTag(to name: String) {
    pendingTag = name
    kernel.controls.raiseBarrier()
  }

  /// From the instant after this one on, waves are recorded or not.
  public func setWaveWindow(_ isOpen: Bool) {
    pendingWindow = isOpen
    kernel.controls.raiseBarrier()
  }

  private func settle(at tick: Tick) {
    if let name = pendingTag {
      pendingTag = nil
      charge(through: tick)
      if let index = tags.firstIndex(of: name) {
        currentTag = index
      } else {
        currentTag = tags.count
        tags.append(name)
      }
    }
    if let isOpen = pendingWindow {
      pendingWindow = nil
      waves?.setRecording(isOpen, at: tick)
    }
  }

  /// Credits everything up to and including `tick` to the current tag.
  private func charge(through tick: Tick) {
    for site in sites { site.charge(tag: currentTag, through: tick) }
  }

  /// What is declared, with all counts at what was charged so far; may be taken before the run.
  public func inventory() -> Snapshot {
    Snapshot(
      ticksPerSecond: kernel.ticksPerSecond, ticks: 0, tags: tags,
      modules: sites.map { $0.record(tagCount: tags.count) }.sorted { $0.path < $1.path })
  }

  /// Everything recorded up to and including the current instant, as values. Taken after a run.
  public func snapshot() -> Snapshot {
    let tick = kernel.time.pointee
    charge(through: tick)
    return Snapshot(
      ticksPerSecond: kernel.ticksPerSecond, ticks: tick, tags: tags,
      modules: sites.map { $0.record(tagCount: tags.count) }.sorted { $0.path < $1.path })
  }

  /// What every module is doing at `tick`, in order of paths, if nothing happens until then.
  /// Changes nothing.
  public func status(at tick: Tick) -> [ModuleStatus] {
    sites.map { $0.status(at: tick) }.sorted { $0.path < $1.path }
  }

  /// For every module that waits: its state and whom it waits for, `a: wait-in1 (on b)`.
  public func waits() -> [String] {
    sites.flatMap(\.waits)
  }
}
