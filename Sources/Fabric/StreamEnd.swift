/// A stream port of a module that others model: one end of a stream, by direction.
public enum StreamEnd {
  /// Beats come in; `from` is the path of the module that sends them.
  case input(StreamSink, from: String?)
  /// Beats go out; `to` is the path of the module that takes them.
  case output(StreamSource, to: String?)

  /// The stream's width in bytes per beat.
  public var widthBytes: Int {
    switch self {
    case .input(let sink, _): sink.widthBytes
    case .output(let source, _): source.widthBytes
    }
  }

  /// The path of the module at the other end.
  public var partner: String? {
    switch self {
    case .input(_, let sender): sender
    case .output(_, let receiver): receiver
    }
  }
}
