extension Hart {
  /// Gives the hart a region of ordinary memory.
  public func add(_ region: MemoryRegion) throws(MemoryRegionError) {
    guard region.size > 0 else { throw .empty(base: region.base) }
    guard region.base < 1 << 32, region.size <= 1 << 32 - region.base else {
      throw .beyondAddressSpace(base: region.base, size: region.size)
    }
    for index in 0..<regions.count {
      let other = regions[index]
      guard region.base < other.base + other.size && other.base < region.base + region.size
      else { continue }
      throw .overlap(
        base: region.base, size: region.size, otherBase: other.base, otherSize: other.size)
    }
    let first = region.base >> 12
    let count = Int((region.base + region.size - 1) >> 12 - first + 1)
    let pages = UnsafeMutablePointer<UnsafeMutablePointer<DecodedInstruction>?>.allocate(
      capacity: count)
    pages.initialize(repeating: nil, count: count)
    let traffic = UnsafeMutablePointer<MemoryTraffic>.allocate(capacity: 1)
    traffic.initialize(to: MemoryTraffic())
    regions.append(
      DirectMemory(
        base: region.base, size: region.size, pointer: region.pointer,
        writable: region.writable, firstPage: UInt32(first), pages: pages, traffic: traffic))
    markWatchedPages()
  }

  /// What the hart has read from and written to the region number `index`, in the order they were
  /// added.
  public func traffic(ofRegion index: Int) -> MemoryTraffic {
    precondition((0..<regions.count).contains(index), "no memory region \(index)")
    return regions[index].traffic?.pointee ?? MemoryTraffic()
  }

  /// Watches the eight bytes at `address` (the `tohost` word): stores that reach them make `run`
  /// return ``Exit/hostStore(address:bytes:value:)``. Replaces an earlier watch; nil ends it.
  public func watch(_ address: UInt64?) {
    state.pointee.watched = address.flatMap { UInt32(exactly: $0) }
    markWatchedPages()
  }

  /// Forgets all decoded instructions, because another master has written to memory.
  public func invalidateCode() {
    for page in decodedPages {
      page.update(repeating: .undecoded, count: DecodedInstruction.slotsPerPage)
    }
  }

  /// Forgets the decoded instructions in `count` bytes from `address`, because another master has
  /// written there. Costs little where no code was executed.
  public func invalidateCode(at address: UInt64, count: UInt64) {
    let end = count > UInt64.max - address ? UInt64.max : address + count
    for index in 0..<regions.count {
      let region = regions[index]
      let low = max(address, region.base)
      let high = min(end, region.base + region.size)
      guard low < high else { continue }
      for number in low >> 12...(high - 1) >> 12 {
        guard let page = region.pages?[Int(number) - Int(region.firstPage)] else { continue }
        let first = max(low, number << 12) & 0xfff
        let last = min(high - 1, number << 12 | 0xfff) & 0xfff
        for slot in first >> 2...last >> 2 { page[Int(slot)] = .undecoded }
      }
    }
  }

  /// The region that holds all of `bytes` bytes at `address`.
  func region(of address: UInt32, bytes: UInt64) -> DirectMemory? {
    for index in 0..<regions.count
    where regions[index].location(of: address, bytes: bytes) != nil {
      return regions[index]
    }
    return nil
  }

  /// Makes the region that holds the load the last-hit one and answers the host address.
  @inline(never)
  func selectLoad(_ address: UInt32, bytes: UInt64) -> UnsafeMutableRawPointer? {
    guard let region = region(of: address, bytes: bytes) else { return nil }
    state.pointee.load = region
    return region.location(of: address, bytes: bytes)
  }

  /// Makes the region that holds the store the last-hit one and answers the host address; nil for
  /// memory that cannot be written.
  @inline(never)
  func selectStore(_ address: UInt32, bytes: UInt64) -> UnsafeMutableRawPointer? {
    guard let region = region(of: address, bytes: bytes), region.writable else { return nil }
    state.pointee.store = region
    return region.location(of: address, bytes: bytes)
  }

  /// The instruction word at `pc`, or nil when it is not all in one region.
  func fetch(at pc: UInt32) -> UInt32? {
    if let location = state.pointee.code.location(of: pc, bytes: 4) {
      return UInt32(littleEndian: location.loadUnaligned(as: UInt32.self))
    }
    guard let region = region(of: pc, bytes: 4),
      let location = region.location(of: pc, bytes: 4)
    else { return nil }
    state.pointee.code = region
    return UInt32(littleEndian: location.loadUnaligned(as: UInt32.self))
  }

  /// The decoded page that holds `pc`, made when there is none; nil when no instruction can be
  /// fetched there.
  func codePage(for pc: UInt32) -> UnsafeMutablePointer<DecodedInstruction>? {
    guard pc & 3 == 0, fetch(at: pc) != nil else { return nil }
    return decodedPage(at: pc, of: state.pointee.code)
  }

  /// Notes that `bytes` bytes at `address`, inside `region` and within one page, were stored where
  /// decoded instructions or the watched word may be. Answers whether the watched word was hit.
  func storeReachedPage(
    _ page: UnsafeMutablePointer<DecodedInstruction>, address: UInt32, bytes: UInt32,
    value: UInt32
  ) -> Bool {
    let first = address & 0xfff
    for slot in first >> 2...(first + bytes - 1) >> 2 { page[Int(slot)] = .undecoded }
    return noteHostStore(address: address, bytes: bytes, value: value)
  }

  /// Records a store of `bytes` bytes at `address` when it reaches the watched word.
  func noteHostStore(address: UInt32, bytes: UInt32, value: UInt32) -> Bool {
    guard let watched = state.pointee.watched,
      UInt64(address) < UInt64(watched) + 8,
      UInt64(address) + UInt64(bytes) > UInt64(watched)
    else { return false }
    state.pointee.hostStore = MemoryAccess(
      address: UInt64(address), bytes: Int(bytes), isStore: true, value: UInt64(value))
    return true
  }

  /// The exit for the host store noted last, which is thereby done with.
  func takeHostStore() -> Exit? {
    guard let store = state.pointee.hostStore else { return nil }
    state.pointee.hostStore = nil
    return .hostStore(address: store.address, bytes: store.bytes, value: store.value)
  }

  /// The decoded page of `region` that holds `address`, made when there is none.
  private func decodedPage(
    at address: UInt32, of region: DirectMemory
  ) -> UnsafeMutablePointer<DecodedInstruction>? {
    guard let pages = region.pages else { return nil }
    let index = region.pageIndex(of: address)
    if let page = pages[index] { return page }
    let page = makeDecodedPage()
    pages[index] = page
    return page
  }

  /// A new page of undecoded slots, owned by the hart. Not inlined: it allocates.
  @inline(never)
  private func makeDecodedPage() -> UnsafeMutablePointer<DecodedInstruction> {
    let page = UnsafeMutablePointer<DecodedInstruction>.allocate(
      capacity: DecodedInstruction.slotsPerPage + 1)
    page.initialize(repeating: .undecoded, count: DecodedInstruction.slotsPerPage)
    (page + DecodedInstruction.slotsPerPage).initialize(to: .pageEnd)
    decodedPages.append(page)
    return page
  }

  /// Gives the pages of the watched word a decoded page, so that stores to them take the path that
  /// looks at the watch.
  private func markWatchedPages() {
    guard let watched = state.pointee.watched else { return }
    for address in [watched, watched &+ 7] {
      if let region = region(of: address, bytes: 1) {
        _ = decodedPage(at: address, of: region)
      }
    }
  }
}
