internal import Reports
internal import SoC
internal import Telemetry
internal import Validation

extension ModuleAccuracy {
  /// What is known about the modules of a run, as this build was measured.
  static func of(_ snapshot: Snapshot, _ description: SoCDescription) -> [ModuleAccuracy] {
    let external = Set(
      description.accelerators.filter { $0.external != nil }.map(\.name)
        + description.peripherals.filter { $0.external != nil }.map(\.name)
        + description.memories.filter { $0.external != nil }.map(\.name))
    // Records are about integers; a kind without any says itself why.
    let floating = Set(
      description.accelerators.filter {
        $0.external == nil && $0.arguments.operandType == .fp32
          && UnvalidatedKinds.note(of: $0.kindName) == nil
      }.map(\.name))
    var paths: [String: [String]] = [:]
    var kinds: [String] = []
    for module in snapshot.modules {
      if paths[module.kind] == nil { kinds.append(module.kind) }
      paths[module.kind, default: []].append(module.path)
    }
    return kinds.flatMap { kind -> [ModuleAccuracy] in
      let modules = paths[kind] ?? []
      let ours = modules.filter { !external.contains($0) && !floating.contains($0) }
      return uncompared(kind, modules.filter(external.contains), "not ours: RTL or a plug-in")
        + uncompared(
          kind, modules.filter(floating.contains),
          "fp32; only the integer arrays were compared with RTL and other tools")
        + known(kind, ours)
    }
  }

  /// The stored records of a kind, or why there are none.
  private static func known(_ kind: String, _ modules: [String]) -> [ModuleAccuracy] {
    let records = AccuracyRecords.stored.of(kind)
    guard !modules.isEmpty, !records.isEmpty else {
      return uncompared(
        kind, modules, UnvalidatedKinds.note(of: kind) ?? "not compared with a reference")
    }
    return records.map {
      ModuleAccuracy(
        kind: kind, modules: modules, error: $0.errorText, reference: $0.reference,
        cases: $0.cases, date: $0.date)
    }
  }

  private static func uncompared(
    _ kind: String, _ modules: [String], _ note: String
  ) -> [ModuleAccuracy] {
    guard !modules.isEmpty else { return [] }
    return [
      ModuleAccuracy(kind: kind, modules: modules, error: "", reference: note, cases: 0, date: "")
    ]
  }
}
