import Foundation
import Reports
import Telemetry
import Testing

@Suite("Text report")
struct TextReportTests {
  /// Thin spaces as `~`, so that they show here.
  private func visible(_ text: String) -> String { text.replacing("\u{202F}", with: "~") }

  @Test("one screen tells result, utilisation, causes, layers, conventions and energy")
  func screen() {
    let text = TextReport(style: TextStyle(width: 100), detail: .screen).text(SampleRun.record)
    #expect(
      visible(text) == """
        lenet5  firmware exited with 0 · exit code 0
        verified    2 of 2 outputs equal the expected data (4~824 items)
        simulated   2.00 ms · 200~000 cycles of core (100 MHz)
        wall time   40.0 ms · 5.00 M cycles/s

        Modules  share of cycles; each row sums to 100 %
          module    kind      active  waiting    idle  waits for
          os_array  OSArray   45.5 %   33.0 %  21.5 %  wait-in2 ← dma_x 28.0 %, wait-in1 ← dma_w 5.0 %
          dma_w     DMA       63.5 %   16.0 %  20.5 %  wait-memory ← crossbar 16.0 %
          dma_x     DMA       33.5 %   46.0 %  20.5 %  wait-memory ← crossbar 46.0 %
          cpu       RISCV32   33.0 %   67.0 %   0.0 %  wfi ← interrupt 61.5 %, wait-device ← crossbar 5.5 %
          crossbar  Crossbar  64.0 %    5.5 %  30.5 %  blocked-by-dram ← dram 5.5 %
          idle for at least 99.5 %: uart

        Why os_array took 200 k cycles  clock core, 100 MHz
          200~000  100.0 %  os_array
           91~000   45.5 %  ├─ active
           76~500   38.3 %  │  ├─ compute
           11~000    5.5 %  │  ├─ drain
            3~500    1.7 %  │  └─ fill
           66~000   33.0 %  ├─ waiting
           56~000   28.0 %  │  ├─ wait-in2 ← dma_x
           10~000    5.0 %  │  └─ wait-in1 ← dma_w
           43~000   21.5 %  └─ idle
          longest waits: os_array wait-in2 ← dma_x 28.0 % → dma_x wait-memory ← crossbar 46.0 % → crossbar
            is active 64.0 %

        Layers  cycles of core; array use = MACs / (elements × cycles)
          layer        cycles    share     time  array use      DMA   energy  longest wait
          (untagged)    1~000    0.5 %  10.0 µs      0.0 %      0 B  10.0 nJ  idle; cpu active 100.0 %
          conv1       150~000   75.0 %  1.50 ms     50.0 %   630 kB  6.32 µJ  wait-in2 ← dma_x 33.3 %
          fc1          49~000   24.5 %   490 µs      2.0 %  61.4 kB   553 nJ  idle; cpu active 91.8 %
          ────────────────────────────────────────────────────────────────────────────────────────────
          total       200~000  100.0 %  2.00 ms     38.0 %   691 kB  6.88 µJ  wait-in2 ← dma_x 28.0 %

        Conventions  array cycles as other tools count them
          module    jobs  convention  its cycles    ours  difference
          os_array    98  scalesim        85~100  87~500      -2~400
          scalesim: Counts no drain and numbers cycles from 0.

        Energy and area  table sample-45nm, 45 nm
          module    dynamic  leakage   energy    share       area    share
          os_array  4.86 µJ  2.00 µJ  6.86 µJ   99.7 %  0.128 mm²   98.4 %
          dma_x     15.0 nJ      0 J  15.0 nJ    0.2 %  1~000 µm²    0.8 %
          dma_w     6.61 nJ      0 J  6.61 nJ    0.1 %  1~000 µm²    0.8 %
          ────────────────────────────────────────────────────────────────
          total     4.88 µJ  2.00 µJ  6.88 µJ  100.0 %  0.130 mm²  100.0 %
          average power 3.44 mW over 2.00 ms; Sample prices
          sources (energy / area): sample 100.0 % / 100.0 %

        1 warning
          os_array.pe: entries scaled from 40 to 45 nm

        """)
  }

  @Test("no line is wider than asked for, with all characters and in ASCII", arguments: 60...160)
  func width(columns: Int) {
    for detail in [TextReport.Detail.screen, .full] {
      for isUnicode in [true, false] {
        let style = TextStyle(width: columns, usesUnicode: isUnicode)
        let text = TextReport(style: style, detail: detail).text(SampleRun.record)
        let widest = text.split(separator: "\n").map(\.count).max() ?? 0
        // Below 80 columns the columns that cannot be left out may need a little more.
        #expect(widest <= max(columns, 80))
        #expect(isUnicode || text.allSatisfy(\.isASCII))
      }
    }
  }

  @Test("colour only adds escape sequences")
  func colour() {
    let plain = TextReport(style: TextStyle(width: 90)).text(SampleRun.record)
    let coloured = TextReport(style: TextStyle(width: 90, usesColour: true)).text(SampleRun.record)
    #expect(!plain.contains("\u{1B}"))
    #expect(coloured.contains("\u{1B}[1m"))
    #expect(coloured.replacing(/\u{1B}\[[0-9;]*m/, with: "") == plain)
  }

  @Test("the rows of the module table sum to 100 %")
  func percentages() {
    let lines = TextReport().text(SampleRun.record).split(separator: "\n")
    for name in ["os_array", "dma_w", "dma_x", "cpu", "crossbar"] {
      let row = lines.first { $0.hasPrefix("  \(name) ") } ?? ""
      let tenths = row.matches(of: /([0-9]+)\.([0-9]) %/).prefix(3).reduce(0) {
        $0 + (Int($1.output.1) ?? 0) * 10 + (Int($1.output.2) ?? 0)
      }
      #expect(tenths == 1000, "\(row)")
    }
  }

  @Test("a run of 0 cycles and a system without modules show no nan and no inf")
  func empty() {
    var bare = SampleRun.empty
    bare.snapshot.modules = []
    bare.host.wallSeconds = .nan
    for record in [SampleRun.empty, bare] {
      for detail in [TextReport.Detail.screen, .full] {
        let text = TextReport(detail: detail).text(record)
        #expect(!text.contains("nan") && !text.contains("inf"))
        #expect(text.contains("cycle limit · exit code 3"))
      }
    }
  }

  @Test("a failed comparison shows file, count and first difference")
  func mismatch() {
    var record = SampleRun.record
    record.verification[1] = VerificationResult(
      name: "fc1", file: "golden/fc1.bin", matched: 118, total: 120,
      firstMismatch: Mismatch(index: 7, expected: "3", found: "-4"))
    let text = TextReport().text(record)
    #expect(text.contains("MISMATCH    1 of 2 outputs differ\n"))
    #expect(
      text.contains(
        "fc1: 2 of 120 items differ from golden/fc1.bin; first at index 7: expected 3, found -4"))
  }

  @Test("states that do not sum to the cycles are reported")
  func brokenSums() {
    var record = SampleRun.record
    record.snapshot.modules[0].cycles[1] += 3
    let text = visible(TextReport().text(record))
    #expect(text.contains("cpu: the state classes sum to 200~000 of 200~003 cycles"))
  }

  @Test("control characters from a configuration do not reach the terminal")
  func controlCharacters() {
    var record = SampleRun.record
    record.name = "a\u{1B}[2Jb"
    record.snapshot.tags[1] = "t\u{7}\n"
    record.outcome.reason = "x\r\ny"
    record.warnings = ["w\u{1B}c"]
    let text = TextReport(detail: .full).text(record)
    #expect(!text.contains { $0 == "\u{1B}" || $0 == "\u{7}" || $0 == "\r\n" })
    #expect(text.hasPrefix("a?[2Jb  x?y"))
  }

  @Test("the full report adds every module's tree, the array's layers, prices and sources")
  func full() {
    let text = visible(TextReport(detail: .full).text(SampleRun.record))
    for part in [
      "Why cpu took 200 k cycles", "Why uart took", "os_array by layer", "abc123",
      "os_array.pe  mac.int8        64  mac      4.86 M  1.00 pJ  4.86 µJ  0.128 mm²",
      "sample: A. Author, Prices, 2014", "note: mac.int8: accumulates in 32 bits",
    ] {
      #expect(text.contains(part), "\(part)")
    }
  }

  @Test("screens leave many warnings to the file")
  func warnings() {
    var record = SampleRun.record
    record.warnings = (1...9).map { "warning \($0)" }
    #expect(TextReport(detail: .screen).text(record).contains("… and 7 more in report.txt"))
    #expect(TextReport(detail: .full).text(record).contains("warning 9"))
  }
}
