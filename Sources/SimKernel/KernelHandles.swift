/// Flags that modules set through handles and the run loop reads once per instant.
struct KernelRequests: OptionSet, BitwiseCopyable {
  let rawValue: UInt8

  static let finish = KernelRequests(rawValue: 1)
  static let barrier = KernelRequests(rawValue: 2)
  static let pause = KernelRequests(rawValue: 4)
}

/// What a module may ask of its kernel while it runs.
public struct KernelControls {
  let requests: UnsafeMutablePointer<KernelRequests>

  /// Ends the run after the current instant.
  public func finish() {
    requests.pointee.formUnion(.finish)
  }

  /// Interrupts the run after the current instant, before its barrier actions: the run ends with
  /// ``Outcome/paused``, and the next one goes on as if nothing had happened.
  public func pause() {
    requests.pointee.formUnion(.pause)
  }

  /// Runs the barrier actions (tag changes, wave windows) after the current instant, so that what
  /// they change takes effect between two instants whatever the order of modules.
  public func raiseBarrier() {
    requests.pointee.formUnion(.barrier)
  }
}

/// Tells a module that may run ahead of time how far it can do so without anyone noticing.
public struct Horizon {
  let kernel: Unmanaged<Kernel>

  /// The earliest tick at which any other module is scheduled, at most the limit of the run; the
  /// current tick if another one runs in this very instant or the kernel runs eagerly. Nothing can
  /// reach the asking module before that, unless it sends something itself: ask again then.
  public var tick: Tick {
    kernel._withUnsafeGuaranteedRef { $0.soleModuleHorizon() }
  }
  /// The last tick of the run under way.
  public var limit: Tick { kernel._withUnsafeGuaranteedRef { $0.limit.pointee } }
}
