import Foundation
import NetworkFormats
import Networks
import Reference
import TestSupport
import Testing

/// Networks of Darknet against its layers' definitions in NumPy.
@Suite("Darknet against its definitions", .enabled(if: Oracle.isInstalled))
struct DarknetOracleTests {
  @Test("values agree within 10⁻⁵ + 10⁻⁴·|expected|")
  func values() throws {
    try Oracle.withFolder { folder in
      try Oracle.run("NetworkFormatsTests/Oracle/darknet.py", [folder])
      let names = try FileManager.default.contentsOfDirectory(atPath: folder)
        .filter { $0.hasSuffix(".cfg") }.map { $0.dropLast(4) }.sorted()
      #expect(names.count >= 16)
      for name in names {
        let path = "\(folder)/\(name)"
        let network = try DarknetFile.network(
          configuration: path + ".cfg", weights: path + ".weights")
        #expect(network.name == name)
        let input = try NumPyFile.tensor(path: path + ".in.npy")
        let results = try Executor(try network.typed()).run(["data": input])
        for (index, output) in network.outputs.enumerated() {
          let expected = try NumPyFile.tensor(path: "\(path).out.\(index).npy")
          let result = try #require(results[output])
          #expect(result.count == expected.count, "\(name) \(output)")
          if result.shape.count == 4 { #expect(result.shape == expected.shape, "\(name)") }
          let pairs = zip(
            try #require(result.array(of: Float.self)),
            try #require(expected.array(of: Float.self)))
          let worst = pairs.map { abs($0 - $1) - (1e-5 + 1e-4 * abs($1)) }.max() ?? 0
          #expect(worst <= 0, "\(name) \(output)")
        }
        #expect(!FileManager.default.fileExists(atPath: "\(path).out.\(network.outputs.count).npy"))
      }
    }
  }
}
