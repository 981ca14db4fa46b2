/// The reservation station: live entries, what each waits for, issue in order per controller.
struct ReservationStation {
  /// Load, execute and store entries are numbered one after the other.
  enum Controller: Int {
    case load, execute, store
  }

  struct Entry {
    var command = GemminiCommand(.configureLoad)
    /// Bit of every entry that must complete first.
    var waits: UInt64 = 0
    /// Earliest cycle in which it may issue.
    var ready = 0
  }

  private(set) var entries: [Entry]
  private var unissued: (FixedQueue<Int>, FixedQueue<Int>, FixedQueue<Int>)
  private var lastIssue = (-1, -1, -1)
  private var live: UInt64 = 0
  /// Live entries that wait for another one.
  private var waiting: UInt64 = 0
  private let loadMask: UInt64
  private let executeMask: UInt64
  private let storeMask: UInt64
  private let executeBase: Int
  private let storeBase: Int

  init(_ configuration: GemminiConfiguration) {
    executeBase = configuration.loadEntries
    storeBase = executeBase + configuration.executeEntries
    let total = storeBase + configuration.storeEntries
    entries = Array(repeating: Entry(), count: total)
    loadMask = (1 << UInt64(executeBase)) - 1
    executeMask = (1 << UInt64(storeBase)) - 1 - loadMask
    storeMask = (1 << UInt64(total)) - 1 - loadMask - executeMask
    let queue = FixedQueue(capacity: 16, blank: 0)
    unissued = (queue, queue, queue)
  }

  var loads: Int { (live & loadMask).nonzeroBitCount }
  var executes: Int { (live & executeMask).nonzeroBitCount }
  var stores: Int { (live & storeMask).nonzeroBitCount }
  var isEmpty: Bool { live == 0 }

  /// Adds the state of the execute entries, times relative to `time`.
  func note(relativeTo time: Int, into state: inout [Int]) {
    state.append(lastIssue.1 - time)
    state.append(unissued.1.count)
    state.append(executes)
    for index in 0..<unissued.1.count {
      state.append(max(entries[unissued.1[index]].ready - time, 0))
    }
  }

  static func controller(of kind: GemminiCommand.Kind) -> Controller {
    switch kind {
    case .configureLoad, .moveIn, .zeroFill: .load
    case .configureExecute, .preload, .compute: .execute
    case .configureStore, .moveOut: .store
    }
  }

  func controller(of slot: Int) -> Controller {
    slot < executeBase ? .load : slot < storeBase ? .execute : .store
  }

  /// Makes an entry in cycle `time`; the caller has checked that one is free.
  mutating func allocate(_ command: GemminiCommand, at time: Int) {
    var waits: UInt64 = 0
    let slot: Int
    switch Self.controller(of: command.kind) {
    case .load:
      slot = (~live & loadMask).trailingZeroBitCount
      unissued.0.append(slot)
      if command.kind != .configureLoad {
        waits = overlapping(command.first, live & executeMask)
        waits |= overlapping(command.first, live & storeMask)
      }
    case .execute:
      slot = (~live & executeMask).trailingZeroBitCount
      unissued.1.append(slot)
      if command.kind != .configureExecute {
        waits = overlapping(command.first, live & loadMask)
        if command.second.isReal { waits |= overlapping(command.second, live & loadMask) }
        if command.kind == .preload { waits |= overlapping(command.first, live & storeMask) }
      }
    case .store:
      slot = (~live & storeMask).trailingZeroBitCount
      unissued.2.append(slot)
      if command.kind != .configureStore {
        waits = overlapping(command.first, live & loadMask)
        waits |= overlappingResults(command.first, live & executeMask)
      }
    }
    entries[slot].command = command
    entries[slot].waits = waits
    entries[slot].ready = time + 1
    live |= 1 << UInt64(slot)
    if waits != 0 { waiting |= 1 << UInt64(slot) }
  }

  /// Frees an entry in cycle `time`; what waited for it may issue from the next cycle on.
  /// Says whether any has nothing left to wait for.
  mutating func complete(_ slot: Int, at time: Int) -> Bool {
    let bit: UInt64 = 1 << UInt64(slot)
    live &= ~bit
    var rest = waiting
    let before = waiting
    while rest != 0 {
      let index = rest.trailingZeroBitCount
      rest &= rest - 1
      if entries[index].waits & bit != 0 {
        entries[index].waits &= ~bit
        entries[index].ready = max(entries[index].ready, time + 1)
        if entries[index].waits == 0 { waiting &= ~(1 << UInt64(index)) }
      }
    }
    return waiting != before
  }

  /// The next entry of a controller that has nothing left to wait for, and its issue cycle.
  mutating func issue(_ controller: Controller) -> (slot: Int, time: Int)? {
    switch controller {
    case .load: Self.issue(&unissued.0, &lastIssue.0, entries)
    case .execute: Self.issue(&unissued.1, &lastIssue.1, entries)
    case .store: Self.issue(&unissued.2, &lastIssue.2, entries)
    }
  }

  private static func issue(
    _ queue: inout FixedQueue<Int>, _ last: inout Int, _ entries: [Entry]
  ) -> (slot: Int, time: Int)? {
    guard !queue.isEmpty, entries[queue.first].waits == 0 else { return nil }
    let slot = queue.first
    queue.removeFirst()
    last = max(entries[slot].ready, last + 1)
    return (slot, last)
  }

  private func overlapping(_ rows: GemminiCommand.Rows, _ candidates: UInt64) -> UInt64 {
    var found: UInt64 = 0
    var rest = candidates
    while rest != 0 {
      let index = rest.trailingZeroBitCount
      if entries[index].command.first.overlaps(rows) || entries[index].command.second.overlaps(rows)
      {
        found |= 1 << UInt64(index)
      }
      rest &= rest - 1
    }
    return found
  }

  /// Preloads whose C overlaps the rows.
  private func overlappingResults(_ rows: GemminiCommand.Rows, _ candidates: UInt64) -> UInt64 {
    var found: UInt64 = 0
    var rest = candidates
    while rest != 0 {
      let index = rest.trailingZeroBitCount
      if entries[index].command.kind == .preload, entries[index].command.first.overlaps(rows) {
        found |= 1 << UInt64(index)
      }
      rest &= rest - 1
    }
    return found
  }
}
