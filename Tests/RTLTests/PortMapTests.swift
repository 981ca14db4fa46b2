import RTL
import Testing

@Suite("Port maps")
struct PortMapTests {
  private static let base: [Pin] = [Pin("clk", .input, bits: 1), Pin("rst_n", .input, bits: 1)]

  private static func stream(
    _ name: String, isInput: Bool, bits: Int = 32, keep: Int? = nil, last: Bool = false
  ) -> [Pin] {
    let toModule: Pin.Direction = isInput ? .input : .output
    let fromModule: Pin.Direction = isInput ? .output : .input
    var pins = [
      Pin("\(name)_tvalid", toModule, bits: 1), Pin("\(name)_tready", fromModule, bits: 1),
      Pin("\(name)_tdata", toModule, bits: bits),
    ]
    if let keep { pins.append(Pin("\(name)_tkeep", toModule, bits: keep)) }
    if last { pins.append(Pin("\(name)_tlast", toModule, bits: 1)) }
    return pins
  }

  private static let simple = [
    Pin("reg_valid", .input, bits: 1), Pin("reg_write", .input, bits: 1),
    Pin("reg_offset", .input, bits: 12), Pin("reg_wdata", .input, bits: 32),
    Pin("reg_rdata", .output, bits: 32),
  ]

  private static func lite(_ prefix: String = "s_axil_", dataBits: Int = 32) -> [Pin] {
    [
      ("awvalid", 1), ("awaddr", 12), ("wvalid", 1), ("wdata", dataBits), ("wstrb", dataBits / 8),
      ("bready", 1), ("arvalid", 1), ("araddr", 12), ("rready", 1),
    ].map { Pin(prefix + $0.0, .input, bits: $0.1) }
      + [
        ("awready", 1), ("wready", 1), ("bvalid", 1), ("bresp", 2), ("arready", 1), ("rvalid", 1),
        ("rdata", dataBits), ("rresp", 2),
      ].map { Pin(prefix + $0.0, .output, bits: $0.1) }
  }

  private static func resolve(
    _ pins: [Pin], _ change: (inout PortMapRequest) -> Void = { _ in }
  ) -> Result<PortMap, PortMapProblems> {
    var request = PortMapRequest()
    change(&request)
    var resolution = PortMapResolution(request, pins: pins, top: "top")
    return resolution.resolve()
  }

  private static func problems(
    _ pins: [Pin], _ change: (inout PortMapRequest) -> Void = { _ in }
  ) -> [String] {
    guard case .failure(let failure) = resolve(pins, change) else { return [] }
    return failure.problems.map { "\($0.key): \($0.message)" }
  }

  // MARK: What follows from names

  @Test("Everything follows from the usual names")
  func usualNames() throws {
    let pins =
      Self.base + Self.stream("in", isInput: true, keep: 4, last: true)
      + Self.stream("out", isInput: false) + Self.simple + [Pin("irq", .output, bits: 1)]
    let map = try Self.resolve(pins).get()
    #expect(map.clock == "clk")
    #expect(map.reset?.pin == "rst_n")
    #expect(map.reset?.isActiveLow == true)
    #expect(map.reset?.cycles == 2)
    #expect(map.streams.map(\.name) == ["in", "out"])
    #expect(map.streams.map(\.isInput) == [true, false])
    #expect(map.streams.map(\.keep) == ["in_tkeep", nil])
    #expect(map.streams.map(\.last) == ["in_tlast", nil])
    #expect(map.registers?.kind == .simple)
    #expect(map.interrupt == "irq")
  }

  @Test(
    "Other usual clocks and resets",
    arguments: [
      ("aclk", "aresetn", true), ("clk_i", "rst_ni", true), ("clock", "reset", false),
      ("CLK", "RST", false),
    ])
  func clocks(clock: String, reset: String, isLow: Bool) throws {
    let map = try Self.resolve([Pin(clock, .input, bits: 1), Pin(reset, .input, bits: 1)]).get()
    #expect(map.clock == clock)
    #expect(map.reset?.pin == reset)
    #expect(map.reset?.isActiveLow == isLow)
  }

