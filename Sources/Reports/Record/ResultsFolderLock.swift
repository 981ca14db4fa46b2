import Foundation

/// Holds a results folder for one process; see ``ResultsFolder/lock()``.
public final class ResultsFolderLock: Sendable {
  private let descriptor: Int32

  init(_ descriptor: Int32) {
    self.descriptor = descriptor
  }

  deinit {
    close(descriptor)
  }
}
