import Fabric
import Peripherals
import SimKernel
import Telemetry
import TestSupport
import Testing

private let base = DeviceBench.base
private enum Offset {
  static let data = base
  static let enable = base + 1
  static let identification = base + 2
  static let lineControl = base + 3
  static let modemControl = base + 4
  static let lineStatus = base + 5
  static let modemStatus = base + 6
  static let scratch = base + 7
}

private func get(_ address: Address, at cycle: Cycle = 0) -> BusTransaction {
  .read(address, 1, at: cycle)
}

private func put(_ address: Address, _ value: UInt64, at cycle: Cycle = 0) -> BusTransaction {
  .write(address, value, 1, at: cycle)
}

private func uart(_ script: [BusTransaction], input: String = "") throws -> (DeviceBench, Console) {
  let console = Console(input: Array(input.utf8))
  var options = DeviceBench.Options()
  options.outputs = 1
  let bench = try DeviceBench(options, script) { parts in
    UART16550(
      path: "uart", registers: parts.registers, interrupt: parts.outputs[0], console: console,
      site: parts.site)
  }
  return (bench, console)
}

@Suite("UART16550")
struct UARTTests {
  @Test("After reset the transmitter is empty and nothing interrupts")
  func reset() throws {
    let (bench, _) = try uart((0..<8).map { get(base + $0) })
    #expect(bench.run() == .finished)
    #expect(bench.values == [0, 0, 1, 0, 8, 0x60, 0xB0, 0])
    #expect(bench.recorder.changes == [[]])
  }

  @Test("What is written to THR is printed, polled or blindly")
  func sends() throws {
    let (bench, console) = try uart(
      "Hi\n".utf8.flatMap { [get(Offset.lineStatus), put(Offset.data, UInt64($0))] }
        + "there".utf8.map { put(Offset.data, UInt64($0)) })
    #expect(bench.run() == .finished)
    #expect(String(decoding: console.output, as: UTF8.self) == "Hi\nthere")
    #expect(bench.values == [0x60, 0x60, 0x60])
    let counters = bench.registry.snapshot().modules[0].counters
    #expect(counters.first { $0.name == "characters" }?.values == [8])
  }

  @Test("With DLAB the first two registers are the divisor")
  func divisor() throws {
    let (bench, console) = try uart([
      put(Offset.lineControl, 0x83), get(Offset.data), get(Offset.enable),
      put(Offset.data, 0x34), put(Offset.enable, 0x12), get(Offset.data), get(Offset.enable),
      put(Offset.lineControl, 0x03), get(Offset.data), get(Offset.enable),
      put(Offset.enable, 0x0F), put(Offset.lineControl, 0x80), get(Offset.data),
      get(Offset.enable), get(Offset.lineControl),
    ])
    #expect(bench.run() == .finished)
    #expect(bench.values == [12, 0, 0x34, 0x12, 0, 0, 0x34, 0x12, 0x80])
    #expect(console.output.isEmpty)
  }

  @Test("Reading IIR acknowledges the empty transmitter, the next byte raises it again")
  func transmitterEmpty() throws {
    let (bench, _) = try uart([
      put(Offset.data, 0x41), get(Offset.identification),
      put(Offset.enable, 2, at: 49), get(Offset.identification, at: 59),
      get(Offset.identification), put(Offset.data, 0x42, at: 79),
      get(Offset.identification, at: 89), get(Offset.identification),
      put(Offset.data, 0x43, at: 109), put(Offset.enable, 0, at: 119),
      get(Offset.identification),
    ])
    #expect(bench.run() == .finished)
    #expect(bench.values == [1, 2, 1, 2, 1, 1])
    #expect(bench.recorder.changes == [[51, 61, 81, 91, 111, 121]])
  }

  @Test("Received bytes come from the console in order; LSR says whether one waits")
  func receives() throws {
    let (bench, _) = try uart(
      [
        get(Offset.lineStatus), get(Offset.data), get(Offset.lineStatus), get(Offset.data),
        get(Offset.lineStatus), get(Offset.data),
      ], input: "xy")
    #expect(bench.run() == .finished)
    #expect(bench.values == [0x61, 0x78, 0x61, 0x79, 0x60, 0])
  }

