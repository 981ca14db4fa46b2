public import Fabric
public import SimKernel
public import Telemetry

/// A 16550 UART that prints at once: byte registers, register shift 0.
///
/// What it models: the register file of the 16550A with its interrupts and its loopback, as drivers
/// of OpenSBI and Linux probe them; the transmitter is always empty, so programs that poll LSR and
/// programs that write blindly both work. Characters go to the host's console. Timing model:
/// registers answer in the cycle the access arrives; a character takes no line time. Not modelled:
/// baud rate (the divisor is stored), changes of the modem lines (CTS, DSR and DCD are always on),
/// overruns, line errors.
public final class UART16550: Module {
  /// The register map (DLAB = 0; with DLAB = 1 offsets 0 and 1 are the divisor).
  public static let map = RegisterMap(
    device: "UART",
    [
      RegisterDescriptor(
        "DATA", at: 0, bytes: 1, reset: nil, "Reads a received byte, writes one to send."),
      RegisterDescriptor(
        "IER", at: 1, bytes: 1, "Interrupt enables.",
        fields: [
          RegisterField("RX", bit: 0, "A byte was received."),
          RegisterField("TX_EMPTY", bit: 1, "The transmitter is empty."),
        ]),
      RegisterDescriptor(
        "IIR_FCR", at: 2, bytes: 1, reset: 1,
        "Reads the interrupt's cause (1 none, 2 transmitter empty, 4 received, 0xC received fewer "
          + "than the trigger level; bits 7:6 FIFOs on), writes FIFO control."),
      RegisterDescriptor(
        "LCR", at: 3, bytes: 1, "Line control.",
        fields: [RegisterField("DLAB", bit: 7, "Offsets 0 and 1 are the divisor.")]),
      RegisterDescriptor(
        "MCR", at: 4, bytes: 1, reset: 0x08, "Modem control.",
        fields: [
          RegisterField(
            "LOOP", bit: 4, "What is sent is received, bits 3:0 are the modem status.")
        ]),
      RegisterDescriptor(
        "LSR", at: 5, bytes: 1, access: .readOnly, reset: 0x60, "Line status.",
        fields: [
          RegisterField("DR", bit: 0, "A received byte waits."),
          RegisterField("THRE", bit: 5, "A byte may be written."),
          RegisterField("TEMT", bit: 6, "Everything was sent."),
        ]),
      RegisterDescriptor(
        "MSR", at: 6, bytes: 1, access: .readOnly, reset: 0xB0, "Modem status."),
      RegisterDescriptor("SCR", at: 7, bytes: 1, "Scratch."),
    ])

  private let registers: RegisterPort
  private let interrupt: Line?
  private let console: Console
  private var interruptEnable: UInt8 = 0
  private var fifoControl: UInt8 = 0
  private var lineControl: UInt8 = 0
  private var modemControl: UInt8 = 0x08
  private var scratch: UInt8 = 0
  /// 9600 baud with the usual clock of 1.8432 MHz.
  private var divisor: UInt16 = 12
  /// Bytes sent in loopback and not yet received.
  private var looped: [UInt8] = []
  /// Whether "transmitter empty" was not yet acknowledged by reading IIR.
  private var transmitEmptyPending = false
  private let activity: PeripheralActivity
  private let characters: Counter

  /// Creates the device; what is sent goes to `console`.
  public init(
    path: String, registers: RegisterPort, interrupt: Line?, console: Console, site: ModuleSite
  ) {
    self.registers = registers
    self.interrupt = interrupt
    self.console = console
    activity = PeripheralActivity(site: site, registers: 8)
    characters = site.counter("characters", unit: "B", "Characters sent.")
    super.init(path: path)
  }

  public override func tick(_ now: Cycle) -> Wake {
    var progress = false
    if registers.mayHaveAccess, let access = registers.next() {
      serve(access)
      progress = true
    }
    activity.note(served: progress, at: now)
    interrupt?.set(interruptIdentification & 1 == 0)
    return progress ? .nextCycle : .onPort
  }

  private var usesFIFOs: Bool { fifoControl & 1 != 0 }
  private var isLooped: Bool { modemControl & 0x10 != 0 }

