import RISCV
import Testing

@Suite("Physical memory protection")
struct ProtectionTests {
  /// Sets entries from 0 on; the first ones are `(pmpaddr, configuration byte)`.
  private static func control(
    _ entries: [(address: UInt64, configuration: UInt64)], _ set: InstructionSet = .rv64Full
  ) -> Control {
    let control = Control(set)
    for (index, entry) in entries.enumerated() {
      control.write(0x3b0 + UInt16(index), entry.address)
    }
    let bytes = set.xlen == .rv32 ? 4 : 8
    for start in stride(from: 0, to: 16, by: bytes) {
      var value: UInt64 = 0
      for index in start..<start + bytes where index < entries.count {
        value |= entries[index].configuration << UInt64(8 * (index - start))
      }
      control.write(0x3a0 + UInt16(start / 4), value)
    }
    return control
  }

  private static func allows(
    _ control: Control, _ address: UInt64, _ access: AccessType = .load, bytes: Int = 4,
    _ mode: PrivilegeMode = .supervisor
  ) -> Bool {
    control.state.physicalProtection(
      of: address, bytes: bytes, access: access, privilege: mode)
  }

  /// The same decision from the definition: each four bytes of the access looked up by itself.
  private static func decides(
    _ entries: [(address: UInt64, configuration: UInt64)], _ address: UInt64, bytes: Int,
    _ access: AccessType, _ mode: PrivilegeMode
  ) -> Bool {
    func holds(_ index: Int, _ word: UInt64) -> Bool {
      let entry = entries[index]
      switch entry.configuration >> 3 & 3 {
      case 1: return (index == 0 ? 0 : entries[index - 1].address) <= word && word < entry.address
      case 2: return word == entry.address
      case 3:
        let ignored = entry.address ^ (entry.address + 1)
        return (word ^ entry.address) & ~ignored == 0
      default: return false
      }
    }
    let words = (address >> 2)...((address + UInt64(bytes) - 1) >> 2)
    for index in entries.indices {
      let held = words.filter { holds(index, $0) }.count
      if held == 0 { continue }
      if held < words.count { return false }
      let configuration = entries[index].configuration
      if mode == .machine, configuration >> 7 == 0 { return true }
      return configuration >> (access == .load ? 0 : access == .store ? 1 : 2) & 1 != 0
    }
    return mode == .machine
  }

  @Test("decisions are those of the definition, for random entries and accesses")
  func definition() {
    var generator = SeededGenerator(seed: 3)
    for round in 0..<300 {
      let entries = (0..<16).map { _ -> (address: UInt64, configuration: UInt64) in
        let random = generator.next()
        // Small addresses with runs of ones, so that ranges of all sizes meet.
        let address = (random & 0xfff) | ((1 << (random >> 12 & 7)) - 1)
        var configuration = random >> 20 & 0x1f
        if configuration & 1 == 0 { configuration &= ~2 }
        if random >> 30 & 3 != 0 { configuration &= ~0x18 }
        return (address, configuration | (random >> 40 & 7 == 0 ? 0x80 : 0))
      }
      let control = Self.control(entries, round & 1 == 0 ? .rv32Full : .rv64Full)
      for _ in 0..<200 {
        let random = generator.next()
        let bytes = 1 << Int(random >> 60 & 3)
        let address = (random & 0x5fff) & ~UInt64(bytes - 1)
        let access = AccessType.allCases[Int(random >> 32 % 3)]
        let mode = PrivilegeMode.allCases[Int(random >> 40 % 3)]
        #expect(
          Self.allows(control, address, access, bytes: bytes, mode)
            == Self.decides(entries, address, bytes: bytes, access, mode),
          "\(access) of \(bytes) bytes at \(address) in \(mode) mode: \(entries)")
        if control.state.protectionIsUniform(page: address) {
          #expect(
            Self.allows(control, address, access, bytes: bytes, mode)
              == Self.decides(entries, address & ~0xfff, bytes: 4, access, mode))
        }
        if control.state.protectionIsTransparent(for: mode) {
          #expect(Self.allows(control, address, access, bytes: bytes, mode))
        }
      }
    }
  }

  @Test("after reset everything is allowed, and without entries there is no protection")
  func reset() {
    for control in [
      Control(.rv32Full), Control(.rv64Full), Control(.rv64Full, protectionEntries: 0),
    ] {
      for mode in PrivilegeMode.allCases {
        #expect(control.state.protectionIsTransparent(for: mode))
        for access in AccessType.allCases {
          #expect(Self.allows(control, 0x3_ffff_fff8, access, bytes: 8, mode))
        }
      }
    }
  }

  @Test("when no entry matches, only machine mode has access")
  func noMatch() {
    let control = Self.control([])
    #expect(control.state.protectionIsTransparent(for: .machine))
    #expect(!control.state.protectionIsTransparent(for: .supervisor))
    #expect(Self.allows(control, 0x8000_0000, .store, .machine))
    #expect(!Self.allows(control, 0x8000_0000, .store, .supervisor))
    #expect(!Self.allows(control, 0x8000_0000, .fetch, .user))
  }

  @Test("a power-of-two range has the size its trailing ones say", arguments: 0...52)
  func powerOfTwo(ones: Int) {
    let size = UInt64(8) << UInt64(ones)
    let base = ones < 30 ? UInt64(0x80_0000_0000) : 0
    let control = Self.control([(base >> 2 | (1 << UInt64(ones)) - 1, 0x19)])
    #expect(Self.allows(control, base))
    #expect(Self.allows(control, base + size - 4))
    #expect(!Self.allows(control, base + size))
    #expect(base == 0 || !Self.allows(control, base - 4))
    #expect(control.state.protectionIsUniform(page: base) == (size >= 4096))
    #expect(control.state.protectionIsUniform(page: base + max(size, 4096)))
  }

  @Test("a locked entry binds machine mode too and stays until reset")
  func lock() {
    let control = Self.control([
      (0x2000_0000, 0), (0x2000_0400, 0x89), ((0x8001_0000 >> 2) | 0x1ff, 0x99),
    ])
    #expect(Self.allows(control, 0x8000_0000, .load, .machine))
    #expect(!Self.allows(control, 0x8000_0000, .store, .machine))
    #expect(!Self.allows(control, 0x8001_0ffc, .fetch, .machine))
    #expect(Self.allows(control, 0x8000_1000, .store, .machine))
    #expect(!control.state.protectionIsTransparent(for: .machine))
    // Its address, its configuration, and the address that is its lower end.
    #expect(control.write(0x3b1, 0).isEmpty)
    #expect(control.write(0x3b0, 0).isEmpty)
    #expect(control.write(0x3b2, 0).isEmpty)
    #expect(control.write(0x3b3, 5) == [0x3b3: 5])
    #expect(control.write(0x3a0, 0x0f0f_0f0f) == [0x3a0: 0x0f99_890f])
  }

  @Test("an access that straddles an entry's end fails, even in machine mode")
  func straddling() {
    let control = Self.control([(0x2000_0001, 0x17), (.max, 0x1f)])
    for mode in PrivilegeMode.allCases {
      #expect(Self.allows(control, 0x8000_0004, .load, bytes: 4, mode))
      #expect(!Self.allows(control, 0x8000_0000, .load, bytes: 8, mode))
      #expect(Self.allows(control, 0x8000_0008, .load, bytes: 8, mode))
      #expect(!control.state.protectionIsTransparent(for: mode))
    }
    #expect(!control.state.protectionIsUniform(page: 0x8000_0000))
    #expect(control.state.protectionIsUniform(page: 0x8000_1000))
  }

  @Test("entries beyond those that work read zero and decide nothing")
  func fewEntries() {
    let control = Control(.rv64Full, protectionEntries: 3)
    #expect(control.write(0x3b3, 5).isEmpty)
    #expect(control[0x3b3] == 0 && control[0x3ef] == 0)
    #expect(control.write(0x3a0, 0x0101_0101_0101_0101) == [0x3a0: 0x01_0101])
    #expect(control.write(0x3a2, 0x0101).isEmpty)
  }
}