  @Test("A waiting byte interrupts before the empty transmitter, until it is read")
  func receiveInterrupt() throws {
    let (bench, _) = try uart(
      [
        get(Offset.identification), put(Offset.enable, 3, at: 49),
        get(Offset.identification, at: 59), get(Offset.identification), get(Offset.data),
        get(Offset.identification, at: 79), get(Offset.identification),
      ], input: "z")
    #expect(bench.run() == .finished)
    #expect(bench.values == [1, 4, 4, 0x7A, 2, 1])
    #expect(bench.recorder.changes == [[51, 81]])
  }

  @Test("With FIFOs on, IIR says so; the other control registers keep what is written")
  func controls() throws {
    let (bench, _) = try uart([
      put(Offset.identification, 0xC7), get(Offset.identification),
      put(Offset.identification, 0), get(Offset.identification), put(Offset.scratch, 0xA5),
      get(Offset.scratch), put(Offset.lineControl, 0x1B), get(Offset.lineControl),
      put(Offset.modemControl, 0x0B), get(Offset.modemControl), put(Offset.enable, 0xFF),
      get(Offset.enable), put(Offset.lineStatus, 0), get(Offset.lineStatus),
      put(Offset.modemStatus, 0), get(Offset.modemStatus),
    ])
    #expect(bench.run() == .finished)
    #expect(bench.values == [0xC1, 1, 0xA5, 0x1B, 0x0B, 0x0F, 0x60, 0xB0])
    #expect(bench.responses.allSatisfy { $0 == .okay })
  }

  @Test("In loopback the outputs are the modem status, as Linux probes a 16550")
  func loopbackStatus() throws {
    let (bench, _) = try uart([
      put(Offset.modemControl, 0x1A), get(Offset.modemStatus), put(Offset.modemControl, 0x15),
      get(Offset.modemStatus), put(Offset.modemControl, 0xEF), get(Offset.modemControl),
      get(Offset.modemStatus),
    ])
    #expect(bench.run() == .finished)
    #expect(bench.values == [0x90, 0x60, 0x0F, 0xB0])
  }

  @Test("In loopback what is sent is received and not printed")
  func loopbackData() throws {
    let (bench, console) = try uart(
      [
        put(Offset.modemControl, 0x18), put(Offset.data, 0x41), put(Offset.data, 0x42),
        get(Offset.lineStatus), get(Offset.data), get(Offset.lineStatus),
        put(Offset.identification, 1), put(Offset.data, 0x43), put(Offset.data, 0x44),
        get(Offset.data), get(Offset.data), put(Offset.data, 0x45),
        put(Offset.modemControl, 8), get(Offset.data), put(Offset.data, 0x46),
      ], input: "i")
    #expect(bench.run() == .finished)
    // Without the FIFO there is room for one byte.
    #expect(bench.values == [0x61, 0x41, 0x60, 0x43, 0x44, 0x69])
    #expect(String(decoding: console.output, as: UTF8.self) == "F")
  }

  @Test("Fewer bytes than the trigger level interrupt as a time-out")
  func trigger() throws {
    let (bench, _) = try uart(
      [
        put(Offset.enable, 1), put(Offset.identification, 0x41), get(Offset.identification),
        get(Offset.data), get(Offset.identification),
        put(Offset.identification, 0x01), get(Offset.identification),
      ], input: "abcd")
    #expect(bench.run() == .finished)
    #expect(bench.values == [0xC4, 0x61, 0xCC, 0xC4])
  }

  @Test("An interrupt of the empty transmitter that is no longer allowed is forgotten")
  func disallowed() throws {
    let (bench, _) = try uart([
      put(Offset.enable, 2), put(Offset.enable, 0), get(Offset.identification),
      put(Offset.enable, 2), get(Offset.identification), get(Offset.identification),
      // Linux expects the interrupt again when the transmit FIFO is cleared.
      put(Offset.identification, 5), get(Offset.identification),
    ])
    #expect(bench.run() == .finished)
    #expect(bench.values == [1, 2, 1, 0xC2])
  }

  @Test("Only byte accesses are served; refused ones print nothing")
  func sizes() throws {
    let (bench, console) = try uart([
      .write(base, 0x4141, 2), .write(base, 0x4141_4141), .write(base, 0x41, 8), .read(base, 2),
      .read(base), .read(base, 8), .read(base + 8, 1), .write(base + 8, 0, 1), get(Offset.scratch),
    ])
    #expect(bench.run() == .finished)
    #expect(bench.responses == Array(repeating: .slaveError, count: 8) + [.okay])
    #expect(console.output.isEmpty)
  }
}
