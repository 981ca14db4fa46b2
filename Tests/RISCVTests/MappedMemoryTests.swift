import RISCV
import Testing

/// Data and code behind page tables and protection; by both engines and register widths.
@Suite("Translated and protected memory")
struct MappedMemoryTests {
  static let widths = [XLEN.rv32, .rv64]

  @Test("loads and stores go where the tables say", arguments: Engine.allCases, widths)
  func mapping(engine: Engine, xlen: XLEN) throws {
    // Copies 1024 words from x10 on to x11 on, by pages that are mapped in reverse.
    let mapped = try MappedMachine(
      [
        assemble(.lw, rd: 1, rs1: 10), assemble(.sw, rs1: 11, rs2: 1),
        assemble(.addi, rd: 10, rs1: 10, 4), assemble(.addi, rd: 11, rs1: 11, 4),
        assemble(.bltu, rs1: 10, rs2: 12, -16),
      ], xlen, engine: engine)
    let hart = mapped.hart
    for page in 0..<2 {
      mapped.map(page, to: Machine.base + UInt64(9 - page) << 12)
      mapped.map(4 + page, to: Machine.base + UInt64(4 + page) << 12)
    }
    for index in 0..<0x800 {
      mapped.machine.place([UInt32(index) &* 0x9e37_79b9], at: 0x8000 + 4 * index)
    }
    hart[register: 10] = MappedMachine.address(0, 0x800)
    hart[register: 11] = MappedMachine.address(4, 0xff0)
    hart[register: 12] = MappedMachine.address(1, 0x800)
    #expect(hart.run(budget: 5 * 1024) == RunResult(exit: .budget, executed: 5 * 1024))
    for index in 0..<1024 {
      let (from, to) = (0x800 + 4 * index, 0x4ff0 + 4 * index)
      let source = from < 0x1000 ? 0x9000 + from : 0x8000 + from - 0x1000
      #expect(mapped.machine.word(at: to) == mapped.machine.word(at: source))
      if to == 0x5ffc { break }
    }
    let traffic = hart.traffic(ofRegion: 0)
    #expect(traffic.loads == 1024 && traffic.loadedBytes == 4096)
    #expect(traffic.stores == 1024 && traffic.storedBytes == 4096)
  }

  @Test("two addresses of one page show the same bytes, also code", arguments: Engine.allCases)
  func aliases(engine: Engine) throws {
    for xlen in Self.widths {
      // Changes its own addition through the window.
      let addition = assemble(.addi, rd: 1, rs1: 1, 0)
      let mapped = try MappedMachine(
        [
          assemble(.add, rd: 11, rs1: 11, rs2: 12), assemble(.sw, rs1: 10, rs2: 11, 12),
          assemble(.lw, rd: 3, rs1: 13, 12), addition, assemble(.jal, rd: 0, -16),
        ], xlen, engine: engine)
      mapped.map(3, to: Machine.base)
      mapped.map(7, to: Machine.base)
      mapped.hart[register: 10] = MappedMachine.address(3)
      mapped.hart[register: 13] = MappedMachine.address(7)
      mapped.hart[register: 11] = UInt64(addition)
      mapped.hart[register: 12] = 0x10_0000
      #expect(mapped.hart.run(budget: 25).executed == 25)
      #expect(mapped.hart[register: 1] == 15)
      #expect(mapped.hart[register: 3] == UInt64(addition + 0x50_0000))
    }
  }

