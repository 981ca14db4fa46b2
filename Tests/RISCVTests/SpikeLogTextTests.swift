import RISCV
import Testing

/// Spike's logs taken apart into what a hart reports, and written again.
@Suite("Spike log text")
struct SpikeLogTextTests {
  /// One call of the log.
  private enum Event {
    case instruction(pc: UInt64, encoding: UInt64)
    case trap(Trap, PrivilegeMode)
    case commit(Retired)
  }

  private func hexadecimal(_ text: Substring) throws -> UInt64 {
    try #require(UInt64(text.filter { !"(),".contains($0) }.dropFirst(2), radix: 16))
  }

  /// A commit line as a record. Its registers come in reverse order, since the log sorts them.
  private func retired(_ parts: [Substring]) throws -> Retired {
    var writes: [RegisterWrite] = []
    var (load, store): (MemoryAccess?, MemoryAccess?)
    var index = 5
    while index < parts.count {
      let name = parts[index]
      let value = try hexadecimal(parts[index + 1])
      index += 2
      if name == "mem" {
        if index < parts.count, parts[index].hasPrefix("0x") {
          store = MemoryAccess(
            address: value, bytes: (parts[index].count - 2) / 2, isStore: true,
            value: try hexadecimal(parts[index]))
          index += 1
        } else {
          load = MemoryAccess(address: value, bytes: 1, isStore: false, value: 0)
        }
        continue
      }
      let file: RegisterWrite.File =
        switch name.first {
        case "x": .integer
        case "f": .float
        default: .control
        }
      let number = try #require(Int(name.dropFirst().prefix { $0.isNumber }))
      writes.append(RegisterWrite(file: file, number: number, value: value))
    }
    let mode = try #require(UInt8(parts[2]).flatMap(PrivilegeMode.init))
    return Retired(
      programCounter: try hexadecimal(parts[3]),
      word: UInt32(truncatingIfNeeded: try hexadecimal(parts[4])), privilege: mode,
      writes: writes.reversed(), load: load, store: store)
  }

  /// The calls that should give these lines.
  private func events(_ lines: [Substring]) throws -> [Event] {
    var events: [Event] = []
    for (index, line) in lines.enumerated() {
      let parts = line.split(separator: " ")
      switch parts[2] {
      case ">>>>", "tval": continue
      case "exception":
        let name = line.dropFirst("core   0: exception ".count).prefix { $0 != "," }
        let cause = try #require(TrapCause.allCases.first { $0.spikeName == name })
        let next = lines[index + 1].split(separator: " ")
        let value = next[2] == "tval" ? try hexadecimal(next[3]) : 0
        let handled = try lines[index...].lazy.map { $0.split(separator: " ") }
          .first { $0[2].count == 1 }.map(retired)
        events.append(
          .trap(
            Trap(
              cause: cause, programCounter: try hexadecimal(parts[parts.count - 1]), value: value),
            handled?.privilege ?? .machine))
      case _ where parts[2].count == 1: events.append(.commit(try retired(parts)))
      default:
        events.append(
          .instruction(pc: try hexadecimal(parts[2]), encoding: try hexadecimal(parts[3])))
      }
    }
    return events
  }

  @Test(
    "instruction, trap and commit lines equal Spike's",
    arguments: ["spike-log-rv32.txt", "spike-log-rv64.txt", "spike-log-interrupts.txt"])
  func wholeLogs(fixture: String) throws {
    let text = String(decoding: try Fixture.bytes(fixture), as: UTF8.self)
    let lines = text.split(separator: "\n").filter { $0.hasPrefix("core") }
    let symbols = try text.split(separator: "\n").filter { $0.hasPrefix("symbol") }.map { line in
      let parts = line.split(separator: " ", omittingEmptySubsequences: false)
      return (name: String(parts[2]), address: try #require(UInt64(parts[1], radix: 16)))
    }
    let set: InstructionSet = text.hasPrefix("xlen 32") ? .rv32Full : .rv64Full
    var log = SpikeLog(hart: 0, instructionSet: set, symbols: SpikeSymbols(symbols))
    var output: [UInt8] = []
    for event in try events(lines) {
      switch event {
      case .instruction(let pc, let encoding):
        log.appendInstruction(at: pc, encoding: encoding, to: &output)
      case .trap(let trap, let mode): log.appendTrap(trap, handledIn: mode, to: &output)
      case .commit(let retired): log.appendCommit(retired, to: &output)
      }
    }
    let written = String(decoding: output, as: UTF8.self).split(separator: "\n")
    for (line, expected) in zip(written, lines) where line != expected {
      Issue.record("'\(line)' instead of '\(expected)'")
      break
    }
    #expect(written.count == lines.count)
  }

  @Test("commit lines equal Spike's for every combination of effects in its logs")
  func commitLines() throws {
    for line in try Fixture.lines("spike-commits.txt") {
      let expected = line.dropFirst(3)
      let set: InstructionSet = line.hasPrefix("32") ? .rv32Full : .rv64Full
      var log = SpikeLog(hart: 0, instructionSet: set)
      var output: [UInt8] = []
      log.appendCommit(try retired(expected.split(separator: " ")), to: &output)
      #expect(String(decoding: output, as: UTF8.self) == expected + "\n")
    }
  }

  private func commit(_ writes: [RegisterWrite], log: inout SpikeLog) -> String {
    var output: [UInt8] = []
    let retired = Retired(
      programCounter: 0x8000_0000, word: 0x13, privilege: .machine, writes: writes)
    log.appendCommit(retired, to: &output)
    return String(decoding: output, as: UTF8.self)
  }

  @Test("registers are sorted by number and file, the last write of each counts, x0 is left out")
  func sorting() {
    var log = SpikeLog(hart: 12, instructionSet: .rv32Full)
    let writes = [
      RegisterWrite(file: .control, number: 0x300, value: 6),
      RegisterWrite(file: .float, number: 2, value: 5),
      RegisterWrite(file: .control, number: 1, value: 3),
      RegisterWrite(file: .float, number: 1, value: 2),
      RegisterWrite(file: .integer, number: 2, value: 4),
      RegisterWrite(file: .integer, number: 0, value: 1),
      RegisterWrite(file: .control, number: 1, value: 7),
    ]
    #expect(
      commit(writes, log: &log)
        == "core  12: 3 0x80000000 (0x00000013) f1  0x0000000000000002 c1_fflags 0x00000007 "
        + "x2  0x00000004 f2  0x0000000000000005 c768_mstatus 0x00000006\n")
    let zero = [RegisterWrite(file: .integer, number: 0, value: 1)]
    #expect(commit(zero, log: &log) == "core  12: 3 0x80000000 (0x00000013)\n")
  }

