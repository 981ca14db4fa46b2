public import Networks

/// Topologies of SCALE-Sim: comma-separated values with one layer per line, either convolutions
/// (`Layer name, IFMAP Height, IFMAP Width, Filter Height, Filter Width, Channels, Num Filter, Strides`) or products
/// of matrices (`Layer, M, N, K`).
///
/// The format does not say how layers are connected, so each becomes a part of its own: an input, a node and an output.
/// There is no column for padding, and the output side is ⌈(H − R + s) / s⌉: where the last window reaches over the
/// end of its operand, zeros are added there. Layers whose name contains `DP` are depthwise, with `Num Filter`
/// kernels per channel.
public enum ScaleSimTopology {
  /// Most weights of all layers together: 2²⁸.
  static let weightLimit = 1 << 28

  /// Reads a topology.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - weights: gives the weights for a name and a shape, because the format has none.
  /// - Throws: `NetworkError` with file, line and column.
  public static func network(
    path: String, weights: (String, [Int]) -> Tensor = RandomWeights().he
  ) throws(NetworkError) -> Network {
    do {
      let text = String(decoding: try HostBytes.read(path, limit: 1 << 26), as: UTF8.self)
      let last = path.split(separator: "/").last ?? "topology"
      let name = String(last.hasSuffix(".csv") ? last.dropLast(4) : last)
      return try network(text: text, name: name, weights: weights)
    } catch {
      throw error.in(file: path)
    }
  }

  /// A network of a topology's text; touches no files.
  ///
  /// - Parameters:
  ///   - text: what the file contains.
  ///   - name: the network's name.
  ///   - weights: gives the weights for a name and a shape.
  /// - Throws: `NetworkError` with line and column.
  public static func network(
    text: String, name: String = "topology",
    weights: (String, [Int]) -> Tensor = RandomWeights().he
  ) throws(NetworkError) -> Network {
    let table = try ScaleSimTable(text: text)
    var builder = ScaleSimBuilder(name: name, form: table.form)
    for row in table.rows { try builder.add(row) }
    return try builder.network(weights: weights)
  }
}