  /// Received bytes that the receiver could show at once.
  private var waiting: Int {
    isLooped ? looped.count : min(console.waitingInput, usesFIFOs ? Self.fifoDepth : 1)
  }

  private static let fifoDepth = 16
  /// Bytes that have to wait before they interrupt as data, by bits 7:6 of FCR; fewer interrupt as
  /// a time-out.
  private static let triggerLevels = [1, 4, 8, 14]

  private var interruptIdentification: UInt8 {
    let fifos: UInt8 = usesFIFOs ? 0xC0 : 0
    if interruptEnable & 1 != 0, waiting > 0 {
      let level = usesFIFOs ? Self.triggerLevels[Int(fifoControl >> 6)] : 1
      return fifos | (waiting >= level ? 0x04 : 0x0C)
    }
    if interruptEnable & 2 != 0, transmitEmptyPending { return fifos | 0x02 }
    return fifos | 0x01
  }

  private var dividesBaud: Bool { lineControl & 0x80 != 0 }

  private func serve(_ access: RegisterAccess) {
    switch access {
    case .read(let offset, let bytes):
      guard bytes == 1, offset < 8 else {
        registers.complete(read: 0, ok: false)
        return
      }
      registers.complete(read: UInt64(read(offset)))
    case .write(let offset, let bytes, let value):
      guard bytes == 1, offset < 8 else {
        registers.completeWrite(ok: false)
        return
      }
      write(offset, UInt8(truncatingIfNeeded: value))
      registers.completeWrite()
    }
  }

  private func read(_ offset: UInt64) -> UInt8 {
    switch offset {
    case 0: return dividesBaud ? UInt8(truncatingIfNeeded: divisor) : receive()
    case 1: return dividesBaud ? UInt8(divisor >> 8) : interruptEnable
    case 2:
      let value = interruptIdentification
      if value & 0x0F == 0x02 { transmitEmptyPending = false }
      return value
    case 3: return lineControl
    case 4: return modemControl
    case 5: return 0x60 | (waiting > 0 ? 1 : 0)
    case 6: return isLooped ? loopedStatus : 0xB0
    default: return scratch
    }
  }

  private func receive() -> UInt8 {
    if isLooped { return looped.isEmpty ? 0 : looped.removeFirst() }
    return console.receive() ?? 0
  }

  /// DTR, RTS, OUT1 and OUT2 as DSR, CTS, RI and DCD.
  private var loopedStatus: UInt8 {
    (modemControl & 0x0C) << 4 | (modemControl & 0x02) << 3 | (modemControl & 0x01) << 5
  }

  private func write(_ offset: UInt64, _ value: UInt8) {
    switch offset {
    case 0:
      if dividesBaud {
        divisor = divisor & 0xFF00 | UInt16(value)
      } else {
        send(value)
        transmitEmptyPending = true
      }
    case 1:
      if dividesBaud {
        divisor = divisor & 0x00FF | UInt16(value) << 8
      } else {
        // The interrupt rises when it is allowed while the transmitter is empty; when it is no
        // longer allowed it is forgotten.
        if (value ^ interruptEnable) & 2 != 0 { transmitEmptyPending = value & 2 != 0 }
        interruptEnable = value & 0x0F
      }
    case 2: setFIFOControl(value)
    case 3: lineControl = value
    case 4:
      modemControl = value & 0x1F
      if !isLooped { looped = [] }
    case 7: scratch = value
    default: break
    }
  }

  private func send(_ byte: UInt8) {
    if isLooped {
      if looped.count < (usesFIFOs ? Self.fifoDepth : 1) { looped.append(byte) }
    } else {
      console.send(byte)
      characters.add()
    }
  }

  /// Bit 0 turns the FIFOs on; bits 1 and 2, or a change of bit 0, empty them.
  private func setFIFOControl(_ value: UInt8) {
    let isSwitched = (value ^ fifoControl) & 1 != 0
    if isSwitched || value & 2 != 0 { looped = [] }
    if isSwitched || value & 4 != 0 { transmitEmptyPending = true }
    fifoControl = value & 0xC9
  }
}