  @Test("a page fault is precise, and what the page allows decides", arguments: Engine.allCases)
  func pageFaults(engine: Engine) throws {
    let (load, store) = (assemble(.lw, rd: 1, rs1: 10, 8), assemble(.sw, rs1: 10, rs2: 1, 8))
    let cases: [(UInt64, PrivilegeMode, UInt64, UInt32, TrapCause?)] = [
      // Flags, mode, bits of mstatus, instruction, exception.
      (0xc7, .supervisor, 0, load, nil), (0xc7, .supervisor, 0, store, nil),
      (0xc3, .supervisor, 0, store, .storePageFault), (0xc3, .supervisor, 0, load, nil),
      (0xc6, .supervisor, 0, load, .loadPageFault), (0x87, .supervisor, 0, load, .loadPageFault),
      (0x47, .supervisor, 0, store, .storePageFault), (0x47, .supervisor, 0, load, nil),
      (0xd7, .supervisor, 0, load, .loadPageFault), (0xd7, .supervisor, 1 << 18, load, nil),
      (0xd7, .user, 0, store, nil), (0xc7, .user, 0, load, .loadPageFault),
      (0xc9, .supervisor, 0, load, .loadPageFault), (0xc9, .supervisor, 1 << 19, load, nil),
      (0xc5, .supervisor, 0, load, .loadPageFault),
    ]
    for xlen in Self.widths {
      for (flags, mode, status, instruction, cause) in cases {
        let mapped = try MappedMachine(
          [assemble(.addi), instruction, assemble(.addi)], xlen, engine: engine, mode: mode)
        mapped.map(2, to: Machine.base + 0x9000, flags)
        mapped.hart.writeCSR(0x300, status)
        mapped.hart[register: 10] = MappedMachine.address(2)
        mapped.machine.place([assemble(.addi)], at: 0x7000)
        _ = mapped.hart.run(budget: 2)
        if let cause {
          #expect(mapped.hart.programCounter == Machine.base + 0x7004)
          #expect(mapped.machine.csr(Register.mcause) == cause.causeRegister(xlen))
          #expect(mapped.machine.csr(Register.mtval) == MappedMachine.address(2, 8))
          #expect(mapped.machine.csr(Register.mepc) == Machine.base + 4)
        } else {
          #expect(mapped.hart.programCounter == Machine.base + 8, "\(flags)")
        }
      }
    }
  }

  @Test("a changed table counts from the next SFENCE.VMA on", arguments: Engine.allCases)
  func fence(engine: Engine) throws {
    for xlen in Self.widths {
      let mapped = try MappedMachine(
        [
          assemble(.lw, rd: 1, rs1: 10), assemble(.sw, rs1: 11, rs2: 12),
          assemble(.lw, rd: 2, rs1: 10), assemble(.sfenceVMA), assemble(.lw, rd: 3, rs1: 10),
        ], xlen, engine: engine)
      mapped.machine.place([111], at: 0x8000)
      mapped.machine.place([222], at: 0x9000)
      mapped.map(0, to: Machine.base + 0x8000)
      // The lowest table of the window is itself page 1 of it.
      mapped.map(1, to: Machine.base + 0xe000)
      mapped.hart[register: 10] = MappedMachine.address(0)
      mapped.hart[register: 11] = MappedMachine.address(1)
      mapped.hart[register: 12] = (Machine.base + 0x9000) >> 2 | MappedMachine.data
      _ = mapped.hart.run(budget: 5)
      #expect((1...3).map { mapped.hart[register: $0] } == [111, 111, 222])
    }
  }

  @Test("accessed and dirty bits are set when an access is made, not before")
  func marks() throws {
    for engine in Engine.allCases {
      for xlen in Self.widths {
        // A jump to the next page and back; its target is not executed by the first budget.
        let mapped = try MappedMachine(
          [assemble(.lw, rd: 1, rs1: 10), assemble(.sw, rs1: 11, rs2: 1)]
            + [UInt32](repeating: assemble(.addi), count: 8) + [assemble(.jal, rd: 0, 0x1000 - 40)],
          xlen, engine: engine, code: 0x0f, extensions: .svadu)
        mapped.machine.place([assemble(.addi)], at: 0x1000)
        mapped.hart.writeCSR(
          xlen == .rv64 ? 0x30a : 0x31a, xlen == .rv64 ? 1 << 61 : 1 << 29)
        mapped.map(0, to: Machine.base + 0x8000, 0x07)
        mapped.map(1, to: Machine.base + 0x9000, 0x07)
        mapped.hart[register: 10] = MappedMachine.address(0)
        mapped.hart[register: 11] = MappedMachine.address(1)
        _ = mapped.hart.run(budget: 1)
        #expect(mapped.marks(0) == 1 && mapped.marks(1) == 0)
        _ = mapped.hart.run(budget: 1)
        #expect(mapped.marks(0) == 1 && mapped.marks(1) == 3)
        #expect(mapped.marks(0, ofCode: true) == 1)
        _ = mapped.hart.run(budget: 9)
        #expect(mapped.hart.programCounter == Machine.base + 0x1000)
        #expect(mapped.marks(1, ofCode: true) == 0)
        _ = mapped.hart.run(budget: 1)
        #expect(mapped.marks(1, ofCode: true) == 1)
      }
    }
  }

