import Foundation
import TestSupport
import Testing

/// Kernels, typing and executor against onnxruntime and the cases of the ONNX standard.
@Suite(.enabled(if: Oracle.isInstalled))
struct OracleTests {
  @Test func randomOperatorsAgreeWithOnnxruntime() throws {
    try agree("ReferenceTests/Oracle/operators.py", atLeast: 2200)
  }

  @Test func casesOfTheStandardAgree() throws {
    try agree("ReferenceTests/Oracle/standard.py", atLeast: 670)
  }

  /// A debug build takes minutes for the large ones.
  @Test func wholeNetworksAgreeWithOnnxruntime() throws {
    #if DEBUG
      try agree("ReferenceTests/Oracle/networks.py", ["shufflenet"], atLeast: 1)
    #else
      try agree("ReferenceTests/Oracle/networks.py", atLeast: 9)
    #endif
  }

  private func agree(
    _ script: String, _ arguments: [String] = [], atLeast count: Int
  ) throws {
    try Oracle.withFolder { folder in
      try Oracle.run(script, [folder] + arguments)
      let cases = try RecordedCase.all(in: folder)
      #expect(cases.count >= count)
      for recorded in cases {
        if let text = recorded.disagreement() {
          Issue.record("\(recorded.name): \(text)")
        }
      }
    }
  }
}
