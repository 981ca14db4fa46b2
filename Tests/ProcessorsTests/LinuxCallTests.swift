import Fabric
import Peripherals
import Processors
import Testing

@Suite("Linux system calls by ecall")
struct LinuxCallTests {
  private static func bench(
    _ folder: ScratchFolder? = nil, free: Range<UInt64>? = nil, input: String = ""
  ) throws -> HostBench {
    try HostBench(
      HostSettings(
        access: folder.map { .folder($0.path) } ?? .none, arguments: ["a"], freeMemory: free,
        hasLinuxCalls: true), input: input)
  }

  @Test("They are off unless asked for")
  func off() throws {
    #expect(try HostBench().services.linuxCalls == nil)
    #expect(try HostBench(HostSettings(hasSemihosting: false)).services.semihosting == nil)
  }

  @Test("exit, exit_group and killing oneself end the program with a code")
  func exits() throws {
    let bench = try Self.bench()
    #expect(try bench.linux(93, 3) == .exit(3))
    #expect(try bench.linux(94, .max) == .exit(-1))
    #expect(try bench.linux(94, 0xFFFF_FFFF, wordBytes: 4) == .exit(-1))
    #expect(try bench.linux(129, 1, 6) == .exit(134))
    #expect(try bench.linux(129, 1, 0) == result(0))
    #expect(try bench.linux(129, 2, 6) == result(-22))
  }

  @Test("The console is written in one and in several pieces, and read")
  func console() throws {
    let bench = try Self.bench(input: "yes")
    let text = bench.put("hello ")
    #expect(try bench.linux(64, 1, text.address, 6) == result(6))
    bench.store(text.address + 4, at: HostBench.block)
    bench.store(2, at: HostBench.block + 8)
    bench.store(text.address, at: HostBench.block + 16)
    bench.store(4, at: HostBench.block + 24)
    #expect(try bench.linux(66, 2, HostBench.block, 2) == result(6))
    #expect(bench.output == "hello o hell")
    #expect(try bench.linux(66, 2, HostBench.block, 1 << 40) == result(-22))
    #expect(try bench.linux(63, 0, HostBench.buffer, 8) == result(3))
    #expect(bench.text(HostBench.buffer, 3) == "yes")
    #expect(try bench.linux(80, 0, HostBench.buffer) == result(0))
    #expect(bench.word(HostBench.buffer + 16, bytes: 4) & 0o170000 == 0o020000)
    #expect(try bench.linux(64, 1, 0, 1, wordBytes: 4) == .resume(UInt64(UInt32.max) - 13))
    #expect(try bench.linux(9999) == result(-38))
  }

  @Test("open takes newlib's flags and Linux's, openat Linux's")
  func opening() throws {
    let folder = try ScratchFolder()
    let bench = try Self.bench(folder)
    let (new, other) = (bench.put("new"), bench.put("other", at: HostBench.names + 64))
    #expect(try bench.linux(1024, new.address, 0x601, 0o644) == result(3))
    #expect(try bench.linux(1024, other.address, 0x241, 0o644) == result(4))
    _ = bench.put("text", at: HostBench.buffer)
    for number: UInt64 in 3...4 {
      #expect(try bench.linux(64, number, HostBench.buffer, 4) == result(4))
      #expect(try bench.linux(57, number) == result(0))
    }
    // Appending with newlib's flags.
    #expect(try bench.linux(1024, new.address, 0x209, 0o644) == result(3))
    #expect(try bench.linux(64, 3, HostBench.buffer, 4) == result(4))
    #expect(try folder.read("new") == "texttext")
    #expect(try bench.linux(1024, new.address, 0xA01, 0o644) == result(-17))
    let here = UInt64(bitPattern: -100)
    #expect(try bench.linux(56, here, other.address, 0o1001) == result(4))
    #expect(try folder.read("other") == "")
    #expect(try bench.linux(23, 3) == result(5))
    #expect(try bench.linux(1038, new.address, HostBench.buffer) == result(0))
    #expect(bench.word(HostBench.buffer + 48) == 8)
    #expect(try bench.linux(1033, new.address, 4) == result(0))
    let folderName = bench.put("d", at: HostBench.names + 128)
    #expect(try bench.linux(1030, folderName.address, 0o755) == result(0))
    #expect(try bench.linux(1025, new.address, folderName.address) == result(-17))
    #expect(try bench.linux(1026, new.address) == result(0))
    #expect(!folder.exists("new") && folder.exists("d"))
  }

  @Test("Time is simulated time", arguments: [4, 8])
  func time(word: Int) throws {
    let bench = try Self.bench()
    bench.ticks = 5_250_000_001
    let buffer = HostBench.buffer
    #expect(try bench.linux(169, buffer, 0, wordBytes: word) == result(0))
    #expect(bench.word(buffer) == 5 && bench.word(buffer + 8) == 250_000)
    for call: UInt64 in [113, 403] {
      #expect(try bench.linux(call, 1, buffer, wordBytes: word) == result(0))
      #expect(bench.word(buffer) == 5 && bench.word(buffer + 8) == 250_000_001)
    }
    #expect(try bench.linux(153, buffer, wordBytes: word) == result(525))
    #expect(bench.word(buffer, bytes: word) == 525)
    #expect(bench.word(buffer + UInt64(word), bytes: word) == 0)
    #expect(try bench.linux(1062, 0, wordBytes: word) == result(5))
  }

  @Test("The heap ends where the program says, within what is free")
  func heap() throws {
    let free = HostBench.base + 0x5000..<HostBench.base + 0x8000
    let bench = try Self.bench(free: free)
    let (start, end) = (Int64(free.lowerBound), Int64(free.upperBound))
    #expect(try bench.linux(214, 0) == result(start))
    #expect(try bench.linux(214, UInt64(start) + 4096) == result(start + 4096))
    #expect(try bench.linux(214, UInt64(end)) == result(end))
    #expect(try bench.linux(214, UInt64(end) + 1) == result(end))
    #expect(try bench.linux(214, .max) == result(end))
    let unknown = try Self.bench()
    #expect(try unknown.linux(214, 0) == result(-12))
    #expect(try unknown.linux(214, HostBench.base + 64) == result(Int64(HostBench.base) + 64))
    #expect(try unknown.linux(214, 1 << 50) == result(Int64(HostBench.base) + 64))
  }

  @Test("Random calls do no harm", arguments: [4, 8])
  func garbage(word: Int) throws {
    let folder = try ScratchFolder()
    try folder.makeFolder("sub")
    try folder.write("text", to: "file")
    let bench = try Self.bench(folder, free: 0..<1 << 40, input: "in")
    var random = Garbage(seed: UInt64(word))
    let numbers: [UInt64] = [
      17, 23, 25, 34, 35, 37, 38, 48, 49, 56, 57, 63, 64, 66, 67, 78, 79, 80, 113, 153, 169, 214,
      291, 403, 1024, 1025, 1026, 1030, 1033, 1038, 1039, 1062, 2011,
    ]
    for name in ["file", "sub", "sub/../file", "../x", "/etc/passwd", "new", ".", ""] {
      _ = bench.put(name, at: HostBench.names + 32 * random.next(below: 8))
    }
    for _ in 0..<5_000 {
      let number = numbers[Int(random.next(below: UInt64(numbers.count)))]
      let outcome = try bench.linux(
        number, random.value(), random.value(), random.value(), random.value(), random.value(),
        random.value(), wordBytes: word)
      guard case .resume(let value) = outcome else { throw UnexpectedExit() }
      if word == 4 { #expect(value >> 32 == 0) }
    }
  }

  private struct UnexpectedExit: Error {}
}
