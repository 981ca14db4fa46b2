import Energy
import Foundation
import Reports
import Telemetry
import Testing

@Suite("Results folders")
struct ResultsFolderTests {
  private func failure(_ body: () throws -> Void) -> String {
    do {
      try body()
      return "no error"
    } catch let error as ResultsFolderError {
      return error.description
    } catch {
      return "untyped: \(error)"
    }
  }

  @Test("a run that was written reads back equal")
  func roundTrip() throws {
    let folder = try TemporaryFolder()
    let results = ResultsFolder(path: folder.file("a/b"))
    try results.prepare()
    try results.write(SampleRun.record)
    #expect(try results.read() == SampleRun.record)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: results.path).sorted() == [
        "configuration.json", "console.log", "energy.json", "registry.json", "report.txt",
        "run.json",
      ])
    try results.write(SampleRun.empty)
    #expect(try results.read() == SampleRun.empty)
    #expect(!FileManager.default.fileExists(atPath: results.path + "/energy.json"))
  }

  @Test("the same run gives the same bytes, one line per counter")
  func stable() throws {
    let folder = try TemporaryFolder()
    try ResultsFolder(path: folder.file("a")).write(SampleRun.record)
    try ResultsFolder(path: folder.file("b")).write(SampleRun.record)
    for name in ["registry.json", "run.json", "energy.json", "report.txt"] {
      #expect(
        FileManager.default.contentsEqual(
          atPath: folder.file("a/\(name)"), andPath: folder.file("b/\(name)")))
    }
    let registry = try String(contentsOfFile: folder.file("a/registry.json"), encoding: .utf8)
    #expect(
      registry.contains("\n          \"cycles\": [0, 75000, 1500],\n")
        || registry.contains(
          "{\"cycles\": [0, 75000, 1500], \"kind\": \"active\", \"name\": \"compute\"}")
    )
  }

  @Test("energy can be replaced without touching the rest")
  func replaceEnergy() throws {
    let folder = try TemporaryFolder()
    let results = ResultsFolder(path: folder.path)
    try results.write(SampleRun.record)
    var other = SampleRun.energy
    other.table = "other"
    try results.replaceEnergy(other)
    var expected = SampleRun.record
    expected.energy = other
    #expect(try results.read() == expected)
  }

  @Test("other files in the folder stay")
  func foreignFiles() throws {
    let folder = try TemporaryFolder()
    try "waves".write(toFile: folder.file("waves.vcd"), atomically: true, encoding: .utf8)
    try ResultsFolder(path: folder.path).write(SampleRun.record)
    #expect(FileManager.default.fileExists(atPath: folder.file("waves.vcd")))
  }

  @Test("a missing folder, a missing file and an interrupted run are told apart")
  func missing() throws {
    let folder = try TemporaryFolder()
    let results = ResultsFolder(path: folder.path)
    #expect(
      failure { _ = try ResultsFolder(path: folder.file("no")).read() }
        == "\(folder.file("no")): no such folder")
    #expect(
      failure { _ = try results.read() }
        == "\(folder.file("run.json")): not there: no complete run is stored in this folder")
    try results.write(SampleRun.record)
    try FileManager.default.removeItem(atPath: folder.file("registry.json"))
    #expect(
      failure { _ = try results.read() }
        == "\(folder.file("registry.json")): not there, although run.json is")
  }

  @Test("damaged files are named with the reason")
  func corrupt() throws {
    let folder = try TemporaryFolder()
    let results = ResultsFolder(path: folder.path)
    func damage(_ file: String, _ change: (String) -> String) throws -> String {
      try results.write(SampleRun.record)
      let text = try String(contentsOfFile: folder.file(file), encoding: .utf8)
      try change(text).write(toFile: folder.file(file), atomically: true, encoding: .utf8)
      return failure { _ = try results.read() }
        .replacing(folder.path + "/", with: "")
    }
    #expect(
      try damage("run.json") { _ in "{" }
        == "run.json: is not valid JSON, or has a number that does not fit")
    #expect(
      try damage("run.json") { $0.replacing("\"format\": 1", with: "\"format\": 99") }
        == "run.json: results have format 99; this version reads format 1")
    #expect(
      try damage("registry.json") { $0.replacing("\"ticks\": 200000", with: "\"ticks\": \"x\"") }
        .hasPrefix("registry.json: ticks: expected "))
    #expect(
      try damage("registry.json") { $0.replacing("\"tags\": [", with: "\"tags\": [\"more\", ") }
        == "registry.json: cpu: cycles has 3 values for 4 tags")
    #expect(
      try damage("registry.json") { $0.replacing("75000", with: "18446744073709551615") }
        == "registry.json: the counts are too large to be summed")
    #expect(
      try damage("energy.json") { $0.replacing("\"node_nm\"", with: "\"node\"") }
        == "energy.json: the key 'node_nm' is missing")
  }

  @Test("a folder that cannot be written is reported before the run")
  func unwritable() throws {
    let folder = try TemporaryFolder()
    try "file".write(toFile: folder.file("x"), atomically: true, encoding: .utf8)
    let message = failure { try ResultsFolder(path: folder.file("x/y")).prepare() }
    #expect(
      message == "\(folder.file("x/y")): cannot create the folder: \(folder.file("x")) is a file")
  }

  @Test("a number that is not finite is refused, and no run.json stays behind")
  func notEncodable() throws {
    let folder = try TemporaryFolder()
    var record = SampleRun.record
    record.snapshot.modules[2].components[0].attributes["width_bits"] = .infinity
    let message = failure { try ResultsFolder(path: folder.path).write(record) }
    #expect(message.contains("registry.json: "))
    #expect(message.contains("cannot be written as JSON"))
    #expect(!FileManager.default.fileExists(atPath: folder.file("run.json")))
  }
}
