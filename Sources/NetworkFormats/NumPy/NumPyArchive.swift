public import Networks

/// Several arrays in one `.npz` file, as `numpy.savez` writes it: a zip archive of uncompressed `.npy` files.
///
/// Format: PKWARE APPNOTE 6.3.10, sections 4.3.7 (local header), 4.3.12 (central directory), 4.3.14 and 4.3.16 (end
/// records), 4.5.3 (64-bit sizes). Archives of `numpy.savez_compressed` are refused.
public enum NumPyArchive {
  /// The arrays of a file, by name.
  ///
  /// - Throws: `NetworkError` naming file and array: not an archive, truncated, compressed, not a `.npy` inside.
  public static func tensors(path: String) throws(NetworkError) -> [String: Tensor] {
    do {
      return try tensors(bytes: try HostBytes.read(path))
    } catch {
      throw error.in(file: path)
    }
  }

  /// The arrays of an archive in memory, by name.
  ///
  /// - Throws: as ``tensors(path:)``, without the file.
  public static func tensors(bytes: [UInt8]) throws(NetworkError) -> [String: Tensor] {
    var result: [String: Tensor] = [:]
    for entry in try entries(bytes) where entry.name.hasSuffix(".npy") {
      let name = String(entry.name.dropLast(4))
      do {
        result[name] = try NumPyFile.tensor(bytes: Array(bytes[try content(of: entry, bytes)]))
      } catch {
        throw error.at("array '\(name)'")
      }
    }
    return result
  }

  private struct Entry {
    var name: String
    var method: UInt64
    var size: UInt64
    var offset: UInt64
  }

  /// The entries of the central directory, which stands at the end.
  private static func entries(_ bytes: [UInt8]) throws(NetworkError) -> [Entry] {
    guard let end = endRecord(bytes) else {
      throw NetworkError("is no .npz file", suggestion: "write it with numpy.savez")
    }
    var count = number(bytes, end + 10, 2) ?? 0
    var place = number(bytes, end + 16, 4) ?? 0
    if place == 0xffff_ffff || count == 0xffff, end >= 20,
      number(bytes, end - 20, 4) == 0x0706_4b50,
      let wide = number(bytes, end - 12, 8), let start = Int(exactly: wide)
    {
      count = number(bytes, start, 8, plus: 32) ?? 0
      place = number(bytes, start, 8, plus: 48) ?? 0
    }
    var result: [Entry] = []
    guard var offset = Int(exactly: place) else { throw truncated }
    while UInt64(result.count) < count {
      guard number(bytes, offset, 4) == 0x0201_4b50,
        let method = number(bytes, offset, 2, plus: 10),
        var size = number(bytes, offset, 4, plus: 20),
        let nameLength = number(bytes, offset, 2, plus: 28),
        let extraLength = number(bytes, offset, 2, plus: 30),
        let commentLength = number(bytes, offset, 2, plus: 32),
        var local = number(bytes, offset, 4, plus: 42)
      else { throw truncated }
      let nameStart = offset + 46
      let extraStart = nameStart + Int(nameLength)
      let next = extraStart + Int(extraLength) + Int(commentLength)
      guard next <= bytes.count else { throw truncated }
      let name = String(decoding: bytes[nameStart..<extraStart], as: UTF8.self)
      let uncompressed = number(bytes, offset, 4, plus: 24) ?? 0
      widen(
        &size, &local, hasUncompressed: uncompressed == 0xffff_ffff, bytes,
        extraStart..<extraStart + Int(extraLength))
      result.append(Entry(name: name, method: method, size: size, offset: local))
      offset = next
    }
    return result
  }

  /// Replaces sizes that did not fit 32 bits by those of the extra field 1.
  private static func widen(
    _ size: inout UInt64, _ local: inout UInt64, hasUncompressed: Bool, _ bytes: [UInt8],
    _ extra: Range<Int>
  ) {
    var place = extra.lowerBound
    while place + 4 <= extra.upperBound, let kind = number(bytes, place, 2),
      let length = number(bytes, place, 2, plus: 2)
    {
      if kind == 1 {
        var field = place + 4
        if hasUncompressed { field += 8 }
        if size == 0xffff_ffff {
          size = number(bytes, field, 8) ?? size
          field += 8
        }
        if local == 0xffff_ffff { local = number(bytes, field, 8) ?? local }
        return
      }
      place += 4 + Int(length)
    }
  }

  /// Where an entry's bytes are.
  private static func content(
    of entry: Entry, _ bytes: [UInt8]
  ) throws(NetworkError) -> Range<Int> {
    guard entry.method == 0 else {
      throw NetworkError("is compressed", suggestion: "write it with numpy.savez")
    }
    guard let offset = Int(exactly: entry.offset), let size = Int(exactly: entry.size),
      number(bytes, offset, 4) == 0x0403_4b50, let nameLength = number(bytes, offset, 2, plus: 26),
      let extraLength = number(bytes, offset, 2, plus: 28)
    else { throw truncated }
    let start = offset + 30 + Int(nameLength) + Int(extraLength)
    guard start <= bytes.count, size <= bytes.count - start else { throw truncated }
    return start..<start + size
  }

  /// The end record stands before a comment of at most 65,535 bytes.
  private static func endRecord(_ bytes: [UInt8]) -> Int? {
    let last = bytes.count - 22
    guard last >= 0 else { return nil }
    return (max(0, last - 0xffff)...last).reversed().first {
      number(bytes, $0, 4) == 0x0605_4b50
    }
  }

  private static let truncated = NetworkError("is damaged or truncated")

  /// A little-endian number, or nil where the file ends before it.
  private static func number(
    _ bytes: [UInt8], _ offset: Int, _ count: Int, plus distance: Int = 0
  ) -> UInt64? {
    guard offset >= 0, offset <= bytes.count - distance - count else { return nil }
    let start = offset + distance
    return bytes[start..<start + count].reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }
}
