import SimKernel
import Testing

@Suite struct ChannelTests {
  /// A producer and a consumer that transfer whenever they can, joined by `capacity` slots.
  static func transfers(
    capacity: Int, cycles: Cycle, periods: [Tick] = [1], consumerDomain: Int = 0
  ) -> (pushes: [Cycle], pops: [Cycle]) {
    let kernel = Kernel(periods: periods)
    let channel = kernel.channel(of: UInt64.self, capacity: capacity)
    var (pushes, pops) = ([Cycle](), [Cycle]())
    let producer = kernel.probe { now in
      if channel.out.canPush {
        channel.out.push(now)
        pushes.append(now)
      }
      return .onPort
    }
    let consumer = kernel.probe(domain: consumerDomain) { now in
      if channel.in.canPop {
        channel.in.pop()
        pops.append(now)
      }
      return .onPort
    }
    // Both sleep: the channel alone keeps them going, after a first push that asks for the next.
    let starter = kernel.line(to: producer)
    kernel.probe { now in
      starter.set(now % 2 == 0)
      return .nextCycle
    }
    kernel.connect(channel.out, producer: producer, consumer: consumer)
    _ = kernel.run(until: cycles - 1)
    return (pushes, pops)
  }

  @Test(arguments: [2, 3, 4])
  func `two slots or more carry one transfer per cycle`(capacity: Int) {
    let (pushes, pops) = Self.transfers(capacity: capacity, cycles: 100)
    #expect(pushes == Array(0..<100))
    #expect(pops == Array(1..<100))
  }

  @Test func `one slot carries a transfer every other cycle`() {
    let (pushes, pops) = Self.transfers(capacity: 1, cycles: 100)
    #expect(pushes == Array(stride(from: 0, to: 100, by: 2)))
    #expect(pops == Array(stride(from: 1, to: 100, by: 2)))
  }

  @Test func `a slow consumer limits the rate`() {
    let (pushes, pops) = Self.transfers(
      capacity: 2, cycles: 100, periods: [1, 5], consumerDomain: 1)
    #expect(pops == Array(1..<20))
    // Two at once, then one after each pop, at ticks 5, 10, 15, …
    #expect(pushes == [0, 1] + stride(from: 6, to: 100, by: 5))
  }

  @Test(arguments: [ModuleOrder.registration, .reversed])
  func `what is pushed at an instant is seen at a later one`(order: ModuleOrder) {
    let kernel = Kernel(order: order)
    let channel = kernel.channel(of: UInt64.self)
    var seen: [Cycle: Bool] = [:]
    let producer = kernel.probe { now in
      if now == 5 { channel.out.push(42) }
      return .nextCycle
    }
    let consumer = kernel.probe { now in
      seen[now] = channel.in.canPop
      return .nextCycle
    }
    kernel.connect(channel.out, producer: producer, consumer: consumer)
    _ = kernel.run(until: 6)
    #expect(seen[5] == false)
    #expect(seen[6] == true)
  }

