import Reports
import Testing

@Suite("Progress")
struct ProgressLineTests {
  private let plain = TextStyle(width: 100, usesUnicode: false)

  @Test("the line tells simulated time, cycles, speed and elapsed time")
  func line() {
    let line = ProgressLine(
      simulatedSeconds: 0.0123, cycles: 1_230_000, elapsedSeconds: 2.04, tag: "conv1")
    #expect(
      line.text(TextStyle()) == "simulated 12.3 ms · 1.23 M cycles · 603 k cycles/s · "
        + "elapsed 2.0 s · conv1")
  }

  @Test(
    "elapsed time turns to minutes and hours",
    arguments: [
      (59.94, "59.9 s"), (59.96, "1:00"), (61.0, "1:01"), (3_600.0, "1:00:00"),
      (45_296.0, "12:34:56"),
    ])
  func elapsed(seconds: Double, text: String) {
    let line = ProgressLine(simulatedSeconds: 1, cycles: 1, elapsedSeconds: seconds)
    #expect(line.text(plain).hasSuffix("elapsed \(text)"))
  }

  @Test("before there is a speed none is shown, and odd numbers never show as nan or inf")
  func odd() {
    let start = ProgressLine(simulatedSeconds: 0, cycles: 0, elapsedSeconds: 0)
    #expect(start.text(plain) == "simulated 0 s - 0 cycles - elapsed 0.0 s")
    let broken = ProgressLine(
      simulatedSeconds: .nan, cycles: .max, elapsedSeconds: .infinity, tag: "a\u{1B}[2J")
    #expect(broken.text(plain) == "simulated - - 18.4 E cycles - elapsed - - a?[2J")
  }

  @Test("a terminal never wraps the line")
  func width() {
    let line = ProgressLine(
      simulatedSeconds: 1, cycles: 1, elapsedSeconds: 1, tag: String(repeating: "x", count: 200))
    #expect(line.text(TextStyle(width: 80)).count == 79)
  }
}
