internal import Diagnostics
internal import Networks

/// Activation functions by Darknet's names.
enum DarknetActivation {
  /// What a name stands for: the operator, and bounds for Clip.
  enum Function {
    case none
    case unary(UnaryFunction)
    case clip(Float, Float)
  }

  static func function(_ name: String) -> Function? {
    switch name {
    case "linear": Function.none
    case "leaky": .unary(.leakyRelu(alpha: 0.1))
    case "relu": .unary(.relu)
    case "relu6": .clip(0, 6)
    case "relie": .unary(.leakyRelu(alpha: 0.01))
    case "hardtan": .clip(-1, 1)
    case "logistic": .unary(.sigmoid)
    case "tanh": .unary(.tanh)
    case "elu": .unary(.elu(alpha: 1))
    case "selu": .unary(.selu(alpha: 1.6732, gamma: 1.0507))
    case "mish": .unary(.mish)
    case "swish": .unary(.swish(alpha: 1))
    case "gelu": .unary(.gelu(approximatesByTanh: true))
    case _: nil
    }
  }

  static let names = [
    "linear", "leaky", "relu", "relu6", "relie", "hardtan", "logistic", "tanh", "elu", "selu",
    "mish", "swish", "gelu",
  ]

  static func suggestion(for name: String) -> String {
    Suggestion.nearest(to: name, among: names).map { "did you mean '\($0)'?" }
      ?? "possible are " + names.joined(separator: ", ")
  }
}
