import Fabric
import Peripherals
import Processors
import Testing

@Suite("Semihosting")
struct SemihostingTests {
  static let widths = [4, 8]

  @Test("Three instructions in one page are a call, anything else is a breakpoint")
  func detection() {
    let sequence = [
      Semihosting.entryMarker, Semihosting.call, Semihosting.exitMarker,
    ]
    func isCall(at address: UInt64, _ words: [UInt32]) -> Bool {
      Semihosting.isCall(at: address) { place in
        let index = Int(bitPattern: UInt(place &- address &+ 4)) / 4
        return words.indices.contains(index) ? words[index] : nil
      }
    }
    #expect(isCall(at: 0x8000_0004, sequence))
    #expect(isCall(at: 0x8000_0FF8, sequence))
    #expect(!isCall(at: 0x8000_0000, sequence))
    #expect(!isCall(at: 0x8000_0FFC, sequence))
    #expect(!isCall(at: 0, sequence))
    #expect(!isCall(at: 0x8000_0004, [0x13, Semihosting.call, Semihosting.exitMarker]))
    #expect(!isCall(at: 0x8000_0004, [Semihosting.entryMarker, Semihosting.call, 0x13]))
    #expect(!isCall(at: 0x8000_0004, [Semihosting.entryMarker, Semihosting.call]))
  }

