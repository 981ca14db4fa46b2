public import Mapping

/// Replays a plan beat by beat: every bus word, stream beat, request and grant in its cycle, but no data.
///
/// The core issues commands as the runtime firmware does, as in ``PlanTimeline``; what they do is worked through cycle by
/// cycle, with the buffers, arbiters and latencies of the hardware. The work is proportional to the cycles in which devices
/// are busy.
public enum BeatTimeline {
  /// Replays a plan.
  ///
  /// - Parameters:
  ///   - kernelCycles: cycles of every command of the core.
  public static func run(
    work: [EngineWork], tagCount: Int, timing: SystemTiming, kernelCycles: [Double]
  ) -> PlanTimeline.Result {
    var replay = RuntimeReplay(
      work: work, tagCount: tagCount, timing: timing.core, kernelCycles: kernelCycles,
      devices: BeatSystem(timing, work))
    return replay.run()
  }
}