  @Test("an instruction may lie across pages that are not neighbours, or half of it nowhere")
  func straddling() throws {
    for engine in Engine.allCases {
      for xlen in Self.widths {
        let mapped = try MappedMachine([], xlen, engine: engine)
        let instruction = assemble(.addi, rd: 1, rs1: 1, 77)
        mapped.map(0, to: Machine.base + 0x3000, 0xcf)
        mapped.map(1, to: Machine.base + 0x1000, 0xcf)
        mapped.machine.place(parcels: [UInt16(instruction & 0xffff)], at: 0x3ffe)
        mapped.machine.place(parcels: [UInt16(instruction >> 16), 0x0085], at: 0x1000)
        mapped.hart.programCounter = MappedMachine.address(0, 0xffe)
        #expect(mapped.hart.run(budget: 2).executed == 2)
        #expect(mapped.hart[register: 1] == 78)
        #expect(mapped.hart.programCounter == MappedMachine.address(1, 4))
        mapped.map(1, to: 0, 0)
        mapped.hart.privilege = .machine
        mapped.machine.place([assemble(.sfenceVMA)], at: 0x7000)
        mapped.hart.programCounter = Machine.base + 0x7000
        _ = mapped.hart.run(budget: 1)
        mapped.hart.privilege = .supervisor
        mapped.hart.programCounter = MappedMachine.address(0, 0xffe)
        _ = mapped.hart.run(budget: 1)
        #expect(mapped.machine.csr(Register.mcause) == 12)
        #expect(mapped.machine.csr(Register.mepc) == MappedMachine.address(0, 0xffe))
        #expect(mapped.machine.csr(Register.mtval) == MappedMachine.address(1))
      }
    }
  }

  @Test("misaligned accesses cross pages that are not neighbours, or trap")
  func misaligned() throws {
    for engine in Engine.allCases {
      let mapped = try MappedMachine(
        [assemble(.sd, rs1: 10, rs2: 11, -3), assemble(.ld, rd: 1, rs1: 10, -3)], .rv64,
        engine: engine)
      mapped.map(0, to: Machine.base + 0x9000)
      mapped.map(1, to: Machine.base + 0x8000)
      mapped.hart[register: 10] = MappedMachine.address(1)
      mapped.hart[register: 11] = 0x0807_0605_0403_0201
      #expect(mapped.hart.run(budget: 2).executed == 2)
      #expect(mapped.hart[register: 1] == 0x0807_0605_0403_0201)
      #expect(mapped.machine.word(at: 0x9ffc) >> 8 == 0x03_0201)
      #expect(mapped.machine.word(at: 0x8000) == 0x0706_0504)
      // Nothing is stored when the second page cannot be.
      mapped.map(1, to: Machine.base + 0x8000, 0xc3)
      mapped.hart.writeCSR(0x180, mapped.machine.csr(0x180) ?? 0)
      mapped.hart[register: 11] = 0
      mapped.hart.programCounter = Machine.base
      _ = mapped.hart.run(budget: 1)
      #expect(mapped.machine.csr(Register.mcause) == 15)
      #expect(mapped.machine.csr(Register.mtval) == MappedMachine.address(1))
      #expect(mapped.machine.word(at: 0x9ffc) >> 8 == 0x03_0201)
    }
  }

  @Test("RV32 reaches memory above 4 GiB by Sv32, for data and code", arguments: Engine.allCases)
  func highMemory(engine: Engine) throws {
    let mapped = try MappedMachine([], .rv32, engine: engine)
    let high = try #require(UnsafeMutableRawPointer.zeroed(byteCount: 0x2000))
    defer { high.free() }
    let base: UInt64 = 0x3_4567_8000
    try mapped.hart.add(MemoryRegion(base: base, size: 0x2000, pointer: high))
    let code = [
      assemble(.lw, rd: 1, rs1: 10), assemble(.addi, rd: 1, rs1: 1, 1),
      assemble(.sw, rs1: 10, rs2: 1), assemble(.amoaddW, rd: 2, rs1: 10, rs2: 1),
      assemble(.jal, rd: 0, -16),
    ]
    for (index, word) in code.enumerated() {
      high.storeBytes(of: word.littleEndian, toByteOffset: 4 * index, as: UInt32.self)
    }
    mapped.map(0, to: base, 0xcf)
    mapped.map(1, to: base + 0x1000)
    mapped.hart.programCounter = MappedMachine.address(0)
    mapped.hart[register: 10] = MappedMachine.address(1, 0xffc)
    // n becomes 2 (n + 1) in each round.
    #expect(mapped.hart.run(budget: 25).executed == 25)
    #expect(high.load(fromByteOffset: 0x1ffc, as: UInt32.self) == 62)
    #expect(mapped.hart.traffic(ofRegion: 1).loads == 10)
    #expect(mapped.hart.traffic(ofRegion: 0).loads == 0)
  }

