import BuildPlanning
import ByteStrings
import DeviceModel
import OCIModel
import SourceDiagnostics
import Testing

@Suite("RUN --device")
struct DevicePlanningTests {
    private static let named = DeviceSelector("v.com/d=a")

    private func plan(
        _ dockerfile: String,
        _ grants: [DeviceGrant] = [.all],
        images: [ByteString: ResolvedImage] = [:]
    ) throws -> BuildPlan {
        try PlanFixture.plan(dockerfile, images: images) { $0.deviceGrants = grants }
    }

    private func failure(_ dockerfile: String, _ grants: [DeviceGrant] = [.all]) throws -> (String, String?) {
        let found = PlanFixture.failure(dockerfile) { $0.deviceGrants = grants }
        let error = try #require(found?.diagnostics.first)
        return (error.message, error.hint)
    }

    @Test(
        "The devices of a command are told by name",
        arguments: [
            ("v.com/d=a", "v.com/d=a"), ("v.com/d", "v.com/d"), ("fast", "fast"), ("v.com/d=fast", "v.com/d=fast"),
            ("name=v.com/d=a", "v.com/d=a"), ("v.com/d=a,required", "v.com/d=a"),
            ("required,name=v.com/d=a", "v.com/d=a"), ("v.com/d=a,required=false", "v.com/d=a"),
        ] as [(String, ByteString)]
    )
    func devices(flag: String, meant: ByteString) throws {
        let plan = try plan("FROM busybox\nRUN --device=\(flag) x\n")
        let device = try #require(plan.execs.first?.devices.first)
        #expect(device.meant.text == meant)
        #expect(device.names.map(\.description) == ["v.com/d=a"])
        #expect(plan.steps.last?.title == "[2/2] RUN --device=\(flag) x")
        #expect(plan.history.last == "RUN /bin/sh -c x # buildkit")
        #expect(plan.warnings.isEmpty)
    }

    @Test("The host is looked at only where a command asks for a device")
    func noDevice() throws {
        var request = PlanFixture.request("FROM busybox AS a\nRUN --device=v.com/d=a x\nFROM busybox\nRUN x\n")
        let images = try ImageRequests.all(of: request)
        guard case .planned = try Planner.plan(request, images: images) else {
            Issue.record("a stage that is not built asks for devices")
            return
        }
        request.target = "a"
        #expect(try Planner.plan(request, images: images) == .needsDevices)
    }

    @Test(
        "Without consent there is no device, present or not",
        arguments: ["v.com/d=a", "v.com/d=z", "nothing", "fast"]
    )
    func refusal(name: String) throws {
        for grants in [[], [DeviceGrant.alias("x", of: try #require(Self.named))]] {
            for option in ["", ",required"] {
                let (message, hint) = try failure("FROM busybox\nRUN --device=\(name)\(option) x\n", grants)
                #expect(message == "RUN --device=\(name) is not allowed")
                #expect(hint == "allow it with --allow device=\(name), or every device with --allow device")
            }
        }
    }

    @Test("Another privilege is no consent")
    func otherPrivileges() {
        let found = PlanFixture.failure("FROM busybox\nRUN --security=insecure --device=v.com/d=a x\n") {
            $0.allowsInsecure = true
            $0.allowsHostNetwork = true
        }
        #expect(found?.diagnostics.count == 1)
    }

    @Test(
        "A variable gets no device",
        arguments: [
            "ARG D=v.com/d=a\nRUN --device=$D x\n", "ENV D=v.com/d=a\nRUN --device=${D} x\n",
            "ARG D=a\nRUN --device=v.com/d=$D x\n", "ARG D=name=v.com/d=a\nRUN --device=\"$D\" x\n",
        ]
    )
    func variables(lines: String) throws {
        for grants in [[], [DeviceGrant.all]] {
            let (message, hint) = try failure("FROM busybox\n" + lines, grants)
            #expect(message.hasPrefix("invalid --device `"))
            #expect(hint?.contains("variables are not replaced") == true)
        }
    }

    @Test("A trigger of a base image gets what the build allows, and no more")
    func triggers() throws {
        let base = PlanFixture.image("base") { $0.config.onBuild = ["RUN --device=v.com/d=a x"] }
        #expect(throws: PlanErrors.self) { try plan("FROM base\n", [], images: ["base": base]) }
        let allowed = try plan("FROM base\n", images: ["base": base])
        #expect(allowed.execs.first?.devices.first?.names.map(\.description) == ["v.com/d=a"])
        let text = "FROM busybox AS base\nONBUILD RUN --device=v.com/d=a x\nFROM base\n"
        #expect(throws: PlanErrors.self) { try plan(text, []) }
        #expect(try plan(text).execs.first?.devices.count == 1)
    }

    @Test("An alias is another name for the devices, and the only one")
    func aliases() throws {
        let grants = [DeviceGrant.alias("v.com/d=other", of: try #require(Self.named))]
        let plan = try plan("FROM busybox\nRUN --device=v.com/d=other x\n", grants)
        #expect(plan.execs.first?.devices.map(\.meant) == [try #require(Self.named)])
        #expect(plan.execs.first?.devices.first?.names.map(\.description) == ["v.com/d=a"])
    }

    @Test("A device that is not there is a warning, and an error where it is required")
    func missing() throws {
        let plan = try plan("FROM busybox\nRUN --device=v.com/d=z x\n")
        #expect(plan.execs.first?.devices.map(\.names) == [[]])
        #expect(plan.warnings.map(\.message) == ["this host has no device `v.com/d=z`: the command runs without it"])
        let (message, hint) = try failure("FROM busybox\nRUN --device=v.com/d=z,required x\n")
        #expect(message == "the device `v.com/d=z` is required, and this host has none of that name")
        #expect(hint == "it offers `v.com/d=a`")
    }

    @Test("A host without devices says where they would be described")
    func emptyOffer() throws {
        let found = PlanFixture.failure("FROM busybox\nRUN --device=v.com/d=z,required x\n") {
            $0.deviceGrants = [.all]
            $0.devices = DeviceOffer([], folders: ["/f", "/g"], faults: ["`/f/a.json` is left out: it is empty"])
        }
        let error = try #require(found?.diagnostics.first)
        #expect(error.hint?.contains("`/f` and `/g`") == true)
        #expect(error.notes == ["`/f/a.json` is left out: it is empty"])
    }

    @Test("A device that cannot be given is an error, required or not", arguments: ["v.com/d=b", "v.com/d=*"])
    func faulty(name: String) throws {
        for option in ["", ",required"] {
            let (message, _) = try failure("FROM busybox\nRUN --device=\(name)\(option) x\n")
            #expect(message == "the device `v.com/d=b` cannot be given to a command: it is broken")
        }
    }
}

/// The images of a request, all of them busybox.
private enum ImageRequests {
    static func all(of request: PlanRequest) throws -> [ImageRequest: ResolvedImage] {
        guard case .needsImages(let wanted) = try Planner.plan(request, images: [:]) else { return [:] }
        return Dictionary(uniqueKeysWithValues: wanted.map { ($0, PlanFixture.busybox) })
    }
}
