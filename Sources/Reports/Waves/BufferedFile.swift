import Foundation

/// Appends to a new file through a buffer; after the first failure nothing more is written.
struct BufferedFile {
  private let path: String
  private let handle: FileHandle
  private var buffer: [UInt8] = []
  private let capacity: Int
  private(set) var failure: WaveFileError?

  init(path: String, capacity: Int = 1 << 18) throws(WaveFileError) {
    self.path = path
    self.capacity = capacity
    do {
      try Data().write(to: URL(fileURLWithPath: path))
      handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    } catch {
      throw WaveFileError(path: path, reason: FileFailure.reason(error))
    }
    buffer.reserveCapacity(capacity + 4096)
  }

  mutating func append(_ text: StaticString) {
    text.withUTF8Buffer { buffer.append(contentsOf: $0) }
  }

  mutating func append(_ bytes: some Sequence<UInt8>) {
    buffer.append(contentsOf: bytes)
    if buffer.count >= capacity { flush() }
  }

  mutating func append(_ byte: UInt8) {
    buffer.append(byte)
  }

  mutating func append(decimal value: UInt64) {
    append(String(value).utf8)
  }

  private mutating func flush() {
    if failure == nil {
      do {
        try handle.write(contentsOf: Data(buffer))
      } catch {
        failure = WaveFileError(path: path, reason: FileFailure.reason(error))
      }
    }
    buffer.removeAll(keepingCapacity: true)
  }

  /// Writes what is buffered and closes the file.
  mutating func close() throws(WaveFileError) {
    flush()
    do {
      try handle.close()
    } catch {
      failure = failure ?? WaveFileError(path: path, reason: FileFailure.reason(error))
    }
    if let failure { throw failure }
  }
}
