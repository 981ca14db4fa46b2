extension InPort {
  /// The payload of the head slot even when it becomes visible only at a later instant; for
  /// waveform probes, which show what the next edge will see. Meaningful while ``isOccupied``.
  @inlinable
  public var announced: Payload { state.pointee.head.pointee.payload }
}
