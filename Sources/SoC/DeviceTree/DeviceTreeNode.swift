/// A node of a device tree (Devicetree Specification 0.4): what an operating system is told of the
/// hardware.
public struct DeviceTreeNode: Sendable, Equatable {
  /// A named value.
  public struct Property: Sendable, Equatable {
    /// The name.
    public let name: String
    /// The value.
    public let value: DeviceTreeValue
  }

  /// Node name with its unit address, such as `serial@10000000`; empty for the root.
  public let name: String
  /// What cells of other nodes refer to it by; nil when none does.
  public let label: String?
  /// The properties, in order; names are unique.
  public private(set) var properties: [Property] = []
  /// The nodes below, in order; names are unique.
  public private(set) var children: [DeviceTreeNode] = []

  /// Creates a node without properties.
  public init(_ name: String, label: String? = nil) {
    self.name = name
    self.label = label
  }

  /// Appends a property.
  public mutating func set(_ name: String, _ value: DeviceTreeValue) {
    properties.append(Property(name: name, value: value))
  }

  /// Appends a node.
  public mutating func add(_ child: DeviceTreeNode) {
    children.append(child)
  }

  /// The child with a name; nil when there is none.
  public subscript(_ name: String) -> DeviceTreeNode? {
    children.first { $0.name == name }
  }

  /// The value of a property; nil when there is none.
  public func value(of property: String) -> DeviceTreeValue? {
    properties.first { $0.name == property }?.value
  }

  /// Numbers for the labels of this node and all below, from 1, in the order of the tree.
  public var handles: [String: UInt32] {
    var handles: [String: UInt32] = [:]
    number(&handles)
    return handles
  }

  private func number(_ handles: inout [String: UInt32]) {
    if let label { handles[label] = UInt32(handles.count + 1) }
    for child in children { child.number(&handles) }
  }
}

/// A property's value.
public enum DeviceTreeValue: Sendable, Equatable, ExpressibleByStringLiteral {
  /// The property's presence says it all.
  case empty
  /// One or more texts.
  case strings([String])
  /// One or more 32-bit numbers.
  case cells([DeviceTreeCell])

  /// One text.
  public init(stringLiteral value: String) { self = .strings([value]) }

  /// One text.
  public static func string(_ text: String) -> DeviceTreeValue { .strings([text]) }

  /// One number, as one cell.
  public static func number(_ value: UInt32) -> DeviceTreeValue { .cells([.number(value)]) }

  /// Addresses or sizes, two cells each.
  public static func wide(_ values: UInt64...) -> DeviceTreeValue {
    .cells(
      values.flatMap {
        [.number(UInt32($0 >> 32)), .number(UInt32(truncatingIfNeeded: $0))]
      })
  }
}

/// A 32-bit part of a property's value.
public enum DeviceTreeCell: Sendable, Equatable {
  /// A number.
  case number(UInt32)
  /// The handle of the node with a label.
  case reference(String)
}
