/// The order in which a batch of keys is worked on: neighbours in the index one after the other, as
/// then its pages are found in the processor's caches.
enum KeyOrder {
  /// The keys with their positions, sorted by key.
  ///
  /// - Throws: `EvaluationStoreError.invalidKey`.
  static func sorted(
    _ texts: some Sequence<String>
  ) throws(EvaluationStoreError) -> [(key: EvaluationKey, position: Int)] {
    var result: [(key: EvaluationKey, position: Int)] = []
    result.reserveCapacity(texts.underestimatedCount)
    for text in texts {
      guard let key = EvaluationKey(text) else { throw .invalidKey(text) }
      result.append((key, result.count))
    }
    // The first 8 of 32 digest bytes tell almost all keys apart; among equal ones the order is of
    // no importance.
    result.sort { $0.key.prefix < $1.key.prefix }
    return result
  }
}
