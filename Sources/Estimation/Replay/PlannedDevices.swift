/// The devices of an SoC as a replay of its runtime sees them: they take commands and end them.
protocol PlannedDevices {
  /// Gives an engine its next command, whose START its device sees at `time`, never before what has been worked on.
  mutating func issue(_ engine: Int, at time: Double)

  /// Works on, in front of `limit`, up to the next end of a command.
  ///
  /// - Returns: the end, in the order of time; nil when there is none in front of `limit`.
  mutating func nextEnd(before limit: Double) -> CommandEnd?
}

/// The end of a command.
struct CommandEnd: BitwiseCopyable {
  /// The cycle with which it ends.
  var time: Double
  /// The engine and its command.
  var engine: Int
  var command: Int
}
