internal import GRDB

extension EvaluationStore {
  /// Stores outcomes in one transaction: all of them, or none when it throws.
  ///
  /// Outcomes that are there already are left alone, but a new energy table is added to them, and a
  /// result replaces a failure.
  ///
  /// - Throws: `EvaluationStoreError`; `.conflict` when a stored key came out differently.
  public func insert(
    _ evaluations: [(request: EvaluationRequest, outcome: EvaluationOutcome)]
  ) throws(EvaluationStoreError) {
    guard !evaluations.isEmpty else { return }
    do {
      try queue.write { database in
        var insertion = try Insertion(database, self)
        // Neighbours in the study share most of their overrides, neighbours in the index do not.
        try insertion.lists.fill(evaluations.lazy.map(\.request.overrides), &texts, database)
        for (key, position) in try KeyOrder.sorted(evaluations.lazy.map(\.request.key)) {
          // Not as a whole: a copy of the pair would count references of all its parts.
          try insertion.insert(
            key, position, evaluations[position].request, evaluations[position].outcome)
        }
      }
      texts.commit()
    } catch {
      texts.rollBack()
      throw Self.explain(error, path)
    }
  }

  /// Adds what another energy table makes of measurements that are stored.
  ///
  /// - Parameter prices: keys with measurements, of which only energies, area and table are used.
  /// - Throws: `EvaluationStoreError`; keys that are not stored are left out.
  public func price(
    _ prices: [(key: String, measurement: Measurement)]
  ) throws(EvaluationStoreError) {
    do {
      try queue.write { database in
        let select = try StoreStatement(
          database, "SELECT id FROM evaluation WHERE key = ? AND status = 0")
        let insert = try StoreStatement(database, Insertion.pricingSQL)
        for (text, measurement) in prices {
          guard let key = EvaluationKey(text) else { throw EvaluationStoreError.invalidKey(text) }
          select.bind(1, key)
          guard try select.step() else {
            select.reset()
            continue
          }
          let row = select.integer(0)
          select.reset()
          try Insertion.price(row, measurement, insert, self, database)
        }
      }
      texts.commit()
    } catch {
      texts.rollBack()
      throw Self.explain(error, path)
    }
  }
}

/// One transaction that inserts.
private struct Insertion {
  private let database: Database
  private let store: EvaluationStore
  private let evaluation: StoreStatement
  private let pricing: StoreStatement
  /// The overrides of the whole batch as lists of numbers.
  var lists = OverrideLists()

  static let evaluationSQL = """
    INSERT INTO evaluation(
      key, model, overrides, status, cycles, seconds, wall_seconds, counts, reason, details)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT(key) DO NOTHING
    """
  static let pricingSQL = "INSERT INTO pricing VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"

  init(_ database: Database, _ store: EvaluationStore) throws {
    self.database = database
    self.store = store
    evaluation = try StoreStatement(database, Self.evaluationSQL)
    pricing = try StoreStatement(database, Self.pricingSQL)
  }

  mutating func insert(
    _ key: EvaluationKey, _ position: Int, _ request: EvaluationRequest,
    _ outcome: EvaluationOutcome
  ) throws {
    let model = try store.texts.number(of: request.model, database)
    switch outcome {
    case .failed(let message):
      try fail(key, position, model, message)
      return
    case .measured(let measurement):
      evaluation.bind(4, StoreSchema.Status.measured.rawValue)
      evaluation.bind(5, measurement.cycles)
      evaluation.bind(6, measurement.seconds)
      evaluation.bind(7, measurement.wallSeconds)
      evaluation.bind(8, blob: measurement.counts)
      evaluation.bindNull(9)
      evaluation.bindNull(10)
    case .invalid(let reason, let details):
      evaluation.bind(4, StoreSchema.Status.invalid.rawValue)
      for column: Int32 in 5...8 { evaluation.bindNull(column) }
      evaluation.bind(9, try store.texts.number(of: reason, database))
      evaluation.bind(10, text: details)
    }
    evaluation.bind(1, key)
    evaluation.bind(2, model)
    evaluation.bind(3, text: lists[position])
    try evaluation.run()
    let isNew = evaluation.changes > 0
    let row = isNew ? evaluation.insertedRow : try rowOfEqual(request.key, key, outcome)
    if case .measured(let measurement) = outcome {
      try Self.price(row, measurement, pricing, store, database)
    }
    if isNew, store.mayHaveFailures {
      let delete = try StoreStatement(database, "DELETE FROM failure WHERE key = ?")
      delete.bind(1, key)
      try delete.run()
    }
  }

