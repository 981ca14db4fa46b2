internal import SimKernel

extension AcceleratorKind {
  /// Creates the module of this kind.
  func make(_ context: AcceleratorContext) -> Module {
    preconditionFailure("no model")
  }
}
