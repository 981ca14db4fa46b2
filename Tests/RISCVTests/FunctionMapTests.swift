import RISCV
import Testing

@Suite("Functions by address")
struct FunctionMapTests {
  private func map(
    _ functions: [(String, UInt64, UInt64)], code: [(address: UInt64, size: UInt64)] = []
  ) -> FunctionMap {
    FunctionMap(
      functions.map { FunctionMap.Function(name: $0.0, address: $0.1, size: $0.2) }, code: code)
  }

  private func name(_ map: FunctionMap, _ address: UInt64) -> String? {
    map.extent(of: address).function.map { map.functions[$0].name }
  }

  @Test("A function holds its bytes, and nothing holds what is between")
  func sizes() {
    let map = map([("b", 0x200, 0x10), ("a", 0x100, 0x80)])
    #expect(name(map, 0xff) == nil && name(map, 0x100) == "a" && name(map, 0x17f) == "a")
    #expect(name(map, 0x180) == nil && name(map, 0x200) == "b" && name(map, 0x210) == nil)
    let gap = map.extent(of: 0x190)
    #expect(gap.start == 0x180 && gap.size == 0x80)
    #expect(map.extent(of: 0).size == 0x100)
    #expect(map.extent(of: .max).start == 0x210)
  }

  @Test("A function inside another one has its bytes for itself")
  func nesting() {
    let map = map([
      ("outer", 0x100, 0x100), ("inner", 0x120, 0x20), ("innermost", 0x130, 8),
      ("crossing", 0x1f0, 0x20),
    ])
    let names = [0x100, 0x120, 0x130, 0x138, 0x140, 0x1ef, 0x1f0, 0x20f].map { name(map, $0) }
    #expect(
      names == [
        "outer", "inner", "innermost", "inner", "outer", "outer", "crossing", "crossing",
      ])
    #expect(name(map, 0x210) == nil)
    #expect(map.extent(of: 0x1ef).start == 0x140)
  }

  @Test("Labels reach to the next symbol or the end of the code, where no function is")
  func labels() {
    let map = map(
      [
        ("start", 0x100, 0), ("loop", 0x110, 0), ("f", 0x140, 0x20), ("label in f", 0x148, 0),
        ("end", 0x180, 0), ("elsewhere", 0x1000, 0),
      ], code: [(0x100, 0x100)])
    let names = [0x100, 0x110, 0x13f, 0x148, 0x160, 0x180, 0x1ff, 0x200].map { name(map, $0) }
    #expect(names == ["start", "loop", "loop", "f", nil, "end", "end", nil])
    #expect(name(map, .max - 1) == "elsewhere")
  }

  @Test("Of several functions at one address the first counts")
  func aliases() {
    #expect(name(map([("first", 8, 4), ("second", 8, 4)]), 8) == "first")
    #expect(name(map([("first", 8, 0), ("second", 8, 0)]), 9) == "first")
  }

  @Test("Sizes beyond the address space do no harm")
  func hugeSizes() {
    let map = map([("a", 0x100, .max), ("b", .max, 5), ("c", .max - 1, 0)])
    #expect(name(map, 0x100) == "a" && name(map, .max - 2) == "a")
    #expect(FunctionMap([ELFImage]()).extent(of: 5).function == nil)
  }

  @Test("Every address of random functions belongs to the one that begins last before it")
  func random() {
    var random = SeededGenerator(seed: 5)
    for _ in 0..<200 {
      let functions = (0..<Int.random(in: 1...12, using: &random)).map { index in
        FunctionMap.Function(
          name: "f\(index)", address: UInt64.random(in: 0..<60, using: &random),
          size: UInt64.random(in: 1..<30, using: &random))
      }
      let map = FunctionMap(functions)
      var first: [UInt64: FunctionMap.Function] = [:]
      for function in functions where first[function.address] == nil {
        first[function.address] = function
      }
      for address in 0..<100 as Range<UInt64> {
        let expected = first.values.filter {
          address >= $0.address && address - $0.address < $0.size
        }.max { $0.address < $1.address }
        let extent = map.extent(of: address)
        #expect(name(map, address) == expected?.name)
        #expect(address - extent.start < extent.size)
      }
    }
  }
}
