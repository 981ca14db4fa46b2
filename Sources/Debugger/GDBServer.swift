/// How a debugging session ended.
public enum SessionEnd: Sendable, Equatable {
  /// The debugger let go; the system should run on without it.
  case detached
  /// The debugger asked for the end.
  case killed
  /// The connection broke.
  case disconnected
  /// The run ended, and the debugger knows.
  case exited
  /// `isCancelled` said so.
  case cancelled
}

/// The server's side of the GDB remote serial protocol, for one client and one ``DebugTarget``.
///
/// Whatever bytes arrive, it answers or ignores them; memory is bounded.
public final class GDBServer {
  /// More packets than this are not remembered while the system runs.
  private static let queueLimit = 64
  /// More stop points than this are refused.
  static let pointLimit = 4096

  let target: any DebugTarget
  private let transport: any DebugTransport
  private let isCancelled: () -> Bool
  private var decoder = PacketDecoder()
  private var events: [PacketEvent] = []
  private var acknowledges = true
  private var lastPacket: [UInt8] = []

  /// What the client said about itself.
  var reportsSoftwareBreakpoints = false
  var reportsHardwareBreakpoints = false
  /// The thread whose registers and memory are meant.
  var thread = 1
  /// The thread that the packets `s` and `c` mean; nil is any.
  var resumedThread: Int?
  var lastStop: StopEvent
  var points: Set<StopPoint> = []
  var end: SessionEnd?
  /// The description of the registers, which the client reads in pieces.
  lazy var targetDescription = Array(TargetDescription.xml(target.architecture).utf8)

  /// A server that has not begun.
  ///
  /// - Parameter isCancelled: asked several times a second; true ends the session.
  public init(
    target: any DebugTarget, transport: any DebugTransport,
    isCancelled: @escaping () -> Bool = { false }
  ) {
    self.target = target
    self.transport = transport
    self.isCancelled = isCancelled
    lastStop = StopEvent(thread: 1, reason: .breakpoint(hardware: true))
  }

  /// Serves the client until the session ends. All stop points are removed then.
  public func serve() -> SessionEnd {
    defer {
      points = []
      target.removeAllStopPoints()
    }
    while true {
      if let end { return end }
      if events.isEmpty, let failure = pump(waiting: 100) { return failure }
      guard !events.isEmpty else { continue }
      switch events.removeFirst() {
      case .packet(let packet):
        if acknowledges { transmit([UInt8(ascii: "+")]) }
        handle(packet)
      case .damaged: if acknowledges { transmit([UInt8(ascii: "-")]) }
      case .refused: if acknowledges { transmit(lastPacket) }
      case .acknowledged: break
      case .interrupt: break  // The system stands still already.
      }
    }
  }

  // MARK: Input and output

  /// Takes what has arrived; answers how the session ends if it does.
  private func pump(waiting milliseconds: Int32) -> SessionEnd? {
    if isCancelled() { return .cancelled }
    guard let bytes = transport.receive(waiting: milliseconds) else { return .disconnected }
    for byte in bytes {
      if let event = decoder.take(byte), events.count < Self.queueLimit { events.append(event) }
    }
    return nil
  }

  private func transmit(_ bytes: [UInt8]) {
    if !transport.send(bytes), end == nil { end = .disconnected }
  }

  /// Sends a packet.
  func reply(_ payload: [UInt8]) {
    lastPacket = Packet.encode(payload)
    transmit(lastPacket)
  }

  /// Sends a packet of text.
  func reply(_ text: String) { reply(Array(text.utf8)) }

  /// Sends text for the client's user.
  func show(_ text: String) {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let piece = rest.prefix(Packet.sizeLimit / 4)
      reply([UInt8(ascii: "O")] + Hexadecimal.encode(piece))
      rest = rest.dropFirst(piece.count)
    }
  }

  func stopAcknowledging() {
    reply("OK")
    acknowledges = false
  }

  // MARK: Running

  /// Runs the system until it stops, or the client or the user asks for it.
  func run(_ actions: [Int: ResumeAction], cycles: UInt64? = nil) -> StopEvent {
    let clock = ContinuousClock()
    var lastLook = clock.now
    let event = target.resume(actions, cycles: cycles) {
      // Looking at the connection costs a system call.
      let now = clock.now
      guard now - lastLook > .milliseconds(2) else { return false }
      lastLook = now
      if let failure = pump(waiting: 0) {
        end = failure
        return true
      }
      guard let index = events.firstIndex(of: .interrupt) else { return false }
      events.remove(at: index)
      return true
    }
    lastStop = event
    if event.thread != 0 { thread = event.thread }
    return event
  }
}
