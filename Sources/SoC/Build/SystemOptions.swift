public import Processors
public import SimKernel
public import Telemetry

/// How to run, as opposed to what to simulate. None of it may change a result.
public struct SystemOptions {
  /// Tick every module in every cycle; for tests.
  public var isEager = false
  /// The order of modules within an instant; for tests.
  public var order = ModuleOrder.registration
  /// Record waveforms.
  public var recordsWaves = false
  /// Whether recording starts at time 0; otherwise the firmware's marker opens the window.
  public var wavesFromStart = true
  /// Receives the waveform changes in time order.
  public var waveSink: ((WaveChange) -> Void)?
  /// Told the tick at which the waveform window closes.
  public var waveWindowClosed: ((Tick) -> Void)?
  /// Receives what the firmware prints, as it prints it.
  public var consoleSink: ((UInt8) -> Void)?
  /// What the firmware can read from its console.
  public var consoleInput: [UInt8] = []
  /// Receives lines about what the host did for the firmware, for the user's error stream.
  public var hostNotes: ((String) -> Void)?
  /// Makes what is told of every instruction of the hart with a number; nil for full speed.
  public var observer: ((_ hart: Int) -> (any InstructionObserver)?)?
  /// The most instructions a hart retires before the run ends; nil for no limit.
  public var instructionLimit: UInt64?

  /// The defaults: fast, no waves.
  public init() {}
}
