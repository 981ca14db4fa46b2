internal import GRDB

extension EvaluationStore {
  /// How much is stored.
  ///
  /// - Throws: `EvaluationStoreError`.
  public func summary() throws(EvaluationStoreError) -> StoreSummary {
    do {
      return try queue.read { database in
        func count(_ sql: String) throws -> Int { try Int.fetchOne(database, sql: sql) ?? 0 }
        return StoreSummary(
          measured: try count("SELECT count(*) FROM evaluation WHERE status = 0"),
          invalid: try count("SELECT count(*) FROM evaluation WHERE status = 1"),
          failed: try count("SELECT count(*) FROM failure"))
      }
    } catch {
      throw Self.explain(error, path)
    }
  }

  /// Digest of all results, 64 hexadecimal digits: equal for two stores that hold the same
  /// evaluations with the same results, in whatever order and by whatever machines they were made.
  /// Wall-clock times and failures are left out.
  ///
  /// - Throws: `EvaluationStoreError`.
  public func contentDigest() throws(EvaluationStoreError) -> String {
    do {
      return try queue.read { database in
        let rows = try StoreStatement(
          database,
          """
          SELECT key, model, overrides, status, cycles, seconds, counts, reason, details, id
          FROM evaluation ORDER BY key
          """)
        var digest = InputDigest()
        while try rows.step() {
          digest.add(rows.blob(0))
          digest.add(try texts.text(of: rows.integer(1), database))
          for number in Self.numbers(rows.text(2)) {
            digest.add(try texts.text(of: number, database))
          }
          digest.add("\(rows.integer(3)) \(rows.real(4)) \(rows.real(5))")
          digest.add(rows.blob(6))
          digest.add(rows.isNull(7) ? "" : try texts.text(of: rows.integer(7), database))
          digest.add(rows.text(8))
          try addPrices(rows.integer(9), to: &digest, database)
        }
        return digest.finish().text
      }
    } catch {
      throw Self.explain(error, path)
    }
  }

  private func addPrices(
    _ row: Int64, to digest: inout InputDigest, _ database: Database
  ) throws {
    let prices = try StoreStatement(
      database,
      """
      SELECT t.value, p.energy, p.dram_energy, p.area
      FROM pricing AS p JOIN text AS t ON t.id = p.energy_table
      WHERE p.evaluation = ? ORDER BY t.value
      """)
    prices.bind(1, row)
    while try prices.step() {
      digest.add("\(prices.text(0)) \(prices.real(1)) \(prices.real(2)) \(prices.real(3))")
    }
    prices.reset()
  }

  /// The numbers of a JSON list of numbers.
  private static func numbers(_ list: String) -> [Int64] {
    list.dropFirst().dropLast().split(separator: ",").compactMap { Int64($0) }
  }
}
