// swift-tools-version: 6.1

import PackageDescription

/// Language features on top of Swift 6 (SE-0409, SE-0335, SE-0444).
let features: [SwiftSetting] = [
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

/// A target whose manual page is README.md beside its sources.
func library(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(
    name: name, dependencies: dependencies, exclude: ["README.md"], swiftSettings: features)
}

/// A test target; its fixtures are read from the source tree.
func tests(
  _ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []
) -> Target {
  .testTarget(
    name: name, dependencies: dependencies, exclude: exclude, swiftSettings: features)
}

/// What the page of an exploration is put together from.
let pageParts: [Resource] = [
  "page.html", "page.css", "dom.js", "format.js", "data.js", "expression.js", "state.js",
  "colour.js", "axis.js", "scatter.js", "parallel.js", "heatmap.js", "filters.js", "table.js",
  "pins.js", "slider.js", "widgets.js", "summary.js", "main.js",
].map { .embedInCode("Page/Resources/\($0)") }

let package = Package(
  name: "FLECSim",
  products: [
    .executable(name: "flecsim", targets: ["flecsim"])
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
  ],
  targets: [
    // Each target is a wall: what it does not list it cannot see.
    library("SimKernel"),
    library("Telemetry", ["SimKernel"]),
    library("Fabric", ["SimKernel", "Telemetry"]),
    library("Interconnect", ["SimKernel", "Telemetry", "Fabric"]),
    library("MemoryModels", ["SimKernel", "Telemetry", "Fabric"]),
    library("Accelerators", ["SimKernel", "Telemetry", "Fabric"]),
    library("Peripherals", ["SimKernel", "Telemetry", "Fabric"]),
    library("Processors", ["SimKernel", "Telemetry", "Fabric", "Peripherals", "RISCV"]),
    library("RISCV"),
    library("HostTools"),
    library("RTL", ["HostTools", "SimKernel", "Telemetry", "Fabric"]),
    .systemLibrary(name: "CPlugin", path: "Sources/CPlugin/include"),
    library(
      "Plugins", ["HostTools", "SimKernel", "Telemetry", "Fabric", "MemoryModels", "CPlugin"]),
    library("Debugger"),
    library("Energy", ["Telemetry"]),
    library("Reports", ["Telemetry", "Energy"]),
    library("Diagnostics"),
    library("Networks", ["Diagnostics"]),
    library("Reference", ["Networks", "Diagnostics"]),
    .target(
      name: "NetworkFormats",
      dependencies: [
        "Networks", "Diagnostics", .product(name: "SwiftProtobuf", package: "swift-protobuf"),
      ], exclude: ["README.md", "ONNX/Schema/onnx.proto"], swiftSettings: features),
    library("ModelZoo", ["Networks", "NetworkFormats"]),
    library("Mapping", ["Networks", "Reference", "Diagnostics"]),
    library(
      "Estimation",
      ["Networks", "Mapping", "Diagnostics", "Accelerators", "RISCV", "SimKernel", "Telemetry"]),
    .systemLibrary(name: "CJSONC", pkgConfig: "json-c", providers: [.apt(["libjson-c-dev"])]),
    .systemLibrary(name: "CMD", providers: [.apt(["libmd-dev"])]),
    library(
      "SoC",
      [
        "SimKernel", "Telemetry", "Fabric", "Interconnect", "MemoryModels", "Accelerators",
        "Peripherals", "Processors", "RISCV", "Debugger", "Diagnostics", "HostTools", "RTL",
        "Plugins", "CJSONC", "CMD",
      ]),
    .target(
      name: "Validation",
      dependencies: [
        "SimKernel", "Telemetry", "Fabric", "Interconnect", "Accelerators", "RTL",
      ], exclude: ["README.md"], resources: [.embedInCode("Record/accuracy.json")],
      swiftSettings: features),
    .target(
      name: "Exploration",
      dependencies: [
        "SoC", "SimKernel", "Diagnostics", "HostTools", "CMD",
        .product(name: "GRDB", package: "GRDB.swift"),
        .product(name: "GRDBSQLite", package: "GRDB.swift"),
      ], exclude: ["README.md"], resources: pageParts,
      swiftSettings: features),
    .executableTarget(
      name: "flecsim",
      dependencies: [
        "SoC", "Energy", "Reports", "Telemetry", "SimKernel", "Peripherals", "Processors", "RISCV",
        "Debugger", "Diagnostics", "HostTools", "RTL", "Validation", "Networks", "NetworkFormats",
        "Reference", "ModelZoo", "Mapping", "Interconnect", "Estimation",
        "Exploration", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], exclude: ["README.md"], resources: [.embedInCode("Estimate/Record/errors.json")],
      swiftSettings: features),
    .executableTarget(
      name: "flecbench",
      dependencies: [
        "SimKernel", "SoC", "RISCV", "HostTools", "Networks", "NetworkFormats", "Reference",
        "ModelZoo", "Estimation", "Mapping", "Fabric", "Interconnect",
      ], swiftSettings: features),

    .target(
      name: "TestSupport", dependencies: ["SimKernel", "Fabric"], path: "Tests/TestSupport",
      swiftSettings: features),
    tests("SimKernelTests", ["SimKernel"]),
    tests(
      "InterconnectTests",
      ["SimKernel", "Telemetry", "Fabric", "Interconnect", "MemoryModels", "TestSupport"]),
    tests(
      "MemoryModelsTests", ["SimKernel", "Telemetry", "Fabric", "MemoryModels", "TestSupport"]),
    tests(
      "PeripheralsTests", ["SimKernel", "Telemetry", "Fabric", "Peripherals", "TestSupport"]),
    tests(
      "ProcessorsTests",
      [
        "SimKernel", "Telemetry", "Fabric", "Peripherals", "Processors", "RISCV", "TestSupport",
      ]),
    tests(
      "AcceleratorsTests",
      [
        "SimKernel", "Telemetry", "Fabric", "Accelerators", "Networks", "Reference", "TestSupport",
      ]),
    tests(
      "PluginsTests",
      ["Plugins", "SimKernel", "Telemetry", "Fabric", "MemoryModels", "TestSupport"]),
    tests("RTLTests", ["RTL", "SimKernel", "Telemetry", "Fabric", "TestSupport"]),
    tests("ValidationTests", ["Validation", "RTL", "HostTools"]),
    tests("RISCVTests", ["RISCV"], exclude: ["Fixtures"]),
    tests("DifferentialTests", ["RISCV"], exclude: ["Fixtures"]),
    tests("DebuggerTests", ["Debugger"]),
    tests("EnergyTests", ["Energy", "Telemetry"], exclude: ["Fixtures"]),
    tests("ReportsTests", ["Reports", "Energy", "Telemetry"]),
    tests("NetworksTests", ["Networks", "TestSupport"]),
    tests(
      "NetworkFormatsTests", ["Networks", "NetworkFormats", "Reference", "TestSupport"],
      exclude: ["Oracle"]),
    tests(
      "ReferenceTests", ["Networks", "NetworkFormats", "Reference", "TestSupport"],
      exclude: ["Oracle"]),
    tests(
      "ModelZooTests", ["Networks", "NetworkFormats", "Reference", "ModelZoo", "TestSupport"],
      exclude: ["Oracle"]),
    tests("MappingTests", ["Mapping", "Networks", "Reference", "ModelZoo", "TestSupport"]),
    tests(
      "EstimationTests",
      [
        "Estimation", "Mapping", "Networks", "Reference", "Accelerators", "RISCV", "ModelZoo",
        "SoC", "SimKernel", "Telemetry", "Fabric", "Interconnect", "MemoryModels", "TestSupport",
      ],
      exclude: ["Fixtures"]),
    tests(
      "ExplorationTests",
      [
        "Exploration", "SoC", "SimKernel", "TestSupport",
        .product(name: "GRDB", package: "GRDB.swift"),
      ],
      exclude: ["Oracle", "Page/drive.py"]),
    tests("SoCTests", ["SoC", "Fabric", "Peripherals", "RISCV"], exclude: ["Fixtures"]),
    tests(
      "SystemTests",
      [
        "SoC", "SimKernel", "Telemetry", "Energy", "Peripherals", "Processors", "RISCV", "Debugger",
        "HostTools", "TestSupport",
      ],
      exclude: ["Fixtures"]),
    tests(
      "CommandTests",
      [
        "flecsim", "Reports", "Energy", "Telemetry", "HostTools", "TestSupport", "Networks",
        "NetworkFormats", "Reference", "Exploration",
      ]),
  ],
  swiftLanguageModes: [.v6]
)
