public import RISCV

/// Several observers of one hart.
public final class ObserverGroup: InstructionObserver {
  private let observers: [any InstructionObserver]

  /// An observer that tells all of `observers`, in their order.
  public init(_ observers: [any InstructionObserver]) {
    self.observers = observers
  }

  /// Tells all observers.
  public func observe(_ event: InstructionEvent, of hart: Hart, at cycle: UInt64) {
    for observer in observers { observer.observe(event, of: hart, at: cycle) }
  }
}
