/// Where an access goes.
private enum Destination {
  case memory
  case device
  case fault(TrapCause, address: UInt32)
}

extension Hart {
  /// LB, LH, LW, LBU, LHU.
  func interpretLoad(_ fields: InstructionFields) -> Step {
    let bytes: UInt32
    switch fields.funct3 {
    case 0, 4: bytes = 1
    case 1, 5: bytes = 2
    case 2: bytes = 4
    default: return illegal(fields)
    }
    let address = registers[fields.rs1] &+ UInt32(bitPattern: fields.immediateI)
    switch destination(of: address, bytes: bytes, isStore: false) {
    case .fault(let cause, let address): return raise(cause, value: address)
    case .device:
      state.pointee.pendingAccess = PendingAccess(
        fields: fields, address: address, value: 0, isStore: false)
      return .stopped(.deviceLoad(address: UInt64(address), bytes: Int(bytes)))
    case .memory:
      region(of: address, bytes: 1)?.countLoad(bytes: bytes)
      var value: UInt32 = 0
      for index in 0..<bytes {
        let byte = byteLocation(of: address &+ index)?.load(as: UInt8.self) ?? 0
        value |= UInt32(byte) << (8 * index)
      }
      return .retired(retireLoad(fields, address: address, raw: value))
    }
  }

  /// SB, SH, SW.
  func interpretStore(_ fields: InstructionFields) -> Step {
    guard fields.funct3 <= 2 else { return illegal(fields) }
    let bytes: UInt32 = 1 << fields.funct3
    let address = registers[fields.rs1] &+ UInt32(bitPattern: fields.immediateS)
    let value = registers[fields.rs2] & (UInt32.max >> (32 - 8 * bytes))
    switch destination(of: address, bytes: bytes, isStore: true) {
    case .fault(let cause, let address): return raise(cause, value: address)
    case .device:
      state.pointee.pendingAccess = PendingAccess(
        fields: fields, address: address, value: value, isStore: true)
      return .stopped(
        .deviceStore(address: UInt64(address), bytes: Int(bytes), value: UInt64(value)))
    case .memory:
      region(of: address, bytes: 1)?.countStore(bytes: bytes)
      for index in 0..<bytes {
        let byte = UInt8(truncatingIfNeeded: value >> (8 * index))
        byteLocation(of: address &+ index)?.storeBytes(of: byte, as: UInt8.self)
        invalidateCode(at: UInt64(address &+ index), count: 1)
      }
      let hit = noteHostStore(address: address, bytes: bytes, value: value)
      let retired = retireStore(fields, address: address, value: value)
      if hit, let exit = takeHostStore() { return .retiredAndStopped(retired, exit) }
      return .retired(retired)
    }
  }

  /// Retires a load that read `raw`, of which the low bytes count.
  func retireLoad(_ fields: InstructionFields, address: UInt32, raw: UInt32) -> Retired {
    let (bytes, value): (Int, UInt32) =
      switch fields.funct3 {
      case 0: (1, UInt32(bitPattern: Int32(Int8(truncatingIfNeeded: raw))))
      case 1: (2, UInt32(bitPattern: Int32(Int16(truncatingIfNeeded: raw))))
      case 4: (1, raw & 0xff)
      case 5: (2, raw & 0xffff)
      default: (4, raw)
      }
    var retired = retirement(fields, rd: value)
    let loaded = raw & (UInt32.max >> UInt32(32 - 8 * bytes))
    retired.memoryAccess = MemoryAccess(
      address: UInt64(address), bytes: bytes, isStore: false, value: UInt64(loaded))
    return retired
  }

  /// Retires a store of `value`.
  func retireStore(_ fields: InstructionFields, address: UInt32, value: UInt32) -> Retired {
    var retired = retirement(fields)
    retired.memoryAccess = MemoryAccess(
      address: UInt64(address), bytes: 1 << Int(fields.funct3), isStore: true,
      value: UInt64(value))
    return retired
  }

  /// Decides between memory, device and exception. A misaligned access is carried out only when
  /// all its bytes are memory; otherwise the exception names the first byte that is not.
  private func destination(of address: UInt32, bytes: UInt32, isStore: Bool) -> Destination {
    let aligned = address & (bytes - 1) == 0
    if !aligned, configuration.misalignedAccess == .trapped {
      return .fault(isStore ? .storeAddressMisaligned : .loadAddressMisaligned, address: address)
    }
    let fault: TrapCause = isStore ? .storeAccessFault : .loadAccessFault
    var outside: UInt32?
    var inside = false
    for index in 0..<bytes {
      let byte = address &+ index
      if let region = region(of: byte, bytes: 1) {
        inside = true
        if isStore, !region.writable { return .fault(fault, address: byte) }
      } else if outside == nil {
        outside = byte
      }
    }
    guard let outside else { return .memory }
    return aligned && !inside ? .device : .fault(fault, address: outside)
  }

  private func byteLocation(of address: UInt32) -> UnsafeMutableRawPointer? {
    region(of: address, bytes: 1)?.location(of: address, bytes: 1)
  }
}
