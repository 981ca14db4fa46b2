// swift-tools-version: 6.1

// The importers built for libFuzzer (see ../fuzz); a package of its own, so that other builds do not see it.

import PackageDescription

let features: [SwiftSetting] = [
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

let protobuf = Target.Dependency.product(name: "SwiftProtobuf", package: "swift-protobuf")

let package = Package(
  name: "Fuzz",
  dependencies: [.package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0")],
  targets: [
    // Links to the folders in Sources.
    .target(name: "Diagnostics", exclude: ["README.md"], swiftSettings: features),
    .target(
      name: "Networks", dependencies: ["Diagnostics"], exclude: ["README.md"],
      swiftSettings: features),
    .target(
      name: "Reference", dependencies: ["Networks", "Diagnostics"], exclude: ["README.md"],
      swiftSettings: features),
    .target(
      name: "NetworkFormats", dependencies: ["Networks", "Diagnostics", protobuf],
      exclude: ["README.md", "ONNX/Schema/onnx.proto"], swiftSettings: features),
    .executableTarget(
      name: "Fuzz", dependencies: ["Networks", "NetworkFormats", "Reference", protobuf],
      swiftSettings: features + [.unsafeFlags(["-parse-as-library"])]),
  ],
  swiftLanguageModes: [.v6]
)
