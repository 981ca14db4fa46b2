internal import SoC

/// The file that a conformance test's signature goes to.
struct SignatureFile {
  private let path: String
  private let granularity: Int

  /// Takes the wish from the command line; nil when there is none.
  ///
  /// - Throws: `SystemError` when the program has no signature, which is known before it runs.
  init?(_ options: ObservationOptions, _ system: System) throws {
    guard let path = options.signature else { return nil }
    self.path = path
    granularity = options.signatureGranularity
    _ = try system.signature(granularity: granularity)
  }

  /// Writes memory as it is now.
  func write(of system: System) throws {
    let text = try system.signature(granularity: granularity)
    do {
      try HostFile.write(Array(text.utf8), to: path)
    } catch {
      throw CommandFailure(.output, "error: \(path): \(error)")
    }
  }
}
