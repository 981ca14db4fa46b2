import NetworkFormats
import Networks
import Reference
import Testing

@Suite("Darknet files")
struct DarknetTests {
  private static let net = "[net]\nheight=8\nwidth=8\nchannels=3\n"

  private static let zeros: @Sendable (String, [Int]) -> Tensor = { _, shape in
    Tensor(shape, [Float](repeating: 0, count: shape.reduce(1, *)))
  }

  private func failure(_ text: String, weights: DarknetWeights? = nil) -> NetworkError? {
    do {
      _ = try DarknetFile.network(text: text, weights: weights ?? .generated(Self.zeros))
      return nil
    } catch {
      return error
    }
  }

  @Test("names, shapes and outputs")
  func names() throws {
    let text = """
      ; a comment
      \(Self.net)
      [convolutional]
      filters = 16
      size=3
      stride=2
      pad=1
      batch_normalize=1
      activation=leaky

      [maxpool]
      size=2
      stride=2
      [yolo]
      mask=0,1,2
      [route]
      layers=-2
      """
    let network = try DarknetFile.network(text: text, weights: .generated(Self.zeros))
    #expect(network.nodes.map(\.name) == ["conv0", "conv0.leaky", "maxpool1", "yolo2"])
    #expect(network.inputs == [Declaration("data", TensorType(.float32, [1, 3, 8, 8]))])
    #expect(network.outputs == ["yolo2", "maxpool1"])
    #expect(network.constants.keys.sorted() == ["conv0.bias", "conv0.weights"])
    let typed = try network.typed()
    #expect(typed.types["maxpool1"] == TensorType(.float32, [1, 16, 2, 2]))
  }

  @Test(
    "mistakes are placed, and near names offered",
    arguments: [
      ("", nil, "no sections"),
      ("height=3\n[net]", "1:1", "before the first section"),
      ("[net\n", "1:1", "']' is missing"),
      ("[maxpool]\n", "1:1", "must be [net]"),
      ("[net]\nheight=8\n", "1:1", "height, width and channels"),
      ("[net]\nheight=8\nwidht=8\nchannels=3\n", "3:1", "did you mean 'width'?"),
      (net, "1:1", "no layers"),
      (net + "[convolutionel]\n", "5:1", "did you mean [convolutional]?"),
      (net + "[lstm]\n", "5:1", "not supported"),
      (net + "[convolutional]\n  filters =  many\n", "6:14", "filters is 'many'"),
      (net + "[convolutional]\nfilters=0\n", "6:9", "whole number from 1"),
      (net + "[convolutional]\nsize=9\n", "5:1", "larger than its operand 3×8×8"),
      (net + "[convolutional]\ngroups=2\n", "5:1", "cannot be split into 2 groups"),
      (net + "[convolutional]\nbinary=1\n", "6:8", "binary=1 is not supported"),
      (net + "[convolutional]\nactivation=leeky\n", "6:12", "did you mean 'leaky'?"),
      (net + "[convolutional]\nstide=2\n", "6:1", "did you mean 'stride'?"),
      (net + "[convolutional]\nnonsense\n", "6:1", "key=value"),
      (net + "[route]\nlayers=-1\n", "5:1", "no layer -1"),
      (net + "[route]\nlayers=\n", "5:1", "'layers' is missing"),
      (net + "[shortcut]\nfrom=3\n", "5:1", "no layer 3"),
      (net + "[dropout]\n[maxpool]\nsize=2\nstride=2\n[shortcut]\nfrom=0\n", "9:1", "differ"),
      (net + "[reorg]\nstride=3\n", "5:1", "cannot be reorganised"),
    ])
  func mistakes(text: String, place: String?, part: String) throws {
    let error = try #require(failure(text))
    #expect(error.description.contains(part), "\(error)")
    if let place { #expect("\(error.line ?? 0):\(error.column ?? 0)" == place, "\(error)") }
  }

  @Test("what Darknet ignores is a remark")
  func remarks() throws {
    let network = try DarknetFile.network(
      text: Self.net + "policy=steps\nburn_in=5\n[avgpool]\nxyzzy=7\n",
      weights: .generated(Self.zeros))
    #expect(network.warnings == ["line 8: [avgpool]: 'xyzzy' is ignored"])
  }

  @Test("weights of another size are refused with both sizes")
  func weightSizes() throws {
    let text = Self.net + "[convolutional]\nfilters=2\nsize=3\n[avgpool]\n[connected]\noutput=4\n"
    // 2·27 + 2 and 2·4 + 4 numbers behind 20 bytes.
    let right = [UInt8]([0, 0, 0, 0, 2, 0, 0, 0]) + [UInt8](repeating: 0, count: 12 + 4 * 68)
    #expect(failure(text, weights: .file(right)) == nil)
    let short = try #require(failure(text, weights: .file(right.dropLast(4))))
    #expect(short.message.contains("have 288 bytes, but this configuration needs 292"))
    #expect(short.message.contains("they end within connected2 (line 9)"))
    let long = try #require(failure(text, weights: .file(right + [0])))
    #expect(long.message.contains("have 293 bytes, but this configuration needs 292"))
    #expect(failure(text, weights: .file([]))?.message.contains("0 bytes") == true)
    // Version 0.1 counts images in 32 bits.
    var old = right
    old[4] = 1
    old.removeLast(4)
    #expect(failure(text, weights: .file(old)) == nil)
  }

  @Test("sizes beyond memory are refused before anything is allocated")
  func hugeSizes() throws {
    let huge = "2147483647"
    let texts = [
      "[net]\nheight=\(huge)\nwidth=\(huge)\nchannels=\(huge)\n[dropout]\n",
      Self.net + "[convolutional]\nfilters=\(huge)\nsize=\(huge)\npadding=\(huge)\n",
      Self.net + "[convolutional]\nfilters=100000000\n",
      Self.net + "[connected]\noutput=\(huge)\n",
      Self.net + "[upsample]\nstride=\(huge)\n",
      Self.net
        + "[maxpool]\nsize=\(huge)\npadding=\(huge)\nstride=\(huge)\n[upsample]\nstride=99999",
      Self.net + "[reorg]\nstride=32768\n",
      Self.net + String(repeating: "[dropout]\n[route]\nlayers=-1,-1\n", count: 40),
    ]
    for text in texts { #expect(failure(text) != nil) }
  }
}
