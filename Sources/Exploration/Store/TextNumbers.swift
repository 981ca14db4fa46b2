internal import GRDB

/// Numbers of the texts that a store keeps once, as far as they are remembered in memory.
struct TextNumbers {
  private var numbers: [String: Int64] = [:]
  private var texts: [Int64: String] = [:]
  /// Texts that had no number before the transaction at work.
  private var added: [String] = []

  /// Texts that are remembered at most; what comes later is looked up in the database.
  private static let capacity = 1 << 16

  /// The number of a text, which is stored if it is new.
  mutating func number(of text: String, _ database: Database) throws -> Int64 {
    if let number = numbers[text] { return number }
    if let number = try stored(text, database) {
      remember(text, number)
      return number
    }
    let insert = try StoreStatement(database, "INSERT INTO text(value) VALUES (?)")
    insert.bind(1, text: text)
    try insert.run()
    let number = insert.insertedRow
    if remember(text, number) { added.append(text) }
    return number
  }

  /// The number of a text; nil when the store does not have it.
  mutating func existingNumber(of text: String, _ database: Database) throws -> Int64? {
    if let number = numbers[text] { return number }
    guard let number = try stored(text, database) else { return nil }
    remember(text, number)
    return number
  }

  /// The text of a number.
  mutating func text(of number: Int64, _ database: Database) throws -> String {
    if let text = texts[number] { return text }
    let select = try StoreStatement(database, "SELECT value FROM text WHERE id = ?")
    select.bind(1, number)
    guard try select.step() else {
      throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "text \(number) is missing")
    }
    let text = select.text(0)
    select.reset()
    remember(text, number)
    return text
  }

  /// The transaction is stored: so are its texts.
  mutating func commit() { added.removeAll(keepingCapacity: true) }

  /// The transaction was undone: its texts are no longer there.
  mutating func rollBack() {
    for text in added {
      if let number = numbers.removeValue(forKey: text) { texts[number] = nil }
    }
    added.removeAll()
  }

  private func stored(_ text: String, _ database: Database) throws -> Int64? {
    let select = try StoreStatement(database, "SELECT id FROM text WHERE value = ?")
    select.bind(1, text: text)
    defer { select.reset() }
    return try select.step() ? select.integer(0) : nil
  }

  @discardableResult
  private mutating func remember(_ text: String, _ number: Int64) -> Bool {
    guard numbers.count < Self.capacity else { return false }
    numbers[text] = number
    texts[number] = text
    return true
  }
}
