/// What copies from memory to memory cost jobs that run meanwhile: both want ports, banks and pins.
struct CopyInterference {
  /// What a job uses, as shares of its time.
  struct Use {
    var inputPort = -1
    var input = 0.0
    var weightsPort = -1
    var weights = 0.0
    var pins = 0.0

    init() {}

    init(_ job: ArrayJobTimes.Job) {
      let rows = Double(job.fullRows)
      let steps = Double(job.depth * job.passes)
      let least = job.input.slack > 0 && job.passes > 1 ? rows * Double(job.passes) : steps
      let period = max(
        least, job.input.full, job.weights.full, max(job.portCycles, job.pinCycles) * rows, 1)
      inputPort = job.input.port
      input = min(1, job.input.words / period)
      weightsPort = job.weights.port
      weights = min(1, job.weights.words / period)
      pins = min(1, job.pinCycles * rows / period)
    }
  }

  /// When the copy runs.
  var start: Double
  var end: Double
  /// Bus words written, the port that they are written through, and cycles per word.
  var words: Double
  var port: Int
  var cyclesPerWord: Double
  /// Banks of that memory.
  var banks: Double
  /// Cycles of the pins.
  var pins: Double

  /// Cycles by which a job is put off that would last from one time to another: for what it loses it is exposed longer.
  func delay(_ use: Use, from: Double, to: Double) -> Double {
    guard to > start, end > start else { return 0 }
    var lost = 0.0
    for _ in 0..<Self.rounds {
      let more = loss(use, from: from, to: to + lost)
      if more - lost < 0.5 { return more }
      lost = more
    }
    return lost
  }

  /// A loss of half of the time has converged to a thousandth by then.
  private static let rounds = 10

  private func loss(_ use: Use, from: Double, to: Double) -> Double {
    let overlap = min(end, to) - max(start, from)
    guard overlap > 0 else { return 0 }
    let share = overlap / (end - start)
    // Both get half of the pins when they want more than all of them.
    var cycles = share * pins * max(0, 2 * use.pins - 1)
    if use.inputPort == port { cycles += share * words * Self.critical(use.input) }
    if use.weightsPort == port { cycles += share * words * Self.critical(use.weights) }
    if use.weightsPort >> 16 == port >> 16, use.weightsPort != port {
      cycles += share * words * conflicts * Self.critical(use.weights)
    }
    return cycles
  }

  /// Readings of a memory that is not read in every cycle catch up with what they lost.
  private static func critical(_ use: Double) -> Double { use > 0.9 ? use : 0 }

  /// Conflicts per word that the reader of another port loses. Both wander over the banks; at the same speed they meet once
  /// in a burst and then follow each other, at different speeds once in a round over the banks.
  private var conflicts: Double {
    cyclesPerWord < 1.5 ? Self.perBurst / 16 : Self.perRound / banks
  }

  /// Shares of meetings that the reader loses: it takes turns with the writer where meetings are single; in bursts at the
  /// same speed a little less, measured.
  private static let perBurst = 0.4
  private static let perRound = 0.5
}
