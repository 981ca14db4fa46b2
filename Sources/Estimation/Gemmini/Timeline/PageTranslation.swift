/// Address translation: a one-page filter per direction before one shared entry of four
/// consecutive pages; a miss walks the page table, one walk at a time.
struct PageTranslation {
  private static let pageBits = 12
  private static let pagesPerEntry = 4

  private let walkLatency: Int?
  private var pages = (read: -1, write: -1)
  private var group = -1
  private var valid = 0
  private var walkerFree = 0

  init(walkLatency: Int?) {
    self.walkLatency = walkLatency
  }

  mutating func delay(of address: Int, write: Bool, at cycle: Int) -> Int {
    guard let walkLatency else { return 0 }
    let page = address >> Self.pageBits
    if page == (write ? pages.write : pages.read) { return 0 }
    if write { pages.write = page } else { pages.read = page }
    let bit = 1 << (page & (Self.pagesPerEntry - 1))
    if page / Self.pagesPerEntry != group {
      group = page / Self.pagesPerEntry
      valid = 0
    }
    if valid & bit != 0 { return 0 }
    valid |= bit
    walkerFree = max(cycle, walkerFree) + walkLatency + 2
    return walkerFree - cycle
  }
}
