/// Which function holds an address, for profiles: every address belongs to at most one.
///
/// A function of known size holds its bytes, except those of another one inside it. What no such
/// function covers belongs to the code label before it (assembler code without types and sizes).
public struct FunctionMap: Sendable {
  /// Addresses that belong to the same function, or all to none.
  public struct Extent: Sendable, Hashable {
    /// First address.
    public let start: UInt64
    /// Bytes.
    public let size: UInt64
    /// Index into ``FunctionMap/functions``; nil when no function is known.
    public let function: Int?
  }

  /// A function or a label in code.
  public struct Function: Sendable, Hashable {
    /// As in the symbol table.
    public let name: String
    /// Where it begins.
    public let address: UInt64
    /// Its bytes; 0 when they are not known.
    public let size: UInt64

    /// A function with the given properties.
    public init(name: String, address: UInt64, size: UInt64) {
      self.name = name
      self.address = address
      self.size = size
    }
  }

  /// The functions, in no particular order.
  public private(set) var functions: [Function] = []
  /// In the order of their addresses, without overlap.
  private var extents: [Extent] = []

  /// The functions of executables that are in memory together. Of several names for one address a
  /// global one counts, or else the first in the order of the names.
  public init(_ images: [ELFImage]) {
    let symbols = images.flatMap(\.symbols).filter { $0.isCode && !$0.name.hasPrefix(".L") }
      .sorted { ($0.isGlobal ? 0 : 1, $0.name) < ($1.isGlobal ? 0 : 1, $1.name) }
    self.init(
      symbols.map { symbol in
        Function(
          name: symbol.name, address: symbol.address, size: symbol.isFunction ? symbol.size : 0)
      }, code: images.flatMap(\.segments).map { ($0.address, $0.memorySize) })
  }

  /// The functions of a list. Of several at one address the first counts.
  ///
  /// - Parameters:
  ///   - functions: those without a size reach to the next one.
  ///   - code: first address and bytes of the areas that they do not reach beyond.
  public init(_ functions: [Function], code: [(address: UInt64, size: UInt64)] = []) {
    cover(Self.first(of: functions.filter { $0.size > 0 }))
    fillGaps(with: Self.first(of: functions.filter { $0.size == 0 }), code)
  }

  /// The addresses around `address` that belong to the same function.
  public func extent(of address: UInt64) -> Extent {
    let next = firstIndex(after: address)
    if next > 0, address - extents[next - 1].start < extents[next - 1].size {
      return extents[next - 1]
    }
    let start = next > 0 ? extents[next - 1].start + extents[next - 1].size : 0
    let end = next < extents.count ? extents[next].start : .max
    return Extent(start: start, size: end - start, function: nil)
  }

  /// Index of the first extent that begins behind `address`.
  private func firstIndex(after address: UInt64) -> Int {
    var (low, high) = (0, extents.count)
    while low < high {
      let middle = (low + high) / 2
      if extents[middle].start <= address { low = middle + 1 } else { high = middle }
    }
    return low
  }

  // MARK: Construction

  /// The first function at each address, in the order of the addresses.
  private static func first(of functions: [Function]) -> [Function] {
    var result: [Function] = []
    for function in functions.sorted(by: { $0.address < $1.address })
    where result.last?.address != function.address {
      result.append(function)
    }
    return result
  }

  private mutating func add(_ function: Function) -> Int {
    functions.append(function)
    return functions.count - 1
  }

  /// Gives every byte to the function that begins last among those that hold it.
  private mutating func cover(_ sized: [Function]) {
    var open: [(function: Int, end: UInt64)] = []
    var position: UInt64 = 0
    func close(before limit: UInt64, _ extents: inout [Extent]) {
      while let last = open.last, position < limit {
        let end = min(last.end, limit)
        if end > position {
          extents.append(Extent(start: position, size: end - position, function: last.function))
          position = end
        }
        if last.end <= limit { open.removeLast() }
      }
      position = max(position, limit)
    }
    for function in sized {
      close(before: function.address, &extents)
      let (end, overflow) = function.address.addingReportingOverflow(function.size)
      open.append((add(function), overflow ? .max : end))
    }
    close(before: .max, &extents)
  }

  /// Gives labels what lies between them and the next symbol, within their area of code.
  private mutating func fillGaps(
    with labels: [Function], _ code: [(address: UInt64, size: UInt64)]
  ) {
    var pieces: [Extent] = []
    for (index, label) in labels.enumerated() {
      let free = extent(of: label.address)
      guard free.function == nil else { continue }
      var end = free.start + free.size
      if index + 1 < labels.count { end = min(end, labels[index + 1].address) }
      var size = end - label.address
      if let area = code.first(where: {
        label.address >= $0.address && label.address - $0.address < $0.size
      }) {
        size = min(size, area.size - (label.address - area.address))
      }
      pieces.append(Extent(start: label.address, size: size, function: add(label)))
    }
    extents = (extents + pieces).sorted { $0.start < $1.start }
  }
}
