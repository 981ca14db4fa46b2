import SoC
import Telemetry
import Testing

@Suite("Every example system")
struct ExampleTests {
  @Test("There are examples, and every one is run by an optimised build of the tests")
  func examplesExist() {
    let names = Set(Example.all.map(\.name))
    #expect(
      names.isSuperset(of: [
        "hello", "dma-copy", "gemm-os", "gemm-ws", "gemm-swift", "lenet5", "lenet5-ws",
        "lenet5-100",
      ]))
    #expect(Example.short.count >= 6)
    #expect(Example.networks.count >= 15)
  }

  @Test("The firmware exits with 0 and every compared file is equal", arguments: Example.runnable)
  func exitsWell(example: Example) async throws {
    let result = try await PlainRuns.shared.result(of: example)
    #expect(result.end.kind == .exited)
    #expect(result.end.firmwareCode == 0, "\(result.end.reason)\n\(result.console)")
    for verification in result.verifications {
      #expect(verification.isEqual, "\(verification)")
      #expect(verification.total > 0)
    }
    let compared = try example.load().files.filter { $0.operation == .compare }
    #expect(result.verifications.map(\.name) == compared.map(\.name))
  }

  @Test("The file raises no warning", arguments: Example.all + Example.networks)
  func loadsWithoutWarnings(example: Example) throws {
    let loaded = try SoCDescription.load(
      example.path,
      options: LoadOptions(requiresCPU: true, energyTables: Project.tableNames))
    #expect(loaded.warnings.map(\.description) == [])
  }

  @Test(
    "LeNet-5 recognises the image and compares every layer", arguments: ["lenet5", "lenet5-ws"])
  func lenet(name: String) async throws {
    let result = try await PlainRuns.shared.result(of: Example(name))
    #expect(result.console.contains("1 of 1 right"))
    #expect(
      result.verifications.map(\.name)
        == ["conv1", "pool1", "conv2", "pool2", "fc1", "fc2", "fc3"])
    #expect(
      result.snapshot.tags.contains("conv1") && result.snapshot.tags.contains("fc3"),
      "layers are tagged: \(result.snapshot.tags)")
  }
}
