public import Foundation
import Telemetry

extension RunRecord {
  /// The bytes that a digest of the run is taken of: everything the inputs determine, in a layout
  /// that does not depend on the machine.
  ///
  /// Wall time, host, console timing, report texts, energy (it can be recomputed with another
  /// table) and the program's version are left out.
  ///
  /// - Parameter configuration: the configuration's text with everything blanked that must not
  ///   matter, such as the fidelity; the record's own text by default.
  /// - Throws: `ResultsFolderError.notEncodable` when a component's attribute is not finite.
  public func digestContent(configuration: String? = nil) throws -> Data {
    struct Content: Encodable {
      var configuration: String
      var console: String
      var inputs: [InputFile]
      var name: String
      var outcome: RunOutcome
      var registry: Snapshot
      var verification: [VerificationResult]
    }
    return try JSONLayout.encode(
      Content(
        configuration: configuration ?? self.configuration, console: console, inputs: inputs,
        name: name, outcome: outcome, registry: snapshot, verification: verification),
      for: "digest")
  }
}
