/// The symbols that Spike's instruction log announces, by address.
///
/// Spike keeps one address for each name (the last in the symbol table) and one name for each
/// address (the first in the order of their characters). Mapping symbols such as `$x` count.
public struct SpikeSymbols: Sendable {
  private let names: [UInt64: [UInt8]]
  private let range: ClosedRange<UInt64>

  /// Takes the symbols in the order of the symbol table; without any, nothing is announced.
  public init(_ symbols: [(name: String, address: UInt64)] = []) {
    var addresses: [String: UInt64] = [:]
    for symbol in symbols { addresses[symbol.name] = symbol.address }
    var names: [UInt64: [UInt8]] = [:]
    for (name, address) in addresses {
      let bytes = [UInt8](name.utf8)
      if let other = names[address], other.lexicographicallyPrecedes(bytes) { continue }
      names[address] = bytes
    }
    self.names = names
    range = (names.keys.min() ?? 0)...(names.keys.max() ?? 0)
  }

  /// The characters of the name announced for `address`.
  func name(at address: UInt64) -> [UInt8]? {
    range.contains(address) ? names[address] : nil
  }
}
