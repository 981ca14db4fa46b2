/// The memory regions of a hart: a growing table in raw memory, shared by all copies of the handle.
struct RegionTable: BitwiseCopyable {
  private struct Header {
    var count = 0
    var capacity = 4
    var elements = UnsafeMutablePointer<DirectMemory>.allocate(capacity: 4)
  }

  private let header: UnsafeMutablePointer<Header>

  init() {
    header = .allocate(capacity: 1)
    header.initialize(to: Header())
  }

  /// Number of regions.
  var count: Int { header.pointee.count }

  /// Region `index`, which must be below `count`.
  subscript(index: Int) -> DirectMemory { header.pointee.elements[index] }

  func append(_ region: DirectMemory) {
    if header.pointee.count == header.pointee.capacity {
      let larger = UnsafeMutablePointer<DirectMemory>.allocate(
        capacity: 2 * header.pointee.capacity)
      larger.moveInitialize(from: header.pointee.elements, count: header.pointee.count)
      header.pointee.elements.deallocate()
      header.pointee.elements = larger
      header.pointee.capacity *= 2
    }
    (header.pointee.elements + header.pointee.count).initialize(to: region)
    header.pointee.count += 1
  }

  /// Frees the table and the page arrays of its regions.
  func deallocate() {
    for index in 0..<count {
      self[index].pages.deallocate()
      self[index].traffic.deallocate()
    }
    header.pointee.elements.deallocate()
    header.deallocate()
  }
}