  @Test("floating-point registers show 32 bits while D is off")
  func floatWidth() throws {
    var single = SpikeLog(hart: 0, instructionSet: try InstructionSet(parsing: "rv32if"))
    let write = [RegisterWrite(file: .float, number: 10, value: 0xffff_ffff_3f80_0000)]
    #expect(commit(write, log: &single).hasSuffix(" f10 0x3f800000\n"))
    var log = SpikeLog(hart: 0, instructionSet: .rv64Full)
    #expect(commit(write, log: &log).hasSuffix(" f10 0xffffffff3f800000\n"))
    let off = [RegisterWrite(file: .control, number: 0x301, value: 0x8000_0000_0014_1127)]
    _ = commit(off, log: &log)
    #expect(commit(write, log: &log).hasSuffix(" f10 0x3f800000\n"))
    let on = [RegisterWrite(file: .control, number: 0x301, value: 0x8000_0000_0014_112f)]
    _ = commit(on, log: &log)
    #expect(commit(write, log: &log).hasSuffix(" f10 0xffffffff3f800000\n"))
  }

  @Test("an instruction executed again and again is shown once and counted")
  func repetition() {
    let symbols = SpikeSymbols([(name: "next", address: 0x1004)])
    var log = SpikeLog(hart: 0, instructionSet: .rv32Full, symbols: symbols)
    var output: [UInt8] = []
    for _ in 0..<3 { log.appendInstruction(at: 0x1000, encoding: 0x6f, to: &output) }
    log.appendInstruction(at: 0x1004, encoding: 0x13, to: &output)
    log.appendInstruction(at: 0x1000, encoding: 0x6f, to: &output)
    #expect(
      String(decoding: output, as: UTF8.self) == """
        core   0: 0x00001000 (0x0000006f) j       pc + 0x0
        core   0: >>>>  next
        core   0: Executed 3 times
        core   0: 0x00001004 (0x00000013) nop
        core   0: 0x00001000 (0x0000006f) j       pc + 0x0

        """)
  }

  @Test("a name has its last address, and an address its first name")
  func symbolChoice() {
    let symbols = SpikeSymbols([
      ("main", 0x1000), ("$x", 0x1000), ("loop", 0x1004), ("$x", 0x1008), ("again", 0x1004),
    ])
    var log = SpikeLog(hart: 0, instructionSet: .rv64Full, symbols: symbols)
    var output: [UInt8] = []
    for pc in [UInt64(0x1000), 0x1004, 0x1008] {
      log.appendInstruction(at: pc, encoding: 0x13, to: &output)
    }
    let names = String(decoding: output, as: UTF8.self).split(separator: "\n")
      .filter { $0.contains(">>>>") }.map { $0.dropFirst("core   0: >>>>  ".count) }
    #expect(names == ["main", "again", "$x"])
  }

  @Test("encodings of more than 32 bits are shown whole")
  func longEncodings() {
    #expect(SpikeLog.encodingLength(0x4501) == 2)
    #expect(SpikeLog.encodingLength(0x0013) == 4)
    #expect(SpikeLog.encodingLength(0x001f) == 6)
    #expect(SpikeLog.encodingLength(0x003f) == 8)
    #expect(SpikeLog.encodingLength(0xffff) == 8)
    var log = SpikeLog(hart: 0, instructionSet: .rv64Full)
    var output: [UInt8] = []
    log.appendInstruction(at: 0x1000, encoding: 0x13_0000_001f, to: &output)
    let text = String(decoding: output, as: UTF8.self)
    #expect(text == "core   0: 0x0000000000001000 (0x130000001f) unknown\n")
  }
}
