/// Memory as the instruction being interpreted sees it: alignment, translation, protection, and
/// then memory or a device.
extension Hart {
  /// Loads `bytes` (1, 2, 4 or 8) bytes, zero extended.
  func load(at address: UInt64, bytes: Int) throws(Interruption) -> UInt64 {
    let address = zeroExtended(address)
    let value: UInt64
    if address & UInt64(bytes - 1) == 0 {
      value = try loadPiece(
        try physicalAddress(of: address, .load, bytes: bytes), address, bytes: bytes)
    } else {
      guard configuration.misalignedAccess == .supported else {
        throw .exception(.loadAddressMisaligned, value: address)
      }
      value = try loadMisaligned(address, bytes: bytes)
    }
    state.pointee.effects.load = MemoryAccess(
      address: address, bytes: bytes, isStore: false, value: value)
    return value
  }

  /// Stores the low `bytes` (1, 2, 4 or 8) bytes of `value`.
  func store(at address: UInt64, bytes: Int, value: UInt64) throws(Interruption) {
    let address = zeroExtended(address)
    let value = value & (UInt64.max >> UInt64(64 - 8 * bytes))
    if address & UInt64(bytes - 1) == 0 {
      try storePiece(
        try physicalAddress(of: address, .store, bytes: bytes), address, bytes: bytes, value)
    } else {
      guard configuration.misalignedAccess == .supported else {
        throw .exception(.storeAddressMisaligned, value: address)
      }
      try storeMisaligned(address, bytes: bytes, value)
    }
    state.pointee.effects.store = MemoryAccess(
      address: address, bytes: bytes, isStore: true, value: value)
  }

  /// Loads and reserves what it read, for ``storeConditional(at:bytes:value:)``.
  func loadReserved(at address: UInt64, bytes: Int) throws(Interruption) -> UInt64 {
    let address = zeroExtended(address)
    guard address & UInt64(bytes - 1) == 0 else {
      throw .exception(.loadAddressMisaligned, value: address)
    }
    let physical = try physicalAddress(of: address, .load, bytes: bytes)
    // There are no reservations on devices.
    guard region(of: physical, bytes: UInt64(bytes)) != nil else {
      throw .exception(.loadAccessFault, value: address)
    }
    let value = try loadPiece(physical, address, bytes: bytes)
    state.pointee.reservation = Reservation(address: physical, bytes: bytes, value: value)
    peers?.watchReservation(of: self, at: physical, bytes: bytes)
    state.pointee.effects.load = MemoryAccess(
      address: address, bytes: bytes, isStore: false, value: value)
    return value
  }

  /// Stores if the reservation still holds, and ends it; answers whether it has stored. An
  /// address that cannot be written raises an exception whether reserved or not.
  func storeConditional(at address: UInt64, bytes: Int, value: UInt64) throws(Interruption) -> Bool
  {
    let address = zeroExtended(address)
    guard address & UInt64(bytes - 1) == 0 else {
      throw .exception(.storeAddressMisaligned, value: address)
    }
    let physical = try physicalAddress(of: address, .store, bytes: bytes)
    guard let region = region(of: physical, bytes: UInt64(bytes)), region.writable else {
      throw .exception(.storeAccessFault, value: address)
    }
    let reservation = state.pointee.reservation
    state.pointee.reservation = nil
    // The value is compared because masters other than harts are not seen writing.
    guard let reservation, reservation.address == physical,
      peek(physical, bytes: reservation.bytes) == reservation.value
    else { return false }
    let value = value & (UInt64.max >> UInt64(64 - 8 * bytes))
    try storePiece(physical, address, bytes: bytes, value)
    state.pointee.effects.store = MemoryAccess(
      address: address, bytes: bytes, isStore: true, value: value)
    return true
  }

  /// Replaces a naturally aligned value in memory in one step and answers the old one, zero
  /// extended. All exceptions are those of stores.
  func modify(
    at address: UInt64, bytes: Int, _ change: (UInt64) -> UInt64
  ) throws(Interruption) -> UInt64 {
    let address = zeroExtended(address)
    guard address & UInt64(bytes - 1) == 0 else {
      throw .exception(.storeAddressMisaligned, value: address)
    }
    let physical = try physicalAddress(of: address, .store, bytes: bytes)
    if let region = region(of: physical, bytes: UInt64(bytes)), !region.writable {
      throw .exception(.storeAccessFault, value: address)
    }
    let old = try loadPiece(physical, address, bytes: bytes, isAtomic: true)
    let new = change(old) & (UInt64.max >> UInt64(64 - 8 * bytes))
    try storePiece(physical, address, bytes: bytes, new)
    state.pointee.effects.load = MemoryAccess(
      address: address, bytes: bytes, isStore: false, value: old)
    state.pointee.effects.store = MemoryAccess(
      address: address, bytes: bytes, isStore: true, value: new)
    return old
  }