  /// Adds what an energy table makes of a row; a measurement without a table has no price.
  static func price(
    _ row: Int64, _ measurement: Measurement, _ insert: StoreStatement, _ store: EvaluationStore,
    _ database: Database
  ) throws {
    guard !measurement.table.isEmpty else { return }
    insert.bind(1, row)
    insert.bind(2, try store.texts.number(of: measurement.table, database))
    insert.bind(3, measurement.energy)
    insert.bind(4, measurement.dramEnergy)
    insert.bind(5, measurement.area)
    try insert.run()
  }

  /// Notes a failure, unless there is a result.
  private func fail(
    _ key: EvaluationKey, _ position: Int, _ model: Int64, _ message: String
  ) throws {
    store.mayHaveFailures = true
    let insert = try StoreStatement(
      database,
      """
      INSERT INTO failure SELECT ?1, ?2, ?3, ?4, 1, ?5
        WHERE NOT EXISTS (SELECT 1 FROM evaluation WHERE key = ?1)
      ON CONFLICT(key) DO UPDATE SET
        message = excluded.message, attempts = attempts + 1, session = excluded.session
      """)
    insert.bind(1, key)
    insert.bind(2, model)
    insert.bind(3, text: lists[position])
    insert.bind(4, text: message)
    insert.bind(5, store.session)
    try insert.run()
  }

  /// The row of a key that is stored, after checking that it holds the same result.
  private func rowOfEqual(
    _ text: String, _ key: EvaluationKey, _ outcome: EvaluationOutcome
  ) throws -> Int64 {
    let select = try StoreStatement(
      database,
      "SELECT id, status, cycles, seconds, counts, reason, details FROM evaluation WHERE key = ?")
    select.bind(1, key)
    defer { select.reset() }
    guard try select.step() else {
      throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "the row of \(text) is missing")
    }
    let status = StoreSchema.Status(rawValue: select.integer(1))
    let isEqual: Bool
    switch (status, outcome) {
    case (.measured, .measured(let new)):
      isEqual =
        Self.same(select.real(2), new.cycles) && Self.same(select.real(3), new.seconds)
        && select.blob(4) == new.counts
    case (.invalid, .invalid(let reason, let details)):
      isEqual =
        try store.texts.text(of: select.integer(5), database) == reason
        && select.text(6) == details
    default: isEqual = false
    }
    guard isEqual else {
      let stored =
        status == .measured
        ? Self.describe(cycles: select.real(2), seconds: select.real(3))
        : "the verdict '\(try store.texts.text(of: select.integer(5), database))'"
      throw EvaluationStoreError.conflict(
        path: store.path, key: text, stored: stored, new: Self.describe(outcome))
    }
    return select.integer(0)
  }

  private static func same(_ first: Double, _ second: Double) -> Bool {
    first == second || first.isNaN && second.isNaN
  }

  private static func describe(cycles: Double, seconds: Double) -> String {
    "\(cycles) cycles in \(seconds) s"
  }

  private static func describe(_ outcome: EvaluationOutcome) -> String {
    switch outcome {
    case .measured(let measurement):
      describe(cycles: measurement.cycles, seconds: measurement.seconds)
    case .invalid(let reason, _): "the verdict '\(reason)'"
    case .failed(let message): "the failure '\(message)'"
    }
  }
}
