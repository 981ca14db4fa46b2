internal import Networks

/// Addresses for buffers: each in the scratchpad for as long as it is needed, otherwise in the main memory.
struct MemoryPlan {
  /// A stretch of a memory to place buffers in.
  struct Arena {
    var memory: String
    var base: UInt32
    var byteCount: Int
  }

  /// One per buffer.
  private(set) var regions: [Region] = []
  /// Bytes of the main memory that are used.
  private(set) var mainBytes = 0

  /// Places buffers.
  ///
  /// - Parameters:
  ///   - prefersMain: buffers that shall lie in the main memory.
  /// - Throws: `NetworkError` when the main memory is too small.
  init(
    _ buffers: [ValuePlacement.Buffer], scratchpad: Arena?, main: Arena, prefersMain: Set<Int>
  ) throws(NetworkError) {
    var placed: [(index: Int, region: Region)] = []
    // Large ones first: they find room, small ones fit in between.
    let order = buffers.indices.sorted {
      (buffers[$1].byteCount, $0) < (buffers[$0].byteCount, $1)
    }
    func fit(_ index: Int, _ arena: Arena) -> UInt32? {
      let bytes = buffers[index].byteCount
      let neighbours = placed.filter {
        $0.region.memory == arena.memory && buffers[$0.index].first <= buffers[index].last
          && buffers[index].first <= buffers[$0.index].last
      }.map(\.region).sorted { $0.address < $1.address }
      var start = Int(arena.base)
      for neighbour in neighbours {
        if start + bytes <= Int(neighbour.address) { break }
        start = max(start, (Int(neighbour.address) + neighbour.byteCount).alignedToBus)
      }
      return start + bytes <= Int(arena.base) + arena.byteCount ? UInt32(start) : nil
    }
    for index in order {
      let buffer = buffers[index]
      if let scratchpad, !buffer.isExternal, !prefersMain.contains(index),
        let address = fit(index, scratchpad)
      {
        placed.append(
          (
            index,
            Region(memory: scratchpad.memory, address: address, byteCount: buffer.byteCount)
          ))
        continue
      }
      guard let address = fit(index, main) else {
        let missing = Self.missing(buffers, main)
        throw NetworkError(
          "feature maps do not fit in memory '\(main.memory)': \(missing) bytes too many (the value "
            + "'\(buffer.name)' of \(buffer.byteCount) bytes found no room)",
          suggestion: "enlarge memories.\(main.memory).length")
      }
      placed.append(
        (index, Region(memory: main.memory, address: address, byteCount: buffer.byteCount)))
      mainBytes = max(mainBytes, Int(address) - Int(main.base) + buffer.byteCount)
    }
    regions = placed.sorted { $0.index < $1.index }.map(\.region)
  }

  /// Bytes that are missing in the main memory: the most that is needed at one time, less what there is.
  private static func missing(_ buffers: [ValuePlacement.Buffer], _ main: Arena) -> Int {
    let peak =
      buffers.map(\.first).map { step in
        buffers.filter { $0.first <= step && step <= $0.last }.reduce(0) { $0 + $1.byteCount }
      }.max() ?? 0
    return max(1, peak - main.byteCount)
  }
}
