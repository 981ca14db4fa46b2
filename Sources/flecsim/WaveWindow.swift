internal import ArgumentParser
internal import SimKernel
internal import Telemetry

/// Opens and closes the waveform window at given cycles. It is not part of the simulated system.
final class WaveWindow: Module {
  /// What `--wave-window` may say.
  enum Bounds {
    case cycles(Cycle, Cycle)
    case firmware

    init(_ text: String) throws {
      if text == "firmware" {
        self = .firmware
        return
      }
      let parts = text.split(separator: ":", omittingEmptySubsequences: false)
      guard parts.count == 2, let first = Cycle(parts[0]), let last = Cycle(parts[1]), first <= last
      else {
        throw ValidationError(
          "--wave-window is FIRST:LAST in cycles, or 'firmware'; '\(text)' is neither")
      }
      self = .cycles(first, last)
    }
  }

  private let registry: Registry
  private let first: Cycle
  private let last: Cycle

  init(registry: Registry, first: Cycle, last: Cycle) {
    self.registry = registry
    self.first = first
    self.last = last
    super.init(path: "wave-window")
  }

  override func tick(_ now: Cycle) -> Wake {
    // A change takes effect in the instant after, so it is asked for one cycle early.
    if now + 1 < first { return .at(first - 1) }
    if now < last {
      registry.setWaveWindow(true)
      return .at(last)
    }
    registry.setWaveWindow(false)
    return .onPort
  }
}
