import Fabric
import Peripherals
import Processors
import Testing

@Suite("HTIF commands")
struct HostCallTests {
  @Test("Devices and their commands tell their names")
  func identify() throws {
    let bench = try HostBench()
    let names: [(device: UInt64, what: UInt64, name: String)] = [
      (0, 255, "syscall_proxy"), (0, 0, "syscall"), (0, 7, ""), (1, 255, "bcd"), (1, 0, "read"),
      (1, 1, "write"), (9, 255, ""),
    ]
    for (device, what, name) in names {
      bench.memory.write([UInt8](repeating: 0xFF, count: 65), at: HostBench.buffer)
      try bench.command(device, 255, HostBench.buffer << 8 | what)
      #expect(bench.takeReply() == device << 56 | 255 << 48 | 1)
      let padding = String(repeating: "\0", count: 64 - name.utf8.count)
      #expect(bench.text(HostBench.buffer, 64) == name + padding)
      #expect(bench.memory.read(at: HostBench.buffer + 64, count: 1) == [0xFF])
    }
  }

  @Test("A failing exit prints Spike's line, and what is written after an exit has no effect")
  func failure() throws {
    let bench = try HostBench()
    #expect(try bench.command(0, 0, 2 * 1337 + 1) == 1337)
    #expect(bench.log.reports == ["*** FAILED *** (tohost = 1337)"])
    #expect(try bench.command(0, 0, 2 * 5 + 1) == nil)
    #expect(try bench.command(1, 1, 0x41) == nil)
    #expect(bench.output.isEmpty)
    #expect(bench.log.reports.count == 1)

    let passing = try HostBench()
    #expect(try passing.command(0, 0, 1) == 0)
    #expect(passing.log.reports.isEmpty)
  }

  @Test("Exit by system call gives the code without the line")
  func exitCall() throws {
    let bench = try HostBench()
    bench.store(93, at: HostBench.block)
    bench.store(7, at: HostBench.block + 8)
    #expect(try bench.command(0, 0, HostBench.block) == 7)
    #expect(bench.log.reports.isEmpty)
  }

