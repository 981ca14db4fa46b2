public import Fabric

/// Memory of the simulated machine, as the host reads and writes it on a program's behalf.
///
/// Addresses and counts come from the program: any value is legal, and an access that leaves memory
/// fails as a whole without allocating anything.
public protocol GuestMemory {
  /// Size of all memory in bytes. No honest buffer is larger.
  var size: UInt64 { get }

  /// Whether the `count` bytes from `address` on are all memory.
  func contains(_ address: UInt64, count: UInt64) -> Bool

  /// The bytes `[address, address + count)`; nil when one of them is no memory.
  func read(at address: UInt64, count: UInt64) -> [UInt8]?

  /// Writes all of `bytes`; false, and nothing is written, when one of them is no memory.
  func write(_ bytes: [UInt8], at address: UInt64) -> Bool
}

extension GuestMemory {
  /// The little-endian integer of `bytes` bytes at `address`; nil when it is not in memory.
  func integer(at address: UInt64, bytes: Int) -> UInt64? {
    read(at: address, count: UInt64(bytes))?.reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// Writes the low `bytes` bytes of `value`, little-endian; false when they are not in memory.
  func write(_ value: UInt64, bytes: Int, at address: UInt64) -> Bool {
    write(littleEndian(value, bytes: bytes), at: address)
  }

  /// The bytes at `address` up to the first zero, which is not among them.
  ///
  /// - Throws: ``HostError/badAddress`` when memory ends before, ``HostError/nameTooLong`` when
  ///   there is no zero among the first `limit` bytes.
  func string(at address: UInt64, limit: UInt64) throws(HostError) -> [UInt8] {
    var result: [UInt8] = []
    while UInt64(result.count) < limit {
      let start = address &+ UInt64(result.count)
      // Pieces end at multiples of their size; near the end of a memory they are single bytes.
      let room = min(256 - start % 256, limit - UInt64(result.count))
      guard let piece = read(at: start, count: room) ?? read(at: start, count: 1) else {
        throw .badAddress
      }
      if let end = piece.firstIndex(of: 0) { return result + piece[..<end] }
      result += piece
    }
    throw .nameTooLong
  }
}

/// The low `bytes` bytes of a value, least significant first.
func littleEndian(_ value: UInt64, bytes: Int) -> [UInt8] {
  (0..<bytes).map { $0 < 8 ? UInt8(truncatingIfNeeded: value >> UInt64(8 * $0)) : 0 }
}

/// The memories of a system at their physical addresses.
public struct PhysicalStores: GuestMemory {
  private let stores: [BackingStore]
  private let didWrite: (ClosedRange<UInt64>) -> Void

  /// Makes memories reachable for the host.
  ///
  /// - Parameters:
  ///   - stores: the memories. Those that touch count as one.
  ///   - didWrite: told every range of addresses after the host has written it, so that harts can
  ///     drop what they have decoded from there and reservations they hold.
  public init(
    _ stores: [BackingStore], didWrite: @escaping (ClosedRange<UInt64>) -> Void = { _ in }
  ) {
    self.stores = stores
    self.didWrite = didWrite
  }

  /// See ``GuestMemory/size``.
  public var size: UInt64 { stores.reduce(0) { $0 &+ UInt64($1.size) } }

  /// See ``GuestMemory/contains(_:count:)``.
  public func contains(_ address: UInt64, count: UInt64) -> Bool {
    pieces(at: address, count: count) != nil
  }

  /// See ``GuestMemory/read(at:count:)``.
  public func read(at address: UInt64, count: UInt64) -> [UInt8]? {
    guard let pieces = pieces(at: address, count: count) else { return nil }
    if let only = pieces.first, pieces.count == 1 {
      return only.store.read(at: only.address, count: only.count)
    }
    return pieces.flatMap { $0.store.read(at: $0.address, count: $0.count) }
  }

  /// See ``GuestMemory/write(_:at:)``.
  public func write(_ bytes: [UInt8], at address: UInt64) -> Bool {
    guard let pieces = pieces(at: address, count: UInt64(bytes.count)) else { return false }
    guard !bytes.isEmpty else { return true }
    var done = 0
    for piece in pieces {
      piece.store.write(Array(bytes[done..<done + piece.count]), at: piece.address)
      done += piece.count
    }
    didWrite(address...address + UInt64(bytes.count - 1))
    return true
  }

  private struct Piece {
    let store: BackingStore
    let address: UInt64
    let count: Int
  }

  /// Cuts a range at the borders of the memories; nil when a byte is in none.
  private func pieces(at address: UInt64, count: UInt64) -> [Piece]? {
    guard count <= size, count == 0 || address <= .max - (count - 1) else { return nil }
    var result: [Piece] = []
    var (start, rest) = (address, count)
    while rest > 0 {
      guard let store = stores.first(where: { $0.contains(start, count: 1) }) else { return nil }
      let part = min(rest, UInt64(store.size) - (start - store.base))
      result.append(Piece(store: store, address: start, count: Int(part)))
      start &+= part
      rest -= part
    }
    return result
  }
}

/// Memory at the virtual addresses of a hart.
struct TranslatedMemory: GuestMemory {
  /// Physical memory.
  let memory: any GuestMemory
  /// All ones in the hart's address width.
  let mask: UInt64
  /// The physical address of a virtual one; nil when it is not mapped.
  let translate: (UInt64) -> UInt64?

  /// The smallest page.
  private static let page: UInt64 = 4096

  /// A hart's view of `memory`; `wordBytes` is 4 on RV32 and 8 on RV64.
  init(_ memory: any GuestMemory, wordBytes: Int, translate: @escaping (UInt64) -> UInt64?) {
    self.memory = memory
    mask = wordBytes == 4 ? 0xFFFF_FFFF : .max
    self.translate = translate
  }

  var size: UInt64 { memory.size }

  func contains(_ address: UInt64, count: UInt64) -> Bool {
    // Pages may be mapped many times, so that only this ends the walk of a huge count early.
    guard count <= size else { return false }
    var done: UInt64 = 0
    while done < count {
      let (start, part) = piece(address, done, count)
      guard let physical = translate(start), memory.contains(physical, count: part) else {
        return false
      }
      done += part
    }
    return true
  }

  func read(at address: UInt64, count: UInt64) -> [UInt8]? {
    guard contains(address, count: count) else { return nil }
    var result: [UInt8] = []
    var done: UInt64 = 0
    while done < count {
      let (start, part) = piece(address, done, count)
      guard let physical = translate(start), let bytes = memory.read(at: physical, count: part)
      else { return nil }
      result += bytes
      done += part
    }
    return result
  }

  func write(_ bytes: [UInt8], at address: UInt64) -> Bool {
    let count = UInt64(bytes.count)
    guard contains(address, count: count) else { return false }
    var done: UInt64 = 0
    while done < count {
      let (start, part) = piece(address, done, count)
      guard let physical = translate(start),
        memory.write(Array(bytes[Int(done)..<Int(done + part)]), at: physical)
      else { return false }
      done += part
    }
    return true
  }

  /// The virtual address `done` bytes into a range and how much of the range is in its page.
  private func piece(
    _ address: UInt64, _ done: UInt64, _ count: UInt64
  ) -> (start: UInt64, count: UInt64) {
    let start = (address &+ done) & mask
    return (start, min(count - done, Self.page - start % Self.page))
  }
}
