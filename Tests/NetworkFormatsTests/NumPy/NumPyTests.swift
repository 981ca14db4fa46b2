import Foundation
import NetworkFormats
import Networks
import TestSupport
import Testing

@Suite("NumPy files")
struct NumPyTests {
  static func file(_ header: String, _ data: [UInt8] = [], version: UInt8 = 1) -> [UInt8] {
    let text = Array((header + "\n").utf8)
    let length = [UInt8(text.count & 0xff), UInt8(text.count >> 8)]
    return [0x93] + Array("NUMPY".utf8) + [version, 0] + length + (version > 1 ? [0, 0] : []) + text
      + data
  }

  private func message(_ bytes: [UInt8]) -> String? {
    do {
      _ = try NumPyFile.tensor(bytes: bytes)
      return nil
    } catch {
      return error.message
    }
  }

  @Test("every element type survives")
  func roundTrips() throws {
    let tensors = [
      Tensor([2, 1], [1.5, -.infinity] as [Float]), Tensor(scalar: 2.5 as Double),
      Tensor([1], [Half(1.5)]), Tensor([2], [BFloat16(1.5), BFloat16(-3)]),
      Tensor([3], [-1, 0, 127] as [Int8]), Tensor([0, 4], [] as [UInt8]),
      Tensor([1], [-2] as [Int16]), Tensor([1], [65535] as [UInt16]), Tensor([1], [-3] as [Int32]),
      Tensor([1], [4_000_000_000] as [UInt32]), Tensor([1, 1, 1], [Int64.min]),
      Tensor([1], [UInt64.max]), Tensor([2, 2], [true, false, false, true]),
    ]
    for tensor in tensors {
      let bytes = NumPyFile.bytes(tensor)
      #expect(bytes.count % 64 == tensor.type.byteCount % 64)
      #expect(try NumPyFile.tensor(bytes: bytes) == tensor)
    }
  }

  @Test("byte order and column-major order")
  func orders() throws {
    let big = Self.file(
      "{'descr': '>i2', 'fortran_order': True, 'shape': (2, 3)}",
      [0, 1, 0, 4, 0, 2, 0, 5, 0, 3, 255, 255], version: 2)
    #expect(
      try NumPyFile.tensor(bytes: big) == Tensor([2, 3], [1, 2, 3, 4, 5, -1] as [Int16]))
    let odd = Self.file(
      "{\"shape\":(2L,),'fortran_order':False,'descr':'|b1',}", [0, 7], version: 3)
    #expect(try NumPyFile.tensor(bytes: odd) == Tensor([2], [false, true]))
  }

  @Test(
    "damaged files get one clear message",
    arguments: [
      ([], "is empty"), (Array("PK\u{3}\u{4}".utf8), "archive"), (Array("hello".utf8), "no .npy"),
      ([0x93] + Array("NUMPY".utf8) + [1, 0], "truncated in the header"),
      ([0x93] + Array("NUMPY".utf8) + [9, 0, 1, 0, 0], "version 9"),
      ([0x93] + Array("NUMPY".utf8) + [2, 0, 255, 255, 255, 255], "header of 4294967295 bytes"),
      (file("{'descr': '<f4'"), "no Python dictionary"),
      (file("{'descr': '<f4', 'fortran_order': False, 'shape': 3}"), "without 'shape'"),
      (file("{'descr': '<f4', 'shape': (1,)}"), "without 'fortran_order'"),
      (file("{'descr': '<c8', 'fortran_order': False, 'shape': (1,)}"), "complex"),
      (file("{'descr': '|O', 'fortran_order': False, 'shape': (1,)}"), "Python objects"),
      (file("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,)}"), "several fields"),
      (
        file("{'descr': '<f4', 'fortran_order': False, 'shape': (2,)}", [0, 0, 0]), "needs 8 bytes"
      ),
      (file("{'descr': '<u1', 'fortran_order': False, 'shape': (1,)}", [0, 0]), "the file has 2"),
      (
        file("{'descr': '<f4', 'fortran_order': False, 'shape': (4294967296, 4294967296)}"),
        "at most"
      ),
      (
        file("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,)}"),
        "no Python dictionary"
      ),
      (file(String(repeating: "(", count: 5000)), "no Python dictionary"),
    ] as [([UInt8], String)])
  func damaged(bytes: [UInt8], part: String) throws {
    #expect(try #require(message(bytes)).contains(part))
  }

  @Test("every truncation is refused")
  func truncations() {
    let bytes = NumPyFile.bytes(Tensor([3, 2], [1, 2, 3, 4, 5, 6] as [Float]))
    for count in bytes.indices { #expect(message(Array(bytes[..<count])) != nil) }
  }

  @Test("what NumPy writes is read, and the other way round", .enabled(if: Oracle.isInstalled))
  func agreement() throws {
    try Oracle.withFolder { folder in
      try Oracle.run("NetworkFormatsTests/Oracle/numpy_files.py", ["make", folder])
      for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
        let tensor = try NumPyFile.tensor(path: "\(folder)/\(name)")
        guard name != "bytes.npy" else {
          #expect(tensor == Tensor([2], [BFloat16(bits: 1), BFloat16(bits: 2)]))
          continue
        }
        try NumPyFile.write(tensor, to: "\(folder)/\(name.dropLast(4)).again.npy")
      }
      try Oracle.run("NetworkFormatsTests/Oracle/numpy_files.py", ["check", folder])
    }
  }
}
