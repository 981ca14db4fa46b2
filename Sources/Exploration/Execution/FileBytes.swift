internal import Foundation

/// Writing to descriptors.
enum FileBytes {
  /// Writes all bytes.
  ///
  /// - Throws: `ExecutionError`.
  static func write(_ bytes: [UInt8], to descriptor: Int32) throws(ExecutionError) {
    var written = 0
    while written < bytes.count {
      let count = bytes[written...].withUnsafeBytes {
        Foundation.write(descriptor, $0.baseAddress, $0.count)
      }
      if count < 0, errno != EINTR {
        throw ExecutionError("cannot write an answer: \(String(cString: strerror(errno)))")
      }
      if count > 0 { written += count }
    }
  }
}
