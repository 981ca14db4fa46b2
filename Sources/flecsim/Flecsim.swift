internal import ArgumentParser
internal import Diagnostics
internal import SoC

/// The command line.
@main
struct Flecsim: ParsableCommand {
  static func main() {
    StandardStream.prepare()
    Interruption.install()
    refuseUnknownCommand()
    main(nil)
  }

  /// A first argument that is neither an option nor a command, such as the file that was to be run.
  private static func refuseUnknownCommand() {
    guard let word = CommandLine.arguments.dropFirst().first, !word.hasPrefix("-") else { return }
    let names = configuration.subcommands.compactMap { $0.configuration.commandName } + ["help"]
    guard !names.contains(word) else { return }
    let near =
      HostFile.problem(word) == nil
      ? "run \(word)" : Suggestion.nearest(to: word, among: names)
    StandardStream.note(
      "error: no command is named '\(word)'; "
        + (near.map { "did you mean 'flecsim \($0)'?" }
          ?? "expected one of \(names.joined(separator: ", "))"))
    exit(withError: ExitCode(ProcessExit.usage.rawValue))
  }

  static let configuration = CommandConfiguration(
    commandName: "flecsim",
    abstract: "Simulates a whole system on chip for machine learning, cycle by cycle.",
    discussion: """
      EXAMPLES
        flecsim run Configs/lenet5.json            run firmware on a SoC and explain the cycles
        flecsim run soc.json --waves               record waveforms as well
        flecsim run soc.json --set cpu.cpu_mips=40 change a value of the file
        flecsim run --elf program.elf              run a bare-metal program on the default SoC
        flecsim run --elf fw_jump.elf --payload kernel.elf --harts 2
        flecsim run --elf test.elf --isa rv32imac --signature test.sig
        flecsim describe --dump-dts -              the device tree of the default SoC
        flecsim check soc.json                     find all mistakes of a description
        flecsim describe soc.json --svg soc.svg    memory map, clocks, connections, block diagram
        flecsim report results/lenet5 --table Configs/energy/horowitz-45nm.json
        flecsim estimate soc.json --network net.onnx    the same report, by a model without a clock
        flecsim explore study.json                 search a space of systems
        flecsim characterise soc.json --output fit.json  fit models to runs of a SoC
        flecsim validate                           how exact the models are, measured now
        flecsim validate estimate                  how far estimates are off
        flecsim network resnet34                   the layers of a network, from a file or of the tool
        flecsim quantize net.onnx --calibrate images --output q.onnx

      EXIT CODES
      \(ExitTable.text)
      """,
    version: ToolVersion.text,
    subcommands: [
      RunCommand.self, EstimateCommand.self, ExploreCommand.self, CharacteriseCommand.self,
      ReportCommand.self,
      CheckCommand.self, DescribeCommand.self,
      SchemaCommand.self, ValidateCommand.self, NetworkCommand.self, QuantizeCommand.self,
      ExploreWorkerCommand.self,
    ])
}
