internal import GRDB

extension EvaluationStore {
  /// What is known of each key, in the order of the keys.
  ///
  /// Look up in batches of some thousands: a call holds the read transaction and the answers.
  ///
  /// - Parameters:
  ///   - keys: digests of 64 hexadecimal digits.
  ///   - table: the energy table whose prices are wanted, named as in `Measurement.table`.
  /// - Throws: `EvaluationStoreError`.
  public func lookUp(_ keys: [String], table: String) throws(EvaluationStoreError)
    -> [StoredEvaluation]
  {
    do {
      return try queue.read { database in
        let tableNumber = try texts.existingNumber(of: table, database)
        let select = try StoreStatement(
          database,
          """
          SELECT e.id, e.status, e.cycles, e.seconds, e.wall_seconds, e.reason,
            p.energy, p.dram_energy, p.area, p.evaluation
          FROM evaluation AS e
            LEFT JOIN pricing AS p ON p.evaluation = e.id AND p.energy_table = ?2
          WHERE e.key = ?1
          """)
        if let tableNumber { select.bind(2, tableNumber) }
        var result = [StoredEvaluation](repeating: .absent, count: keys.count)
        for (key, position) in try KeyOrder.sorted(keys) {
          select.bind(1, key)
          if try select.step() {
            result[position] = try evaluation(select, table, database)
          } else if mayHaveFailures {
            result[position] = try failure(key, database)
          }
          select.reset()
        }
        return result
      }
    } catch {
      throw Self.explain(error, path)
    }
  }

  /// Reads the row of ``lookUp(_:table:)``.
  private func evaluation(
    _ row: StoreStatement, _ table: String, _ database: Database
  ) throws -> StoredEvaluation {
    if row.integer(1) == StoreSchema.Status.invalid.rawValue {
      return .outcome(
        .invalid(
          reason: try texts.text(of: row.integer(5), database),
          details: try details(row.integer(0), database)))
    }
    var measurement = Measurement(
      cycles: row.real(2), seconds: row.real(3), energy: 0, dramEnergy: 0, area: 0, table: "",
      wallSeconds: row.real(4))
    guard !row.isNull(9) else {
      measurement.counts = try counts(row.integer(0), database)
      return .unpriced(measurement)
    }
    measurement.energy = row.real(6)
    measurement.dramEnergy = row.real(7)
    measurement.area = row.real(8)
    measurement.table = table
    return .outcome(.measured(measurement))
  }

  private func failure(_ key: EvaluationKey, _ database: Database) throws -> StoredEvaluation {
    let select = try StoreStatement(
      database, "SELECT message, session FROM failure WHERE key = ?")
    select.bind(1, key)
    defer { select.reset() }
    guard try select.step() else { return .absent }
    if retriesFailures, select.integer(1) < session, session != .max { return .absent }
    return .outcome(.failed(message: select.text(0)))
  }

  private func counts(_ row: Int64, _ database: Database) throws -> [UInt8] {
    let select = try StoreStatement(database, "SELECT counts FROM evaluation WHERE id = ?")
    select.bind(1, row)
    defer { select.reset() }
    return try select.step() ? select.blob(0) : []
  }

  private func details(_ row: Int64, _ database: Database) throws -> String {
    let select = try StoreStatement(database, "SELECT details FROM evaluation WHERE id = ?")
    select.bind(1, row)
    defer { select.reset() }
    return try select.step() ? select.text(0) : ""
  }
}
