/// Makes the header through which Swift sees C: the description's defines, the abstraction layer,
/// and the headers among the sources.
///
/// The Swift compiler takes macros from headers only, not from its arguments.
struct BridgingHeader {
  /// Its name in the folder of generated files.
  static let file = "swift_bridge.h"

  private let defines: [DictionaryEntry<String>]
  private let headers: [String]

  /// - Parameter headers: absolute paths.
  init(defines: [DictionaryEntry<String>], headers: [String]) {
    self.defines = defines
    self.headers = headers
  }

  /// The header's text.
  var text: String {
    let lines =
      defines.map { "#define \($0.key) \($0.value.prefix { !$0.isNewline })" }
      + ["#include \"hal.h\""] + headers.map { "#include \"\($0)\"" }
    return lines.joined(separator: "\n") + "\n"
  }
}
