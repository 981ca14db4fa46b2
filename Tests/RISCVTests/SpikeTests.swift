import RISCV
import Testing

@Suite("Agreement with Spike")
struct SpikeTests {
  @Test("arithmetic instructions give Spike's results", arguments: [true, false])
  func arithmetic(fast: Bool) throws {
    let machine = try Machine()
    var count = 0
    for line in try Fixture.lines("spike-arithmetic.txt") {
      let numbers = line.split(separator: " ").compactMap { UInt32($0, radix: 16) }
      try #require(numbers.count == 4)
      let fields = InstructionFields(numbers[0])
      machine.place([numbers[0]])
      machine.hart.invalidateCode()
      machine.hart.programCounter = Machine.base
      if fields.opcode == 0x33 { machine.hart[register: fields.rs2] = UInt64(numbers[2]) }
      machine.hart[register: fields.rs1] = UInt64(numbers[1])
      if fast {
        #expect(machine.hart.run(budget: 1).executed == 1)
      } else {
        _ = machine.hart.step()
      }
      #expect(machine.hart[register: fields.rd] == UInt64(numbers[3]), "\(line)")
      count += 1
    }
    #expect(count > 2000)
  }

  /// Runs a program beside its Spike log. What this hart does not have (floating-point and
  /// supervisor registers of the start-up code, the previous-privilege field) is taken from the
  /// log; everything else must be equal.
  @Test("the misaligned-jump program follows Spike's commit log to its end")
  func commitLog() throws {
    let image = try ELFImage(try Fixture.bytes("jmisalign_rv32.elf"))
    let machine = try Machine(misaligned: .trapped)
    for segment in image.segments {
      let offset = Int(segment.address - Machine.base)
      for (index, byte) in segment.data.enumerated() {
        machine.memory.storeBytes(of: byte, toByteOffset: offset + index, as: UInt8.self)
      }
    }
    let hart = machine.hart
    hart.reset(pc: image.entry)
    hart.watch(image.tohost)
    var (retired, exceptions, foreign, hostStores) = (0, 0, 0, 0)
    var lastTrap: Trap?
    let lines = try Fixture.lines("jmisalign_rv32.log")
    let start = try #require(lines.firstIndex { $0.hasPrefix("core   0: 3 0x80000000 ") })
    for line in lines[start...] {
      let words = line.split(separator: " ").dropFirst(2)
      if line.contains("exception") {
        guard case .trapped(let trap) = hart.step() else {
          Issue.record("no exception at \(line)")
          return
        }
        #expect(words.last == "0x\(String(trap.programCounter, radix: 16))")
        lastTrap = trap
        exceptions += 1
        continue
      }
      if line.contains(" tval ") {
        #expect(hexadecimal(words.last) == lastTrap?.value)
        continue
      }
      let fields = Array(words.dropFirst())
      let pc = try #require(hexadecimal(fields[0]))
      let word = UInt32(truncatingIfNeeded: try #require(hexadecimal(fields[1])))
      let logged = effects(fields.dropFirst(2))
      #expect(hart.programCounter == pc, "\(line)")
      let instruction = InstructionFields(word)
      let isForeign =
        Encoding.decode(word) == nil
        || instruction.opcode == 0x73 && instruction.funct3 != 0
          && hart.readCSR(instruction.csr) == nil
      let seesForeign = instruction.opcode == 0x73 && [0x300, 0x301].contains(instruction.csr)
      if isForeign {
        if let write = logged.register { hart[register: write.number] = write.value }
        hart.programCounter = pc + 4
        foreign += 1
        continue
      }
      let record: Retired
      switch hart.step() {
      case .retired(let value): record = value
      case .retiredAndStopped(let value, let exit):
        record = value
        if case .hostStore = exit { hostStores += 1 }
      case .stopped(.deviceStore): record = hart.completeStore()
      default:
        Issue.record("did not retire: \(line)")
        return
      }
      retired += 1
      #expect(record.word == word && record.programCounter == pc)
      if seesForeign, let write = logged.register {
        hart[register: write.number] = write.value
      } else {
        #expect(record.registerWrite?.register == logged.register?.number, "\(line)")
        #expect(record.registerWrite?.value == logged.register?.value, "\(line)")
      }
      #expect(record.memoryAccess?.address == logged.memory?.address, "\(line)")
      if let stored = logged.memory?.value { #expect(record.memoryAccess?.value == stored) }
    }
    #expect(exceptions == 7)
    #expect(foreign == 42)
    #expect(hostStores == 1)
    #expect(retired + foreign == 287)
  }

  private struct Effects {
    var register: (number: Int, value: UInt64)?
    var memory: (address: UInt64, value: UInt64?)?
  }

  private func effects(_ words: ArraySlice<Substring>) -> Effects {
    var result = Effects()
    var rest = words
    while let word = rest.popFirst() {
      if word.hasPrefix("x"), let number = Int(word.dropFirst()) {
        result.register = (number, hexadecimal(rest.popFirst()) ?? 0)
      } else if word == "mem" {
        result.memory = (hexadecimal(rest.popFirst()) ?? 0, hexadecimal(rest.first))
      }
    }
    return result
  }

  private func hexadecimal(_ text: Substring?) -> UInt64? {
    guard let text else { return nil }
    let digits = text.drop { $0 == "(" }.dropFirst(2).prefix { $0 != ")" }
    return UInt64(digits, radix: 16)
  }
}
