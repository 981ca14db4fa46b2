/// Something with a clock: the base of every simulated component (requirement F5).
///
/// Subclasses are non-generic `final` classes with private state; everything that varies lives in a
/// generic struct inside. A module touches other modules only through ports.
open class Module {
  /// The instance path, unique in a system, for example `os_array` or `xbar`.
  public let path: String

  /// Creates a module with its instance path.
  public init(path: String) {
    self.path = path
  }

  /// Does the work of clock cycle `now` of the module's own clock and says when to run again.
  ///
  /// What is pushed into a port here can be seen by others at a later edge only, so the order of
  /// modules within an edge cannot matter. Called at most once per cycle, possibly spuriously.
  open func tick(_ now: Cycle) -> Wake {
    .onPort
  }
}