  // MARK: Fetching

  /// The instruction at the program counter: 16 bits, or 32 when its lowest two are 11.
  func fetchInstruction() throws(Interruption) -> UInt32 {
    let pc = state.pointee.pc
    if pc & 3 != 0, pc & 1 != 0 || !state.pointee.control.extensions.contains(.c) {
      throw .exception(.instructionAddressMisaligned, value: pc)
    }
    // In one piece where it cannot cross a page.
    if pc & 0xfff <= 0xffc {
      let physical = try physicalAddress(of: pc, .fetch, bytes: 2)
      if let word = codeWord(at: physical), word & 3 != 3 || isFetchable(physical &+ 2, pc) {
        return word & 3 == 3 ? word : word & 0xffff
      }
    }
    let low = try fetchParcel(at: pc)
    guard low & 3 == 3 else { return low }
    return try low | fetchParcel(at: zeroExtended(pc &+ 2)) << 16
  }

  private func fetchParcel(at address: UInt64) throws(Interruption) -> UInt32 {
    let physical = try physicalAddress(of: address, .fetch, bytes: 2)
    guard let region = region(of: physical, bytes: 2),
      let location = region.location(of: physical, bytes: 2)
    else { throw .exception(.instructionAccessFault, value: address) }
    return UInt32(UInt16(littleEndian: location.loadUnaligned(as: UInt16.self)))
  }

  /// Whether protection allows the second half of an instruction on the same page.
  private func isFetchable(_ physical: UInt64, _ address: UInt64) -> Bool {
    state.pointee.control.protectionIsTransparent(for: state.pointee.control.privilege)
      || state.pointee.control.physicalProtection(
        of: physical, bytes: 2, access: .fetch, privilege: state.pointee.control.privilege)
  }

  // MARK: Translation

  /// The physical address that the program means by `address`, checked for an access of `bytes`
  /// bytes that lie in one page.
  func physicalAddress(
    of address: UInt64, _ access: AccessType, bytes: Int
  ) throws(Interruption) -> UInt64 {
    let privilege =
      access == .fetch ? state.pointee.control.privilege : state.pointee.control.dataPrivilege
    let physical = try translate(address, access, privilege)
    if state.pointee.control.protectionIsTransparent(for: privilege)
      || state.pointee.control.physicalProtection(
        of: physical, bytes: bytes, access: access, privilege: privilege)
    {
      return physical
    }
    throw .exception(access.accessFault, value: address)
  }

  /// Translates by the look-aside buffer or the page tables, without protection of the result.
  private func translate(
    _ address: UInt64, _ access: AccessType, _ privilege: PrivilegeMode
  ) throws(Interruption) -> UInt64 {
    guard state.pointee.control.translates(access, privilege) else { return address }
    let entry = translations.entry(address, access)
    let tag = TranslationCache.tag(address, context: context(privilege, translating: true))
    if entry.pointee.tag != tag {
      switch state.pointee.control.walk(
        address, access: access, privilege: privilege, memory: self)
      {
      case .success(let physical):
        entry.pointee = TranslationCache.Entry(
          tag: tag, physical: physical & ~0xfff, host: nil, region: 0)
      case .failure(let cause): throw .exception(cause, value: address)
      }
    }
    return entry.pointee.physical | address & 0xfff
  }

  /// What besides the address decides a translation.
  func context(_ privilege: PrivilegeMode, translating: Bool) -> UInt64 {
    UInt64(privilege.rawValue) | (translating ? 16 : 0)
      | (state.pointee.control.supervisorUserMemory ? 4 : 0)
      | (state.pointee.control.makeExecutableReadable ? 8 : 0)
  }

  /// Forgets all translations: SFENCE.VMA, and every change of what they depend on.
  func flushTranslations() {
    translations.flush()
    protections.flush()
  }

  // MARK: Pieces

  private func loadPiece(
    _ physical: UInt64, _ address: UInt64, bytes: Int, isAtomic: Bool = false
  ) throws(Interruption) -> UInt64 {
    if let region = region(of: physical, bytes: UInt64(bytes)),
      let location = region.location(of: physical, bytes: UInt64(bytes))
    {
      region.countLoad(bytes: bytes)
      return location.loadLittleEndian(bytes: bytes)
    }
    if let value = state.pointee.deviceAccess?.loaded {
      return value & (UInt64.max >> UInt64(64 - 8 * bytes))
    }
    guard isDevice(physical, bytes: bytes) else {
      throw .exception(isAtomic ? .storeAccessFault : .loadAccessFault, value: address)
    }
    state.pointee.deviceAccess = DeviceAccess(isStore: isAtomic, address: address)
    throw .exit(.deviceLoad(address: physical, bytes: bytes))
  }

