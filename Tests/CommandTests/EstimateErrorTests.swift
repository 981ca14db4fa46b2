import Foundation
import TestSupport
import Testing

@Suite("flecsim estimate: mistakes")
struct EstimateErrorTests {
  struct Mistake: Sendable, CustomTestStringConvertible {
    let code: Int32
    let arguments: [String]
    let message: String
    var testDescription: String { "\(arguments.joined(separator: " ")) → \(code)" }

    init(_ code: Int32, _ arguments: [String], _ message: String) {
      self.code = code
      self.arguments = arguments
      self.message = message
    }

    static let soc = Tool.config("npu/os-fp32-8x8")
    static let measurements = """
      api,M,N,K,bias,act,out_bits,mem_latency,beat_interval,cmd_gap,cycles
      tiled_auto_ws,16,many,16,0,none,8,20,1,1,300

      """
    static let all: [Mistake] = [
      Mistake(64, ["estimate", soc], "--network"),
      Mistake(64, ["estimate", soc, "--network", "lenet5", "--model", "rooflin"], "'roofline'"),
      Mistake(64, ["estimate", soc, "--network", "lenet5", "--format", "pdf"], "pdf"),
      Mistake(
        64, ["estimate", soc, "--network", "lenet5", "--model", "all", "--format", "accelergy"],
        "with all models"),
      Mistake(
        64, ["estimate", soc, "--network", "lenet5", "--model", "all", "--results", "r"],
        "one model"),
      Mistake(
        64, ["estimate", soc, "--network", "lenet5", "--model", "step-wise"], "characterise"),
      Mistake(65, ["estimate", soc, "--network", "absent"], "absent"),
      Mistake(65, ["estimate", "absent.json", "--network", "lenet5"], "absent.json"),
      Mistake(65, ["estimate", Tool.config("hello"), "--network", "lenet5"], "network runtime"),
      Mistake(65, ["estimate", soc, "--network", "lenet5", "--table", "absent"], "absent"),
      Mistake(65, ["estimate", soc, "--network", "lenet5", "--set", "cpu.cpu_mip=1"], "cpu_mips"),
      Mistake(
        65,
        ["estimate", soc, "--network", "lenet5", "--model", "stonne", "--fitted", "broken.json"],
        "broken.json"),
      Mistake(
        65, ["estimate", Tool.config("npu/ws-8x8"), "--network", "lenet5", "--model", "stonne"],
        "no array that the convention knows"),
      Mistake(
        74, ["estimate", soc, "--network", "lenet5", "--results", "/proc/flecsim"],
        "/proc/flecsim"),
      Mistake(64, ["characterise", soc], "--output"),
      Mistake(64, ["characterise", soc, "--output", "f.json", "--layers", "1"], "--layers"),
      Mistake(
        65, ["characterise", soc, "--output", "f.json", "--array", "aray"], "there are array"),
      Mistake(
        65, ["characterise", Tool.config("npu/cpu"), "--output", "f.json"], "there is no array"),
      Mistake(64, ["validate", "estimate", "--network", "lenet5"], "--soc"),
      Mistake(64, ["validate", "estimate", "--format", "pdf"], "pdf"),
      Mistake(64, ["validate", "estimate", "--block", "dma"], "--block"),
      Mistake(64, ["validate", "estimate", "--record", "--rtl", "measured.csv"], "--record"),
      Mistake(65, ["validate", "estimate", "--rtl", "absent.csv"], "absent.csv"),
      Mistake(65, ["validate", "estimate", "--rtl", "measured.csv"], "measured.csv:2"),
    ]
  }

  @Test("Each has its documented code and one message", arguments: Mistake.all)
  func codes(_ mistake: Mistake) throws {
    let tool = try Tool()
    try tool.write("{\"format\": 1,\n", to: "broken.json")
    try tool.write(Mistake.measurements, to: "measured.csv")
    let ending = try ChildProcess.run(
      Tool.executable, mistake.arguments, directory: tool.folder,
      environment: ["FLECSIM_HOME": Tool.project], timeout: 120)
    #expect(ending.code == mistake.code, "\(ending.output)\(ending.errors)")
    #expect(ending.errors.contains(mistake.message), "\(ending.errors)")
    #expect(ending.output == "")
  }
}
