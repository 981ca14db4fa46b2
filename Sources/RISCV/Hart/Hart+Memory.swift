extension Hart: PhysicalMemory {
  /// Gives the hart a region of ordinary memory.
  ///
  /// - Throws: ``MemoryRegionError`` when it is empty, overlaps another region or ends beyond the
  ///   physical address space: 34 bits on RV32, 56 on RV64.
  public func add(_ region: MemoryRegion) throws(MemoryRegionError) {
    guard region.size > 0 else { throw .empty(base: region.base) }
    let limit: UInt64 = isRV64 ? 1 << 56 : 1 << 34
    guard region.base < limit, region.size <= limit - region.base else {
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
    regions.append(DirectMemory(region, pages: pages, traffic: traffic))
    markWatchedPages()
  }

  /// What the hart has read from and written to the region number `index`, in the order they were
  /// added.
  public func traffic(ofRegion index: Int) -> MemoryTraffic {
    precondition((0..<regions.count).contains(index), "no memory region \(index)")
    return regions[index].traffic.pointee
  }

  /// Watches the eight bytes at a physical address (the `tohost` word): stores that reach them make
  /// `run` return ``Exit/hostStore(address:bytes:value:)``. Replaces an earlier watch; nil ends it.
  public func watch(_ address: UInt64?) {
    state.pointee.watched = address
    markWatchedPages()
  }

  /// Forgets all decoded instructions, because another master has written to memory.
  public func invalidateCode() {
    for page in decodedPages {
      page.update(repeating: .undecoded, count: DecodedInstruction.slotsPerPage)
    }
  }

  /// Forgets the decoded instructions in `count` bytes from the physical address `address`, because
  /// another master has written there. Costs little where no code was executed.
  public func invalidateCode(at address: UInt64, count: UInt64) {
    let end = count > UInt64.max - address ? UInt64.max : address + count
    for index in 0..<regions.count {
      let region = regions[index]
      let low = max(address, region.base)
      let high = min(end, region.base + region.size)
      guard low < high else { continue }
      for number in low >> 12...(high - 1) >> 12 {
        region.pages[Int(number - region.firstPage)]?.update(
          repeating: .undecoded, count: DecodedInstruction.slotsPerPage)
      }
    }
  }

  // MARK: Looking from outside

  /// The physical address that an access of the present mode to `address` reaches, or nil when it
  /// would raise an exception. Nothing changes, not even in the look-aside buffer.
  ///
  /// - Parameter mode: another mode to access from than the present one.
  public func physicalAddress(
    of address: UInt64, access: AccessType = .load, from mode: PrivilegeMode? = nil
  ) -> UInt64? {
    let address = zeroExtended(address)
    let privilege =
      mode
      ?? (access == .fetch ? state.pointee.control.privilege : state.pointee.control.dataPrivilege)
    guard state.pointee.control.translates(access, privilege) else { return address }
    let result = state.pointee.control.walk(
      address, access: access, privilege: privilege, memory: ObservedMemory(hart: self))
    guard case .success(let physical) = result else { return nil }
    return physical
  }

  /// `bytes` (1, 2, 4 or 8) bytes of memory at a physical address, zero extended; nil where no
  /// memory is. Counts nothing.
  public func peek(_ address: UInt64, bytes: Int) -> UInt64? {
    region(of: address, bytes: UInt64(bytes))?.location(of: address, bytes: UInt64(bytes))?
      .loadLittleEndian(bytes: bytes)
  }

  // MARK: Page tables

  /// A page table entry, without counting the access; nil where no memory is.
  public func loadPTE(_ address: UInt64, bytes: Int) -> UInt64? { peek(address, bytes: bytes) }

  /// Writes a page table entry; false where it cannot be written.
  public func storePTE(_ address: UInt64, bytes: Int, value: UInt64) -> Bool {
    guard let region = region(of: address, bytes: UInt64(bytes)), region.writable,
      let location = region.location(of: address, bytes: UInt64(bytes))
    else { return false }
    location.storeLittleEndian(value, bytes: bytes)
    if let page = region.pages[region.pageIndex(of: address)] {
      _ = storeReachedPage(page, address: address, bytes: bytes, value: value)
    }
    return true
  }

  // MARK: Regions

  /// The region that holds all of `bytes` bytes at `address`, or nil.
  func region(of address: UInt64, bytes: UInt64) -> DirectMemory? {
    for index in 0..<regions.count where regions[index].location(of: address, bytes: bytes) != nil {
      return regions[index]
    }
    return nil
  }

  /// The first 32 bits at a physical address whose page holds them all; the last two bytes of
  /// a region count as followed by zeros.
  func codeWord(at address: UInt64) -> UInt32? {
    if let location = state.pointee.code.location(of: address, bytes: 4) {
      return UInt32(littleEndian: location.loadUnaligned(as: UInt32.self))
    }
    guard let region = region(of: address, bytes: 4),
      let location = region.location(of: address, bytes: 4)
    else { return nil }
    state.pointee.code = region
    return UInt32(littleEndian: location.loadUnaligned(as: UInt32.self))
  }

  // MARK: Stores that matter

  /// Notes that `bytes` bytes at the physical address `address`, within one page, were stored
  /// where decoded instructions, the watched word or a reservation may be. Answers whether the
  /// engine has to look up: decoded instructions are gone or the watched word was hit.
  func storeReachedPage(
    _ page: UnsafeMutablePointer<DecodedInstruction>, address: UInt64, bytes: Int, value: UInt64
  ) -> Bool {
    peers?.stored(by: self, at: address, bytes: bytes)
    let first = Int(address & 0xfff) >> 1
    let last = (Int(address & 0xfff) + bytes - 1) >> 1
    // An instruction of 32 bits may begin in the slot before.
    var hit = false
    for slot in max(first - 1, 0)...last where page[slot].handler != .undecoded { hit = true }
    // Neighbours promise to run into what was here, so the whole page starts over.
    if hit { page.update(repeating: .undecoded, count: DecodedInstruction.slotsPerPage) }
    guard let watched = state.pointee.watched, address < watched &+ 8,
      watched < address &+ UInt64(bytes)
    else { return hit }
    state.pointee.hostStore = MemoryAccess(
      address: address, bytes: bytes, isStore: true, value: value)
    return true
  }

  /// The exit for the host store noted last, which is thereby done with.
  func takeHostStore() -> Exit? {
    guard let store = state.pointee.hostStore else { return nil }
    state.pointee.hostStore = nil
    return .hostStore(address: store.address, bytes: store.bytes, value: store.value)
  }

  // MARK: Decoded pages

  /// The decoded page at index `index` of `region`, made when there is none.
  func decodedPage(_ index: Int, of region: DirectMemory) -> UnsafeMutablePointer<
    DecodedInstruction
  > {
    if let page = region.pages[index] { return page }
    let page = makeDecodedPage()
    region.pages[index] = page
    return page
  }

  /// A new page of undecoded slots, owned by the hart. Not inlined: it allocates.
  @inline(never)
  private func makeDecodedPage() -> UnsafeMutablePointer<DecodedInstruction> {
    let page = UnsafeMutablePointer<DecodedInstruction>.allocate(
      capacity: DecodedInstruction.slotsPerPage + 2)
    page.initialize(repeating: .undecoded, count: DecodedInstruction.slotsPerPage)
    (page + DecodedInstruction.slotsPerPage).initialize(repeating: .pageEnd, count: 2)
    decodedPages.append(page)
    return page
  }

  /// Makes stores to the page of a physical address take the path that looks at what they touch.
  func markPage(of address: UInt64) {
    if let region = region(of: address, bytes: 1) {
      _ = decodedPage(region.pageIndex(of: address), of: region)
    }
  }

  private func markWatchedPages() {
    guard let watched = state.pointee.watched else { return }
    markPage(of: watched)
    markPage(of: watched &+ 7)
  }
}

/// Memory for page table walks that must leave no trace.
private struct ObservedMemory: PhysicalMemory {
  let hart: Hart

  func loadPTE(_ address: UInt64, bytes: Int) -> UInt64? { hart.peek(address, bytes: bytes) }

  /// Pretends: the walk goes on as if accessed and dirty bits had been set.
  func storePTE(_ address: UInt64, bytes: Int, value: UInt64) -> Bool {
    hart.region(of: address, bytes: UInt64(bytes))?.writable == true
  }
}
