import Estimation

/// What the runtime executes for a plan, put together from the pieces of a ``RuntimeCost`` as its
/// documentation says.
///
/// Devices finish as those of a ``RuntimeProbe`` do: one command of the first device that has one
/// each time the core sleeps.
struct RuntimeWalk {
  let cost: RuntimeCost
  let plan: ProbePlan
  /// Instructions of the core's kernel.
  let kernel: Int
  private(set) var instructions = 0
  /// Instructions in front of the register write that starts each device's commands, device by
  /// device.
  private(set) var starts: [[Int]]
  private var issued: [Int]
  private var completed: [Int]
  private var tagAt: [Int?]

  init(_ plan: ProbePlan, _ cost: RuntimeCost, kernel: Int) {
    self.plan = plan
    self.cost = cost
    self.kernel = kernel
    starts = plan.engines.map { _ in [] }
    issued = plan.engines.map { _ in 0 }
    completed = issued
    tagAt = plan.engines.map { _ in nil }
  }

  private var devices: Range<Int> { 1..<plan.engines.count }

  private func commands(_ engine: Int) -> [ProbePlan.Command] { plan.engines[engine].commands }

  /// How many waits of a command are fulfilled in front of the first that is not; nil for all.
  private func fulfilled(_ command: ProbePlan.Command) -> Int? {
    command.waits.firstIndex { completed[$0.engine] < $0.count }
  }

  /// Executes the plan from reset to its end.
  mutating func run() {
    instructions += cost.start.instructions
    for device in devices {
      instructions +=
        plan.engines[device].kind == .dma
        ? cost.openDMA.instructions : cost.openAccelerator.instructions
    }
    instructions += cost.opened
    pass()
    instructions += cost.begun
    while true {
      let isComplete = plan.engines.indices.map { completed[$0] == commands($0).count }
      guard let first = isComplete.firstIndex(of: false) else {
        instructions += cost.loop.finish(engines: plan.engines.count)
        return
      }
      if first > 0 {
        instructions += cost.loop.idle(firstIncomplete: first)
      } else {
        let command = commands(0)[issued[0]]
        guard let fulfilled = fulfilled(command) else {
          compute(command)
          continue
        }
        instructions += cost.loop.blocked(fulfilled: fulfilled)
      }
      guard wake() else { return }
    }
  }

  private mutating func compute(_ command: ProbePlan.Command) {
    issued[0] += 1
    instructions += cost.core.begin(waits: command.waits.count, setsTag: command.setsTag)
    instructions += kernel + cost.core.end
    completed[0] += 1
    pass()
  }

  /// The first device's oldest command ends while the core sleeps.
  private mutating func wake() -> Bool {
    guard let device = devices.first(where: { completed[$0] < issued[$0] }) else { return false }
    completed[device] += 1
    instructions += cost.wake
    instructions +=
      plan.engines[device].kind == .dma
      ? cost.serveDMA.instructions : cost.serveAccelerator.instructions
    if let place = tagAt[device], completed[device] >= place {
      instructions += cost.servedTag.instructions
      tagAt[device] = nil
    }
    pass()
    instructions += cost.served.instructions
    return true
  }

  private mutating func pass() {
    for device in devices { pass(device) }
  }

  private mutating func pass(_ device: Int) {
    var hasIssued = false
    while true {
      guard issued[device] - completed[device] < 2 else {
        instructions += hasIssued ? cost.scan.filled : cost.scan.full
        return
      }
      guard issued[device] < commands(device).count else {
        instructions += cost.scan.drained
        return
      }
      let command = commands(device)[issued[device]]
      if let fulfilled = fulfilled(command) {
        instructions += cost.scan.blocked(fulfilled: fulfilled)
        return
      }
      issue(command, to: device)
      hasIssued = true
    }
  }

  private mutating func issue(_ command: ProbePlan.Command, to device: Int) {
    if command.setsTag {
      if completed[device] >= issued[device] {
        instructions += cost.command.tag
      } else {
        instructions += cost.command.deferredTag
        tagAt[device] = issued[device]
      }
    }
    let (waits, groups) = (command.waits.count, command.groups.count)
    let values = command.groups.reduce(0, +)
    starts[device].append(
      instructions + cost.command.start(waits: waits, groups: groups, values: values))
    instructions += cost.command.instructions(waits: waits, groups: groups, values: values)
    issued[device] += 1
  }
}
