import Debugger
import Testing

@Suite struct ProtocolTests {
  private func reply(_ packet: String, _ target: FakeTarget = FakeTarget()) -> String? {
    Conversation([packet], target).replies.first
  }

  @Test func `packets are acknowledged until the client does not want it any more`() {
    let wire = Conversation(["qC", "QStartNoAckMode", "qC"]).wire
    #expect(wire == "+$QC1#c5+$OK#9a$QC1#c5")
  }

  @Test func `a damaged packet is asked for again and a refused one sent again`() {
    let wire = Conversation(bytes: [Array("$qC#00".utf8), Array("$qC#b4".utf8), [0x2d]]).wire
    #expect(wire == "-+$QC1#c5$QC1#c5")
  }

  @Test(arguments: [
    "!", "R", "b", "vMustReplyEmpty", "vRun;x", "qTStatus", "qOffsets", "QFoo", "Z9,0,0",
  ])
  func `what is not known gets the empty reply`(packet: String) {
    #expect(reply(packet) == "")
  }

  @Test func `the server tells what it can do`() {
    let features = reply("qSupported:swbreak+;hwbreak+;xmlRegisters=i386") ?? ""
    for feature in [
      "PacketSize=4000", "QStartNoAckMode+", "vContSupported+", "swbreak+", "hwbreak+",
      "qXfer:features:read+", "qXfer:threads:read+",
    ] {
      #expect(features.split(separator: ";").contains { $0 == feature }, "\(feature)")
    }
    #expect(reply("vCont?") == "vCont;c;C;s;S;r")
    #expect(reply("qAttached") == "1")
    #expect(reply("qSymbol::") == "OK")
  }

  // MARK: Threads

  @Test func `harts are threads`() {
    #expect(reply("qfThreadInfo") == "m1,2")
    #expect(reply("qsThreadInfo") == "l")
    #expect(reply("T1") == "OK")
    #expect(reply("T3") == "E01")
    #expect(reply("Tnonsense") == "E01")
    let extra = reply("qThreadExtraInfo,2") ?? ""
    #expect(Conversation.text(hexadecimal: extra) == "cpu1: <wfi> & \"more\"")
    #expect(reply("qThreadExtraInfo,9") == "E01")
    let list = reply("qXfer:threads:read::0,1000") ?? ""
    #expect(list.contains("<thread id=\"2\" core=\"1\" name=\"cpu1\">&lt;wfi&gt; &amp; "))
  }

