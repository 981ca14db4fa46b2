/// What is known of a node's operand when types are inferred.
public struct Operand: Sendable {
  /// Its type.
  public var type: TensorType
  /// Its value where that does not depend on the network's inputs.
  public var constant: Tensor?

  /// Creates an operand.
  public init(_ type: TensorType, constant: Tensor? = nil) {
    self.type = type
    self.constant = constant
  }

  /// Creates an operand whose value is known.
  public init(_ constant: Tensor) {
    self.init(constant.type, constant: constant)
  }
}
