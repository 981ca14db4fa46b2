import SimKernel
import Testing

/// Programming errors stop the program instead of giving wrong numbers.
@Suite struct TrapTests {
  @Test func `a push into a full channel traps`() async {
    await #expect(processExitsWith: .failure) {
      let kernel = Kernel(periods: [1])
      let channel = kernel.channel(of: UInt64.self, capacity: 1)
      channel.out.push(1)
      withExtendedLifetime(kernel) { channel.out.push(2) }
    }
  }

  @Test func `a push into a slot freed in the same instant traps`() async {
    await #expect(processExitsWith: .failure) {
      let kernel = Kernel(periods: [1])
      let channel = kernel.channel(of: UInt64.self, capacity: 1)
      kernel.probe { now in
        if now == 0 { channel.out.push(1) }
        if now == 1 {
          channel.in.pop()
          channel.out.push(2)
        }
        return .nextCycle
      }
      _ = kernel.run(until: 3)
    }
  }

  @Test func `a pop from an empty channel traps`() async {
    await #expect(processExitsWith: .failure) {
      let kernel = Kernel(periods: [1])
      let channel = kernel.channel(of: UInt64.self)
      withExtendedLifetime(kernel) { _ = channel.in.pop() }
    }
  }

  @Test func `a pop in the instant of the push traps`() async {
    await #expect(processExitsWith: .failure) {
      let kernel = Kernel(periods: [1])
      let channel = kernel.channel(of: UInt64.self)
      channel.out.push(1)
      withExtendedLifetime(kernel) { _ = channel.in.pop() }
    }
  }

  @Test func `the front of an empty channel traps`() async {
    await #expect(processExitsWith: .failure) {
      let kernel = Kernel(periods: [1])
      let channel = kernel.channel(of: UInt64.self)
      withExtendedLifetime(kernel) { _ = channel.in.front }
    }
  }

  @Test func `a channel without slots traps`() async {
    await #expect(processExitsWith: .failure) {
      _ = Kernel(periods: [1]).channel(of: UInt64.self, capacity: 0)
    }
  }

  @Test func `a table index out of range traps`() async {
    await #expect(processExitsWith: .failure) {
      let arena = Arena()
      let table = Table<UInt32>(arena, count: 4)
      withExtendedLifetime(arena) { table[4] = 1 }
    }
    await #expect(processExitsWith: .failure) {
      let arena = Arena()
      let table = Table<UInt32>(arena, count: 4)
      withExtendedLifetime(arena) { _ = table[-1] }
    }
  }

  @Test func `a port of a module that was never added traps`() async {
    await #expect(processExitsWith: .failure) {
      let kernel = Kernel(periods: [1])
      let probe = kernel.probe { _ in .onPort }
      let stranger = Probe("stranger") { _ in .onPort }
      kernel.connect(
        kernel.channel(of: UInt64.self).out, producer: probe, consumer: stranger)
      _ = kernel.run()
    }
  }

  @Test func `a module added twice traps`() async {
    await #expect(processExitsWith: .failure) {
      let kernel = Kernel(periods: [1])
      kernel.add(kernel.probe { _ in .onPort }, to: kernel.domains[0])
    }
  }

  @Test func `a module added after the first run traps`() async {
    await #expect(processExitsWith: .failure) {
      let kernel = Kernel(periods: [1])
      _ = kernel.run()
      kernel.probe { _ in .onPort }
    }
  }

  @Test func `more modules in a domain than it holds trap`() async {
    await #expect(processExitsWith: .failure) {
      let kernel = Kernel(periods: [1])
      for _ in 0...4096 { kernel.probe { _ in .onPort } }
      _ = kernel.run()
    }
  }

  @Test func `a period of zero traps`() async {
    await #expect(processExitsWith: .failure) { _ = Kernel(periods: [1, 0]) }
  }
}