  @Test("protection restricts user mode to the byte", arguments: Engine.allCases)
  func protection(engine: Engine) throws {
    for xlen in Self.widths {
      for (offset, isAllowed) in [
        (0x7c, false), (0x80, true), (0xbc, true), (0xc0, false), (0x1000, true), (0x3000, false),
      ] as [(UInt64, Bool)] {
        let machine = try Machine(
          [UInt32](repeating: assemble(.addi, rd: 2, rs1: 2, 1), count: 8)
            + [assemble(.lw, rd: 1, rs1: 10), assemble(.sw, rs1: 10, rs2: 11)],
          InstructionSet(xlen: xlen, extensions: InstructionSet.rv64Full.extensions),
          engine: engine)
        let hart = machine.hart
        machine.place([UInt32](repeating: assemble(.addi), count: 4), at: 0x7000)
        hart.writeCSR(0x305, Machine.base + 0x7000)
        // 64 bytes at 0x8080 and the page at 0x9000 for data, the page at 0 for code.
        hart.writeCSR(0x3b0, (Machine.base + 0x8080) >> 2 | 7)
        hart.writeCSR(0x3b1, (Machine.base + 0x9000) >> 2 | 0x1ff)
        hart.writeCSR(0x3b2, Machine.base >> 2 | 0x1ff)
        hart.writeCSR(0x3a0, 0x1c_1b_1b)
        hart.privilege = .user
        hart[register: 10] = Machine.base + 0x8000 + offset
        hart[register: 11] = 99
        _ = hart.run(budget: 10)
        #expect(hart[register: 2] == 8)
        if isAllowed {
          #expect(machine.word(at: 0x8000 + Int(offset)) == 99)
          #expect(hart.programCounter == Machine.base + 40)
        } else {
          #expect(machine.csr(Register.mcause) == 5)
          #expect(machine.csr(Register.mtval) == Machine.base + 0x8000 + offset)
          #expect(machine.csr(Register.mepc) == Machine.base + 32)
        }
        // Code elsewhere cannot be fetched.
        hart.privilege = .user
        hart.programCounter = Machine.base + 0x1000
        _ = hart.run(budget: 1)
        #expect(machine.csr(Register.mcause) == 1)
        #expect(machine.csr(Register.mtval) == Machine.base + 0x1000)
      }
    }
  }

  @Test("protection may end within a page of code, or within an instruction")
  func codeProtection() throws {
    for engine in Engine.allCases {
      for straddles in [false, true] {
        let machine = try Machine([], .rv64Full, engine: engine)
        machine.place([UInt32](repeating: assemble(.addi, rd: 2, rs1: 2, 1), count: 30))
        if straddles {
          machine.place(parcels: [0x0109 /* c.addi x2, 2 */], at: 0)
          machine.place(
            [UInt32](repeating: assemble(.addi, rd: 2, rs1: 2, 1), count: 30), at: 2)
        }
        machine.place([assemble(.addi), assemble(.addi)], at: 0x7000)
        machine.hart.writeCSR(0x305, Machine.base + 0x7000)
        // Only the first 64 bytes.
        machine.hart.writeCSR(0x3b0, Machine.base >> 2 | 7)
        machine.hart.writeCSR(0x3a0, 0x1c)
        machine.hart.privilege = .user
        #expect(machine.hart.run(budget: 17) == RunResult(exit: .budget, executed: 17))
        #expect(machine.hart[register: 2] == (straddles ? 17 : 16))
        #expect(machine.csr(Register.mcause) == 1)
        #expect(machine.csr(Register.mepc) == Machine.base + (straddles ? 62 : 64))
      }
    }
  }
}
