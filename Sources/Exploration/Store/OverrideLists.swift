internal import GRDB

/// The overrides of a batch of designs as the store keeps them: JSON lists of the numbers of their
/// texts, one after the other in one run of bytes.
struct OverrideLists {
  private var bytes: [UInt8] = []
  /// Where each list begins, and the last one ends.
  private var borders = [0]
  /// The text that each place of the list had last, with its number.
  private var last: [(text: String, number: Int64)] = []

  /// Takes the lists of a batch; texts that are new are stored.
  mutating func fill(
    _ overrides: some Sequence<[String]>, _ texts: inout TextNumbers, _ database: Database
  ) throws {
    for list in overrides {
      bytes.append(UInt8(ascii: "["))
      for (place, text) in list.enumerated() {
        if place > 0 { bytes.append(UInt8(ascii: ",")) }
        append(try number(of: text, at: place, &texts, database))
      }
      bytes.append(UInt8(ascii: "]"))
      borders.append(bytes.count)
    }
  }

  /// The list of a design, by its position in the batch.
  subscript(position: Int) -> ArraySlice<UInt8> {
    bytes[borders[position]..<borders[position + 1]]
  }

  private mutating func number(
    of text: String, at place: Int, _ texts: inout TextNumbers, _ database: Database
  ) throws -> Int64 {
    if place < last.count, last[place].text == text { return last[place].number }
    let number = try texts.number(of: text, database)
    if place < last.count {
      last[place] = (text, number)
    } else {
      last.append((text, number))
    }
    return number
  }

  private mutating func append(_ number: Int64) {
    let start = bytes.count
    var rest = number
    repeat {
      bytes.append(UInt8(ascii: "0") + UInt8(rest % 10))
      rest /= 10
    } while rest > 0
    bytes[start...].reverse()
  }
}
