internal import Mapping

/// The part of a DMA's command that belongs to one job: how long it takes alone.
struct StreamShare {
  /// Index of the command.
  var command: Int
  /// Whether it is the first and the last of the command.
  var isFirst: Bool
  var isLast: Bool
  /// Cycles before the first word is asked for: descriptors are read.
  var lead: Double = 0
  /// Cycles from asking for a word to having it in the stream.
  var latency: Double = 0
  /// Cycles per full tile and per last tile.
  var full: Double = 0
  var rest: Double = 0
  /// Cycles to fill the first block of a tile.
  var firstBlock: Double = 0
  /// The bank of the memory that it uses all the time, or at the end of each tile; nil when it wanders over banks.
  var bank: Int?
  /// The memory's port that it uses.
  var port = -1
  /// Bus words of a full tile, or of a pixel.
  var words = 0.0
  /// Cycles of the pins of the memory off the chip, for a full tile or a pixel.
  var pins = 0.0
  /// How far it may be ahead of what it feeds, in cycles of its own.
  var slack: Double = 0
}
