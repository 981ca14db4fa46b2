public import Telemetry

/// Counters of what processors read from and wrote to a memory directly, without a bus transaction:
/// the accesses take no simulated time but cost energy like any other.
public struct DirectTraffic: BitwiseCopyable {
  /// Loads, and the bytes they moved.
  public let loads: Counter, loadedBytes: Counter
  /// Stores, and the bytes they moved.
  public let stores: Counter, storedBytes: Counter

  /// Declares the counters at a memory's site.
  ///
  /// - Parameters:
  ///   - perAccess: the component and actions that each access stands for, for memories priced per
  ///     word.
  ///   - perBit: the component and actions that each bit stands for.
  public init(
    site: ModuleSite, perAccess: (component: String, read: String, write: String)?,
    perBit: (component: String, read: String, write: String)?
  ) {
    loads = site.counter(
      "direct_loads", unit: "access", "Loads of processors, one word access each.",
      action: perAccess.map { ($0.component, $0.read) })
    stores = site.counter(
      "direct_stores", unit: "access", "Stores of processors, one word access each.",
      action: perAccess.map { ($0.component, $0.write) })
    loadedBytes = site.counter(
      "direct_loaded_bytes", unit: "B", "Bytes loaded by processors.",
      action: perBit.map { ($0.component, $0.read) }, scale: 8)
    storedBytes = site.counter(
      "direct_stored_bytes", unit: "B", "Bytes stored by processors.",
      action: perBit.map { ($0.component, $0.write) }, scale: 8)
  }
}