  @Test func `a selected thread's registers are meant`() {
    let target = FakeTarget()
    target.registers[1][.integer(1)] = 0x0102
    let replies = Conversation(["p1", "Hg2", "p1", "Hg0", "qC", "Hg7", "Hx1", "H"], target).replies
    #expect(
      replies == [
        "0000000000000000", "OK", "0201000000000000", "OK", "QC2", "E01", "E01", "E01",
      ])
  }

  // MARK: Registers

  @Test func `all integer registers and the pc come and go together, lowest byte first`() {
    let target = FakeTarget()
    target.registers[0][.integer(2)] = 0x1122_3344_5566_7788
    let all = reply("g", target) ?? ""
    #expect(all.count == 33 * 16)
    #expect(all.dropFirst(2 * 16).prefix(16) == "8877665544332211")
    #expect(all.suffix(16) == "0000008000000000")
    let changed = String(repeating: "0100000000000000", count: 33)
    #expect(Conversation(["G" + changed, "g"], target).replies == ["OK", changed])
    #expect(reply("G0011", target) == "E01")
    #expect(reply("Gxyz", target) == "E01")
  }

  @Test func `a register of 32 bits has 8 digits`() {
    let target = FakeTarget()
    target.architecture.xlen = 32
    #expect(reply("p20", target) == "00000080")
    #expect(reply("g", target)?.count == 33 * 8)
  }

  @Test func `registers have the numbers that GDB gives them`() {
    let target = FakeTarget()
    target.registers[0][.float(0)] = 1
    target.registers[0][.csr(0x341)] = 2
    #expect(reply("p21", target) == "0100000000000000")
    #expect(reply("p382", target) == "0200000000000000")
    #expect(reply("p1041", target) == "0300000000000000")
    #expect(reply("p44", target) == "00000000", "fcsr has 32 bits")
    #expect(reply("p45", target) == "xxxxxxxxxxxxxxxx", "a CSR that does not exist")
    #expect(reply("p1042", target) == "E01")
    #expect(reply("p", target) == "E01")
    #expect(reply("P45=00", target) == "E02")
    #expect(
      Conversation(["P382=3400000000000000", "p382"], target).replies[1] == "3400000000000000")
    #expect(reply("P1", target) == "E01")
    #expect(reply("P1=", target) == "E01")
    #expect(reply("P1=000000000000000000", target) == "E01")
    for number in 0...4161 {
      #expect(DebugRegister(number: number)?.number == number)
    }
  }

  @Test func `the target description holds every register once`() throws {
    let xml = try #require(reply("qXfer:features:read:target.xml:0,4000"))
    #expect(xml.first == "l")
    for part in [
      "<architecture>riscv:rv64</architecture>", "org.gnu.gdb.riscv.cpu", "org.gnu.gdb.riscv.fpu",
      "org.gnu.gdb.riscv.csr", "org.gnu.gdb.riscv.virtual",
      "<reg name=\"pc\" bitsize=\"64\" type=\"code_ptr\" regnum=\"32\"/>",
      "<reg name=\"fcsr\" bitsize=\"32\" type=\"int\" regnum=\"68\"/>",
      "<reg name=\"mstatus\" bitsize=\"64\" type=\"int\" regnum=\"833\"/>",
      "<reg name=\"priv\" bitsize=\"64\" type=\"int\" regnum=\"4161\"/>",
    ] {
      #expect(xml.contains(part), "\(part)")
    }
    let numbers = xml.split(separator: "regnum=\"").dropFirst().map { $0.prefix { $0 != "\"" } }
    #expect(Set(numbers).count == numbers.count)
    #expect(numbers.count == 32 + 1 + 32 + 3 + 1)
  }

  @Test func `documents come in pieces`() {
    let whole = (reply("qXfer:features:read:target.xml:0,2000") ?? "").dropFirst()
    var text = ""
    while text.utf8.count < whole.utf8.count {
      let offset = String(text.utf8.count, radix: 16)
      let piece = reply("qXfer:features:read:target.xml:\(offset),200") ?? "?"
      text += piece.dropFirst()
      #expect(piece.first == (text.utf8.count == whole.utf8.count ? "l" : "m"))
    }
    #expect(text == whole)
    #expect(reply("qXfer:features:read:target.xml:ffffffff,200") == "l")
    #expect(reply("qXfer:features:read:other.xml:0,200") == "E00")
    #expect(reply("qXfer:features:write:target.xml:0,200") == "E00")
    #expect(reply("qXfer:auxv:read::0,200") == "")
    #expect(reply("qXfer:") == "E00")
  }

  // MARK: Memory

  @Test func `memory is read and written`() {
    let target = FakeTarget()
    #expect(reply("m80000010,4", target) == "10111213")
    #expect(reply("m80000ffe,8", target) == "feff", "as far as there is memory")
    #expect(reply("m7fffffff,1", target) == "E01")
    #expect(reply("m80001000,1", target) == "E01")
    #expect(reply("m80000000,0", target) == "")
    #expect(reply("mffffffffffffffff,ffffffffffffffff", target) == "E01")
    #expect(reply("m10000000000000000,1", target) == "E01")
    #expect(reply("m80000000", target) == "E01")
    #expect(reply("M80000000,2:abcd", target) == "OK")
    #expect(reply("M80000000,3:abcd", target) == "E01")
    #expect(reply("M80000fff,2:abcd", target) == "E01")
    #expect(reply("X80000000,0:", target) == "OK")
    #expect(reply("X80000002,3:#$}", target) == "OK")
    #expect(reply("m80000000,6", target) == "abcd23247d05")
    #expect(reply("X80000002,3", target) == "E01")
  }

  @Test func `sections are compared by the protocol's checksum`() {
    let target = FakeTarget()
    target.memory.replaceSubrange(0..<9, with: Array("123456789".utf8))
    // CRC-32/MPEG-2's check value.
    #expect(reply("qCRC:80000000,9", target) == "C376e6e7")
    #expect(reply("qCRC:80000000,2000", target) == "E01")
    #expect(reply("qCRC:80000000,ffffffffffffffff", target) == "E01")
  }

  // MARK: Running

  private let features = "qSupported:swbreak+;hwbreak+"

  @Test func `execution stops at breakpoints of both kinds`() {
    let target = FakeTarget()
    let replies = Conversation(
      [features, "Z0,80000010,4", "Z1,80000020,4;X1,0", "?", "c", "vCont;c", "z0,80000010,4", "?"],
      target
    ).replies
    #expect(replies[1] == "OK")
    #expect(replies[3].hasPrefix("T05"))
    #expect(replies[4] == "T05swbreak:;20:1000008000000000;thread:1;")
    #expect(replies[5] == "T05hwbreak:;20:2000008000000000;thread:1;")
    #expect(replies[7] == replies[5])
    #expect(target.points.isEmpty, "the end of the session removes what is left")
  }

  @Test func `a client that did not ask for it hears nothing of breakpoint kinds`() {
    let replies = Conversation(["Z0,80000010,4", "c"]).replies
    #expect(replies[1] == "T0520:1000008000000000;thread:1;")
  }

  @Test func `watchpoints report the access and its address`() {
    for (kind, name, pc) in [(2, "watch", "44"), (3, "rwatch", "84"), (4, "awatch", "44")] {
      let replies = Conversation(["Z\(kind),80000804,4", "c"]).replies
      #expect(replies[1] == "T05\(name):80000804;20:\(pc)00008000000000;thread:1;")
    }
  }

  @Test func `steps and ranges concern the thread they name`() {
    let target = FakeTarget()
    let replies = Conversation(
      [
        "s", "vCont;s:2", "Hc2", "s", "vCont;r80000000,80000030:1;c", "s80000050", "S05;80000060",
        "C05",
      ], target
    ).replies
    #expect(replies[0].hasSuffix("thread:1;"))
    #expect(replies[1].hasSuffix("thread:2;"))
    #expect(replies[3].hasSuffix("thread:2;"))
    #expect(replies[4] == "T0520:3000008000000000;thread:1;")
    #expect(replies[5] == "T0520:5400008000000000;thread:2;")
    #expect(replies[6] == "T0520:6400008000000000;thread:2;")
    #expect(replies[7].hasPrefix("W07"))
    #expect(
      target.resumed == [
        [1: .step, 2: .run], [2: .step], [1: .run, 2: .step],
        [1: .stepWithin(0x8000_0000..<0x8000_0030), 2: .run], [1: .run, 2: .step],
        [1: .run, 2: .step], [1: .run, 2: .run],
      ])
  }

  @Test func `the wrong words of a resume are errors`() {
    #expect(
      Conversation(["vCont;s:9", "vCont;t", "vCont;r5,1", "vCont;sx", "cxyz"]).replies
        == ["E01", "E01", "E01", "E01", "E01"])
  }

  @Test func `the interrupt byte stops a run`() {
    let target = FakeTarget()
    target.registers[0][.programCounter] = 0x1000
    target.registers[1][.programCounter] = 0x1000
    let conversation = Conversation(bytes: [Packet.encode("c".utf8), [3]], target)
    #expect(conversation.replies[0].hasPrefix("T02"))
    #expect(conversation.end == .disconnected)
  }

  @Test func `the exit code ends the session`() {
    let conversation = Conversation(["c", "?"])
    #expect(conversation.replies == ["W07"])
    #expect(conversation.end == .exited)
  }

  @Test(arguments: [
    (EndKind.unhandledTrap, "T0b"), (EndKind.deadlock, "T11"), (EndKind.limit, "T18"),
  ])
  func `a run that cannot go on says why and can be looked at`(kind: EndKind, signal: String) {
    let target = FakeTarget()
    target.scriptedStops = [
      StopEvent(thread: 2, reason: .ended(kind, "all is lost")),
      StopEvent(thread: 2, reason: .exited(code: 70)),
    ]
    let conversation = Conversation(["c", "qC", "c"], target)
    #expect(
      Conversation.text(hexadecimal: String(conversation.replies[0].dropFirst())) == "all is lost\n"
    )
    #expect(conversation.replies[1].hasPrefix(signal))
    #expect(conversation.replies[2] == "QC2")
    #expect(conversation.replies[3] == "W46")
  }

  @Test func `detach, kill and cancellation end the session`() {
    #expect(Conversation(["D", "qC"]).replies == ["OK"])
    #expect(Conversation(["D"]).end == .detached)
    #expect(Conversation(["k"]).end == .killed)
    #expect(Conversation(["vKill;1"]).end == .killed)
    #expect(Conversation([]).end == .disconnected)
    let server = GDBServer(target: FakeTarget(), transport: ScriptedTransport([])) { true }
    #expect(server.serve() == .cancelled)
  }

  @Test func `the number of stop points is limited`() {
    let packets = (0...4096).map { "Z0,\(String(0x8000_0000 + 4 * $0, radix: 16)),4" }
    let replies = Conversation(packets).replies
    #expect(replies.filter { $0 == "OK" }.count == 4096)
    #expect(replies.last == "E03")
  }
}
