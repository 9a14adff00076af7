import Foundation
import OCIModel
import TestSupport
import Testing

@Suite struct ImageConfigurationTests {
    static func file(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: Testdata.root.appendingPathComponent("oci/\(name)")))
    }

    static let full = ImageConfiguration(
        created: "2026-01-01T00:00:00Z",
        author: "someone",
        architecture: "arm",
        os: "linux",
        variant: "v7",
        config: ContainerConfiguration(
            user: "app:app",
            exposedPorts: ["80/tcp", "443/udp"],
            environment: ["PATH=/bin", "A=b c"],
            entrypoint: ["/entry"],
            cmd: ["run", "<&>"],
            volumes: ["/data"],
            workingDirectory: "/srv",
            labels: ["b": "2", "a": "1"],
            stopSignal: "SIGQUIT",
            argsEscaped: true,
            healthcheck: Healthcheck(
                test: ["CMD-SHELL", "true"],
                interval: 30_000_000_000,
                timeout: 1,
                startPeriod: 2,
                startInterval: 3,
                retries: 4
            ),
            shell: ["/bin/bash", "-c"],
            onBuild: ["RUN make"]
        ),
        rootfs: RootFS(diffIDs: [DiffID(.sha256(of: "a".utf8)), DiffID(.sha256(of: "b".utf8))]),
        history: [
            History(created: "2026-01-01T00:00:00Z", createdBy: "RUN x # buildkit", comment: "c"),
            History(createdBy: "ENV A=b c", author: "x", emptyLayer: true),
        ]
    )

    @Test func writesTheWholeDocumentAsRecorded() throws {
        let expected = try Self.file("full-config.json").filter { $0 != 10 }
        let written = try CanonicalJSON.encode(Self.full)

        #expect(String(decoding: written, as: UTF8.self) == String(decoding: expected, as: UTF8.self))
        #expect(try CanonicalJSON.decode(ImageConfiguration.self, from: written) == Self.full)
    }

    @Test func leavesOutWhatIsEmpty() throws {
        let empty = ImageConfiguration(
            architecture: "amd64",
            os: "linux",
            config: ContainerConfiguration(
                user: "",
                exposedPorts: [],
                environment: [],
                entrypoint: [],
                cmd: [],
                volumes: [],
                labels: [:],
                healthcheck: Healthcheck(test: [], interval: 0),
                onBuild: []
            )
        )

        #expect(
            String(decoding: try CanonicalJSON.encode(empty), as: UTF8.self)
                == #"{"architecture":"amd64","config":{"Healthcheck":{}},"os":"linux","rootfs":{"diff_ids":[],"type":"layers"}}"#
        )
    }

    @Test func readsAConfigurationOfAnotherBuilder() throws {
        let image = try CanonicalJSON.decode(ImageConfiguration.self, from: try Self.file("foreign-config.json"))

        #expect(image.platform.description == "linux/arm64")
        #expect(image.config.entrypoint == ["/bin/sh"])
        #expect(image.config.cmd == nil)
        #expect(image.config.labels == ["a": "", "b": "1"])
        #expect(image.config.exposedPorts == ["80/tcp"])
        #expect(image.config.volumes == ["/v", "/w"])
        #expect(image.config.onBuild == nil)
        #expect(image.config.argsEscaped == false)
        #expect(image.config.healthcheck == Healthcheck(test: ["NONE"]))
        #expect(image.history.map(\.emptyLayer) == [false, true])
        #expect(image.rootfs.diffIDs.count == 1)
    }

    static let refused: [(String, DocumentError)] = [
        (#"{"os":"linux","rootfs":{"type":"layers","diff_ids":[]}}"#, DocumentError.missing("architecture")),
        (#"{"architecture":"a","os":"linux"}"#, .missing("rootfs")),
        (
            #"{"architecture":"a","os":"linux","rootfs":{"type":"x","diff_ids":[]}}"#,
            .invalid("rootfs.type", "`x` is not `layers`")
        ),
        (
            #"{"architecture":"a","os":"linux","rootfs":{"diff_ids":["sha256:../x"]}}"#,
            .invalid("", "`../x` is not a hash of 64 lower-case hexadecimal digits")
        ),
    ]

    @Test(arguments: refused)
    func refusesWhatIsNoConfiguration(_ text: String, _ error: DocumentError) {
        #expect(throws: error) { try CanonicalJSON.decode(ImageConfiguration.self, from: Array(text.utf8)) }
    }
}
