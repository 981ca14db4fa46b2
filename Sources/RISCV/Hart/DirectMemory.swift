/// A memory region as the load, store and fetch paths need it, with the decoded code in it.
struct DirectMemory: BitwiseCopyable {
  var base: UInt64 = 0
  var size: UInt64 = 0
  /// Offsets below it hold a whole access of any size, for the fast loop; the few bytes behind it
  /// go the long way.
  var limit: UInt64 = 0
  var pointer: UnsafeMutableRawPointer
  var writable = false
  /// Absolute number of the first 4 KiB page.
  var firstPage: UInt64 = 0
  /// One entry per page: its decoded instructions, or nil when nothing in it was executed.
  var pages: UnsafeMutablePointer<UnsafeMutablePointer<DecodedInstruction>?>
  /// Counts of loads and stores.
  var traffic: UnsafeMutablePointer<MemoryTraffic>

  /// A region that holds no address; its pointers are never followed, but have to be valid.
  init(placeholder: UnsafeMutablePointer<UInt64>) {
    let memory = UnsafeMutableRawPointer(placeholder)
    pointer = memory
    pages = memory.assumingMemoryBound(to: UnsafeMutablePointer<DecodedInstruction>?.self)
    traffic = memory.assumingMemoryBound(to: MemoryTraffic.self)
  }

  init(
    _ region: MemoryRegion,
    pages: UnsafeMutablePointer<UnsafeMutablePointer<DecodedInstruction>?>,
    traffic: UnsafeMutablePointer<MemoryTraffic>
  ) {
    base = region.base
    size = region.size
    // Accesses through typed pointers have to be aligned on the host too.
    let isAligned = (UInt(bitPattern: region.pointer) &- UInt(region.base)) & 7 == 0
    limit = isAligned && region.size >= 8 ? region.size - 7 : 0
    pointer = region.pointer
    writable = region.writable
    firstPage = region.base >> 12
    self.pages = pages
    self.traffic = traffic
  }

  @inline(__always)
  func countLoad(bytes: Int) {
    traffic.pointee.loads &+= 1
    traffic.pointee.loadedBytes &+= UInt64(bytes)
  }

  @inline(__always)
  func countStore(bytes: Int) {
    traffic.pointee.stores &+= 1
    traffic.pointee.storedBytes &+= UInt64(bytes)
  }

  /// The host address of `bytes` bytes at `address`, or nil when they are not all inside.
  @inline(__always)
  func location(of address: UInt64, bytes: UInt64) -> UnsafeMutableRawPointer? {
    let offset = address &- base
    guard size >= bytes, offset <= size &- bytes else { return nil }
    return pointer + Int(truncatingIfNeeded: offset)
  }

  /// The index in `pages` of the page that holds `address`, an address inside the region.
  @inline(__always)
  func pageIndex(of address: UInt64) -> Int {
    Int(truncatingIfNeeded: address >> 12 &- firstPage)
  }
}
