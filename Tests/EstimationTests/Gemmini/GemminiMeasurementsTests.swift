import Estimation
import Testing

@Suite("Gemmini measurements")
struct GemminiMeasurementsTests {
  static let header =
    "api,M,N,K,bias,act,out_bits,mem_latency,beat_interval,cmd_gap,vm,ptw_latency,n_cmds,cycles,"
    + "rd_req16,rd_req32,rd_req64,rd_beats,wr_req16,wr_req32,wr_req64,wr_beats,wr_bytes"
  static let row =
    "tiled_auto_os,17,33,65,1,relu,8,20,2,3,1,60,82,1067,1,2,3,4,5,6,7,8,9"

  @Test("A row becomes a layer, a memory and the measured numbers")
  func matmul() throws {
    let rows = try GemminiMeasurements(csv: Self.header + "\n" + Self.row + "\n").rows
    let row = try #require(rows.first)
    #expect(rows.count == 1)
    #expect(row.line == 2)
    #expect(
      row.workload
        == .matmul(
          GemminiMatmul(
            rows: 17, columns: 33, depth: 65, hasBias: true, hasActivation: true,
            driver: .tiledOutputStationary)))
    #expect(
      row.memory
        == GemminiMemory(latency: 20, beatInterval: 2, commandGap: 3, walkLatency: 60))
    #expect(row.cycles == 1067)
    #expect(row.actions.readRequests64 == 3)
    #expect(row.actions.moveOutBytes == 9)
  }

  @Test("Columns are found by name, in any order")
  func order() throws {
    let names = Self.header.split(separator: ",").reversed().joined(separator: ",")
    let fields = Self.row.split(separator: ",").reversed().joined(separator: ",")
    let turned = try GemminiMeasurements(csv: names + "\r\n" + fields + "\r\n").rows
    let straight = try GemminiMeasurements(csv: Self.header + "\n" + Self.row).rows
    #expect(turned == straight)
  }

  @Test(
    "Errors name file, line and column",
    arguments: [
      ("tiled_auto_os", "tiled_auto", "rows.csv:2: column 'api': unknown driver 'tiled_auto'"),
      (",17,", ",x,", "rows.csv:2: column 'M': 'x' is no integer"),
      (",17,", ",0,", "rows.csv:2: column 'M': must be positive"),
      (",9", "", "rows.csv:2: column 'wr_bytes': missing in this row"),
      ("relu,8,", "relu,16,", "rows.csv:2: column 'out_bits': must be 8 or 32"),
    ])
  func errors(_ text: String, _ replacement: String, _ message: String) {
    let row = Self.row.replacing(text, with: replacement)
    #expect {
      try GemminiMeasurements(csv: Self.header + "\n" + row, name: "rows.csv")
    } throws: {
      "\($0)" == message
    }
  }

  @Test("A missing column is named")
  func column() {
    #expect {
      try GemminiMeasurements(
        csv: Self.header.replacing(",cycles", with: "") + "\n" + Self.row, name: "rows.csv")
    } throws: {
      "\($0)" == "rows.csv:2: column 'cycles': missing in the header"
    }
  }

  @Test("An empty file has no header")
  func empty() {
    #expect(throws: GemminiMeasurementsError.self) { try GemminiMeasurements(csv: "") }
  }
}
