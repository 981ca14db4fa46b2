import Foundation

/// What libFuzzer calls. The environment variable FLECSIM_FUZZ says which importer is meant.
private let subject = Subject(rawValue: ProcessInfo.processInfo.environment["FLECSIM_FUZZ"] ?? "")

/// Runs the importer on the bytes that libFuzzer made.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  subject?.run(Array(UnsafeBufferPointer(start: start, count: count)))
  return 0
}

/// Changes an input in place; gives its new size. ONNX files are changed part by part, so that they
/// stay readable.
@_cdecl("LLVMFuzzerCustomMutator")
public func mutate(
  _ data: UnsafeMutablePointer<UInt8>, _ count: Int, _ capacity: Int, _ seed: CUnsignedInt
) -> Int {
  guard subject == .onnx, seed % 8 != 0,
    let bytes = ModelMutation(seed: UInt64(seed)).mutated(
      Array(UnsafeBufferPointer(start: data, count: count))),
    bytes.count <= capacity
  else { return mutateBytes(data, count, capacity) }
  UnsafeMutableBufferPointer(start: data, count: capacity).update(fromContentsOf: bytes)
  return bytes.count
}

/// libFuzzer's own mutations.
@_silgen_name("LLVMFuzzerMutate")
private func mutateBytes(
  _ data: UnsafeMutablePointer<UInt8>, _ count: Int, _ capacity: Int
) -> Int

/// Hands the command line to libFuzzer.
@main
enum Fuzz {
  static func main() {
    guard subject != nil else {
      let message = "fuzz: FLECSIM_FUZZ must be onnx, darknet, scalesim or npy\n"
      FileHandle.standardError.write(Data(message.utf8))
      exit(64)
    }
    var count = CommandLine.argc
    var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv
    exit(runDriver(&count, &arguments) { testOneInput($0, $1) })
  }
}

/// libFuzzer's own program.
@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
  _ count: UnsafeMutablePointer<CInt>,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>,
  _ test: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt
