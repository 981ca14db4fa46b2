public import Mapping

/// Replays a plan without simulating it: when the core issues which command, when which tile of which job is computed, and
/// so when every layer begins and ends.
///
/// The core takes interrupts one by one and gives every engine up to two commands whose dependencies are complete, as the
/// runtime firmware does. Arrays work through tiles as ``ArrayJobTimes`` says. Nothing is counted cycle by cycle: the work is
/// proportional to the number of commands. ``BeatTimeline`` replays the same plan beat by beat.
public struct PlanTimeline {
  /// What comes out.
  public struct Result: Sendable {
    /// Cycles before the first tag, then of each tag of the plan.
    public var untagged = 0
    /// Cycles for which each tag was the current one.
    public var tags: [Int] = []
    /// When every command of every engine was complete.
    public var completions: [[Double]] = []
    /// When it was started.
    public var starts: [[Double]] = []
    /// Cycles in all.
    public var cycles = 0
  }

  private var replay: RuntimeReplay<JobDevices>

  /// Prepares a replay.
  ///
  /// - Parameters:
  ///   - kernelCycles: cycles of every command of the core.
  public init(
    work: [EngineWork], tagCount: Int, timing: SystemTiming, kernelCycles: [Double]
  ) {
    replay = RuntimeReplay(
      work: work, tagCount: tagCount, timing: timing.core, kernelCycles: kernelCycles,
      devices: JobDevices(work, timing))
  }

  /// Replays the plan.
  public mutating func run() -> Result { replay.run() }
}