  @Test("A module without reset, streams, registers and interrupt")
  func bare() throws {
    let map = try Self.resolve([Pin("clk", .input, bits: 1)]).get()
    #expect(map.reset == nil)
    #expect(map.streams.isEmpty)
    #expect(map.registers == nil)
    #expect(map.interrupt == nil)
  }

  @Test("AXI4-Lite under its usual prefixes", arguments: ["s_axil_", "s_axi_", "S_AXI_", "axil_"])
  func axi4Lite(prefix: String) throws {
    let optional = [
      Pin(prefix + "awprot", .input, bits: 3), Pin(prefix + "arprot", .input, bits: 3),
    ]
    let map = try Self.resolve(Self.base + Self.lite(prefix) + optional).get()
    #expect(map.registers?.kind == .axi4Lite)
    #expect(map.registers?.pins["wdata"] == prefix + "wdata")
    #expect(map.registers?.pins["awprot"] == prefix + "awprot")
  }

  // MARK: What is said

  @Test("Names that are said win over usual ones")
  func namedPins() throws {
    let pins =
      Self.base + Self.stream("left", isInput: true)
      + [
        Pin("tick", .input, bits: 1), Pin("clear", .input, bits: 1), Pin("bell", .output, bits: 1),
        Pin("mode", .input, bits: 3), Pin("ev_x", .output, bits: 8),
      ]
    let map = try Self.resolve(pins) {
      $0.clock = "tick"
      $0.resetPin = "clear"
      $0.isResetActiveLow = false
      $0.resetCycles = 9
      $0.streams = [.init(name: "a", prefix: "left_", pins: ["tdata": "left_tdata"])]
      $0.interrupt = "bell"
      $0.ties = ["mode": 5, "clk": 0, "rst_n": 1]
      $0.counters = [
        .init(name: "x", pin: "ev_x", unit: "x", help: "Xs.", component: nil, action: nil)
      ]
    }.get()
    #expect(map.clock == "tick")
    #expect(map.reset?.pin == "clear")
    #expect(map.reset?.isActiveLow == false)
    #expect(map.reset?.cycles == 9)
    #expect(map.streams.first?.name == "a")
    #expect(map.streams.first?.valid == "left_tvalid")
    #expect(map.interrupt == "bell")
    #expect(map.ties["mode"] == 5)
  }

  @Test("Register pins that are named one by one")
  func namedRegisters() throws {
    let renamed = Self.simple.map { Pin("x" + $0.name, $0.direction, bits: $0.bits) }
    let map = try Self.resolve(Self.base + renamed) { $0.registerPrefix = "xreg_" }.get()
    #expect(map.registers?.pins["offset"] == "xreg_offset")
    let one = Self.simple.map { $0.name == "reg_write" ? Pin("we", .input, bits: 1) : $0 }
    let other = try Self.resolve(Self.base + one) { $0.registerPins = ["write": "we"] }.get()
    #expect(other.registers?.pins["write"] == "we")
  }

  // MARK: Mistakes

