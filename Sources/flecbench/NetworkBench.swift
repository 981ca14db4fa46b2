internal import Foundation
internal import HostTools
internal import ModelZoo
internal import NetworkFormats
internal import Networks
internal import Reference

/// ResNet-34 by the reference executor, and as a file for onnxruntime.
enum NetworkBench {
  /// Multiply-accumulates per second of one image, packing of the weights not counted.
  static func run(quantised: Bool) throws -> Double {
    let network = try quantised ? integers().fusedQuantised() : floats()
    let executor = Executor(network)
    let clock = ContinuousClock()
    let start = clock.now
    _ = try executor.run(try sample())
    let elapsed = start.duration(to: clock.now)
    let seconds =
      Double(elapsed.components.attoseconds) * 1e-18 + Double(elapsed.components.seconds)
    return try macs() / seconds
  }

  /// Writes both networks beside each other.
  ///
  /// - Returns: multiply-accumulates per image.
  static func export(to folder: String) throws -> Double {
    try ONNXFile.write(try floats(), to: folder + "/resnet34-fp32.onnx")
    try ONNXFile.write(try integers(), to: folder + "/resnet34-int8.onnx")
    return try macs()
  }

  private static func floats() throws -> TypedNetwork {
    guard let model = ZooModel.named("resnet34") else { throw CocoaError(.featureUnsupported) }
    return try model.network(installation: InstallationFolder.find()).typed().folded()
  }

  private static func integers() throws -> TypedNetwork {
    try Quantiser().quantise(try floats(), samples: [try sample()]).typed()
  }

  private static func sample() throws -> [String: Tensor] {
    guard let model = ZooModel.named("resnet34"),
      let sample = try model.samples(1, installation: nil).first
    else { throw CocoaError(.featureUnsupported) }
    return sample
  }

  private static func macs() throws -> Double {
    Double(LayerTable(try floats()).totals.macs)
  }
}
