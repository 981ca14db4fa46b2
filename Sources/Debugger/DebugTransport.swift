/// A two-way stream of bytes to a debugger.
public protocol DebugTransport: AnyObject {
  /// What has arrived: waits up to `milliseconds` for the first byte. Empty when nothing came, nil
  /// when the other end has closed.
  func receive(waiting milliseconds: Int32) -> [UInt8]?
  /// Sends everything; false when the other end has closed.
  func send(_ bytes: [UInt8]) -> Bool
}
