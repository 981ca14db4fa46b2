import Fabric
import Peripherals
import Processors
import Testing

/// The error that `body` throws; nil when it throws none.
private func refusal(_ body: () throws -> Void) -> HostError? {
  do {
    try body()
    return nil
  } catch {
    return error as? HostError
  }
}

@Suite("Files of the host")
struct HostFilesTests {
  /// A tree with something to protect outside of the allowed folder.
  private final class Tree {
    let scratch: ScratchFolder
    var reports: [String] = []
    var root: String { scratch.path + "/run" }

    init() throws {
      scratch = try ScratchFolder()
      try scratch.makeFolder("run/sub/deep")
      try scratch.makeFolder("outside")
      try scratch.write("secret", to: "outside/secret")
      try scratch.write("inside", to: "run/file")
    }

    func files(_ access: HostAccess? = nil) -> HostFiles {
      HostFiles(access: access ?? .folder(root), console: Console()) { self.reports.append($0) }
    }
  }

  @Test("By default every file is refused, with one line for the user")
  func none() throws {
    let tree = try Tree()
    let files = tree.files(HostAccess.none)
    for path in ["file", tree.root + "/file", "..", "\u{1B}[2J"] {
      #expect(refusal { _ = try files.open(Array(path.utf8), flags: []) } == .accessDenied)
    }
    #expect(refusal { try files.remove(Array("file".utf8)) } == .accessDenied)
    #expect(refusal { try files.changeDirectory(Array("/".utf8)) } == .accessDenied)
    #expect(refusal { _ = try files.currentDirectory() } == .accessDenied)
    #expect(
      tree.reports == [
        "warning: the firmware asked for the host's file 'file', but the host's files are closed "
          + "to it"
      ])
    #expect(try files.write([0x41], to: 1) == 1)
  }

  @Test("The name in the report cannot control the terminal")
  func reportedName() throws {
    let tree = try Tree()
    let files = tree.files(HostAccess.none)
    let name = Array("\u{1B}[2J".utf8) + [UInt8](repeating: 0x61, count: 200)
    #expect(refusal { try files.check(name, access: 0) } == .accessDenied)
    let report = try #require(tree.reports.first)
    #expect(report.contains("'\\x1b[2J" + String(repeating: "a", count: 96) + "'…"))
    #expect(!report.contains("\u{1B}"))
  }

  @Test(
    "No path leads out of the folder",
    arguments: [
      "..", "../outside/secret", "sub/../../outside/secret", "/etc/passwd", "/", "//",
      "sub/deep/../../../outside", "link-up/outside/secret", "link-absolute", "link-file",
      "sub/link-far", "link-chain", "./././../run/file",
    ])
  func escapes(path: String) throws {
    let tree = try Tree()
    try tree.scratch.link("run/link-up", to: "..")
    try tree.scratch.link("run/link-absolute", to: tree.scratch.path + "/outside/secret")
    try tree.scratch.link("run/link-file", to: "../outside/secret")
    try tree.scratch.link("run/sub/link-far", to: "../../outside")
    try tree.scratch.link("run/link-chain", to: "sub/link-far")
    let files = tree.files()
    let bytes = Array(path.utf8)
    #expect(refusal { _ = try files.open(bytes, flags: []) } == .accessDenied)
    #expect(refusal { _ = try files.open(bytes, flags: [.writeOnly, .create]) } == .accessDenied)
    #expect(refusal { try files.check(bytes, access: 0) } == .accessDenied)
    #expect(refusal { try files.changeDirectory(bytes) } == .accessDenied)
    #expect(tree.reports.count == 1)
    // As folders on the way they lead nowhere either, even for what does not follow links.
    for follower in ["/secret", "/x", "/../x"] {
      #expect(refusal { try files.remove(bytes + Array(follower.utf8)) } != nil)
      #expect(refusal { try files.makeFolder(bytes + Array(follower.utf8)) } != nil)
    }
    #expect(try tree.scratch.read("outside/secret") == "secret")
    #expect(!tree.scratch.exists("outside/x") && !tree.scratch.exists("x"))
  }

  @Test("Paths that stay inside work, however they are written")
  func inside() throws {
    let tree = try Tree()
    try tree.scratch.link("run/link", to: "sub/../file")
    try tree.scratch.link("run/sub/absolute", to: tree.root + "/file")
    try tree.scratch.link("run/folder", to: "sub/deep")
    let files = tree.files()
    for path in [
      "file", "./file", "sub/../file", "sub//deep/../../file", tree.root + "/file", "link",
      "sub/absolute", "folder/../../file",
    ] {
      let number = try files.open(Array(path.utf8), flags: [])
      #expect(try files.read(number, atMost: 100) == Array("inside".utf8))
      try files.close(number)
    }
    try files.changeDirectory(Array("folder".utf8))
    #expect(
      String(decoding: try files.currentDirectory(), as: UTF8.self).hasSuffix("/run/sub/deep"))
    try files.check(Array("../../file".utf8), access: 4)
    let folder = try files.open(Array("../".utf8), flags: [.directory])
    try files.check(Array("deep".utf8), in: folder, access: 0)
    try files.check(Array("../file".utf8), in: folder, access: 0)
    #expect(
      refusal { try files.check(Array("../../outside".utf8), in: folder, access: 0) }
        == .accessDenied)
    let file = try files.open(Array("../../file".utf8), flags: [])
    #expect(refusal { try files.check([0x61], in: file, access: 0) } == .notDirectory)
    #expect(refusal { try files.check([0x61], in: 77, access: 0) } == .badDescriptor)
    #expect(refusal { try files.check([0x61], in: 1, access: 0) } == .notDirectory)
  }

  @Test("The root is a folder like any other, by any name")
  func root() throws {
    let tree = try Tree()
    let files = tree.files()
    for path in [".", "./", "sub/..", tree.root, tree.root + "/"] {
      let number = try files.open(Array(path.utf8), flags: [.directory])
      try files.check(Array("file".utf8), in: number, access: 0)
      try files.close(number)
    }
  }

  @Test("A name with a slash at its end is a folder")
  func trailingSlash() throws {
    let tree = try Tree()
    let files = tree.files()
    #expect(refusal { _ = try files.open(Array("file/".utf8), flags: []) } == .notDirectory)
    #expect(
      refusal { _ = try files.open(Array("new/".utf8), flags: [.writeOnly, .create]) }
        == .isDirectory)
    try files.makeFolder(Array("made/".utf8))
    #expect(tree.scratch.exists("run/made"))
  }

  @Test("Links in circles and paths too long or too deep are errors")
  func limits() throws {
    let tree = try Tree()
    try tree.scratch.link("run/a", to: "b")
    try tree.scratch.link("run/b", to: "a")
    try tree.scratch.link("run/grow", to: "grow/grow")
    let files = tree.files()
    for path in ["a", "a/x", "grow"] {
      #expect(refusal { try files.check(Array(path.utf8), access: 0) } == .tooManyLinks)
    }
    #expect(
      refusal { try files.check([UInt8](repeating: 0x61, count: 5000), access: 0) }
        == .nameTooLong)
    #expect(refusal { try files.check([], access: 0) } == .noSuchFile)
    #expect(refusal { try files.check([0, 0x61], access: 0) } == .noSuchFile)
    var path: [UInt8] = []
    for _ in 0..<300 {
      path += Array("d/".utf8)
      if refusal({ try files.makeFolder(path) }) != nil { break }
    }
    #expect(refusal { try files.makeFolder(path) } == .nameTooLong)
  }

  @Test("Only so many files can be open, and closed ones are free again")
  func manyFiles() throws {
    let tree = try Tree()
    let files = tree.files()
    var last: Int32 = 0
    for _ in 3..<HostFiles.mostOpen { last = try files.open(Array("file".utf8), flags: []) }
    #expect(refusal { _ = try files.open(Array("file".utf8), flags: []) } == .tooManyOpenFiles)
    #expect(refusal { _ = try files.duplicate(last) } == .tooManyOpenFiles)
    try files.close(100)
    #expect(try files.open(Array("file".utf8), flags: []) == 100)
    try files.close(0)
    #expect(try files.duplicate(1) == 0)
  }

  @Test("Pipes and devices in the folder are refused, and nothing waits for them")
  func specialFiles() throws {
    let tree = try Tree()
    #expect(makePipe(tree.root + "/pipe"))
    let files = tree.files()
    for flags: OpenFlags in [[], .readWrite, [.writeOnly, .create]] {
      #expect(refusal { _ = try files.open(Array("pipe".utf8), flags: flags) } == .accessDenied)
    }
    let free = tree.files(.unrestricted)
    let number = try free.open(Array((tree.root + "/pipe").utf8), flags: [])
    #expect(try free.read(number, atMost: 10).isEmpty)
  }

  @Test("A folder that is not there closes the host's files, with a line for the user")
  func missingFolder() throws {
    let tree = try Tree()
    let files = tree.files(.folder(tree.root + "/missing"))
    #expect(tree.reports.count == 1)
    #expect(refusal { _ = try files.open(Array("file".utf8), flags: []) } == .accessDenied)
  }

  @Test("Without restriction all of the user's files are there, and the working directory is own")
  func unrestricted() throws {
    let tree = try Tree()
    let files = tree.files(.unrestricted)
    let before = try files.currentDirectory()
    let other = tree.files(.unrestricted)
    try files.changeDirectory(Array(tree.root.utf8))
    try files.changeDirectory(Array("sub".utf8))
    let number = try files.open(Array("../../outside/secret".utf8), flags: [])
    #expect(try files.read(number, atMost: 100) == Array("secret".utf8))
    #expect(String(decoding: try files.currentDirectory(), as: UTF8.self).hasSuffix("/run/sub"))
    #expect(try other.currentDirectory() == before)
    let folder = try files.open(Array("..".utf8), flags: [.directory])
    try files.check(Array("file".utf8), in: folder, access: 4)
    #expect(tree.reports.isEmpty)
  }

  @Test("Nothing of a file with special permissions is made")
  func permissions() throws {
    let tree = try Tree()
    let files = tree.files()
    let number = try files.open(
      Array("tool".utf8), flags: [.writeOnly, .create], permissions: 0o7755)
    #expect(number == 3)
    #expect(try fileMode(tree.root + "/tool") & 0o7000 == 0)
  }
}
