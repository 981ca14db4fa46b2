internal import Networks

/// Turns a node of the file into nodes of the network.
typealias NodeImport = @Sendable (NodeReader, inout GraphImport) throws(NetworkError) -> Void

/// How operators of one domain are read, by their name.
struct NodeImports {
  private var imports: [String: NodeImport] = [:]

  /// The operators that can be read, sorted.
  var types: [String] { imports.keys.sorted() }

  /// Says how an operator is read.
  mutating func define(_ type: String, _ read: @escaping NodeImport) { imports[type] = read }

  /// How an operator is read, nil when it is not supported.
  subscript(type: String) -> NodeImport? { imports[type] }
}

/// How every operator that can be read is read, by the domain that defines it.
enum OperatorTable {
  /// The newest version of the standard operators whose changes are known here.
  static let newestVersion = 28
  /// The oldest version that can be read.
  static let oldestVersion = 7

  /// Operators of the standard.
  static let standard: NodeImports = {
    var table = NodeImports()
    addProducts(to: &table)
    addQuantised(to: &table)
    addElementwise(to: &table)
    addNormalisations(to: &table)
    addReductions(to: &table)
    addWindows(to: &table)
    addShapes(to: &table)
    addIndices(to: &table)
    return table
  }()

  /// Operators of onnxruntime's domain `com.microsoft`.
  static let microsoft: NodeImports = {
    var table = NodeImports()
    addMicrosoftQuantised(to: &table)
    addMicrosoftFused(to: &table)
    return table
  }()

  /// How an operator is read, nil when it is not supported.
  static func find(_ domain: String, _ type: String) -> NodeImport? {
    switch domain {
    case "", "ai.onnx": standard[type]
    case "com.microsoft": microsoft[type]
    // A domain is any text; the rest are others' operators.
    default: nil
    }
  }
}
