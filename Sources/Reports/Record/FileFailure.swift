import Foundation

/// Says in a few words why a file operation failed.
enum FileFailure {
  /// The system's own words, such as `No space left on device`, without Foundation's wrapping.
  static func reason(_ error: any Error) -> String {
    var current = error as NSError
    while let inner = current.userInfo[NSUnderlyingErrorKey] as? NSError { current = inner }
    if current.domain == NSPOSIXErrorDomain, let text = strerror(Int32(current.code)) {
      return String(cString: text)
    }
    let text = current.localizedDescription
    let preamble = "The operation could not be completed. "
    return text.hasPrefix(preamble) ? String(text.dropFirst(preamble.count)) : text
  }
}
