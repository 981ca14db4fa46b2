import Exploration
import Foundation
import GRDB
import TestSupport
import Testing

@Suite("Stores that cannot be used")
struct EvaluationStoreErrorTests {
  private let folder = try? StoreFolder()

  private func path() throws -> String {
    try #require(folder).file("a.sqlite")
  }

  private func error(
    _ access: EvaluationStore.Access = .write, _ path: String? = nil
  ) throws -> EvaluationStoreError? {
    #expect(throws: EvaluationStoreError.self) {
      try EvaluationStore(path: path ?? self.path(), access: access)
    }
  }

  @Test("reading needs a file that is there")
  func missing() throws {
    #expect(try error(.read) == .missing(path: try path()))
  }

  @Test(
    "a file that is no store is refused and left as it is",
    arguments: [
      Data("short".utf8), Data("a text file\n".utf8), Data(repeating: 7, count: 100_000),
    ])
  func noDatabase(content: Data) throws {
    try content.write(to: URL(fileURLWithPath: path()))
    #expect(try error() == .notAStore(path: try path()))
    #expect(try error(.read) == .notAStore(path: try path()))
    #expect(FileManager.default.contents(atPath: try path()) == content)
  }

  @Test("a database of another program is refused and left as it is")
  func foreign() throws {
    do {
      let database = try DatabaseQueue(path: path())
      try database.write { try $0.execute(sql: "CREATE TABLE songs(title)") }
      try database.close()
    }
    let content = FileManager.default.contents(atPath: try path())
    #expect(try error() == .notAStore(path: try path()))
    #expect(FileManager.default.contents(atPath: try path()) == content)
  }

  @Test("a store of another format is refused")
  func format() throws {
    do { try EvaluationStore(path: path()).close() }
    do {
      let database = try DatabaseQueue(path: path())
      try database.write { try $0.execute(sql: "PRAGMA user_version = 99") }
      try database.close()
    }
    guard case .unsupportedFormat(_, found: 99, known: 1) = try error() else {
      Issue.record("format 99 is accepted")
      return
    }
  }

  @Test("an empty file is a new store for a writer and none for a reader")
  func empty() throws {
    try Data().write(to: URL(fileURLWithPath: path()))
    #expect(try error(.read) == .notAStore(path: try path()))
    #expect(try EvaluationStore(path: path()).summary().measured == 0)
  }

  @Test(
    "a folder that cannot be made, or written, is named",
    arguments: ["/proc/a/b.sqlite", "/proc/b.sqlite"])
  func unwritable(place: String) throws {
    guard case .unwritable(place, _) = try error(.write, place) else {
      Issue.record("it is written")
      return
    }
  }

  @Test("a folder in place of the file is an error")
  func folderInPlace() throws {
    try FileManager.default.createDirectory(atPath: path(), withIntermediateDirectories: true)
    _ = try error()
  }

  @Test("keys are 64 hexadecimal digits", arguments: ["", "12", String(repeating: "g", count: 64)])
  func invalidKey(key: String) throws {
    let store = try EvaluationStore(path: path())
    let request = EvaluationRequest(key: key, model: "m", overrides: [])
    #expect(throws: EvaluationStoreError.invalidKey(key)) {
      try store.insert([(request, Sample.outcome(1))])
    }
    #expect(throws: EvaluationStoreError.invalidKey(key)) { try store.lookUp([key], table: "") }
  }

  @Test("a damaged store is reported, not believed")
  func damaged() throws {
    do {
      let store = try EvaluationStore(path: path())
      try store.insert((0..<2000).map(Sample.evaluation))
      try store.close()
    }
    var content = try #require(FileManager.default.contents(atPath: path()))
    content.replaceSubrange(
      8192..<content.count, with: Data(repeating: 0xa5, count: content.count - 8192))
    try content.write(to: URL(fileURLWithPath: path()))
    #expect(throws: EvaluationStoreError.self) {
      let store = try EvaluationStore(path: path())
      _ = try store.lookUp((0..<2000).map { Sample.request($0).key }, table: Sample.table)
    }
  }

  @Test(
    "a full disk is an error that leaves what was stored",
    .enabled(if: SmallDisk.isPossible, "mounting a small file system needs root"))
  func full() throws {
    let disk = try SmallDisk(try #require(folder).file("disk"))
    let store = try EvaluationStore(path: disk.path + "/a.sqlite")
    var stored = 0
    var failure: (any Error)?
    while failure == nil, stored < 100_000 {
      do {
        try store.insert((stored..<stored + 100).map(Sample.evaluation))
        stored += 100
      } catch {
        failure = error
      }
    }
    #expect(failure as? EvaluationStoreError == .full(path: disk.path + "/a.sqlite"))
    let reader = try EvaluationStore(path: disk.path + "/a.sqlite", access: .read)
    let found = try reader.lookUp((0..<stored).map { Sample.request($0).key }, table: Sample.table)
    #expect(stored > 0 && !found.contains(.absent))
  }
}

/// A file system of one megabyte.
private final class SmallDisk {
  let path: String

  static let isPossible: Bool = {
    guard let folder = try? StoreFolder(), let disk = try? SmallDisk(folder.path) else {
      return false
    }
    return FileManager.default.fileExists(atPath: disk.path)
  }()

  init(_ path: String) throws {
    self.path = path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    let ending = try ChildProcess.run(
      "/bin/mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", path])
    if ending.code != 0 { throw CocoaError(.fileWriteNoPermission) }
  }

  deinit {
    _ = try? ChildProcess.run("/bin/umount", ["--lazy", path])
  }
}
