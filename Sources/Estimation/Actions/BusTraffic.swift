/// What accesses of a DMA are on the bus.
struct BusTraffic: Equatable {
  /// Bus words that hold the bytes, counted once per piece.
  var words = 0
  /// Burst requests.
  var bursts = 0

  /// Adds, as often as said.
  mutating func add(_ other: BusTraffic, times count: Int = 1) {
    words &+= other.words &* count
    bursts &+= other.bursts &* count
  }
}

/// The bus as a DMA sees it: pieces of neighbouring bytes become bursts of whole words, which end
/// at ``maximumBeats`` words and at 4 KiB boundaries (AXI4).
struct BusPort {
  /// Where bursts end.
  static let pageBytes = 4096

  /// Bytes of a bus word, a power of two up to a page.
  let wordBytes: Int
  /// Words of the longest burst.
  let maximumBeats: Int

  private var wordShift: Int { wordBytes.trailingZeroBitCount }

  /// Words that hold some of `bytes` neighbouring bytes.
  func words(at address: Int, bytes: Int) -> Int {
    ((address &+ bytes &- 1) &>> wordShift) &- (address &>> wordShift) &+ 1
  }

  /// One piece.
  func piece(at address: Int, bytes: Int) -> BusTraffic {
    guard bytes > 0 else { return BusTraffic() }
    let words = words(at: address, bytes: bytes)
    if maximumBeats == 1 { return BusTraffic(words: words, bursts: words) }
    let end = address &+ bytes
    let firstEnd = (address / Self.pageBytes &+ 1) &* Self.pageBytes
    if end <= firstEnd { return BusTraffic(words: words, bursts: bursts(words)) }
    let lastStart = (end &- 1) / Self.pageBytes &* Self.pageBytes
    let pages = (lastStart &- firstEnd) / Self.pageBytes
    return BusTraffic(
      words: words,
      bursts: bursts(self.words(at: address, bytes: firstEnd &- address))
        &+ pages &* bursts(Self.pageBytes &>> wordShift)
        &+ bursts(self.words(at: lastStart, bytes: end &- lastStart)))
  }

  private func bursts(_ words: Int) -> Int { (words &+ maximumBeats &- 1) / maximumBeats }

  /// All pieces of a lattice.
  func traffic(_ lattice: PieceLattice) -> BusTraffic {
    let bytes = lattice.bytes
    guard bytes > 0, lattice.pieces > 0 else { return BusTraffic() }
    if lattice.pieces == lattice.repetitions {
      var total = BusTraffic()
      total.add(piece(at: lattice.base, bytes: bytes), times: lattice.repetitions)
      return total
    }
    let isShort = bytes <= (maximumBeats &- 1) &* wordBytes &+ 1 && bytes <= Self.pageBytes
    if maximumBeats == 1 {
      let words = lattice.words(of: wordBytes)
      return BusTraffic(words: words, bursts: words)
    }
    guard isShort else { return eachPiece(lattice) }
    // Pieces between multiples of a power of two that is not less than they are cross no page.
    let isInside = lattice.alignment >= bytes
    return BusTraffic(
      words: lattice.words(of: wordBytes),
      bursts: lattice.pieces &+ (isInside ? 0 : lattice.crossings(of: Self.pageBytes)))
  }

  /// Long pieces, of which there are few.
  private func eachPiece(_ lattice: PieceLattice) -> BusTraffic {
    var total = BusTraffic()
    for row in 0..<lattice.rows {
      for column in 0..<lattice.columns {
        let address =
          lattice.base &+ row &* lattice.rowPitch &+ column &* lattice.columnPitch
        total.add(piece(at: address, bytes: lattice.bytes), times: lattice.repetitions)
      }
    }
    return total
  }
}
