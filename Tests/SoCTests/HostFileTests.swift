import Foundation
import SoC
import Testing

@Suite("Files of the host")
struct HostFileTests {
  /// A folder of its own.
  private let folder: String
  private let fixture: FirmwareFixture

  init() throws {
    fixture = try FirmwareFixture("files")
    folder = fixture.folder
    try fixture.write("12345678", to: "eight")
  }

  @Test("Whatever is no regular file has its reason, and nothing blocks")
  func reasons() throws {
    #expect(mkfifo("\(folder)/pipe", 0o600) == 0)
    #expect(symlink("loop", "\(folder)/loop") == 0)
    #expect(symlink("absent", "\(folder)/dangling") == 0)
    let cases = [
      ("", "the path is empty; expected a file"), ("/dev/zero", "/dev/zero is a device"),
      (folder, "\(folder) is a folder; expected a file"),
      ("\(folder)/pipe", "\(folder)/pipe is a pipe; expected a regular file"),
      ("\(folder)/loop", "\(folder)/loop: too many levels of symbolic links"),
      ("\(folder)/dangling", "\(folder)/dangling is a link to absent, which does not exist"),
      (
        "\(folder)/eigth",
        "no such file: \(folder)/eigth; did you mean '\(folder)/eight'?"
      ),
      ("\(folder)/eight/x", "no such file: \(folder)/eight/x"),
    ]
    for (path, expected) in cases {
      let problem = try #require(HostFile.problem(path))
      #expect("\(problem)".hasPrefix(expected), "\(problem)")
      guard case .failure = HostFile.read(path) else {
        Issue.record("\(path) was read")
        continue
      }
    }
    #expect(HostFile.problem("\(folder)/eight") == nil)
  }

  @Test("No more is read than is wanted, and what is too large is refused with its size")
  func limits() throws {
    let path = "\(folder)/eight"
    #expect(try HostFile.read(path).get() == Array("12345678".utf8))
    #expect(try HostFile.read(path, limit: 4, prefix: 3).get() == Array("123".utf8))
    #expect(truncate(path, 1 << 40) == 0)
    #expect(try HostFile.read(path, prefix: 2).get() == Array("12".utf8))
    guard case .failure(let problem) = HostFile.read(path, limit: 100) else {
      Issue.record("a file of a tebibyte was read")
      return
    }
    #expect("\(problem)" == "the file has 1099511627776 bytes; expected at most 100 bytes")
  }

  @Test("Writing replaces a file in one step, follows links and leaves nothing behind on failure")
  func writes() throws {
    let path = "\(folder)/eight"
    #expect(symlink("eight", "\(folder)/link") == 0)
    try HostFile.write(Array("new".utf8), to: "\(folder)/link")
    #expect(try HostFile.read(path).get() == Array("new".utf8))
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/link") == "eight")
    for wrong in ["", folder, "\(folder)/absent/x"] {
      #expect(throws: HostFile.Problem.self) { try HostFile.write([1], to: wrong) }
    }
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == ["eight", "link"])
  }

  @Test(
    "A device is written into and stays one", .enabled(if: HostFile.problem("/dev/full") != nil))
  func devices() {
    #expect(throws: HostFile.Problem.self) { try HostFile.write([1], to: "/dev/full") }
    #expect("\(HostFile.problem("/dev/full")?.message ?? "")" == "/dev/full is a device")
  }
}
