internal import Fabric
internal import SimKernel

/// The corner turn: the pieces of a group go in one per cycle, their elements leave transposed, one
/// beat per element of a piece.
///
/// Two square banks, one is filled while the other is drained. A bank has a row for every element
/// that a stream beat can hold.
struct TurnBuffer: BitwiseCopyable {
  private struct Bank: BitwiseCopyable {
    /// What leaves: `beats` beats of `beatBytes` bytes. No beats: the bank is free.
    var beats = 0
    var beatBytes = 0
    var isLast = false
  }

  private let width: Int
  private let banks: UnsafeMutablePointer<Bank>
  /// Pieces as they came, and turned: `width` × `width` bytes per bank.
  private let pieces: UnsafeMutableRawPointer
  private let turned: UnsafeMutableRawPointer
  private var elementBytes = 1
  private var filling = 0
  private var pieceCount = 0
  private var draining = 0
  private var drained = 0

  init(arena: Arena, width: Int) {
    self.width = width
    banks = arena.allocate(Bank.self, count: 2)
    pieces = UnsafeMutableRawPointer(arena.allocate(UInt8.self, count: 2 * width * width))
    turned = UnsafeMutableRawPointer(arena.allocate(UInt8.self, count: 2 * width * width))
  }

  /// Forgets everything and prepares for elements of a size.
  mutating func reset(elementBytes: Int) {
    self.elementBytes = elementBytes
    (filling, pieceCount, draining, drained) = (0, 0, 0, 0)
    (banks[0], banks[1]) = (Bank(), Bank())
  }

  /// Whether neither bank has a free row.
  @inline(__always)
  var isFull: Bool { banks[filling].beats > 0 }

  /// Whether no full bank waits to be drained.
  @inline(__always)
  var isDrained: Bool { banks[draining].beats == 0 }

  /// The row of the piece that ``append(bytes:endsGroup:isLast:)`` adds.
  @inline(__always)
  var tailData: UnsafeMutableRawPointer {
    pieces + (filling &* width &+ pieceCount) &* width
  }

  /// Adds a piece; with the last one of a group the bank can be drained.
  @inline(__always)
  mutating func append(bytes: Int, endsGroup: Bool, isLast: Bool) {
    pieceCount &+= 1
    guard endsGroup else { return }
    banks[filling] = Bank(
      beats: bytes / elementBytes, beatBytes: pieceCount &* elementBytes, isLast: isLast)
    turn(pieceBytes: bytes)
    filling ^= 1
    pieceCount = 0
  }

  /// Moves a beat out, if there is one and room for it.
  @inline(__always)
  mutating func drain(into output: inout BeatQueue) -> Bool {
    let bank = banks[draining]
    guard bank.beats > 0, !output.isFull else { return false }
    let row = turned + (draining &* width &+ drained) &* width
    copyLanes(to: output.tailData, from: row, count: bank.beatBytes)
    drained &+= 1
    let isEnd = drained == bank.beats
    output.append(BeatQueue.Beat(bytes: bank.beatBytes, isLast: isEnd && bank.isLast))
    if isEnd {
      banks[draining].beats = 0
      draining ^= 1
      drained = 0
    }
    return true
  }

  /// Transposes the bank that was filled; what it holds beyond its pieces does not matter.
  private func turn(pieceBytes: Int) {
    let bank = filling &* width &* width
    let (source, target) = (UnsafeRawPointer(pieces + bank), turned + bank)
    if elementBytes == 1, width & 7 == 0 {
      for row in stride(from: 0, to: pieceCount, by: 8) {
        for column in stride(from: 0, to: pieceBytes, by: 8) {
          transposeBytes(
            from: source + (row &* width &+ column), to: target + (column &* width &+ row),
            pitch: width)
        }
      }
      return
    }
    for row in 0..<pieceCount {
      for element in 0..<pieceBytes / elementBytes {
        copyLanes(
          to: target + (element &* width &+ row &* elementBytes),
          from: source + (row &* width &+ element &* elementBytes), count: elementBytes)
      }
    }
  }
}

/// Transposes 8 × 8 bytes whose rows are `pitch` bytes apart in both places.
@inline(__always)
private func transposeBytes(
  from source: UnsafeRawPointer, to target: UnsafeMutableRawPointer, pitch: Int
) {
  var rows = SIMD8<UInt64>()
  for index in 0..<8 {
    rows[index] = source.loadUnaligned(fromByteOffset: index &* pitch, as: UInt64.self)
  }
  // Swaps blocks of 4 × 4, 2 × 2 and 1 × 1 bytes across the diagonal.
  exchange(&rows, 4, 0x0000_0000_FFFF_FFFF)
  exchange(&rows, 2, 0x0000_FFFF_0000_FFFF)
  exchange(&rows, 1, 0x00FF_00FF_00FF_00FF)
  for index in 0..<8 {
    target.storeBytes(of: rows[index], toByteOffset: index &* pitch, as: UInt64.self)
  }
}

@inline(__always)
private func exchange(_ rows: inout SIMD8<UInt64>, _ distance: Int, _ mask: UInt64) {
  let shift = UInt64(8 &* distance)
  for index in 0..<8 where index & distance == 0 {
    let change = (rows[index] &>> shift ^ rows[index + distance]) & mask
    rows[index + distance] ^= change
    rows[index] ^= change &<< shift
  }
}
