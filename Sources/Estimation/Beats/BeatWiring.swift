internal import Mapping

/// Which devices a plan uses, and the streams between them by number.
struct BeatWiring {
  struct DMA {
    var engine: Int
    var timing: SystemTiming.DMA
    var direction: BeatDMA.Direction
    /// −1 for copies.
    var stream: Int
  }

  struct Array {
    var engine: Int
    var timing: SystemTiming.Array
    var in1: Int
    var in2: Int
    var out: Int
  }

  struct Vector {
    var engine: Int
    var input: Int
    var side: Int
    var out: Int
  }

  /// In the order in which the crossbar knows them.
  private(set) var dmas: [DMA] = []
  private(set) var arrays: [Array] = []
  private(set) var vectors: [Vector] = []
  private(set) var streamCount = 0

  init(_ system: SystemTiming, _ work: [EngineWork]) {
    func engine(_ name: String?) -> Int? {
      name.flatMap { name in work.firstIndex { $0.name == name } }
    }
    func add(_ engine: Int?, _ direction: BeatDMA.Direction, _ stream: Int) {
      guard let engine, let timing = system.dmas.first(where: { $0.name == work[engine].name })
      else { return }
      dmas.append(DMA(engine: engine, timing: timing, direction: direction, stream: stream))
    }
    for array in system.arrays {
      guard let place = engine(array.name) else { continue }
      let (in1, in2, result) = (streamCount, streamCount + 1, streamCount + 2)
      streamCount += 3
      arrays.append(Array(engine: place, timing: array, in1: in1, in2: in2, out: result))
      add(engine(array.input), .toStream, in1)
      add(engine(array.weights), .toStream, in2)
      var out = result
      if let unit = engine(array.vector) {
        let side = streamCount
        out = streamCount + 1
        streamCount += 2
        vectors.append(Vector(engine: unit, input: result, side: side, out: out))
        add(engine(array.side), .toStream, side)
      }
      add(engine(array.output), .fromStream, out)
    }
    for (index, engine) in work.enumerated()
    where engine.kind == .dma && !dmas.contains(where: { $0.engine == index }) {
      add(index, .copy, -1)
    }
    dmas.sort { $0.timing.initiator < $1.timing.initiator }
  }
}
