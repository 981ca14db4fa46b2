/// The pieces of the runtime in cycles of the SoC's reference clock, for replays.
struct RuntimeCycles: BitwiseCopyable {
  let instruction: Double
  let store: Double
  let servedLoad: Double
  let servedStore: Double
  let interrupt: Double
  let wake: Double
  let trap: Double
  let serveDMA: InterruptService
  let serveAccelerator: InterruptService
  let servedTag: Double
  /// From the instruction behind the last load of serving an interrupt to where the marker sees a tag that had waited.
  let servedTagStore: Double
  let served: Double
  let resume: Double
  let scan: RuntimeCost.Scan
  let command: RuntimeCost.Command
  let core: RuntimeCost.CoreCommand
  let loop: RuntimeCost.Loop

  init(_ timing: CoreTiming) {
    let runtime = timing.runtime
    instruction = timing.instruction
    store = timing.access(isStore: true)
    servedLoad = timing.served(isStore: false)
    servedStore = timing.served(isStore: true)
    interrupt = timing.interrupt
    wake = Double(runtime.wake) * instruction
    trap = Double(runtime.trap) * instruction
    serveDMA = InterruptService(runtime.serveDMA, timing)
    serveAccelerator = InterruptService(runtime.serveAccelerator, timing)
    servedTag = timing.cycles(runtime.servedTag)
    servedTagStore =
      Double(runtime.servedTag.accesses.first?.offset ?? 0) * timing.instruction
      + timing.served(isStore: true)
    served = timing.cycles(runtime.served)
    resume = Double(runtime.resume) * instruction
    scan = runtime.scan
    command = runtime.command
    core = runtime.core
    loop = runtime.loop
  }

  /// When the core takes an interrupt that a device raises in cycle `end`: one cycle into the PLIC, one out of it, then the
  /// core's next edge.
  func interrupted(at end: Double) -> Double {
    (((end + 1) / instruction).rounded(.down) + 1) * instruction
  }

  /// The cycle in front of which devices have to raise an interrupt that is taken before the core's edge `edge`.
  func lastRaise(before edge: Double) -> Double { edge - instruction - 1 }

  func cycles(_ instructions: Int) -> Double { Double(instructions) * instruction }
}
