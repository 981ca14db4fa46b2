internal import Foundation
internal import RISCV

/// `flecbench ROW` runs one workload and prints its rate as a single number; `Scripts/bench` calls
/// it.
///
/// To add a row: a case here, and a line in the table of `Scripts/bench` that names its peer.
@main
struct FlecBench {
  /// The rows, each with what it measures, in the unit it prints.
  enum Row: String, CaseIterable {
    /// 64 clocked modules that pop and push in every cycle; activations per second.
    case kernelRing = "kernel-ring"
    /// The same with 1,000 sleeping modules in the same clock domain; activations per second.
    case kernelRingIdle = "kernel-ring-idle"
    /// 64 modules that sleep 1 to 256 cycles at a time; events per second.
    case kernelTimed = "kernel-timed"
    /// One module alone in every cycle; instants per second.
    case kernelSolo = "kernel-solo"
    /// The same beside three sleeping clock domains; instants per second.
    case kernelSoloClocks = "kernel-solo-clocks"
    /// `Configs/stream.json`: two DMAs streaming into a 16×16 array; simulated cycles per second.
    case socStream = "soc-stream"
    /// Fewer jobs on a 16×16 array, our model; simulated cycles per second.
    case socModel16 = "soc-model-16"
    /// The same with the array in RTL, run by Verilator (`Configs/rtl/stream.json`).
    case socRTL16 = "soc-rtl-16"
    /// The same on a 32×32 array, our model.
    case socModel32 = "soc-model-32"
    /// The same on a 32×32 array in RTL.
    case socRTL32 = "soc-rtl-32"
    /// `Configs/lenet5-100.json`: 100 images; simulated cycles per second.
    case socLeNet = "soc-lenet5"
    /// `Configs/lenet5.json`: one image; runs per second of simulation.
    case socLeNetOnce = "soc-lenet5-once"
    /// A program on a bare hart; instructions per second.
    case iss
    /// The same by the reference interpreter.
    case issReference = "iss-reference"
    /// The same program's number of instructions.
    case issCount = "iss-count"
    /// ResNet-34 in fp32 by the reference executor; multiply-accumulates per second.
    case networkFP32 = "network-fp32"
    /// The same in int8.
    case networkInt8 = "network-int8"
    /// Writes both as ONNX files into the folder FLECBENCH_PROGRAM; multiply-accumulates.
    case networkExport = "network-export"
    /// Generic roofline: layers of ResNet-34 on 72 arrays; layer-designs per second.
    case estimateRoofline = "estimate-roofline"
    /// Refined roofline: the same.
    case estimateRefined = "estimate-refined"
    /// SCALE-Sim's convention: the same.
    case estimateScaleSim = "estimate-scalesim"
    /// Gemmini's improved model: whole ResNet-34s per second.
    case estimateGemmini = "estimate-gemmini"
    /// The model of our own SoC: the plan of ResNet-34 (fp32) replayed; layer-designs per second.
    case estimateSoC = "estimate-soc"
    /// Our own SoC in closed form: layers of ResNet-34 on 8 arrays; layer-designs per second.
    case estimateTiled = "estimate-tiled"
    /// The plan of ResNet-34 (fp32) replayed beat by beat; cycles per second.
    case estimateBeats = "estimate-beats"

    func measure() throws -> Double {
      switch self {
      case .kernelRing: KernelBench.ring(cycles: 2_000_000)
      case .kernelRingIdle: KernelBench.ring(cycles: 2_000_000, idle: 1000)
      case .kernelTimed: KernelBench.timed(cycles: 50_000_000)
      case .kernelSolo: KernelBench.solo(cycles: 50_000_000)
      case .kernelSoloClocks: KernelBench.solo(otherClocks: 3, cycles: 50_000_000)
      case .socStream:
        try SoCBench.run(
          "stream", overrides: ["cpu.cpu_firmware.defines.STREAM_JOBS=1024"]
        ).cyclesPerSecond
      case .socModel16: try SoCBench.runStream(side: 16, inRTL: false).cyclesPerSecond
      case .socRTL16: try SoCBench.runStream(side: 16, inRTL: true).cyclesPerSecond
      case .socModel32: try SoCBench.runStream(side: 32, inRTL: false).cyclesPerSecond
      case .socRTL32: try SoCBench.runStream(side: 32, inRTL: true).cyclesPerSecond
      case .socLeNet: try SoCBench.run("lenet5-100").cyclesPerSecond
      case .socLeNetOnce: try 1 / SoCBench.run("lenet5").seconds
      case .iss: try ISSBench.run(.fast).rate
      case .issReference: try ISSBench.run(.reference).rate
      case .issCount: Double(try ISSBench.run(.fast).instructions)
      case .networkFP32: try NetworkBench.run(quantised: false)
      case .networkInt8: try NetworkBench.run(quantised: true)
      case .networkExport:
        try NetworkBench.export(
          to: ProcessInfo.processInfo.environment["FLECBENCH_PROGRAM"] ?? ".")
      case .estimateRoofline: EstimateBench.roofline()
      case .estimateRefined: EstimateBench.refined()
      case .estimateScaleSim: EstimateBench.convention()
      case .estimateGemmini: EstimateBench.gemmini()
      case .estimateSoC: try ReplayBench("os-fp32-16x16").jobs()
      case .estimateTiled: EstimateBench.tiled()
      case .estimateBeats: try ReplayBench("os-fp32-16x16").beats()
      }
    }
  }

  static func main() throws {
    let arguments = CommandLine.arguments.dropFirst()
    guard arguments.count == 1, let row = arguments.first.flatMap(Row.init(rawValue:)) else {
      print("usage: flecbench ROW, one of")
      for row in Row.allCases { print("  \(row.rawValue)") }
      exit(64)
    }
    print(try row.measure())
  }
}
