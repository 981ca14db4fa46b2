/// What the page knows: a study's result in columns, one array per parameter and metric, which is
/// short and quick to read. `data.js` reads it.
struct PageData {
  let result: ExplorationResult
  let version: String
  let overrides: (ReportedDesign) -> [String]

  /// The data as JSON for a `<script>` element.
  func json() -> String {
    var json = ScriptJSON()
    json.object { json in
      for (name, value) in [
        ("name", result.name), ("title", result.title), ("model", result.model),
        ("errorBar", result.errorBar), ("table", result.table), ("version", version),
      ] {
        json.name(name)
        json.string(value)
      }
      json.name("spaceSize")
      json.number(result.spaceSize)
      json.name("constraints")
      json.array(result.constraints) { $0.string($1) }
      writeDimensions(to: &json)
      json.name("designs")
      json.object(writeDesigns)
      writeSummaries(to: &json)
    }
    return json.text
  }

  private func writeDimensions(to json: inout ScriptJSON) {
    json.name("metrics")
    json.array(Metric.allCases) { json, metric in
      json.object { json in
        json.name("name")
        json.string(metric.rawValue)
        json.name("title")
        json.string(metric.title)
        json.name("unit")
        json.string(metric.unit)
        json.name("larger")
        json.flag(metric.isBetterLarger)
      }
    }
    json.name("objectives")
    json.array(result.objectives) { json, objective in
      json.object { json in
        json.name("metric")
        json.integer(objective.metric.index)
        json.name("maximised")
        json.flag(objective.isMaximised)
        json.name("weight")
        json.number(objective.weight)
      }
    }
  }

  private func writeDesigns(to json: inout ScriptJSON) {
    let designs = result.designs
    json.name("count")
    json.integer(designs.count)
    // The values that designs take beside those of the study come after them.
    let columns = result.parameters.indices.map { index in
      IndexedColumn(
        values: result.parameters[index].values,
        rows: designs.lazy.map { $0.values.indices.contains(index) ? $0.values[index] : .text("") })
    }
    json.name("parameters")
    json.array(zip(result.parameters, columns)) { json, column in
      json.object { json in
        json.name("name")
        json.string(column.0.name)
        json.name("values")
        json.array(column.1.values) { $0.value($1) }
        json.name("rows")
        json.array(column.1.rows) { $0.integer($1) }
      }
    }
    json.name("metrics")
    json.array(Metric.allCases.indices) { json, index in
      json.array(designs) { json, design in
        json.number(design.metrics.indices.contains(index) ? design.metrics[index] : .nan)
      }
    }
    let models = IndexedColumn(values: [], rows: designs.lazy.map(\.model))
    json.name("models")
    json.array(models.values) { $0.string($1) }
    json.name("model")
    json.array(models.rows) { $0.integer($1) }
    json.name("class")
    json.array(designs) {
      $0.integer(DesignClass.allCases.firstIndex(of: $1.classification) ?? 0)
    }
    json.name("front")
    json.array(designs.indices.lazy.filter { designs[$0].isOnFront }) { $0.integer($1) }
    json.name("optima")
    json.array(designs.indices.flatMap { index in designs[index].optimumOf.map { ($0, index) } }) {
      json, optimum in
      json.array([optimum.0.index, optimum.1]) { $0.integer($1) }
    }
    json.name("weightedBest")
    result.weightedBest.map { json.integer($0) } ?? json.null()
    writeOverrides(to: &json)
  }

  /// What `--set` takes for each design, by path; designs of a study share few values.
  private func writeOverrides(to json: inout ScriptJSON) {
    var paths: [String] = []
    var cells: [[String]] = []
    for (row, design) in result.designs.enumerated() {
      for (index, text) in overrides(design).enumerated() {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        if paths.count == index {
          paths.append(String(parts[0]))
          cells.append(Array(repeating: "", count: row))
        }
        cells[index].append(parts.count > 1 ? String(parts[1]) : "")
      }
    }
    let columns = cells.map { IndexedColumn(values: [], rows: $0) }
    json.name("overrides")
    json.array(zip(paths, columns)) { json, column in
      json.object { json in
        json.name("path")
        json.string(column.0)
        json.name("values")
        json.array(column.1.values) { $0.string($1) }
        json.name("rows")
        json.array(column.1.rows) { $0.integer($1) }
      }
    }
  }

  private func writeSummaries(to json: inout ScriptJSON) {
    json.name("stages")
    json.array(result.stages) { json, stage in
      json.object { json in
        json.name("model")
        json.string(stage.model)
        for (name, count) in [
          ("given", stage.given), ("stored", stage.stored), ("evaluated", stage.evaluated),
          ("invalid", stage.invalid), ("failed", stage.failed), ("kept", stage.kept),
        ] {
          json.name(name)
          json.integer(count)
        }
        json.name("seconds")
        json.number(stage.seconds)
      }
    }
    json.name("rejections")
    json.array(result.rejections) { json, rejection in
      json.object { json in
        json.name("reason")
        json.string(rejection.reason)
        json.name("count")
        json.integer(rejection.count)
      }
    }
    json.name("sensitivity")
    json.array(result.sensitivity) { json, entry in
      json.object { json in
        json.name("parameter")
        json.string(entry.parameter)
        json.name("metric")
        json.integer(entry.metric.index)
        json.name("share")
        json.number(entry.share)
        json.name("means")
        json.array(entry.means) { $0.number($1 ?? .nan) }
      }
    }
    json.name("comparisons")
    json.array(result.comparisons) { json, comparison in
      json.object { json in
        for (name, value) in [
          ("what", comparison.what), ("theirs", comparison.theirs), ("ours", comparison.ours),
          ("remark", comparison.remark),
        ] {
          json.name(name)
          json.string(value)
        }
        json.name("agrees")
        comparison.agrees.map { json.flag($0) } ?? json.null()
      }
    }
  }
}

/// A column as its distinct values and, for each row, the position of its value.
private struct IndexedColumn<Value: Hashable> {
  private(set) var values: [Value]
  private(set) var rows: [Int] = []

  /// `values` keep their positions; others are appended as they are met.
  init(values: [Value], rows: some Sequence<Value>) {
    self.values = values
    var positions = Dictionary(
      values.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    for value in rows {
      if let position = positions[value] {
        self.rows.append(position)
      } else {
        positions[value] = self.values.count
        self.rows.append(self.values.count)
        self.values.append(value)
      }
    }
  }
}

extension ScriptJSON {
  fileprivate mutating func value(_ value: ParameterValue) {
    switch value {
    case .integer(let value): integer(value)
    case .real(let value): number(value)
    case .flag(let value): flag(value)
    case .text(let value): string(value)
    }
  }
}
