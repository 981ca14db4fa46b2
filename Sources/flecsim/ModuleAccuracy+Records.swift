internal import Reports
internal import SoC
internal import Telemetry
internal import Validation

extension ModuleAccuracy {
  /// What is known about the modules of a run, as this build was measured.
  static func of(_ snapshot: Snapshot, _ description: SoCDescription) -> [ModuleAccuracy] {
    let external = Set(
      description.accelerators.filter { $0.external != nil }.map(\.name)
        + description.peripherals.filter { $0.external != nil }.map(\.name))
    var paths: [String: [String]] = [:]
    var kinds: [String] = []
    for module in snapshot.modules {
      if paths[module.kind] == nil { kinds.append(module.kind) }
      paths[module.kind, default: []].append(module.path)
    }
    return kinds.flatMap { kind -> [ModuleAccuracy] in
      let modules = paths[kind] ?? []
      let records = AccuracyRecords.stored.of(kind)
      if !records.isEmpty, !modules.contains(where: external.contains) {
        return records.map {
          ModuleAccuracy(
            kind: kind, modules: modules, error: $0.errorText, reference: $0.reference,
            cases: $0.cases, date: $0.date)
        }
      }
      let note =
        modules.contains(where: external.contains)
        ? "not ours: RTL or a plug-in"
        : UnvalidatedKinds.note(of: kind) ?? "not compared with a reference"
      return [
        ModuleAccuracy(kind: kind, modules: modules, error: "", reference: note, cases: 0, date: "")
      ]
    }
  }
}
