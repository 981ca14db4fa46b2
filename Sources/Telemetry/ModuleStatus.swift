/// What a module is doing now, as values: unlike a ``Snapshot`` it may be taken at any moment, also
/// in the middle of an instant, and changes nothing.
public struct ModuleStatus: Sendable, Equatable {
  /// A class of cycles.
  public struct State: Sendable, Equatable {
    /// The name.
    public let name: String
    /// Whether the module works, waits or has nothing to do in it.
    public let kind: StateKind
    /// The module waited for, in waiting states.
    public let blocker: String?
    /// Cycles in it so far, over all tags.
    public let cycles: UInt64
  }

  /// A count of events.
  public struct Count: Sendable, Equatable {
    /// The name.
    public let name: String
    /// What one count is.
    public let unit: String
    /// The definition of the event.
    public let help: String
    /// The total so far, over all tags.
    public let total: UInt64
  }

  /// The instance path.
  public let path: String
  /// The component kind.
  public let kind: String
  /// The clock's name.
  public let clock: String
  /// Elapsed cycles of that clock.
  public let cycles: UInt64
  /// All classes of cycles; empty when the module declares none.
  public let states: [State]
  /// Index of the present class.
  public let current: Int?
  /// All counters.
  public let counters: [Count]
}
