/// Evaluates designs somewhere: in threads, in processes, on a cluster.
public protocol StudyExecutor: AnyObject {
  /// Evaluates designs and hands over what comes out, each design once, in any order, on the
  /// calling thread.
  ///
  /// Returns when all designs are done, or soon after it is told to stop: then no more designs are
  /// begun, those that end soon are still handed over, and the others are abandoned.
  ///
  /// - Parameters:
  ///   - requests: the designs, each key once.
  ///   - finished: gets a design and its outcome; returns false to stop.
  /// - Throws: `ExecutionError` when designs cannot be evaluated at all, and what `finished`
  ///   throws. A design that fails is an outcome, not an error.
  func evaluate(
    _ requests: [EvaluationRequest],
    _ finished: (EvaluationRequest, EvaluationOutcome) throws -> Bool
  ) throws
}
