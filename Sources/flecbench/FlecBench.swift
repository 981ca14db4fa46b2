@main
struct FlecBench {
  static func main() {
    for a in CommandLine.arguments.dropFirst() {
    for _ in 0..<3 {
      if a == "ring" { print("ring", KernelBench.ring(size: 64, cycles: 4_000_000) / 1e6, "M/s") }
      if a == "idle" { print("ring+1000 idle", KernelBench.ring(size: 64, cycles: 2_000_000, idle: 1000) / 1e6, "M/s") }
      if a == "timed" { print("timed", KernelBench.timed(size: 64, cycles: 50_000_000) / 1e6, "M/s") }
      if a == "solo" { print("solo ns", 1e9 / KernelBench.solo(cycles: 50_000_000)) }
      if a == "solo3" { print("solo3 ns", 1e9 / KernelBench.solo(cycles: 50_000_000, otherClocks: 3)) }
    }
    }
  }
}