  @Test(arguments: [ModuleOrder.registration, .reversed])
  func `a slot freed at an instant is free at a later one`(order: ModuleOrder) {
    let kernel = Kernel(order: order)
    let channel = kernel.channel(of: UInt64.self, capacity: 1)
    var free: [Cycle: Bool] = [:]
    let producer = kernel.probe { now in
      free[now] = channel.out.canPush
      if now == 0 { channel.out.push(42) }
      return .nextCycle
    }
    let consumer = kernel.probe { now in
      if now == 5 { #expect(channel.in.pop() == 42) }
      return .nextCycle
    }
    kernel.connect(channel.out, producer: producer, consumer: consumer)
    _ = kernel.run(until: 6)
    #expect(free == [0: true, 1: false, 2: false, 3: false, 4: false, 5: false, 6: true])
  }

  @Test(arguments: [1, 2, 3, 4])
  func `payloads and lanes arrive in order`(capacity: Int) {
    let kernel = Kernel(periods: [2, 3])
    let channel = kernel.channel(of: UInt32.self, capacity: capacity, laneBytes: 16)
    #expect(channel.out.laneBytes == 16)
    #expect(channel.in.laneBytes == 16)
    var sent: UInt32 = 0
    var received: [UInt32] = []
    let producer = kernel.probe { _ in
      guard sent < 50, channel.out.canPush else { return .onPort }
      channel.out.data.storeBytes(of: UInt64(sent) << 32, toByteOffset: 8, as: UInt64.self)
      channel.out.push(sent)
      sent += 1
      return .nextCycle
    }
    let consumer = kernel.probe(domain: 1) { _ in
      guard channel.in.canPop else { return .onPort }
      let value = channel.in.front
      #expect(channel.in.data.load(fromByteOffset: 8, as: UInt64.self) == UInt64(value) << 32)
      received.append(channel.in.pop())
      return .nextCycle
    }
    kernel.connect(channel.out, producer: producer, consumer: consumer)
    #expect(kernel.run() == .deadlocked)
    #expect(received == Array(0..<50))
  }

  @Test func `what is pushed before the first run is seen in cycle 1 even by a sleeper`() {
    let kernel = Kernel()
    let channel = kernel.channel(of: UInt64.self)
    channel.out.push(7)
    let producer = kernel.probe { _ in .onPort }
    let consumer = kernel.probe { _ in
      if channel.in.canPop { channel.in.pop() }
      return .onPort
    }
    kernel.connect(channel.out, producer: producer, consumer: consumer)
    #expect(channel.in.isOccupied)
    #expect(kernel.run() == .deadlocked)
    #expect(consumer.ticks == [0, 1])
    #expect(producer.ticks == [0, 2])
    withExtendedLifetime(kernel) { #expect(!channel.in.isOccupied) }
  }

  @Test func `a channel made and driven between two runs works`() {
    let kernel = Kernel()
    var input: InPort<UInt64>?
    var received: [UInt64] = []
    let consumer = kernel.probe { _ in
      if let port = input, port.canPop { received.append(port.pop()) }
      return .onPort
    }
    #expect(kernel.run() == .deadlocked)
    let channel = kernel.channel(of: UInt64.self)
    input = channel.in
    kernel.connect(channel.out, producer: consumer, consumer: consumer)
    channel.out.push(1)
    channel.out.push(2)
    #expect(!channel.out.canPush)
    #expect(kernel.run() == .deadlocked)
    #expect(received == [1, 2])
    #expect(consumer.ticks == [0, 1, 2, 3])
  }

  @Test func `a channel may have an open end`() {
    let kernel = Kernel()
    let channel = kernel.channel(of: UInt64.self)
    kernel.probe { _ in
      if channel.out.canPush { channel.out.push(1) }
      return .nextCycle
    }
    #expect(kernel.run(until: 10) == .limitReached)
    withExtendedLifetime(kernel) {
      #expect(channel.in.pop() == 1)
      #expect(channel.in.pop() == 1)
      #expect(!channel.in.canPop)
    }
  }

  @Test func `thousands of channels keep the same time`() {
    let kernel = Kernel(periods: [3])
    let channels = (0..<5000).map { _ in kernel.channel(of: UInt64.self) }
    let first = kernel.probe { now in
      for channel in channels where channel.out.canPush { channel.out.push(now) }
      return now < 20 ? .nextCycle : .onPort
    }
    let second = kernel.probe { now in
      for channel in channels where channel.in.canPop { #expect(channel.in.pop() + 1 == now) }
      return .onPort
    }
    for channel in channels { kernel.connect(channel.out, producer: first, consumer: second) }
    let line = kernel.line(to: second)
    #expect(kernel.run(until: 30) == .limitReached)
    line.set(true)
    #expect(!line.level)
    #expect(kernel.run(until: 33) == .limitReached)
    withExtendedLifetime(kernel) { #expect(line.level) }
  }
}
