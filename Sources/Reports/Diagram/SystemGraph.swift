/// A system as boxes and arrows: what block diagrams and address maps are drawn from.
public struct SystemGraph: Sendable, Equatable {
  /// What a box is; decides its place and colour.
  public enum NodeKind: String, Sendable, Equatable, CaseIterable {
    /// Runs firmware.
    case processor
    /// Moves data between memories and streams.
    case dma
    /// Connects initiators with targets.
    case crossbar
    /// Stores data.
    case memory
    /// A device with registers.
    case peripheral
    /// Computes on streams.
    case accelerator
  }

  /// What an arrow is.
  public enum EdgeKind: String, Sendable, Equatable, CaseIterable {
    /// Memory-mapped reads and writes, from the initiator's side to the target's side.
    case bus
    /// A stream of data, from sender to receiver.
    case stream
    /// An interrupt line, from the device to whom it interrupts.
    case interrupt
  }

  /// A window of the address space.
  public struct AddressRange: Sendable, Equatable {
    /// First address.
    public var start: UInt64
    /// Size in bytes.
    public var length: UInt64

    /// Creates a range.
    public init(start: UInt64, length: UInt64) {
      self.start = start
      self.length = length
    }

    /// Last address of the range; the first one when the range is empty.
    public var last: UInt64 {
      length == 0 ? start : start.addingReportingOverflow(length - 1).partialValue
    }
  }

  /// A box.
  public struct Node: Sendable, Equatable {
    /// Unique name.
    public var name: String
    /// What it is.
    public var kind: NodeKind
    /// Short lines about it, for example `OSArray 8 × 8 int8`.
    public var detail: [String]
    /// Its clock, for example `core 100 MHz`; empty for none.
    public var clock: String
    /// Its window in the address space, if it has one.
    public var addresses: AddressRange?

    /// Creates a box.
    public init(
      name: String, kind: NodeKind, detail: [String] = [], clock: String = "",
      addresses: AddressRange? = nil
    ) {
      self.name = name
      self.kind = kind
      self.detail = detail
      self.clock = clock
      self.addresses = addresses
    }
  }

  /// An arrow between two boxes; arrows from or to unknown names are not drawn.
  public struct Edge: Sendable, Equatable {
    /// Name of the box it starts at.
    public var from: String
    /// Name of the box it ends at.
    public var to: String
    /// A few characters, for example `in1` or `irq 3`; may be empty.
    public var label: String
    /// What it is.
    public var kind: EdgeKind

    /// Creates an arrow.
    public init(from: String, to: String, label: String = "", kind: EdgeKind) {
      self.from = from
      self.to = to
      self.label = label
      self.kind = kind
    }
  }

  /// Name of the system.
  public var title: String
  /// The boxes.
  public var nodes: [Node]
  /// The arrows.
  public var edges: [Edge]

  /// Creates a graph.
  public init(title: String, nodes: [Node], edges: [Edge]) {
    self.title = title
    self.nodes = nodes
    self.edges = edges
  }
}

extension UInt64 {
  /// As an address: `0x8000_0000`, eight digits or sixteen, grouped by four.
  var asAddress: String {
    let digits = String(self, radix: 16)
    let width = digits.count > 8 ? 16 : 8
    let padded = Array(String(repeating: "0", count: width - digits.count) + digits)
    let groups = stride(from: 0, to: width, by: 4).map { String(padded[$0..<$0 + 4]) }
    return "0x" + groups.joined(separator: "_")
  }
}
