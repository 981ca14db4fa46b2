internal import ArgumentParser
internal import Reference
internal import SoC

/// Which network, and the sizes its file leaves open.
struct NetworkOptions: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      "An ONNX file (.onnx), a Darknet configuration (.cfg), a SCALE-Sim topology (.csv), or a network that "
        + "comes with the tool ('flecsim network --list').", valueName: "network"))
  var name: String?

  @OptionGroup var shapes: ShapeOptions

  /// Seed of random weights and random samples.
  var seed: UInt64 { shapes.seed }

  /// Reads or builds the network.
  func source() throws -> NetworkSource {
    guard let name else { throw CommandFailure(.usage, "error: name a network") }
    return try shapes.source(named: name)
  }

  /// What the options say about open dimensions of this network.
  func binding(_ source: NetworkSource) throws -> ShapeBinding { try shapes.binding(source) }
}
