import Fabric
import Plugins
import SimKernel
import TestSupport
import Testing

@Suite("Plug-ins that break the rules during a run")
struct MisbehaviourTests {
  /// A plug-in with a stream of 4 bytes each way and two classes of cycles.
  private static func text(_ tick: String) -> PluginText {
    PluginText(
      declarations: """
        static const flecsim_port ports[] = {{"in", FLECSIM_INPUT, 32}, {"out", FLECSIM_OUTPUT, 32}};
        static const flecsim_state states[] = {
          {"idle", FLECSIM_IDLE, -1}, {"work", FLECSIM_ACTIVE, -1}};
        static const flecsim_counter counters[] = {{"ticks", "tick", "Calls.", NULL, NULL}};
        """,
      tick: "flecsim_stream *in = &cycle->streams[0], *out = &cycle->streams[1];\n"
        + "(void)in; (void)out;\n" + tick,
      fields: [
        "ports": "ports", "port_count": "2", "states": "states", "state_count": "2",
        "counters": "counters", "counter_count": "1",
      ])
  }

  private static func bench(
    _ tick: String, _ script: [BusTransaction] = [], isEager: Bool = false,
    beats: [(bytes: [UInt8], isLast: Bool)] = []
  ) throws -> PluginBench {
    var options = PluginBench.Options()
    options.script = script
    options.beats = [beats]
    options.isEager = isEager
    let bench = try PluginBench(text(tick).load(), options)
    bench.run()
    return bench
  }

  @Test(
    "The run ends with a sentence",
    arguments: [
      (
        "if (out->ready) { out->valid = 1; out->kept = 5; } return FLECSIM_NEXT_CYCLE;",
        "plug-in module sends 5 bytes to port out, which is 4 bytes wide"
      ),
      (
        "in->valid = in->ready = 1; return FLECSIM_SLEEP;",
        "plug-in module takes a beat of port in although there is none"
      ),
      (
        "out->valid = out->ready = 1; return FLECSIM_NEXT_CYCLE;",
        "plug-in module sends a beat to port out although there is no room"
      ),
      ("cycle->state = 2; return FLECSIM_SLEEP;", "plug-in module sets state 2; there are 0 to 1"),
    ])
  func ends(tick: String, message: String) throws {
    // The output's receiver never takes anything, so that its room is used up at last.
    var options = PluginBench.Options()
    options.stallPercent = 100
    let bench = try PluginBench(Self.text(tick).load(), options)
    bench.run()
    #expect(bench.failures.count == 1)
    #expect(bench.failures.first?.hasPrefix(message + " (cycle ") == true, "\(bench.failures)")
  }

  /// A port that is narrower than the stream, as behind a DMA whose width is a power of two.
  @Test("A narrow port sends its own bytes, and is not to get more")
  func narrowPort() throws {
    var text = Self.text(
      """
      if (in->valid && out->ready) {
        memcpy(out->data, in->data, 3);
        in->ready = out->valid = 1;
      }
      return FLECSIM_SLEEP;
      """)
    text.declarations = text.declarations.replacing("32", with: "24")
    var options = PluginBench.Options()
    options.streamBytes = 4
    options.beats = [[([1, 2, 3], false), ([4, 5, 6, 7], true)]]
    let bench = try PluginBench(text.load(), options)
    bench.run()
    #expect(bench.outputs[0].beats.map(\.bytes) == [[1, 2, 3]])
    let message =
      "plug-in module gets 4 bytes at port in, which is 3 bytes wide: its DMA has to align rows to "
      + "beats (cycle "
    #expect(bench.failures.count == 1)
    #expect(bench.failures.first?.hasPrefix(message) == true, "\(bench.failures)")
  }

  @Test("What an output offers without room is not sent")
  func offersWithoutRoom() throws {
    // Counts up only when the beat could be sent: nothing is lost, nothing is sent twice.
    let bench = try Self.bench(
      """
      static uint32_t next;
      out->valid = 1; out->kept = 4;
      if (out->ready) { memcpy(out->data, &next, 4); next += 1; }
      return next < 100 ? FLECSIM_NEXT_CYCLE : FLECSIM_SLEEP;
      """)
    #expect(bench.failures == [])
    let bytes = bench.outputs[0].bytes
    #expect(bytes.count >= 400)
    #expect(stride(from: 0, to: 400, by: 4).map { bytes[$0] } == Array(0..<100))
  }

  @Test("Ready without a beat takes nothing")
  func readyWithoutBeat() throws {
    let bench = try Self.bench(
      """
      in->ready = 1;
      if (in->valid && out->ready) {
        memcpy(out->data, in->data, 4); out->kept = in->kept; out->last = in->last; out->valid = 1;
      } else in->ready = 0;
      return FLECSIM_SLEEP;
      """, beats: [([1, 2, 3, 4], false), ([5], true)])
    #expect(bench.failures == [])
    #expect(bench.outputs[0].beats.map(\.bytes) == [[1, 2, 3, 4], [5]])
    #expect(bench.outputs[0].beats.map(\.isLast) == [false, true])
  }

  @Test("An access that is not answered is refused, one that sleeps through it too")
  func unansweredAccess() throws {
    let bench = try Self.bench("return FLECSIM_SLEEP;", [.get(0), .set(4, 1), .get(8, 8)])
    #expect(bench.responses == [.slaveError, .slaveError, .slaveError])
  }

  @Test(
    "The largest answer of tick() is a sleep, not a crash", arguments: ["UINT64_MAX", "1ull << 63"])
  func endlessSleep(answer: String) throws {
    let bench = try Self.bench(
      "cycle->counters[0] += 1; cycle->access.okay = 1; return \(answer);", [.get(0, at: 50)])
    #expect(bench.failures == [])
    #expect(bench.responses == [.okay])
  }

  @Test("It is woken when it asked to be, also when nothing happens", arguments: [false, true])
  func wakes(isEager: Bool) throws {
    let bench = try Self.bench(
      """
      cycle->state = cycle->cycle >= 100;
      if (cycle->cycle == 0) return 100;
      return cycle->cycle < 100 ? 100 - cycle->cycle : FLECSIM_SLEEP;
      """, [.get(0, at: 30), .get(0, at: 200)], isEager: isEager)
    let last = try #require(bench.driver.answers.last?.finished)
    #expect(bench.cycles(in: "idle") == 100)
    #expect(try #require(bench.cycles(in: "work")) > UInt64(last) - 102)
  }

  @Test("A counter that runs backwards wraps and does not trap")
  func backwardCounter() throws {
    let bench = try Self.bench(
      "cycle->counters[0] = 5 - cycle->cycle % 2; return cycle->cycle < 9;")
    #expect(bench.failures == [])
    #expect(bench.count("ticks").map { (4...5).contains($0) } == true)
  }
}
