import Debugger

/// A machine for protocol tests: two harts that march through memory, 4 bytes and one cycle per
/// instruction, and add 1 to a0 each time. At offset 0x40 hart 1 stores 8 bytes to offset 0x800, at
/// 0x80 it loads them; at 0x100 the firmware exits with code 7.
final class FakeTarget: DebugTarget {
  static let base: UInt64 = 0x8000_0000
  static let size = 4096

  var architecture = TargetArchitecture(
    xlen: 64, floatBits: 64,
    controlRegisters: [
      .init(name: "fcsr", number: 3), .init(name: "mstatus", number: 0x300),
      .init(name: "mepc", number: 0x341),
    ])
  var memory = (0..<size).map { UInt8(truncatingIfNeeded: $0) }
  var registers: [[DebugRegister: UInt64]] = []
  var points: Set<StopPoint> = []
  var cycles: UInt64 = 0
  var resets = 0
  /// Every resume, as it arrived.
  var resumed: [[Int: ResumeAction]] = []
  /// What the next resume answers instead of running.
  var scriptedStops: [StopEvent] = []

  init() { start() }

  private func start() {
    cycles = 0
    registers = (0..<2).map { _ in [.programCounter: Self.base, .privilege: 3, .csr(0x300): 0xa] }
  }

  var threads: [DebugThread] {
    [
      DebugThread(number: 1, name: "cpu0", detail: "machine mode, run"),
      DebugThread(number: 2, name: "cpu1", detail: "<wfi> & \"more\""),
    ]
  }

  func readRegister(_ register: DebugRegister, thread: Int) -> UInt64? {
    guard registers.indices.contains(thread - 1), exists(register) else { return nil }
    return registers[thread - 1][register] ?? 0
  }

  func writeRegister(_ register: DebugRegister, thread: Int, to value: UInt64) -> Bool {
    guard registers.indices.contains(thread - 1), exists(register) else { return false }
    registers[thread - 1][register] = value
    return true
  }

  private func exists(_ register: DebugRegister) -> Bool {
    guard case .csr(let number) = register else { return true }
    return architecture.controlRegisters.contains { $0.number == number }
  }

  private func offset(_ address: UInt64) -> Int? {
    let offset = address &- Self.base
    return offset < UInt64(Self.size) ? Int(offset) : nil
  }

  func readMemory(at address: UInt64, count: Int, thread: Int) -> [UInt8] {
    guard let start = offset(address) else { return [] }
    return Array(memory[start..<min(start + count, Self.size)])
  }

  func writeMemory(_ bytes: [UInt8], at address: UInt64, thread: Int) -> Bool {
    guard let start = offset(address), bytes.count <= Self.size - start else { return false }
    memory.replaceSubrange(start..<start + bytes.count, with: bytes)
    return true
  }

  func insert(_ point: StopPoint) -> Bool {
    points.insert(point)
    return true
  }

  func remove(_ point: StopPoint) { points.remove(point) }

  func removeAllStopPoints() { points = [] }

  func resume(
    _ actions: [Int: ResumeAction], cycles span: UInt64?, isInterrupted: () -> Bool
  ) -> StopEvent {
    resumed.append(actions)
    if !scriptedStops.isEmpty { return scriptedStops.removeFirst() }
    let end = span.map { cycles &+ $0 }
    while true {
      if isInterrupted() || cycles == end { return StopEvent(thread: 1, reason: .interrupt) }
      cycles += 1
      for thread in 1...2 {
        let pc = registers[thread - 1][.programCounter, default: 0]
        registers[thread - 1][.programCounter] = pc &+ 4
        registers[thread - 1][.integer(10), default: 0] += 1
        let place = pc &- Self.base
        if thread == 1, place == 0x40 || place == 0x80, let hit = watch(isStore: place == 0x40) {
          return StopEvent(thread: 1, reason: hit)
        }
      }
      for thread in 1...2 {
        let pc = registers[thread - 1][.programCounter, default: 0]
        if pc == Self.base + 0x100 { return StopEvent(thread: thread, reason: .exited(code: 7)) }
        if let point = breakpoint(at: pc) {
          return StopEvent(thread: thread, reason: .breakpoint(hardware: point))
        }
        switch actions[thread] {
        case .step: return StopEvent(thread: thread, reason: .step)
        case .stepWithin(let range) where !range.contains(pc):
          return StopEvent(thread: thread, reason: .step)
        default: break
        }
      }
    }
  }

  private func breakpoint(at pc: UInt64) -> Bool? {
    if points.contains(.breakpoint(pc, hardware: true)) { return true }
    return points.contains(.breakpoint(pc, hardware: false)) ? false : nil
  }

  private func watch(isStore: Bool) -> StopReason? {
    for case .watchpoint(let kind, let address, let length) in points
    where address < Self.base + 0x808 && address + length > Self.base + 0x800 {
      if kind == .access || (kind == .write) == isStore {
        return .watchpoint(kind, address: max(address, Self.base + 0x800))
      }
    }
    return nil
  }

  func reset() throws(DebugFailure) {
    resets += 1
    guard resets < 3 else { throw DebugFailure("the file is gone") }
    start()
  }

  func modules() -> [ModuleView] {
    [
      ModuleView(
        path: "dma_a", kind: "DMA", clock: "core", cycles: 100,
        states: [
          .init(name: "move", kind: "active", blocker: nil, cycles: 60),
          .init(name: "wait-array", kind: "waiting", blocker: "array", cycles: 40),
        ], current: 1,
        counters: [
          .init(name: "beats", value: 60, unit: "beat", help: "Beats that were moved.")
        ]),
      ModuleView(
        path: "array", kind: "OSArray", clock: "core", cycles: 100,
        states: [.init(name: "wait-in1", kind: "waiting", blocker: "dma_a", cycles: 100)],
        current: 0, counters: []),
      ModuleView(
        path: "uart", kind: "UART16550", clock: "core", cycles: 100, states: [], current: nil,
        counters: []),
    ]
  }

  var time: TimeView {
    TimeView(
      seconds: Double(cycles) / 1e6, reference: "core",
      clocks: [.init(name: "core", hertz: 1_000_000, cycles: cycles)])
  }
}