  @Test("Every write of the host to memory is announced")
  func announcements() throws {
    let bench = try HostBench(input: "abc")
    #expect(try bench.call(63, 0, HostBench.buffer, 16) == 3)
    #expect(
      bench.log.writes == [
        HostBench.toHost...HostBench.toHost + 7, HostBench.buffer...HostBench.buffer + 2,
        HostBench.block...HostBench.block + 7, HostBench.fromHost...HostBench.fromHost + 7,
      ])
  }

  @Test("Replies are delivered one by one, and without fromhost none is kept")
  func replies() throws {
    let bench = try HostBench(input: "ab")
    let host = try #require(bench.services.hostInterface)
    try bench.command(1, 0, 0)
    try bench.command(1, 0, 0)
    #expect(host.hasWaitingReply)
    #expect(bench.takeReply() == 1 << 56 | 0x161)
    // Looking again for the reply's sake leaves a command alone that is half written.
    bench.store(0x41, at: HostBench.toHost)
    host.poll()
    #expect(bench.takeReply() == 1 << 56 | 0x162)
    #expect(bench.word(HostBench.toHost) == 0x41)
    bench.store(0, at: HostBench.toHost)
    // Nothing is left to read, so nobody has to look again.
    try bench.command(1, 0, 0)
    #expect(!host.hasWaitingReply)
    #expect(bench.takeReply() == 0)

    let deaf = try HostBench(input: "ab", fromHost: nil)
    try deaf.command(1, 0, 0)
    #expect(try #require(deaf.services.hostInterface).hasWaitingReply == false)
  }

  @Test("Files are written, read, measured and moved about")
  func files() throws {
    let folder = try ScratchFolder()
    let bench = try HostBench(folder)
    #expect(try bench.open("data.txt", [.readWrite, .create]) == 3)
    _ = bench.put("hello, world", at: HostBench.buffer)
    #expect(try bench.call(64, 3, HostBench.buffer, 12) == 12)
    #expect(try folder.read("data.txt") == "hello, world")
    #expect(try bench.call(62, 3, UInt64(bitPattern: -5), 2) == 7)
    #expect(try bench.call(63, 3, HostBench.buffer + 100, 64) == 5)
    #expect(bench.text(HostBench.buffer + 100, 5) == "world")
    #expect(try bench.call(63, 3, HostBench.buffer + 100, 64) == 0)
    #expect(try bench.call(67, 3, HostBench.buffer + 100, 4, 1) == 4)
    #expect(bench.text(HostBench.buffer + 100, 4) == "ello")
    #expect(try bench.call(68, 3, HostBench.buffer, 2, 20) == 2)
    #expect(try bench.call(62, 3, 0, 2) == 22)
    #expect(try bench.call(46, 3, 5) == 0)
    #expect(try folder.read("data.txt") == "hello")
    #expect(try bench.call(57, 3) == 0)
    #expect(try bench.call(57, 3) == -9)
    #expect(try bench.call(63, 3, HostBench.buffer, 1) == -9)
    #expect(try bench.open("none.txt") == -2)
    #expect(try bench.open("data.txt", [.create, .exclusive]) == -17)
    // The lowest free descriptor is taken.
    #expect(try bench.open("data.txt") == 3)
    #expect(try bench.call(64, 3, HostBench.buffer, 1) == -9)
    #expect(try bench.call(25, 3, 0, 10) == 10)
    #expect(try bench.call(25, 10, 3) == 0)
    #expect(bench.log.reports.isEmpty)
  }

  @Test("Folders are made, entered and removed, names changed and links read")
  func folders() throws {
    let folder = try ScratchFolder()
    let bench = try HostBench(folder)
    let here = UInt64(bitPattern: -100)
    let name = bench.put("sub")
    #expect(try bench.call(34, here, name.address, name.count, 0o755) == 0)
    #expect(try bench.call(34, here, name.address, name.count, 0o755) == -17)
    #expect(try bench.call(49, name.address) == 0)
    #expect(try bench.open("inner", [.writeOnly, .create]) == 3)
    #expect(folder.exists("sub/inner"))
    let length = try bench.call(17, HostBench.buffer, 4096)
    let path = bench.text(HostBench.buffer, Int(length) - 1)
    #expect(path.hasSuffix("/sub"))
    #expect(try bench.call(17, HostBench.buffer, UInt64(length) - 1) == -34)
    let (up, inner) = (bench.put(".."), bench.put("inner", at: HostBench.names + 64))
    #expect(try bench.call(49, up.address) == 0)
    #expect(try bench.open("sub", [.directory]) == 4)
    let other = bench.put("other")
    #expect(
      try bench.call(
        38, 4, inner.address, inner.count, here, other.address, other.count) == 0)
    #expect(folder.exists("other") && !folder.exists("sub/inner"))
    #expect(
      try bench.call(
        37, here, other.address, other.count, 4, inner.address, inner.count, 0) == 0)
    #expect(folder.exists("other") && folder.exists("sub/inner"))
    #expect(try bench.call(48, 4, inner.address, inner.count, 4) == 0)
    #expect(try bench.call(48, 4, other.address, other.count, 0) == -2)
    #expect(try bench.call(35, 4, inner.address, inner.count, 0) == 0)
    let sub = bench.put("sub")
    #expect(try bench.call(35, here, sub.address, sub.count, 0) == -21)
    #expect(try bench.call(35, here, sub.address, sub.count, 0x200) == 0)
    try folder.link("link", to: "other")
    let link = bench.put("link")
    #expect(
      try bench.call(78, here, link.address, link.count, HostBench.buffer, 64) == 5)
    #expect(bench.text(HostBench.buffer, 5) == "other")
  }

  @Test("stat has the layout of RISC-V Linux")
  func status() throws {
    let folder = try ScratchFolder()
    try folder.write("twelve bytes", to: "file")
    try folder.link("link", to: "file")
    let bench = try HostBench(folder)
    let here = UInt64(bitPattern: -100)
    let (file, link) = (bench.put("file"), bench.put("link", at: HostBench.names + 64))
    let buffer = HostBench.buffer
    bench.memory.write([UInt8](repeating: 0xFF, count: 300), at: buffer)
    #expect(try bench.call(79, here, file.address, file.count, buffer, 0) == 0)
    #expect(bench.word(buffer + 16, bytes: 4) & 0o170000 == 0o100000)
    #expect(bench.word(buffer + 20, bytes: 4) == 1)
    #expect(bench.word(buffer + 48) == 12)
    let (inode, modified) = (bench.word(buffer + 8), bench.word(buffer + 88))
    #expect(modified > 1_700_000_000)
    #expect(bench.word(buffer + 120) == 0)
    #expect(bench.word(buffer + 128) == .max)
    // lstat sees the link, fstatat what it leads to.
    #expect(try bench.call(1039, link.address, link.count, buffer) == 0)
    #expect(bench.word(buffer + 16, bytes: 4) & 0o170000 == 0o120000)
    #expect(try bench.call(79, here, link.address, link.count, buffer, 0) == 0)
    #expect(bench.word(buffer + 8) == inode)

    bench.memory.write([UInt8](repeating: 0xFF, count: 300), at: buffer)
    #expect(try bench.call(291, here, file.address, file.count, 0, 0x7FF, buffer) == 0)
    #expect(bench.word(buffer, bytes: 4) == 0x7FF)
    #expect(bench.word(buffer + 16, bytes: 4) == 1)
    #expect(bench.word(buffer + 28, bytes: 2) & 0o170000 == 0o100000)
    #expect(bench.word(buffer + 32) == inode)
    #expect(bench.word(buffer + 40) == 12)
    #expect(bench.word(buffer + 112) == modified)
    #expect(bench.word(buffer + 248) == 0)
    #expect(bench.word(buffer + 256) == .max)

    #expect(try bench.call(80, 1, buffer) == 0)
    #expect(bench.word(buffer + 16, bytes: 4) & 0o170000 == 0o020000)
    let empty = bench.put("")
    #expect(try bench.call(291, 1, empty.address, empty.count, 0x1000, 0x7FF, buffer) == 0)
    #expect(bench.word(buffer + 28, bytes: 2) & 0o170000 == 0o020000)
    #expect(try bench.call(80, 1, HostBench.base + UInt64(HostBench.size) - 100) == -14)
  }

  @Test("getmainvars gives argc, argv and the strings in words of 64 bits")
  func mainVariables() throws {
    let bench = try HostBench(HostSettings(arguments: ["prog", "-x"]))
    let buffer = HostBench.buffer
    #expect(try bench.call(2011, buffer, 47) == -12)
    #expect(try bench.call(2011, buffer, 48) == 0)
    #expect(bench.word(buffer) == 2)
    #expect(bench.word(buffer + 8) == buffer + 40)
    #expect(bench.word(buffer + 16) == buffer + 45)
    #expect(bench.word(buffer + 24) == 0 && bench.word(buffer + 32) == 0)
    #expect(bench.text(buffer + 40, 8) == "prog\0-x\0")
  }

  @Test(
    "Huge counts and addresses outside memory are errors",
    arguments: [1 << 60, .max, UInt64(HostBench.size) + 1])
  func hugeCounts(count: UInt64) throws {
    let folder = try ScratchFolder()
    try folder.write("x", to: "file")
    let bench = try HostBench(folder)
    #expect(try bench.open("file", [.readWrite]) == 3)
    for call: UInt64 in [63, 64, 67, 68] {
      #expect(try bench.call(call, 3, HostBench.buffer, count) == -14)
      #expect(try bench.call(call, 3, .max - 3, count) == -14)
    }
    #expect(try bench.call(64, 1, HostBench.base, count) == -14)
    // A path whose count is absurd has a zero soon enough, or is too long.
    let here = UInt64(bitPattern: -100)
    let name = bench.put("file")
    #expect(try bench.call(56, here, name.address, count, 0, 0) == 4)
    bench.memory.write([UInt8](repeating: 0x61, count: 5000), at: HostBench.buffer)
    #expect(try bench.call(56, here, HostBench.buffer, count, 0, 0) == -36)
    #expect(try bench.call(56, here, 0, count, 0, 0) == -14)
    #expect(try bench.call(49, HostBench.base + UInt64(HostBench.size)) == -14)
  }

  @Test("A file larger than a transfer is written and read whole")
  func pieces() throws {
    let folder = try ScratchFolder()
    let bench = try HostBench(folder)
    let count = 0x2_0000
    let pattern = (0..<count).map { UInt8(truncatingIfNeeded: $0 ^ $0 >> 8 ^ $0 >> 16) }
    bench.memory.write(pattern, at: HostBench.large)
    #expect(try bench.open("big", [.readWrite, .create]) == 3)
    #expect(try bench.call(64, 3, HostBench.large, UInt64(count)) == Int64(count))
    bench.memory.write([UInt8](repeating: 0, count: count), at: HostBench.large)
    #expect(try bench.call(67, 3, HostBench.large, UInt64(count), 0) == Int64(count))
    #expect(bench.memory.read(at: HostBench.large, count: count) == pattern)
    #expect(try bench.call(67, 3, HostBench.large, UInt64(count), 0x1_8000) == 0x8000)
  }

  @Test("Random commands and blocks do no harm")
  func garbage() throws {
    let folder = try ScratchFolder()
    try folder.makeFolder("sub")
    try folder.write("text", to: "file")
    let bench = try HostBench(
      HostSettings(
        access: .folder(folder.path), arguments: ["a"], hasLinuxCalls: true), input: "in")
    var random = Garbage(seed: 1)
    let numbers: [UInt64] = [
      17, 25, 34, 35, 37, 38, 46, 48, 49, 56, 57, 62, 63, 64, 67, 68, 78, 79, 80, 291, 1039, 2011,
    ]
    for name in ["file", "sub", "sub/../file", "../x", "/etc/passwd", "new", ".", ""] {
      _ = bench.put(name, at: HostBench.names + 32 * random.next(below: 8))
    }
    for _ in 0..<5_000 {
      let number = numbers[Int(random.next(below: UInt64(numbers.count)))]
      bench.store(
        random.next(below: 10) == 0 ? random.value() : number, at: HostBench.block)
      for index in 1..<8 { bench.store(random.value(), at: HostBench.block + UInt64(8 * index)) }
      // Neither exit nor a file that fills the disk.
      if bench.word(HostBench.block) == 93 { continue }
      if [46, 68, 62].contains(bench.word(HostBench.block)) {
        bench.store(random.next(below: 100), at: HostBench.block + 16)
        bench.store(random.next(below: 100), at: HostBench.block + 32)
      }
      let device = random.next(below: 8) == 0 ? random.next(below: 256) : 0
      let code = random.next(below: 8) == 0 ? random.next(below: 256) : 0
      let payload = device == 0 && code == 0 ? HostBench.block : random.value() & ~1 & 0xFFFF_FFFF
      _ = try bench.command(device, code, payload)
      _ = bench.takeReply()
    }
    #expect(bench.log.reports.count <= 1)
  }
}
