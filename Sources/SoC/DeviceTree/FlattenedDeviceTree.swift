/// Writes a device tree in the flattened format, version 17 (Devicetree Specification 0.4,
/// chapter 5): a header, an empty list of reserved memory, the structure and the names.
public struct FlattenedDeviceTree {
  /// The blob; its length is a multiple of 8.
  public let bytes: [UInt8]

  private static let magic: UInt32 = 0xD00D_FEED
  private static let headerBytes = 40
  private static let reservationBytes = 16

  /// Flattens a tree.
  ///
  /// - Precondition: every label that a cell refers to is the label of a node.
  public init(_ root: DeviceTreeNode) {
    var writer = StructureWriter(handles: root.handles)
    writer.write(root)
    writer.append(Token.end)
    let structure = writer.structure
    let structureOffset = Self.headerBytes + Self.reservationBytes
    let stringsOffset = structureOffset + structure.count
    var total = stringsOffset + writer.strings.count
    total += -total & 7
    let header: [UInt32] = [
      Self.magic, UInt32(total), UInt32(structureOffset), UInt32(stringsOffset),
      UInt32(Self.headerBytes), 17, 16, 0, UInt32(writer.strings.count), UInt32(structure.count),
    ]
    var bytes = header.flatMap(\.bigEndianBytes)
    bytes += Array(repeating: 0, count: Self.reservationBytes)
    bytes += structure + writer.strings
    bytes += Array(repeating: 0, count: total - bytes.count)
    self.bytes = bytes
  }
}

/// The marks between the parts of the structure.
private enum Token {
  static let beginNode: UInt32 = 1
  static let endNode: UInt32 = 2
  static let property: UInt32 = 3
  static let end: UInt32 = 9
}

/// Gathers the structure and, each once, the names of properties.
private struct StructureWriter {
  let handles: [String: UInt32]
  private(set) var structure: [UInt8] = []
  private(set) var strings: [UInt8] = []
  private var offsets: [String: UInt32] = [:]

  init(handles: [String: UInt32]) {
    self.handles = handles
  }

  mutating func append(_ value: UInt32) { structure += value.bigEndianBytes }

  mutating func write(_ node: DeviceTreeNode) {
    append(Token.beginNode)
    structure += Array(node.name.utf8) + [0]
    pad()
    for property in node.properties { write(property.name, bytes(of: property.value)) }
    if let label = node.label, let handle = handles[label] {
      write("phandle", handle.bigEndianBytes)
    }
    for child in node.children { write(child) }
    append(Token.endNode)
  }

  private mutating func write(_ name: String, _ value: [UInt8]) {
    append(Token.property)
    append(UInt32(value.count))
    append(offset(of: name))
    structure += value
    pad()
  }

  private mutating func offset(of name: String) -> UInt32 {
    if let offset = offsets[name] { return offset }
    let offset = UInt32(strings.count)
    offsets[name] = offset
    strings += Array(name.utf8) + [0]
    return offset
  }

  private mutating func pad() {
    structure += Array(repeating: 0, count: -structure.count & 3)
  }

  private func bytes(of value: DeviceTreeValue) -> [UInt8] {
    switch value {
    case .empty: []
    case .strings(let texts): texts.flatMap { Array($0.utf8) + [0] }
    case .cells(let cells):
      cells.flatMap { cell -> [UInt8] in
        switch cell {
        case .number(let number): return number.bigEndianBytes
        case .reference(let label):
          guard let handle = handles[label] else {
            preconditionFailure("no node has the label \(label)")
          }
          return handle.bigEndianBytes
        }
      }
    }
  }
}

extension UInt32 {
  fileprivate var bigEndianBytes: [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: self >> $0) }
  }
}
