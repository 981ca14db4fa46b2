import Exploration
import Testing

@Suite("Keys of evaluations")
struct StudyDigestTests {
  private func key(
    _ overrides: [String], model: String = "cycles", version: String = "1", soc: String = "{}",
    network: String = "n", firmware: String = "f"
  ) -> String {
    StudyDigest(
      model: model, modelVersion: version, soc: soc, network: network, firmware: firmware
    ).key(overrides)
  }

  @Test("a key is the SHA-256 of all parts, each after its length in 8 bytes")
  func format() {
    // Computed with Python's hashlib.
    #expect(
      key(["b=2", "a=1"])
        == "0eea38ff75ed29f5149840f37b51fc6adb31ca1efc948c679f99d703e3cd98e0")
  }

  @Test("every input changes the key")
  func inputs() {
    let keys = [
      key(["a=1"]), key(["a=2"]), key(["b=1"]), key([]), key(["a=1", "b=1"]), key(["a=1b=1"]),
      key(["a=1"], model: "roofline"), key(["a=1"], version: "2"), key(["a=1"], soc: "{ }"),
      key(["a=1"], network: "m"), key(["a=1"], firmware: "g"),
      key(["a=1"], network: "nf", firmware: ""), key(["a=1"], network: "", firmware: "nf"),
    ]
    #expect(Set(keys).count == keys.count)
    #expect(keys.allSatisfy { $0.count == 64 })
  }

  @Test("the order of overrides counts where it makes a difference, and only there")
  func order() {
    #expect(key(["a=1", "b=2", "c.d=3"]) == key(["c.d=3", "a=1", "b=2"]))
    #expect(key(["ab=1", "a=2"]) == key(["a=2", "ab=1"]))
    #expect(key(["a-b=1", "a=2"]) == key(["a=2", "a-b=1"]))
    // One path twice: the later one holds.
    #expect(key(["a=1", "a=2"]) != key(["a=2", "a=1"]))
    // A path and one below it: the later one changes what the earlier one set.
    #expect(key(["a=1", "x=0", "a.b=2"]) != key(["a.b=2", "x=0", "a=1"]))
    #expect(key(["a=1", "a[0]=2"]) != key(["a[0]=2", "a=1"]))
  }
}
