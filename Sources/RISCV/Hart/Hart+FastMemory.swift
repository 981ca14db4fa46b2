/// How the fast loop reaches memory.
extension Hart {
  // MARK: Data at physical addresses

  /// Makes the region that holds a load the last-hit one, after `pending` loads of the one before,
  /// and answers the host address.
  @inline(never)
  func selectLoad(_ address: UInt64, pending: UInt64) -> UnsafeMutableRawPointer? {
    if pending != 0 { state.pointee.load.countLoads(packed: pending) }
    guard let region = region(of: address, bytes: 8), address &- region.base < region.limit else {
      return nil
    }
    state.pointee.load = region
    return region.location(of: address, bytes: 8)
  }

  /// The same for a store; nil for memory that cannot be written.
  @inline(never)
  func selectStore(_ address: UInt64, pending: UInt64) -> UnsafeMutableRawPointer? {
    if pending != 0 { state.pointee.store.countStores(packed: pending) }
    guard let region = region(of: address, bytes: 8), region.writable,
      address &- region.base < region.limit
    else { return nil }
    state.pointee.store = region
    return region.location(of: address, bytes: 8)
  }

  /// Notes a store that has been made to a page with decoded instructions, the watched word or a
  /// reservation; answers whether the loop has to look up.
  @inline(never)
  func storeTouched(_ address: UInt64, bytes: Int) -> Bool {
    guard let page = state.pointee.store.pages[state.pointee.store.pageIndex(of: address)] else {
      return false
    }
    return storeReachedPage(
      page, address: address, bytes: bytes, value: peek(address, bytes: bytes) ?? 0)
  }

  // MARK: Translated and protected data

  /// The context of data accesses in the present mode.
  var dataContext: UInt64 {
    let privilege = state.pointee.control.dataPrivilege
    return context(
      privilege, translating: state.pointee.control.translates(.load, privilege))
  }

  /// Where an aligned access to `address` goes, if that is memory which the whole page may use.
  @inline(__always)
  func mappedLocation(
    _ address: UInt64, _ access: AccessType, context: UInt64
  ) -> (pointer: UnsafeMutableRawPointer, region: DirectMemory)? {
    let cache = context & 16 != 0 ? translations : protections
    let entry = cache.entry(address, access)
    if entry.pointee.tag == TranslationCache.tag(address, context: context),
      let host = entry.pointee.host
    {
      return (
        host + Int(truncatingIfNeeded: address & 0xfff), regions[entry.pointee.region]
      )
    }
    return mapLocation(address, access, context: context)
  }

  @inline(never)
  private func mapLocation(
    _ address: UInt64, _ access: AccessType, context: UInt64
  ) -> (pointer: UnsafeMutableRawPointer, region: DirectMemory)? {
    guard let physical = try? physicalAddress(of: address, access, bytes: 1),
      let number = wholePageRegion(of: physical, access)
    else { return nil }
    let cache = context & 16 != 0 ? translations : protections
    let region = regions[number]
    guard let host = region.location(of: physical & ~0xfff, bytes: 4096) else { return nil }
    cache.entry(address, access).pointee = TranslationCache.Entry(
      tag: TranslationCache.tag(address, context: context), physical: physical & ~0xfff,
      host: host, region: number)
    return (host + Int(truncatingIfNeeded: physical & 0xfff), region)
  }

  /// The region that holds all of the page of a physical address, if protection is the same in all
  /// of it; a store needs memory that can be written.
  private func wholePageRegion(of physical: UInt64, _ access: AccessType) -> Int? {
    let page = physical & ~0xfff
    guard state.pointee.control.protectionIsUniform(page: page) else { return nil }
    for number in 0..<regions.count
    where regions[number].limit > 0 && regions[number].location(of: page, bytes: 4096) != nil {
      return access == .store && !regions[number].writable ? nil : number
    }
    return nil
  }

  // MARK: Code

  /// The decoded page that holds `pc`, made when there is none; nil when the page can only be
  /// executed by the interpreter.
  func codePage(for pc: UInt64) -> UnsafeMutablePointer<DecodedInstruction>? {
    guard let physical = try? physicalAddress(of: pc, .fetch, bytes: 2) else { return nil }
    if !state.pointee.control.protectionIsTransparent(for: state.pointee.control.privilege),
      !state.pointee.control.protectionIsUniform(page: physical & ~0xfff)
    {
      return nil
    }
    if state.pointee.code.location(of: physical & ~0xfff, bytes: 1) == nil
      || state.pointee.code.location(of: physical, bytes: 2) == nil
    {
      guard let region = region(of: physical, bytes: 2),
        region.location(of: physical & ~0xfff, bytes: 1) != nil
      else { return nil }
      state.pointee.code = region
    }
    let code = state.pointee.code
    return decodedPage(code.pageIndex(of: physical), of: code)
  }

  /// Decodes the straight line at slot `slot` of the page at the virtual address `page`, which was
  /// found by ``codePage(for:)``; false when there is no memory.
  @inline(never)
  func decodeRun(at page: UInt64, from slot: Int) -> Bool {
    guard let physical = try? physicalAddress(of: page | UInt64(2 * slot), .fetch, bytes: 2)
    else { return false }
    let base = physical & ~0xfff
    guard let region = region(of: physical, bytes: 2),
      let location = region.location(of: base, bytes: 1)
    else { return false }
    let bytes = min(4096, region.size &- (base &- region.base))
    decodeRun(
      decodedPage(region.pageIndex(of: base), of: region), from: slot, location,
      bytes: Int(truncatingIfNeeded: bytes))
    return true
  }
}

extension DirectMemory {
  /// Counts loads of the fast loop: number × 2²⁰ + bytes.
  func countLoads(packed: UInt64) {
    traffic.pointee.loads &+= packed >> 20
    traffic.pointee.loadedBytes &+= packed & 0xf_ffff
  }

  /// Counts stores of the fast loop: number × 2²⁰ + bytes.
  func countStores(packed: UInt64) {
    traffic.pointee.stores &+= packed >> 20
    traffic.pointee.storedBytes &+= packed & 0xf_ffff
  }
}
