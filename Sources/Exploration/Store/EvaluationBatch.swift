/// Collects outcomes and stores them in batches: fast models give a hundred thousand a second, of
/// which each would be too small a transaction, and slow ones one in a while, which must not wait
/// for others.
public final class EvaluationBatch {
  private let store: EvaluationStore
  private let capacity: Int
  private let delay: Duration
  private var waiting: [(request: EvaluationRequest, outcome: EvaluationOutcome)] = []
  private var lastFlush = ContinuousClock.now

  /// Creates an empty batch.
  ///
  /// - Parameters:
  ///   - capacity: outcomes that wait at most.
  ///   - delay: time between transactions; an outcome that comes later than this after the last one
  ///     is stored at once.
  public init(
    _ store: EvaluationStore, capacity: Int = 50_000, delay: Duration = .milliseconds(500)
  ) {
    self.store = store
    self.capacity = capacity
    self.delay = delay
  }

  /// Adds an outcome.
  ///
  /// - Returns: whether all outcomes that were added are stored now.
  /// - Throws: as `EvaluationStore.insert(_:)`.
  @discardableResult
  public func add(
    _ request: EvaluationRequest, _ outcome: EvaluationOutcome
  ) throws(EvaluationStoreError) -> Bool {
    waiting.append((request, outcome))
    guard waiting.count >= capacity || .now - lastFlush >= delay else { return false }
    try flush()
    return true
  }

  /// Stores what waits; to be called at the end, and before a pause.
  ///
  /// - Throws: as `EvaluationStore.insert(_:)`; the outcomes then still wait.
  public func flush() throws(EvaluationStoreError) {
    try store.insert(waiting)
    waiting.removeAll(keepingCapacity: true)
    lastFlush = .now
  }
}
