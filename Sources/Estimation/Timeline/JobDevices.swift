internal import Mapping

/// Devices whose commands are worked out as wholes: arrays job by job, copies in one go.
struct JobDevices: PlannedDevices {
  private struct Engine {
    /// What copies do; empty for other engines.
    var copies: [[TransferShape]] = []
    var starts: [Double] = []
    /// When commands end; known as soon as everything they need has begun.
    var ends: [Double] = []
    /// Ends that have been handed out.
    var completed = 0
    var complex = -1
    var load: StreamTiming?
  }

  private let timing: SystemTiming
  private var engines: [Engine]
  private var complexes: [ArrayComplex] = []
  private var events = EventHeap()
  /// Copies that are not over.
  private var copies: [CopyInterference] = []

  init(_ work: [EngineWork], _ timing: SystemTiming) {
    self.timing = timing
    engines = work.map { _ in Engine() }
    for array in timing.arrays where work.contains(where: { $0.name == array.output }) {
      let complex = ArrayComplex(array, work, timing)
      complexes.append(complex)
      for engine in [
        complex.engines.array, complex.engines.vector, complex.engines.input,
        complex.engines.weights, complex.engines.side, complex.engines.output,
      ] where engine >= 0 {
        engines[engine].complex = complexes.count - 1
      }
    }
    for (index, engine) in work.enumerated()
    where engine.kind == .dma && engines[index].complex < 0 {
      engines[index].load = timing.dmas.first { $0.name == engine.name }.map {
        StreamTiming(system: timing, dma: $0)
      }
      engines[index].copies = engine.commands.map {
        if case .transfer(let shapes) = $0.work { return shapes }
        return []
      }
    }
  }

  mutating func issue(_ index: Int, at time: Double) {
    engines[index].starts.append(time)
    if engines[index].complex >= 0 {
      advance(engines[index].complex)
    } else if let load = engines[index].load {
      copy(index, engines[index].copies[engines[index].starts.count - 1], load)
    }
  }

  mutating func nextEnd(before limit: Double) -> CommandEnd? {
    guard let first = events.first, first.time < limit else { return nil }
    events.removeFirst()
    engines[first.engine].completed = first.command + 1
    return first
  }

  private mutating func complete(_ engine: Int, _ command: Int, at time: Double) {
    engines[engine].ends.append(time)
    events.insert(CommandEnd(time: time, engine: engine, command: command))
  }

  /// A copy from memory to memory.
  private mutating func copy(_ index: Int, _ shapes: [TransferShape], _ dma: StreamTiming) {
    let command = engines[index].starts.count - 1
    var time = max(engines[index].starts[command], (engines[index].ends.last ?? 0) + 1)
    for shape in shapes {
      let source = timing.memory(at: shape.address)
      let target = shape.destination.flatMap { timing.memory(at: $0) }
      let words = Double(shape.byteCount) / Double(timing.busBytes)
      let isLong = words >= Double(dma.dma.burstBeats)
      let burst = isLong ? Double(dma.dma.burstBeats) : words
      let rate = max(
        dma.readCycles(words: burst, source, isCopy: true), dma.writeCycles(words: burst, target),
        Double(timing.busBytes) / Double(dma.dma.portBytes))
      let begin = time
      time += dma.readLatency(source) + words * rate + dma.answerLatency(target) + 4
      let pins =
        (dma.isOffChip(source) ? words * dma.pinCycles(source) : 0)
        + (dma.isOffChip(target) ? words * dma.pinCycles(target) : 0)
      note(
        CopyInterference(
          start: begin, end: time, words: words, port: dma.port(target),
          cyclesPerWord: dma.pinCycles(source),
          banks: Double(target.map { timing.memories[$0].banks } ?? 1), pins: pins))
    }
    complete(index, command, at: time)
  }

  /// A copy begins: jobs that have been worked out already lose time.
  private mutating func note(_ copy: CopyInterference) {
    for index in complexes.indices where complexes[index].end > copy.start {
      let (use, end) = (complexes[index].use, complexes[index].end)
      let lost = copy.delay(use, from: copy.start, to: end)
      guard lost > 0 else { continue }
      complexes[index].times.delay(by: lost)
      complexes[index].end += lost
      let names = complexes[index].engines
      for engine in [
        names.array, names.vector, names.input, names.weights, names.side, names.output,
      ] where engine >= 0 {
        delay(engine, copy, use, until: end)
      }
    }
    events.update { engines[$0.engine].ends[$0.command] }
    copies.append(copy)
    if copies.count > 8 { copies.removeFirst() }
  }