  @Test("No clock")
  func noClock() {
    #expect(
      Self.problems([Pin("tick", .input, bits: 1)]) == [
        "clock: top has no pin named clk, aclk, clk_i, …; name its clock"
      ])
  }

  @Test("Pins that are not there, or of the other direction")
  func wrongPins() {
    let pins = Self.base + [Pin("irq", .output, bits: 1)]
    #expect(
      Self.problems(pins) { $0.clock = "klk" }.first
        == "clock: top has no pin 'klk'; it has clk, rst_n, irq")
    #expect(
      Self.problems(pins) { $0.clock = "irq" }.first
        == "clock: pin 'irq' of top is an output, not an input")
    #expect(
      Self.problems(pins) { $0.resetPin = "reset" }.first
        == "reset.pin: top has no pin 'reset'; it has clk, rst_n, irq")
    #expect(
      Self.problems(pins) { $0.interrupt = "rst_n" }.first
        == "interrupt: pin 'rst_n' of top is an input, not an output")
    #expect(
      Self.problems(pins) { $0.ties = ["irq": 1] }
        == ["tie.irq: pin 'irq' of top is an output, not an input"])
    #expect(
      Self.problems(pins) {
        $0.counters = [
          .init(name: "n", pin: "ev_n", unit: "n", help: "Ns.", component: nil, action: nil)
        ]
      } == ["counters.n: top has no pin 'ev_n'; it has clk, rst_n, irq"])
  }

  @Test("Constants that are too large")
  func wideTie() {
    let pins = Self.base + [Pin("mode", .input, bits: 3), Pin("wide", .input, bits: 64)]
    #expect(
      Self.problems(pins) { $0.ties = ["mode": 8, "wide": .max] }
        == ["tie.mode: 8 does not fit into 3 bits"])
  }

  @Test("Streams that are not whole")
  func brokenStreams() {
    let pins = Self.base + Self.stream("in", isInput: true)
    #expect(
      Self.problems(pins.filter { $0.name != "in_tready" })
        == ["streams.in: top has no pin 'in_tready'; it has clk, rst_n, in_tvalid, in_tdata"])
    #expect(
      Self.problems(Self.base + Self.stream("in", isInput: true, bits: 12)) == [
        "streams.in: in_tdata has 12 bits; a stream has a multiple of 8, at most 65536"
      ])
    #expect(
      Self.problems(Self.base + Self.stream("in", isInput: true, keep: 3)) == [
        "streams.in: in_tkeep has 3 bits, but in_tdata has 4 bytes"
      ])
    #expect(
      Self.problems(pins) { $0.streams = [.init(name: "a")] }.first
        == "streams.a: top has no pin 'a_tvalid'; it has clk, rst_n, in_tvalid, in_tready, in_tdata"
    )
    #expect(
      Self.problems(pins) {
        $0.streams = [.init(name: "in", pins: ["tkeep": "keep"])]
      }.first?.hasPrefix("streams.in: top has no pin 'keep'") == true)
  }

  @Test("A stream whose ready points the wrong way")
  func wrongDirection() {
    let pins =
      Self.base
      + Self.stream("in", isInput: true).map {
        $0.name == "in_tready" ? Pin("in_tready", .input, bits: 1) : $0
      }
    #expect(
      Self.problems(pins).first == "streams.in: pin 'in_tready' of top is an input, not an output")
  }

  @Test("Register sides that are not whole")
  func brokenRegisters() {
    let pins = Self.base + Self.simple.filter { $0.name != "reg_rdata" }
    #expect(Self.problems(pins).first?.hasPrefix("registers: top has no pin 'reg_rdata'") == true)
    let message =
      "registers: top has no pins of a register side with this protocol and prefix: none is named "
      + "'valid' (simple) or 'awvalid' (axi4-lite)"
    #expect(Self.problems(Self.base) { $0.registerProtocol = .axi4Lite } == [message])
    #expect(
      Self.problems(Self.base + Self.simple) { $0.registerProtocol = .axi4Lite }.first == message)
    #expect(
      Self.problems(Self.base + Self.simple) { $0.registerPins = ["wvlid": "reg_valid"] }.first?
        .hasPrefix("registers: pins.wvlid: the protocol simple has no such role; it has") == true)
    #expect(
      Self.problems(Self.base + Self.lite(dataBits: 128))
        == ["registers: s_axil_wdata has 128 bits; AXI4-Lite has 32 or 64"])
  }

  @Test("Inputs that nobody drives are named, all in one go")
  func openInputs() {
    #expect(
      Self.problems(Self.base + [Pin("a", .input, bits: 1), Pin("b", .input, bits: 2)])
        == ["tie: inputs a, b of top are connected to nothing; map them or give a constant value"])
  }
}
