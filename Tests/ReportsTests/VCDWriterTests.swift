import Foundation
import Reports
import Telemetry
import Testing

@Suite("VCD files")
struct VCDWriterTests {
  private func written(
    _ sample: WaveSample, ticksPerSecond: UInt64 = 100_000_000, end: UInt64 = 10,
    comment: String = ""
  ) throws -> VCDDocument {
    let folder = try TemporaryFolder()
    let writer = VCDWriter(
      path: folder.file("waves.vcd"), top: "soc", ticksPerSecond: ticksPerSecond,
      comment: comment)
    try writer.begin(signals: sample.signals)
    for change in sample.changes { writer.record(change) }
    try writer.finish(at: end)
    return try VCDDocument(
      String(contentsOfFile: folder.file("waves.vcd"), encoding: .utf8))
  }

  @Test("a file read back holds every signal in its scope and every change at its time")
  func readBack() throws {
    let document = try written(try WaveSample.standard())
    #expect(document.timescale == "10 ns")
    #expect(
      document.variables.map(\.name) == [
        "soc.os_array.state", "soc.os_array.in1.tvalid", "soc.os_array.in1.tready",
        "soc.os_array.in1.tdata", "soc.os_array.in1.tkeep_bytes", "soc.cpu.state", "soc.cpu.pc",
      ])
    #expect(document.variables.map(\.bits) == [1, 1, 1, 128, 16, 1, 32])
    #expect(document.variables[0].type == "string")
    #expect(document.dumps == ["$dumpvars"])
    #expect(
      document.history("soc.os_array.state") == ["0:idle", "3:compute", "5:wait-in1"])
    #expect(document.history("soc.os_array.in1.tvalid") == ["0:x", "2:1", "4:0"])
    var data = ""
    for byte in stride(from: 16, through: 1, by: -1) {
      let digits = String(byte, radix: 2)
      data += byte == 16 ? digits : String(repeating: "0", count: 8 - digits.count) + digits
    }
    #expect(document.history("soc.os_array.in1.tdata") == ["0:x", "2:\(data)", "9:0"])
    #expect(
      document.history("soc.cpu.pc").map { $0.split(separator: ":")[1].count } == [32, 32])
    #expect(document.end == 10)
  }

  @Test(
    "the time unit is the largest in which a base tick is whole",
    arguments: [
      (1, "1 s", 1), (10, "100 ms", 1), (4, "10 ms", 25), (100_000, "10 us", 1),
      (100_000_000, "10 ns", 1), (400_000_000, "100 ps", 25), (1_000_000_000, "1 ns", 1),
      (1_000_000_000_000_000, "1 fs", 1),
    ] as [(UInt64, String, UInt64)])
  func timescale(ticksPerSecond: UInt64, text: String, factor: UInt64) {
    let timescale = VCDTimescale(ticksPerSecond: ticksPerSecond)
    #expect(timescale.isExact)
    #expect(timescale.text == text)
    #expect(timescale.stamp(7) == 7 * factor)
  }

  @Test("a tick that is no whole number of fs is rounded on its own, and the file says so")
  func rounding() throws {
    let timescale = VCDTimescale(ticksPerSecond: 300_000_000)
    #expect(!timescale.isExact)
    #expect(timescale.text == "1 fs")
    #expect(timescale.stamp(1) == 3_333_333)
    #expect(timescale.stamp(2) == 6_666_667)
    #expect(timescale.stamp(3) == 10_000_000)
    #expect(timescale.stamp(3_000_000_000) == 10_000_000_000_000_000)
    let document = try written(try WaveSample.standard(), ticksPerSecond: 300_000_000)
    #expect(document.comments.contains { $0.contains("rounded to 1 fs") })
    #expect(document.end == 33_333_333)
  }

  @Test("any number of signals has distinct printable codes")
  func codes() throws {
    let sample = try WaveSample(
      (0..<9_500).map { ("m\($0 % 50)", "s\($0)", .bits(1)) }, [(0, 0, .value(1))])
    let document = try written(sample)
    #expect(Set(document.variables.map(\.code)).count == 9_500)
    #expect(
      document.variables.allSatisfy { $0.code.utf8.allSatisfy { (33...126).contains($0) } })
  }

  @Test("names that files or viewers cannot hold are replaced and stay distinct")
  func names() throws {
    let sample = try WaveSample(
      [
        ("a.b", "x y", .bits(1)), ("a.b", "x-y", .bits(1)), ("a", "b.x", .bits(4)),
        ("a", "mode", .names(["two words", "", "ok"])),
      ],
      [(0, 3, .value(0)), (1, 3, .value(1)), (2, 3, .value(2)), (3, 3, .value(9))])
    let document = try written(sample, comment: "made $end by\nme")
    #expect(
      Set(document.variables.map(\.name)) == [
        "soc.a.b.x_y", "soc.a.b.x_y_2", "soc.a.b.x", "soc.a.mode",
      ])
    #expect(document.history("soc.a.mode") == ["0:two_words", "1:_", "2:ok", "3:9"])
    #expect(document.comments == ["made _end by?me"])
  }

  @Test("a recording window that opens late starts at its own time, and its end is marked unknown")
  func window() throws {
    let folder = try TemporaryFolder()
    let sample = try WaveSample(
      [("a", "x", .bits(8))], [(5, 0, .value(3)), (9, 0, .value(4)), (20, 0, .value(5))])
    let writer = VCDWriter(path: folder.file("w.vcd"), top: "soc", ticksPerSecond: 1_000_000_000)
    try writer.begin(signals: sample.signals)
    writer.record(sample.changes[0])
    writer.record(sample.changes[1])
    writer.suspend(at: 12)
    writer.record(sample.changes[2])
    try writer.finish(at: 25)
    let document = try VCDDocument(
      String(contentsOfFile: folder.file("w.vcd"), encoding: .utf8))
    #expect(document.history("soc.a.x") == ["5:11", "9:100", "12:x", "20:101"])
    #expect(document.dumps == ["$dumpvars", "$dumpoff"])
    #expect(document.end == 25)
  }

  @Test("a system without signals or changes gives a valid file")
  func empty() throws {
    #expect(try written(try WaveSample([], []), end: 0).variables.isEmpty)
    let silent = try written(try WaveSample([("a", "x", .bits(1))], []), end: 7)
    #expect(silent.history("soc.a.x") == ["0:x"])
    #expect(silent.end == 7)
  }

  @Test("a full disk is reported at the end, and the simulation goes on")
  func fullDisk() throws {
    guard FileManager.default.fileExists(atPath: "/dev/full") else { return }
    let sample = try WaveSample.standard()
    let writer = VCDWriter(path: "/dev/full", top: "soc", ticksPerSecond: 1)
    try writer.begin(signals: sample.signals)
    for change in sample.changes { writer.record(change) }
    let error = #expect(throws: WaveFileError.self) { try writer.finish(at: 10) }
    #expect(error?.description == "/dev/full: cannot write: No space left on device")
  }

  @Test("a file that cannot be created is reported with its path")
  func unwritable() throws {
    let writer = VCDWriter(path: "/nowhere/at/all/w.vcd", top: "soc", ticksPerSecond: 1)
    let error = #expect(throws: WaveFileError.self) { try writer.begin(signals: []) }
    #expect(error?.path == "/nowhere/at/all/w.vcd")
    #expect(error?.description.hasPrefix("/nowhere/at/all/w.vcd: cannot write: ") == true)
  }

  @Test("a save file groups signals by module: state, streams, the rest")
  func saveFile() throws {
    let sample = try WaveSample.standard()
    let file = GTKWaveSaveFile(
      top: "soc", signals: sample.signals, dumpFile: "waves.vcd", featured: ["cpu"],
      shownSeconds: 1e-6, timescale: VCDTimescale(ticksPerSecond: 100_000_000))
    #expect(
      file.text == """
        [*] Waveform view; open with: gtkwave FILE.vcd FILE.gtkw
        [dumpfile] "waves.vcd"
        [timestart] 0
        [size] 1600 900
        [pos] -1 -1
        *-7.506353 -1\(String(repeating: " -1", count: 26))
        [sst_width] 240
        [signals_width] 240
        [sst_expanded] 0
        [treeopen] soc.
        @800200
        -cpu
        @820
        soc.cpu.state
        @22
        soc.cpu.pc[31:0]
        @1000200
        -cpu
        @c00200
        -os_array
        @820
        soc.os_array.state
        @200
        -in1
        @28
        soc.os_array.in1.tvalid
        soc.os_array.in1.tready
        @22
        soc.os_array.in1.tdata[127:0]
        @24
        soc.os_array.in1.tkeep_bytes[15:0]
        @1401200
        -os_array

        """)
  }
}