  /// Puts off what an engine completes behind a copy's beginning.
  private mutating func delay(
    _ engine: Int, _ copy: CopyInterference, _ use: CopyInterference.Use, until end: Double
  ) {
    var command = engines[engine].ends.count - 1
    while command >= engines[engine].completed, engines[engine].ends[command] > copy.start {
      let known = engines[engine].ends[command]
      engines[engine].ends[command] += copy.delay(use, from: copy.start, to: min(known, end))
      command -= 1
    }
  }

  private func start(_ engine: Int, _ command: Int) -> Double? {
    guard engine >= 0, command >= 0 else { return 0 }
    return command < engines[engine].starts.count ? engines[engine].starts[command] : nil
  }

  /// Works through the jobs of an array for which everything has been started.
  private mutating func advance(_ index: Int) {
    let names = complexes[index].engines
    while complexes[index].next < complexes[index].steps.count {
      let place = complexes[index].next
      guard let vector = start(names.vector, complexes[index].steps[place].vector),
        let side = start(names.side, complexes[index].steps[place].side),
        let output = start(names.output, complexes[index].steps[place].job.output.command)
      else { return computeAhead(index) }
      var step = complexes[index].steps[place]
      step.job.vectorStart = vector
      step.job.sideStart = side
      step.job.outputStart = output
      let ends: ArrayJobTimes.Ends
      if let rows = step.rows {
        ends = complexes[index].times.finish(step.job, rows)
      } else if step.array >= 0 {
        guard takeStarts(&step, names) else { return }
        var computed = complexes[index].times.run(step.job)
        let begin = max(complexes[index].end, step.job.start)
        let lost = copies.reduce(0) { $0 + $1.delay(step.use, from: begin, to: computed.array) }
        if lost > 0 {
          complexes[index].times.delay(by: lost)
          computed.delay(by: lost)
        }
        complexes[index].end = computed.array
        complexes[index].use = step.use
        ends = computed
        completeArray(names, step, ends)
      } else {
        ends = complexes[index].times.runVector(step.job, pixels: step.pixels)
      }
      if step.vector >= 0 { complete(names.vector, step.vector, at: ends.vector) }
      if let share = step.job.side, share.isLast {
        complete(names.side, share.command, at: ends.side)
      }
      if step.job.output.isLast {
        complete(names.output, step.job.output.command, at: ends.output)
      }
      complexes[index].next += 1
    }
  }

  /// Fills in when the array and what feeds it know of a job; false when they do not yet.
  private func takeStarts(
    _ step: inout ArrayComplex.Step, _ names: ArrayComplex.Engines
  ) -> Bool {
    guard let job = start(names.array, step.array),
      let input = start(names.input, step.job.input.command),
      let weights = start(names.weights, step.job.weights.command)
    else { return false }
    step.job.start = job
    step.job.inputStart = input
    step.job.weightsStart = weights
    return true
  }

  private mutating func completeArray(
    _ complex: ArrayComplex.Engines, _ step: ArrayComplex.Step, _ ends: ArrayJobTimes.Ends
  ) {
    complete(complex.array, step.array, at: ends.array)
    if step.job.input.isLast {
      complete(complex.input, step.job.input.command, at: ends.input)
    }
    if step.job.weights.isLast {
      complete(complex.weights, step.job.weights.command, at: ends.weights)
    }
  }

  /// Computes jobs of a few rows that the array can end on its own.
  private mutating func computeAhead(_ index: Int) {
    let names = complexes[index].engines
    let next = complexes[index].next
    for place in next..<min(next + 2, complexes[index].steps.count) {
      if complexes[index].steps[place].rows != nil { continue }
      guard complexes[index].steps[place].array >= 0,
        ArrayJobTimes.endsAlone(complexes[index].steps[place].job)
      else { return }
      var step = complexes[index].steps[place]
      guard takeStarts(&step, names) else { return }
      let (ends, rows) = complexes[index].times.compute(step.job)
      step.rows = rows
      complexes[index].steps[place] = step
      completeArray(names, step, ends)
    }
  }
}