  @Test("The console is written and read", arguments: widths)
  func console(word: Int) throws {
    let bench = try HostBench(input: "ab")
    let text = bench.put("hello\n")
    #expect(try bench.semihost(0x04, parameter: text.address, wordBytes: word) == 0)
    #expect(try bench.semihost(0x03, parameter: text.address + 1, wordBytes: word) == 0)
    #expect(bench.output == "hello\ne")
    #expect(try bench.semihost(0x07, parameter: 0, wordBytes: word) == 0x61)
    let name = bench.put(":tt")
    let input = try #require(
      try bench.semihost(0x01, [name.address, 0, 3], wordBytes: word))
    let output = try #require(
      try bench.semihost(0x01, [name.address, 4, 3], wordBytes: word))
    let error = try #require(
      try bench.semihost(0x01, [name.address, 8, 3], wordBytes: word))
    #expect(Set([input, output, error]).count == 3 && min(input, output, error) > 0)
    let buffer = HostBench.buffer
    #expect(
      try bench.semihost(0x06, [UInt64(input), buffer, 10], wordBytes: word) == 9)
    #expect(bench.text(buffer, 1) == "b")
    #expect(
      try bench.semihost(0x06, [UInt64(input), buffer, 10], wordBytes: word) == 10)
    #expect(try bench.semihost(0x07, parameter: 0, wordBytes: word) == -1)
    #expect(
      try bench.semihost(0x05, [UInt64(output), buffer, 1], wordBytes: word) == 0)
    #expect(
      try bench.semihost(0x05, [UInt64(input), buffer, 1], wordBytes: word) == 1)
    #expect(try bench.semihost(0x13, parameter: 0, wordBytes: word) == 9)
    #expect(bench.output == "hello\neb")
    for handle in [input, output, error] {
      #expect(try bench.semihost(0x09, [UInt64(handle)], wordBytes: word) == 1)
      #expect(try bench.semihost(0x02, [UInt64(handle)], wordBytes: word) == 0)
      #expect(try bench.semihost(0x02, [UInt64(handle)], wordBytes: word) == -1)
    }
  }

  @Test("Files are made, measured, positioned, renamed and removed", arguments: widths)
  func files(word: Int) throws {
    let folder = try ScratchFolder()
    let bench = try HostBench(folder)
    let (name, other) = (bench.put("a.bin"), bench.put("b.bin", at: HostBench.names + 64))
    let handle = UInt64(
      try #require(try bench.semihost(0x01, [name.address, 7, 5], wordBytes: word)))
    _ = bench.put("0123456789", at: HostBench.buffer)
    #expect(
      try bench.semihost(0x05, [handle, HostBench.buffer, 10], wordBytes: word) == 0)
    #expect(try bench.semihost(0x0C, [handle], wordBytes: word) == 10)
    #expect(try bench.semihost(0x0A, [handle, 4], wordBytes: word) == 0)
    #expect(
      try bench.semihost(0x06, [handle, HostBench.buffer, 3], wordBytes: word) == 0)
    #expect(bench.text(HostBench.buffer, 3) == "456")
    #expect(try bench.semihost(0x09, [handle], wordBytes: word) == 0)
    #expect(try bench.semihost(0x02, [handle], wordBytes: word) == 0)
    #expect(
      try bench.semihost(0x0F, [name.address, 5, other.address, 5], wordBytes: word) == 0)
    #expect(try folder.read("b.bin") == "0123456789")
    // A length without the whole name is the name.
    #expect(try bench.semihost(0x0E, [other.address, 1], wordBytes: word) == -1)
    #expect(try bench.semihost(0x13, parameter: 0, wordBytes: word) == 2)
    #expect(try bench.semihost(0x0E, [other.address, 5], wordBytes: word) == 0)
    #expect(!folder.exists("b.bin"))
    #expect(try bench.semihost(0x01, [name.address, 0, 5], wordBytes: word) == -1)
    #expect(try bench.semihost(0x01, [name.address, 12, 5], wordBytes: word) == -1)
    #expect(try bench.semihost(0x13, parameter: 0, wordBytes: word) == 22)
    for _ in 0..<2 {
      let appending = UInt64(
        try #require(try bench.semihost(0x01, [name.address, 8, 5], wordBytes: word)))
      _ = try bench.semihost(0x05, [appending, HostBench.buffer, 3], wordBytes: word)
      _ = try bench.semihost(0x02, [appending], wordBytes: word)
    }
    #expect(try folder.read("a.bin") == "456456")
  }

  @Test("The features file says that EXIT_EXTENDED and separate streams are there")
  func features() throws {
    let bench = try HostBench()
    let name = bench.put(":semihosting-features")
    #expect(try bench.semihost(0x01, [name.address, 4, 21]) == -1)
    let handle = UInt64(try #require(try bench.semihost(0x01, [name.address, 0, 21])))
    #expect(try bench.semihost(0x0C, [handle]) == 5)
    #expect(try bench.semihost(0x06, [handle, HostBench.buffer, 16]) == 11)
    #expect(bench.memory.read(at: HostBench.buffer, count: 5) == Array("SHFB".utf8) + [3])
    #expect(try bench.semihost(0x0A, [handle, 4]) == 0)
    #expect(try bench.semihost(0x06, [handle, HostBench.buffer, 1]) == 0)
    #expect(bench.memory.read(at: HostBench.buffer, count: 1) == [3])
  }

  @Test("Clocks tell simulated time", arguments: widths)
  func clocks(word: Int) throws {
    let bench = try HostBench()
    bench.ticks = 12_345_678_901
    #expect(try bench.semihost(0x10, parameter: 0, wordBytes: word) == 1234)
    #expect(try bench.semihost(0x11, parameter: 0, wordBytes: word) == 12)
    #expect(try bench.semihost(0x31, parameter: 0, wordBytes: word) == 1_000_000_000)
    #expect(try bench.semihost(0x30, [0, 0], wordBytes: word) == 0)
    #expect(bench.word(HostBench.block) == 12_345_678_901)
  }

  @Test("EXIT gives a code where there is room for one")
  func exits() throws {
    let bench = try HostBench()
    func outcome(_ operation: UInt64, _ parameter: UInt64, _ word: Int) throws -> HostOutcome {
      try #require(bench.services.semihosting).perform(
        operation: operation, parameter: parameter,
        caller: HostCaller(wordBytes: word, time: bench.time))
    }
    #expect(try outcome(0x18, 0x20026, 4) == .exit(0))
    #expect(try outcome(0x18, 0x20023, 4) == .exit(1))
    // Registers of RV32 may come sign-extended.
    #expect(try outcome(0xFFFF_FFFF_0000_0018, 0xFFFF_FFFF_0002_0026, 4) == .exit(0))
    for word in Self.widths {
      bench.store(0x20026, at: HostBench.block, bytes: word)
      bench.store(42, at: HostBench.block + UInt64(word), bytes: word)
      #expect(try outcome(0x20, HostBench.block, word) == .exit(42))
      if word == 8 { #expect(try outcome(0x18, HostBench.block, word) == .exit(42)) }
      bench.store(.max, at: HostBench.block + UInt64(word), bytes: word)
      #expect(try outcome(0x20, HostBench.block, word) == .exit(-1))
      bench.store(0x20024, at: HostBench.block, bytes: word)
      #expect(try outcome(0x20, HostBench.block, word) == .exit(1))
    }
    // A block that is not in memory is an error like any other.
    #expect(try outcome(0x20, 0, 8) == .resume(.max))
  }

  @Test("Command line, heap and names of temporary files are given", arguments: widths)
  func program(word: Int) throws {
    let bench = try HostBench(
      HostSettings(arguments: ["app", "one", "2"], freeMemory: 0x8001_0000..<0x8002_0000))
    let buffer = HostBench.buffer
    #expect(try bench.semihost(0x15, [buffer, 9], wordBytes: word) == -1)
    #expect(try bench.semihost(0x15, [buffer, 10], wordBytes: word) == 0)
    #expect(bench.text(buffer, 10) == "app one 2\0")
    #expect(bench.word(HostBench.block + UInt64(word), bytes: word) == 9)
    #expect(try bench.semihost(0x16, [buffer], wordBytes: word) == 0)
    let heap = (0..<4).map { bench.word(buffer + UInt64($0 * word), bytes: word) }
    #expect(heap == [0x8001_0000, 0x8002_0000, 0x8002_0000, 0x8001_0000])
    #expect(try bench.semihost(0x0D, [buffer, 0x1FF, 32], wordBytes: word) == 0)
    #expect(bench.text(buffer, 17) == "temporary-ff.tmp\0")
    #expect(try bench.semihost(0x0D, [buffer, 0xFF, 16], wordBytes: word) == -1)
    #expect(try bench.semihost(0x08, [0], wordBytes: word) == 0)
    #expect(try bench.semihost(0x08, [.max], wordBytes: word) == 1)
  }

  @Test("What does not exist is an error and is reported once")
  func unknown() throws {
    let bench = try HostBench()
    let command = bench.put("ls")
    #expect(try bench.semihost(0x12, [command.address, 2]) == -1)
    #expect(try bench.semihost(0x13, parameter: 0) == 38)
    #expect(try bench.semihost(0x14, parameter: 0) == -1)
    #expect(try bench.semihost(0x1234_5678, parameter: 0) == -1)
    #expect(
      bench.log.reports == [
        "warning: the firmware asked for a command of the host, which it never gets"
      ])
  }

  @Test("Addresses are virtual: buffers are gathered page by page and may end in nothing")
  func translation() throws {
    let bench = try HostBench()
    let semihosting = try #require(bench.services.semihosting)
    // Virtual pages 0x10 and 0x11 are physical 5 and 3 of the memory; the others do not exist.
    let pages: [UInt64: UInt64] = [0x10: 5, 0x11: 3]
    let caller = HostCaller(wordBytes: 8, time: bench.time) { address in
      pages[address / 4096].map { HostBench.base + $0 * 4096 + address % 4096 }
    }
    bench.memory.write(Array("left".utf8), at: HostBench.base + 5 * 4096 + 4092)
    bench.memory.write(Array("right".utf8) + [0], at: HostBench.base + 3 * 4096)
    #expect(
      semihosting.perform(operation: 4, parameter: 0x10FFC, caller: caller) == .resume(0))
    #expect(bench.output == "leftright")
    bench.memory.write([0x21], at: HostBench.base + 3 * 4096 + 4095)
    #expect(
      semihosting.perform(operation: 4, parameter: 0x11FFF, caller: caller) == .resume(.max))
    #expect(
      semihosting.perform(operation: 3, parameter: 0x8000_0000, caller: caller)
        == .resume(.max))
    #expect(bench.output == "leftright")
    // ELAPSED writes across the border.
    #expect(
      semihosting.perform(operation: 0x30, parameter: 0x10FFC, caller: caller) == .resume(0))
    #expect(
      bench.log.writes == [
        HostBench.base + 5 * 4096 + 4092...HostBench.base + 5 * 4096 + 4095,
        HostBench.base + 3 * 4096...HostBench.base + 3 * 4096 + 3,
      ])
  }

  @Test("Random operations and blocks do no harm", arguments: widths)
  func garbage(word: Int) throws {
    let folder = try ScratchFolder()
    try folder.write("text", to: "file")
    let bench = try HostBench(
      HostSettings(
        access: .folder(folder.path), arguments: ["a"], freeMemory: 5..<6), input: "in")
    let semihosting = try #require(bench.services.semihosting)
    var random = Garbage(seed: UInt64(word))
    for name in ["file", ":tt", "sub/../file", "../x", "/etc/passwd", "new", ".", ""] {
      _ = bench.put(name, at: HostBench.names + 32 * random.next(below: 8))
    }
    for _ in 0..<5_000 {
      for index in 0..<4 {
        bench.store(
          random.value(), at: HostBench.block + UInt64(word * index), bytes: word)
      }
      // Seeking far makes huge files of nothing.
      var operation = random.next(below: 0x34)
      if operation == 0x0A { operation = random.value() | 1 << 40 }
      _ = semihosting.perform(
        operation: operation,
        parameter: random.next(below: 4) == 0 ? random.value() : HostBench.block,
        caller: HostCaller(wordBytes: word, time: bench.time))
    }
    #expect(bench.log.reports.count <= 2)
  }
}
