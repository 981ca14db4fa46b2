/// Writes a device tree as source text, which the device tree compiler `dtc` turns into the same
/// blob as ``FlattenedDeviceTree``.
public struct DeviceTreeSource {
  /// The text.
  public let text: String

  /// Writes a tree.
  public init(_ root: DeviceTreeNode) {
    let handles = root.handles
    text = "/dts-v1/;\n\n" + Self.text(of: root, handles, indent: "")
  }

  private static func text(
    of node: DeviceTreeNode, _ handles: [String: UInt32], indent: String
  ) -> String {
    let inner = indent + "  "
    let label = node.label.map { "\($0): " } ?? ""
    var text = "\(indent)\(label)\(node.name.isEmpty ? "/" : node.name) {\n"
    for property in node.properties {
      switch property.value {
      case .empty: text += "\(inner)\(property.name);\n"
      case .strings(let texts):
        text += "\(inner)\(property.name) = \(texts.map(quoted).joined(separator: ", "));\n"
      case .cells(let cells):
        text += "\(inner)\(property.name) = <\(cells.map(cell).joined(separator: " "))>;\n"
      }
    }
    if let label = node.label, let handle = handles[label] {
      text += "\(inner)phandle = <\(handle)>;\n"
    }
    for child in node.children {
      text += "\n" + Self.text(of: child, handles, indent: inner)
    }
    return text + "\(indent)};\n"
  }

  private static func cell(_ cell: DeviceTreeCell) -> String {
    switch cell {
    case .number(let number): "0x" + String(number, radix: 16)
    case .reference(let label): "&\(label)"
    }
  }

  /// The text in quotes, with the escapes of the format.
  private static func quoted(_ text: String) -> String {
    var result = "\""
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"):
        result += "\\" + String(UnicodeScalar(byte))
      case 0x20..<0x7F: result += String(UnicodeScalar(byte))
      default:
        let digits = String(byte, radix: 16)
        result += "\\x" + (digits.count == 1 ? "0" : "") + digits
      }
    }
    return result + "\""
  }
}
