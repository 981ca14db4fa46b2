import Debugger
import Testing

@Suite struct MonitorTests {
  @Test func `help lists the commands, and so does a wrong one`() {
    let help = Conversation.monitor("help")
    for command in ["modules", "module NAME", "waits", "time", "registers", "run-for", "reset"] {
      #expect(help.contains(command))
    }
    #expect(Conversation.monitor("") == help)
    #expect(Conversation.monitor("frobnicate") == "unknown command 'frobnicate'\n" + help)
    #expect(Conversation.monitor("modules now") == "modules takes no argument\n")
    #expect(Conversation(["qRcmd,6"]).replies == ["E01"])
  }

  @Test func `modules shows what each one does and waits for`() {
    let lines = Conversation.monitor("modules").split(separator: "\n").map(String.init)
    #expect(lines.count == 4)
    #expect(lines[0].hasPrefix("module  kind"))
    #expect(lines[1].split(separator: " ") == ["dma_a", "DMA", "wait-array", "array", "40", "100"])
    #expect(lines[3].split(separator: " ") == ["uart", "UART16550", "-", "-", "-", "100"])
  }

  @Test func `module shows classes of cycles and counters of one`() {
    let text = Conversation.monitor("module dma_a")
    #expect(text.contains("now: wait-array (waiting, waits for array)"))
    #expect(text.contains("Beats that were moved."))
    #expect(
      Conversation.monitor("module cpu") == "no module 'cpu'; there are array, dma_a, uart\n")
    #expect(Conversation.monitor("module") == "module takes the name of one module\n")
  }

  @Test func `waits shows the circle of a deadlock`() {
    #expect(
      Conversation.monitor("waits") == """
        dma_a: wait-array (on array)
        array: wait-in1 (on dma_a)
        circle: array -> dma_a -> array

        """)
  }

  @Test func `registers shows what is not zero`() {
    let text = Conversation.monitor("registers")
    #expect(text.contains("pc    0x0000000080000000  machine mode"))
    #expect(text.contains("mstatus        0x000000000000000a"))
    #expect(!text.contains("mepc"))
  }

  @Test func `run-for advances time and tells where it stopped`() {
    let target = FakeTarget()
    #expect(
      Conversation.monitor("run-for 5 cycles", target).hasPrefix("stopped at 0x0000000080000014"))
    #expect(target.cycles == 5)
    #expect(
      Conversation.monitor("time", target).contains("core (reference)  1000000 Hz  5  cycles"))
    target.points = [.breakpoint(0x8000_0020, hardware: false)]
    #expect(Conversation.monitor("run-for 100", target).hasPrefix("stopped by a breakpoint"))
    for command in ["run-for", "run-for 0", "run-for -1", "run-for 5 seconds", "run-for 1 2 3"] {
      #expect(Conversation.monitor(command) == "run-for takes a number of cycles above 0\n")
    }
  }

  @Test func `the end of the run during run-for is told and reported with the next resume`() {
    let target = FakeTarget()
    #expect(Conversation.monitor("run-for 1000", target).hasPrefix("the run has ended with code 7"))
  }

  @Test func `reset starts again`() {
    let target = FakeTarget()
    _ = Conversation(["s", "s"], target)
    #expect(target.cycles == 2)
    #expect(Conversation.monitor("reset", target).contains("first instruction"))
    #expect(target.cycles == 0)
    target.resets = 2
    #expect(Conversation.monitor("reset", target) == "the file is gone\n")
  }

  @Test func `long answers come in pieces the client can take`() {
    let target = FakeTarget()
    target.architecture.controlRegisters = (0..<2000).map {
      TargetArchitecture.ControlRegister(name: "register\($0)", number: UInt16($0))
    }
    for number in 0..<2000 { target.registers[0][.csr(UInt16(number))] = 1 }
    let replies = Conversation(["qRcmd," + Conversation.hexadecimal("registers")], target).replies
    #expect(replies.count > 2)
    #expect(replies.allSatisfy { $0.utf8.count <= Packet.sizeLimit })
  }
}
