/// The events of a run of the runtime, and distances between them in instructions: those from the
/// one event's instruction, included, to the other's, not included.
struct RuntimeTrace {
  let events: [RuntimeEvent]

  /// From the first event of a kind to the next one of another kind.
  func gap(_ first: RuntimeEvent.Kind, _ second: RuntimeEvent.Kind) -> Int {
    gap(events.firstIndex { $0.kind == first }, second)
  }

  /// From the last event of a kind to the next one of another kind.
  func lastGap(_ first: RuntimeEvent.Kind, _ second: RuntimeEvent.Kind) -> Int {
    gap(events.lastIndex { $0.kind == first }, second)
  }

  /// From the last access of opening the plan to the first event of a kind.
  func fromOpening(to kind: RuntimeEvent.Kind) -> Int {
    // Attaching an interrupt ends with the PLIC's enables.
    lastGap(.otherWrite, kind)
  }

  /// From the last load of serving the first interrupt to the next event of a kind.
  func fromServing(to kind: RuntimeEvent.Kind) -> Int {
    let claim = events.firstIndex { $0.kind == .claim } ?? 0
    let complete = events[claim...].firstIndex { $0.kind == .complete } ?? claim
    return gap(events[claim..<complete].lastIndex(where: \.isLoad), kind)
  }

  private func gap(_ start: Int?, _ second: RuntimeEvent.Kind) -> Int {
    guard let start, let end = events[(start + 1)...].first(where: { $0.kind == second }) else {
      return 0
    }
    return end.instructions - events[start].instructions
  }

  /// Instructions behind the last register write of a command to the last store that notes the
  /// command as issued.
  func bookkeeping(behind write: RuntimeEvent.Kind) -> Int {
    guard let start = events.lastIndex(where: { $0.kind == write }) else { return 0 }
    let notes = events[(start + 1)...].prefix { $0.kind == .bookkeeping }
    return notes.last.map { $0.instructions - events[start].instructions } ?? 0
  }

  /// What opening an engine costs: from its first access to that of the next engine.
  func opening(_ engine: Int) -> RuntimeCost.Piece {
    let starts = [engine, engine + 1].compactMap { engine in
      events.firstIndex { $0.kind.engine == engine }
    }
    guard starts.count == 2 else { return RuntimeCost.Piece(instructions: 0) }
    return piece(starts[0]..<starts[1], until: events[starts[1]].instructions)
  }

  /// Serving the first interrupt: from the claim to the device's last load, both included.
  var serving: RuntimeCost.Piece {
    guard let start = events.firstIndex(where: { $0.kind == .claim }),
      let end = events[start...].firstIndex(where: { $0.kind == .complete }),
      let last = events[start..<end].lastIndex(where: \.isLoad)
    else { return RuntimeCost.Piece(instructions: 0) }
    return piece(start..<last + 1, until: events[last].instructions + 1)
  }

  private func piece(_ range: Range<Int>, until end: Int) -> RuntimeCost.Piece {
    let start = events[range.lowerBound].instructions
    return RuntimeCost.Piece(
      instructions: end - start,
      accesses: events[range].filter(\.isAccess).map {
        RuntimeCost.Access(isStore: $0.isStore, offset: $0.instructions - start)
      })
  }
}
