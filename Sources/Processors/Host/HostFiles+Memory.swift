/// Transfers between files and the program's memory, in pieces so that a huge count costs nothing.
extension HostFiles {
  /// Reads into memory until `count` bytes are there or the file gives less than asked; how many
  /// were read.
  ///
  /// - Throws: EFAULT when the buffer is not all memory, before anything is read.
  func read(
    _ number: Int32, into memory: any GuestMemory, at address: UInt64, count: UInt64,
    position: Int64? = nil
  ) throws(HostError) -> UInt64 {
    guard memory.contains(address, count: count) else { throw .badAddress }
    return try transfer(count) { done, part throws(HostError) in
      let bytes = try self.read(
        number, atMost: part, at: position.map { $0 &+ Int64(done) })
      guard memory.write(bytes, at: address &+ done) else { throw .badAddress }
      return bytes.count
    }
  }

  /// Writes from memory until all is written or the file takes less; how many were written.
  ///
  /// - Throws: EFAULT when the buffer is not all memory, before anything is written.
  func write(
    _ number: Int32, from memory: any GuestMemory, at address: UInt64, count: UInt64,
    position: Int64? = nil
  ) throws(HostError) -> UInt64 {
    guard memory.contains(address, count: count) else { throw .badAddress }
    return try transfer(count) { done, part throws(HostError) in
      guard let bytes = memory.read(at: address &+ done, count: UInt64(part)) else {
        throw .badAddress
      }
      return try self.write(bytes, to: number, at: position.map { $0 &+ Int64(done) })
    }
  }

  /// Moves up to `count` bytes by `piece`, which is told how many are done and how many to do. An
  /// error counts only when nothing has been moved before.
  private func transfer(
    _ count: UInt64, _ piece: (UInt64, Int) throws(HostError) -> Int
  ) throws(HostError) -> UInt64 {
    var done: UInt64 = 0
    repeat {
      let part = Int(min(count - done, UInt64(Self.transferSize)))
      do {
        let moved = try piece(done, part)
        done += UInt64(moved)
        if moved < part { break }
      } catch {
        if done == 0 { throw error }
        break
      }
    } while done < count
    return done
  }
}
