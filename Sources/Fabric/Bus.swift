public import SimKernel

/// A physical address of the system.
public typealias Address = UInt64

/// A request for one burst, on the read- or write-address channel (AXI4: AR, AW).
///
/// Bursts increment; beat `i` covers one bus-wide word, the first from `address` to the end of its
/// word.
public struct BusRequest: BitwiseCopyable, Sendable, Equatable {
  /// First byte.
  public var address: Address
  /// Bytes that count, from `address` on; at least one.
  public var bytes: UInt32
  /// Words of the bus width touched: the length of the burst in beats.
  public var beats: UInt16
  /// Which initiator of the crossbar sent it; returned with every response.
  public var source: UInt16

  /// Creates a request; `beats` follows from address, bytes and bus width.
  @inlinable
  public init(address: Address, bytes: Int, busBytes: Int, source: Int = 0) {
    self.address = address
    self.bytes = UInt32(truncatingIfNeeded: bytes)
    // A bus is a power of two bytes wide: a shift, since a division costs more than all the rest.
    let offset = Int(truncatingIfNeeded: address & Address(busBytes &- 1))
    beats = UInt16(
      truncatingIfNeeded: (offset &+ bytes &+ busBytes &- 1) &>> busBytes.trailingZeroBitCount)
    self.source = UInt16(truncatingIfNeeded: source)
  }
}

/// How a transaction ended (AXI4 response codes).
public enum BusResponse: UInt8, BitwiseCopyable, Sendable {
  /// Done.
  case okay = 0
  /// The target refused: a register that does not exist, a wrong size.
  case slaveError = 2
  /// No target at this address.
  case decodeError = 3
}

/// One beat of read data (AXI4: R). Its lanes hold the whole word; the requested bytes lie where
/// their address says.
public struct ReadBeat: BitwiseCopyable, Sendable, Equatable {
  /// How the beat went.
  public var response: BusResponse
  /// Whether it is the burst's last.
  public var isLast: Bool
  /// The request's source.
  public var source: UInt16

  /// Creates a beat.
  @inlinable
  public init(response: BusResponse, isLast: Bool, source: UInt16) {
    self.response = response
    self.isLast = isLast
    self.source = source
  }
}

/// One beat of write data (AXI4: W); the strobe is a contiguous range of the word's bytes.
public struct WriteBeat: BitwiseCopyable, Sendable, Equatable {
  /// First byte of the word that is written.
  public var offset: UInt16
  /// How many bytes are written.
  public var bytes: UInt16
  /// Whether it is the burst's last beat.
  public var isLast: Bool

  /// Creates a beat.
  @inlinable
  public init(offset: Int, bytes: Int, isLast: Bool) {
    self.offset = UInt16(truncatingIfNeeded: offset)
    self.bytes = UInt16(truncatingIfNeeded: bytes)
    self.isLast = isLast
  }
}

/// The answer to a write burst (AXI4: B).
public struct WriteResponse: BitwiseCopyable, Sendable, Equatable {
  /// How the burst went; the worst of its beats.
  public var response: BusResponse
  /// The request's source.
  public var source: UInt16

  /// Creates an answer.
  @inlinable
  public init(response: BusResponse, source: UInt16) {
    self.response = response
    self.source = source
  }
}

/// The five channels of a bus port as the initiator holds them.
public struct BusInitiator: BitwiseCopyable {
  /// Read requests.
  public let readRequest: OutPort<BusRequest>
  /// Write requests.
  public let writeRequest: OutPort<BusRequest>
  /// Write data, bursts in the order of their requests.
  public let writeData: OutPort<WriteBeat>
  /// Read data.
  public let readData: InPort<ReadBeat>
  /// Write answers.
  public let writeResponse: InPort<WriteResponse>

  /// Bytes of a data beat.
  @inlinable
  public var widthBytes: Int { writeData.laneBytes }
}

/// The five channels of a bus port as the target holds them.
public struct BusTarget: BitwiseCopyable {
  /// Read requests.
  public let readRequest: InPort<BusRequest>
  /// Write requests.
  public let writeRequest: InPort<BusRequest>
  /// Write data, bursts in the order of their requests.
  public let writeData: InPort<WriteBeat>
  /// Read data.
  public let readData: OutPort<ReadBeat>
  /// Write answers.
  public let writeResponse: OutPort<WriteResponse>

  /// Bytes of a data beat.
  @inlinable
  public var widthBytes: Int { writeData.laneBytes }
}

/// Both ends of a bus connection.
public struct BusLink {
  /// The requesting end.
  public let initiator: BusInitiator
  /// The serving end.
  public let target: BusTarget

  /// Creates a connection of `widthBytes` bytes per beat, with two slots per channel.
  public init(kernel: Kernel, widthBytes: Int) {
    let readRequest = kernel.channel(of: BusRequest.self)
    let writeRequest = kernel.channel(of: BusRequest.self)
    let writeData = kernel.channel(of: WriteBeat.self, laneBytes: widthBytes)
    let readData = kernel.channel(of: ReadBeat.self, laneBytes: widthBytes)
    let writeResponse = kernel.channel(of: WriteResponse.self)
    initiator = BusInitiator(
      readRequest: readRequest.out, writeRequest: writeRequest.out, writeData: writeData.out,
      readData: readData.in, writeResponse: writeResponse.in)
    target = BusTarget(
      readRequest: readRequest.in, writeRequest: writeRequest.in, writeData: writeData.in,
      readData: readData.out, writeResponse: writeResponse.out)
  }

  /// Lets the two ends wake each other.
  public func connect(kernel: Kernel, initiator module: Module, target: Module) {
    kernel.connect(initiator.readRequest, producer: module, consumer: target)
    kernel.connect(initiator.writeRequest, producer: module, consumer: target)
    kernel.connect(initiator.writeData, producer: module, consumer: target)
    kernel.connect(self.target.readData, producer: target, consumer: module)
    kernel.connect(self.target.writeResponse, producer: target, consumer: module)
  }
}
