import NetworkFormats
import Networks
import TestSupport
import Testing

@Suite("NumPy archives", .enabled(if: Oracle.isInstalled, "NumPy is not installed"))
struct NumPyArchiveTests {
  @Test("Archives of numpy.savez are read, compressed ones are refused")
  func archives() throws {
    try Oracle.withFolder { folder in
      try Oracle.run("NetworkFormatsTests/Oracle/numpy_archive.py", [folder])
      let plain = try NumPyArchive.tensors(path: "\(folder)/plain.npz")
      #expect(
        plain == [
          "a": Tensor([2, 3], [0, 1, 2, 3, 4, 5] as [Float]),
          "name with/slash": Tensor([2], [-1, 2] as [Int8]),
          "scalar": Tensor(scalar: Int64(7)), "none": Tensor([0, 4], [UInt8]()),
        ])
      let one = try NumPyArchive.tensors(path: "\(folder)/one.npz")
      #expect(one == ["arr_0": Tensor([2], [true, false])])
      #expect(try NumPyArchive.tensors(path: "\(folder)/empty.npz").isEmpty)
      let refusal = #expect(throws: NetworkError.self) {
        try NumPyArchive.tensors(path: "\(folder)/compressed.npz")
      }
      #expect(refusal?.description.contains("numpy.savez") == true)
      #expect(refusal?.file == "\(folder)/compressed.npz")
    }
  }

  @Test("Damaged archives are errors")
  func damaged() throws {
    try Oracle.withFolder { folder in
      try Oracle.run("NetworkFormatsTests/Oracle/numpy_archive.py", [folder])
      let bytes = try HostBytes.read("\(folder)/plain.npz")
      for count in 0..<bytes.count {
        #expect(throws: NetworkError.self) {
          try NumPyArchive.tensors(bytes: Array(bytes.prefix(count)))
        }
      }
      // A changed byte may go unnoticed, for example in a date, but must not trap.
      for index in bytes.indices {
        for change: UInt8 in [0x01, 0x80, 0xff] {
          var changed = bytes
          changed[index] ^= change
          _ = try? NumPyArchive.tensors(bytes: changed)
        }
      }
    }
  }
}
