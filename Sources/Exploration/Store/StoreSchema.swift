internal import GRDB

/// The tables of a store.
///
/// Made for a million rows: rows are appended in the order of evaluation, and only the index over
/// the keys, which is small, is written all over. Texts that repeat (paths with values, models,
/// reasons, energy tables) are stored once and referred to by number; the view `design` shows them
/// in full.
enum StoreSchema {
  /// Number of the format; another one means other tables.
  static let format = 1
  /// Marks the file as ours (`FSim`), as SQLite's `application_id`.
  static let application: Int32 = 0x4653_696d

  /// What is in `evaluation.status`.
  enum Status: Int64 {
    case measured = 0
    case invalid = 1
  }

  static let tables = """
    CREATE TABLE meta(name TEXT PRIMARY KEY NOT NULL, value NOT NULL) WITHOUT ROWID;

    CREATE TABLE text(id INTEGER PRIMARY KEY, value TEXT NOT NULL UNIQUE);

    -- What came out, once for each key. status: 0 measured, 1 invalid.
    CREATE TABLE evaluation(
      id INTEGER PRIMARY KEY,
      key BLOB NOT NULL UNIQUE CHECK(length(key) = 32),
      model INTEGER NOT NULL REFERENCES text,
      overrides TEXT NOT NULL, -- JSON list of numbers of texts
      status INTEGER NOT NULL,
      cycles REAL, seconds REAL, wall_seconds REAL, counts BLOB,
      reason INTEGER REFERENCES text, details TEXT);

    -- What an energy table makes of an evaluation: picojoules, square micrometres.
    CREATE TABLE pricing(
      evaluation INTEGER NOT NULL REFERENCES evaluation,
      energy_table INTEGER NOT NULL REFERENCES text,
      energy REAL, dram_energy REAL, area REAL,
      PRIMARY KEY(evaluation, energy_table)) WITHOUT ROWID;

    -- Evaluations without a result, apart as they may be tried again.
    CREATE TABLE failure(
      key BLOB PRIMARY KEY NOT NULL CHECK(length(key) = 32),
      model INTEGER NOT NULL REFERENCES text,
      overrides TEXT NOT NULL,
      message TEXT NOT NULL,
      attempts INTEGER NOT NULL,
      session INTEGER NOT NULL) WITHOUT ROWID;

    CREATE VIEW design AS
      SELECT lower(hex(e.key)) AS key, m.value AS model,
        CASE e.status WHEN 0 THEN 'measured' ELSE 'invalid' END AS status,
        (SELECT group_concat(t.value, ' ')
           FROM json_each(e.overrides) AS j JOIN text AS t ON t.id = j.value) AS overrides,
        e.cycles, e.seconds, p.energy, p.dram_energy, p.area, pt.value AS energy_table,
        r.value AS reason, e.details, e.wall_seconds
      FROM evaluation AS e JOIN text AS m ON m.id = e.model
        LEFT JOIN text AS r ON r.id = e.reason
        LEFT JOIN pricing AS p ON p.evaluation = e.id
        LEFT JOIN text AS pt ON pt.id = p.energy_table;
    """

  /// Makes the tables in an empty database.
  static func create(_ database: Database, tool: String) throws {
    try database.execute(sql: tables)
    try database.execute(
      sql: "INSERT INTO meta VALUES ('format', ?), ('tool', ?), ('session', 0)",
      arguments: [format, tool])
    try database.execute(sql: "PRAGMA application_id = \(application)")
    try database.execute(sql: "PRAGMA user_version = \(format)")
  }

  /// What a file turns out to be.
  enum Content: Equatable {
    case empty
    case store(format: Int)
    case foreign
  }

  /// Looks at a database without changing it.
  static func content(_ database: Database) throws -> Content {
    let objects = try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_master") ?? 0
    let application = try Int32.fetchOne(database, sql: "PRAGMA application_id") ?? 0
    let format = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
    if application == Self.application { return .store(format: format) }
    return objects == 0 && application == 0 && format == 0 ? .empty : .foreign
  }
}