  private func storePiece(
    _ physical: UInt64, _ address: UInt64, bytes: Int, _ value: UInt64
  ) throws(Interruption) {
    if let region = region(of: physical, bytes: UInt64(bytes)),
      let location = region.location(of: physical, bytes: UInt64(bytes))
    {
      guard region.writable else { throw .exception(.storeAccessFault, value: address) }
      region.countStore(bytes: bytes)
      location.storeLittleEndian(value, bytes: bytes)
      if let page = region.pages[region.pageIndex(of: physical)] {
        _ = storeReachedPage(page, address: physical, bytes: bytes, value: value)
      }
      return
    }
    if state.pointee.deviceAccess?.stored == true { return }
    guard isDevice(physical, bytes: bytes) else {
      throw .exception(.storeAccessFault, value: address)
    }
    var access = state.pointee.deviceAccess ?? DeviceAccess(isStore: true, address: address)
    access.isStore = true
    state.pointee.deviceAccess = access
    throw .exit(.deviceStore(address: physical, bytes: bytes, value: value))
  }

  /// Whether all of an access lies outside memory, where a device may answer.
  private func isDevice(_ physical: UInt64, bytes: Int) -> Bool {
    for index in 0..<UInt64(bytes) where region(of: physical &+ index, bytes: 1) != nil {
      return false
    }
    return true
  }

  /// Loads byte by byte. Devices answer only whole, aligned accesses: splitting one would change
  /// its effect.
  private func loadMisaligned(_ address: UInt64, bytes: Int) throws(Interruption) -> UInt64 {
    var value: UInt64 = 0
    var first: DirectMemory?
    for index in 0..<bytes {
      let byte = zeroExtended(address &+ UInt64(index))
      let physical = try physicalAddress(of: byte, .load, bytes: 1)
      guard let region = region(of: physical, bytes: 1),
        let location = region.location(of: physical, bytes: 1)
      else { throw .exception(.loadAccessFault, value: byte) }
      first = first ?? region
      value |= UInt64(location.load(as: UInt8.self)) << UInt64(8 * index)
    }
    first?.countLoad(bytes: bytes)
    return value
  }

  /// Stores byte by byte, after all bytes were found to be memory.
  private func storeMisaligned(
    _ address: UInt64, bytes: Int, _ value: UInt64
  ) throws(Interruption) {
    var first: DirectMemory?
    for index in 0..<bytes {
      let byte = zeroExtended(address &+ UInt64(index))
      let physical = try physicalAddress(of: byte, .store, bytes: 1)
      guard let region = region(of: physical, bytes: 1), region.writable else {
        throw .exception(.storeAccessFault, value: byte)
      }
      first = first ?? region
    }
    first?.countStore(bytes: bytes)
    for index in 0..<bytes {
      let physical = try physicalAddress(
        of: zeroExtended(address &+ UInt64(index)), .store, bytes: 1)
      guard let region = region(of: physical, bytes: 1),
        let location = region.location(of: physical, bytes: 1)
      else { continue }
      let byte = value >> UInt64(8 * index) & 0xff
      location.storeLittleEndian(byte, bytes: 1)
      if let page = region.pages[region.pageIndex(of: physical)] {
        _ = storeReachedPage(page, address: physical, bytes: 1, value: byte)
      }
    }
    // What the host sees is the whole store, not its last byte.
    if state.pointee.hostStore != nil {
      state.pointee.hostStore = MemoryAccess(
        address: try physicalAddress(of: address, .store, bytes: 1), bytes: bytes, isStore: true,
        value: value)
    }
  }
}

extension AccessType {
  /// The exception for an access that memory or its protection refuses.
  var accessFault: TrapCause {
    switch self {
    case .fetch: .instructionAccessFault
    case .load: .loadAccessFault
    case .store: .storeAccessFault
    }
  }
}

extension UnsafeMutableRawPointer {
  /// `bytes` (1, 2, 4 or 8) bytes, lowest first, zero extended.
  @inline(__always)
  func loadLittleEndian(bytes: Int) -> UInt64 {
    switch bytes {
    case 1: UInt64(load(as: UInt8.self))
    case 2: UInt64(UInt16(littleEndian: loadUnaligned(as: UInt16.self)))
    case 4: UInt64(UInt32(littleEndian: loadUnaligned(as: UInt32.self)))
    default: UInt64(littleEndian: loadUnaligned(as: UInt64.self))
    }
  }

  /// Stores the low `bytes` (1, 2, 4 or 8) bytes of `value`, lowest first.
  @inline(__always)
  func storeLittleEndian(_ value: UInt64, bytes: Int) {
    switch bytes {
    case 1: storeBytes(of: UInt8(truncatingIfNeeded: value), as: UInt8.self)
    case 2: storeBytes(of: UInt16(truncatingIfNeeded: value).littleEndian, as: UInt16.self)
    case 4: storeBytes(of: UInt32(truncatingIfNeeded: value).littleEndian, as: UInt32.self)
    default: storeBytes(of: value.littleEndian, as: UInt64.self)
    }
  }
}
