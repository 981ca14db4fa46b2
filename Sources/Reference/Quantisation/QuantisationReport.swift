internal import Foundation
public import Networks

/// What quantisation has done to each activation, and how far that is from the original on the samples.
public struct QuantisationReport: Sendable, Equatable {
  /// One quantised activation.
  public struct Row: Sendable, Equatable {
    /// The value's name in the network before quantisation.
    public let value: String
    /// The name of the node that gives it; nil for an input of the network.
    public let node: String?
    /// The operator that gives it, for example `Conv`.
    public let operatorName: String?
    /// The type of its integers.
    public let element: ElementType
    /// The least number in the samples, of all values that share the scale.
    public let least: Float
    /// The greatest number in the samples, of all values that share the scale.
    public let greatest: Float
    /// What an integer step means.
    public let scale: Float
    /// The integer that means 0.
    public let zeroPoint: Int
    /// 10·log₁₀(Σ x² / Σ (x − y)²) in decibels, x the value of the original network and y that of the quantised one, over
    /// all samples: errors of earlier layers included. Infinite without an error; nil where fusion removed the value.
    public let signalToNoise: Double?
  }

  /// The activations, in the order of the network.
  public let rows: [Row]

  /// Runs both networks on the samples. The quantised one runs with integer operators, as ``QuantisedBytes/asWritten`` fuses
  /// them.
  init(
    original: TypedNetwork, quantised: Network, values: [QuantisedValue],
    samples: [[String: Tensor]]
  ) throws(NetworkError) {
    let fused = try quantised.typed().fusedQuantised(.asWritten)
    let present = values.filter { fused.types[$0.integers] != nil }
    let inputs = Set(original.network.inputs.map(\.name))
    let exact = Executor(original)
    let rough = Executor(fused)
    var powers: [String: (signal: Double, noise: Double)] = [:]
    for sample in samples {
      let wanted = try exact.run(
        sample, keeping: Set(present.map(\.name)).subtracting(inputs))
      let given = try rough.run(sample, keeping: Set(present.map(\.integers)))
      for value in present {
        guard let x = (wanted[value.name] ?? sample[value.name])?.array(of: Float.self),
          let integers = given[value.integers]
        else { continue }
        let y = try integers.widened(less: value.parameters.zeroPoint)
        var power = powers[value.name] ?? (0, 0)
        for (exact, steps) in zip(x, y) {
          let error = Double(exact) - Double(Float(steps) * value.parameters.scale)
          power.signal += Double(exact) * Double(exact)
          power.noise += error * error
        }
        powers[value.name] = power
      }
    }
    rows = values.map { value in
      Row(
        value: value.name, node: value.node?.name, operatorName: value.node?.operator.name,
        element: value.parameters.element, least: value.observed.lowerBound,
        greatest: value.observed.upperBound, scale: value.parameters.scale,
        zeroPoint: Int(value.parameters.zeroPoint),
        signalToNoise: powers[value.name].map { 10 * log10($0.signal / $0.noise) })
    }
  }

  /// A table for reading, one line per activation.
  public var text: String {
    var lines = [["value", "operator", "type", "least", "greatest", "scale", "zero", "SQNR dB"]]
    for row in rows {
      lines.append([
        row.value, row.operatorName ?? "input", row.element.rawValue, Self.short(row.least),
        Self.short(row.greatest), Self.short(row.scale), "\(row.zeroPoint)",
        row.signalToNoise.map { String(format: "%.1f", $0) } ?? "–",
      ])
    }
    let widths = lines[0].indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
    return lines.map { cells in
      var line = ""
      for (column, cell) in cells.enumerated() {
        let space = String(repeating: " ", count: widths[column] - cell.count)
        line += column < 3 ? cell + space + "  " : space + cell + "  "
      }
      while line.last == " " { line.removeLast() }
      return line
    }.joined(separator: "\n") + "\n"
  }

  /// Comma-separated values with a header; numbers so that they read back exactly.
  public var csv: String {
    var text = "value,node,operator,type,least,greatest,scale,zero_point,sqnr_db\n"
    for row in rows {
      let cells = [
        row.value, row.node ?? "", row.operatorName ?? "", row.element.rawValue, "\(row.least)",
        "\(row.greatest)", "\(row.scale)", "\(row.zeroPoint)",
        row.signalToNoise.map { "\($0)" } ?? "",
      ]
      text += cells.map(Self.quoted).joined(separator: ",") + "\n"
    }
    return text
  }

  private static func short(_ number: Float) -> String { String(format: "%.5g", number) }

  private static func quoted(_ cell: String) -> String {
    guard cell.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return cell }
    return "\"" + cell.replacing("\"", with: "\"\"") + "\""
  }
}
