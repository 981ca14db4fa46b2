import Foundation
import Reports
import Telemetry
import Testing

@Suite("Report formats")
struct FormatTests {
  private func render(_ name: String) throws -> String {
    try #require(ReportFormats.named(name)).render(SampleRun.record)
  }

  @Test("every format has a distinct name and renders a run and an empty run")
  func all() throws {
    let formats = ReportFormats.all()
    #expect(
      formats.map(\.name) == [
        "text", "text-full", "json", "csv-actions", "csv-counters", "csv-states", "accelergy",
      ])
    for format in formats {
      #expect(!format.summary.isEmpty)
      #expect(!format.fileExtension.hasPrefix("."))
      #expect(try format.render(SampleRun.record).hasSuffix("\n"))
      #expect(try format.render(SampleRun.empty).hasSuffix("\n"))
    }
    #expect(ReportFormats.named("xml") == nil)
  }

  @Test("JSON holds the whole record")
  func json() throws {
    let text = try render("json")
    #expect(
      try JSONDecoder().decode(RunRecord.self, from: Data(text.utf8)) == SampleRun.record)
    #expect(text.contains("\"wall_s\": 0.04"))
  }

  @Test("CSV lists actions")
  func actions() throws {
    #expect(
      try render("csv-actions") == """
        module,component,class,action,count
        dma_w,gather,byte_gather,beat,22590
        dma_x,gather,byte_gather,beat,63840
        os_array,pe,mac.int8,mac,4861440

        """)
  }

  @Test("CSV lists states, one line per state and tag")
  func states() throws {
    let lines = try render("csv-states").split(separator: "\n")
    #expect(lines[0] == "module,state,kind,blocker,tag,cycles")
    #expect(lines.contains("os_array,wait-in2,waiting,dma_x,conv1,50000"))
    #expect(lines.contains("os_array,idle,idle,,,1000"))
    let states = SampleRun.snapshot.modules.reduce(0) { $0 + $1.states.count }
    #expect(lines.count == 1 + 3 * states)
    let counters = try render("csv-counters").split(separator: "\n")
    #expect(counters.contains("dma_x,bytes,B,conv1,480000"))
  }

  @Test("CSV quotes fields with commas, quotes and line breaks")
  func quoting() throws {
    var record = SampleRun.empty
    record.snapshot.modules[0].path = "a,\"b\"\nc"
    let format = try #require(ReportFormats.named("csv-states"))
    #expect(try format.render(record).contains("\"a,\"\"b\"\"\nc\",idle,idle,,,0\n"))
  }

  @Test("an equal action of several counters is one line")
  func mergedActions() throws {
    var record = SampleRun.record
    let more = SampleRun.counter(
      "extra", "beat", [1, 2, 3],
      action: ActionReference(component: "gather", action: "beat", scale: 0.5))
    record.snapshot.modules[2].counters.append(more)
    let format = try #require(ReportFormats.named("csv-actions"))
    #expect(try format.render(record).contains("dma_w,gather,byte_gather,beat,22593\n"))
    record.snapshot.modules[2].counters[2].values[0] = 2
    #expect(try format.render(record).contains("dma_w,gather,byte_gather,beat,22593.5\n"))
  }

  @Test("Accelergy gets a tree of modules with action counts and leakage cycles")
  func accelergy() throws {
    var record = SampleRun.record
    record.snapshot.modules.removeAll { $0.path == "dma_w" }
    record.snapshot.modules[2].path = "io.dma x"
    let format = try #require(ReportFormats.named("accelergy"))
    #expect(
      try format.render(record) == """
        # Counts are numbers of actions over all instances; energy per action is not included.
        action_counts:
          version: 0.4
          subtree:
            - name: lenet5
              subtree:
                - name: io
                  subtree:
                    - name: "dma x"
                      local:
                        - name: gather
                          action_counts:
                            - name: beat
                              counts: 63840
                            - name: leak
                              counts: 200000
                - name: os_array
                  local:
                    - name: pe
                      action_counts:
                        - name: mac
                          counts: 4861440
                        - name: leak
                          counts: 12800000

        """)
  }
}
