import Foundation
import TestSupport
import Testing

/// Builds whose commands ask for devices of the host.
@Suite(.enabled(if: Workbench.isUsable, Workbench.reason)) struct DeviceTests {
    /// `vendor.com/test=zero` is `/dev/zero` under another name, with a folder and a variable; `=open` is for all.
    private func describeDevices(_ bench: Workbench) throws -> String {
        let specification = """
            cdiVersion: 0.6.0
            kind: vendor.com/test
            devices:
            - name: zero
              annotations: {org.mobyproject.buildkit.device.class: zeros}
              containerEdits:
                deviceNodes: [{path: /dev/vendor0, hostPath: /dev/zero}]
                mounts: [{hostPath: \(bench.path("driver")), containerPath: /usr/lib/driver}]
                env: [VENDOR_DEVICE=zero]
            - name: open
              annotations: {org.mobyproject.buildkit.device.autoallow: true}
              containerEdits: {env: [VENDOR_DEVICE=open]}
            - name: fuse
              containerEdits: {deviceNodes: [{path: /dev/fuse, type: c, major: 10, minor: 229, fileMode: 0600}]}
            - name: hooked
              containerEdits: {hooks: [{hookName: createContainer, path: /bin/false}]}
            """
        try bench.context(["vendor.yaml": specification], named: "cdi")
        try bench.context(["version": "driver 1\n"], named: "driver")
        return bench.path("cdi")
    }

    private func build(_ bench: Workbench, _ dockerfile: String, _ arguments: String...) throws -> Outcome {
        let folder = try describeDevices(bench)
        let context = try bench.context(["Dockerfile": dockerfile])
        return try bench.build(context, arguments: ["--network", "none", "--cdi-spec-dir", folder] + arguments)
    }

    @Test func aStepHasItsDeviceAndTheNextHasNot() throws {
        try Workbench.run { bench in
            let built = try build(
                bench,
                """
                FROM busybox
                RUN --device=vendor.com/test=zero head -c 8 /dev/vendor0 | wc -c > /count && cat /usr/lib/driver/version \
                    && echo $VENDOR_DEVICE && cp -a /dev/vendor0 /stolen
                RUN test ! -e /dev/vendor0 && test ! -e /usr/lib/driver && test -z "$VENDOR_DEVICE" && cat /count \
                    && ! cat /stolen && rm /stolen && mknod /other c 1 5 && ! cat /other && rm /other
                """,
                "--allow",
                "device=vendor.com/test=zero",
                "-t",
                "made"
            )
            #expect(built.status == 0, "\(built.errors)")
            #expect(built.errors.contains("RUN --device=vendor.com/test=zero head"))
            for line in ["driver 1", " zero", " 8"] { #expect(built.errors.contains(line), "\(line)") }
            // Nothing of it is in the image.
            let image = try bench.slipway.run("inspect", "made").text
            #expect(!image.contains("VENDOR_DEVICE=zero"), "\(image)")
            try Command.shell("mkdir \"$1\"", bench.path("out"))
            let out = try build(
                bench,
                "FROM made\nRUN ls -A / /dev /usr 2>/dev/null\n",
                "-o",
                "type=tar,dest=\(bench.path("made.tar"))"
            )
            #expect(out.status == 0, "\(out.errors)")
            let names = try Command.shell("tar tf \"$1\"", bench.path("made.tar")).text
            for name in ["vendor0", "driver", "stolen"] { #expect(!names.contains(name), "\(names)") }
        }
    }

    @Test(arguments: [
        ("RUN --device=vendor.com/test=zero true", []), ("RUN --device=vendor.com/test true", []),
        ("RUN --device=vendor.com/test=* true", []), ("RUN --device=zeros true", []),
        ("RUN --device=vendor.com/test=zeros true", []), ("RUN --device=vendor.com/test=zero,required true", []),
        ("RUN --device=vendor.com/test=absent true", []),
        ("RUN --device=vendor.com/test=zero true", ["--allow", "security.insecure", "--allow", "network.host"]),
        ("RUN --device=vendor.com/test=zero true", ["--allow", "device=vendor.com/test=fuse"]),
        ("RUN --device=vendor.com/test=* true", ["--allow", "device=vendor.com/test=zero"]),
        ("RUN --device=vendor.com/test=open --device=vendor.com/test=zero true", []),
        ("ARG D=vendor.com/test=zero\nRUN --device=$D true", ["--allow", "device"]),
        ("ARG D\nRUN --device=${D} true", ["--build-arg", "D=vendor.com/test=zero", "--allow", "device"]),
        ("ONBUILD RUN --device=vendor.com/test=zero true\nFROM base", []),
        ("RUN --device=/dev/zero true", ["--allow", "device"]),
        ("RUN --device=VENDOR.COM/test=zero,required true", ["--allow", "device"]),
        ("RUN --device=vendor.com/test=hooked true", ["--allow", "device"]),
    ])
    func whatWasNotGrantedIsRefusedBeforeAnythingRuns(_ lines: String, _ arguments: [String]) throws {
        try Workbench.run { bench in
            let folder = try describeDevices(bench)
            let context = try bench.context(["Dockerfile": "FROM busybox AS base\n\(lines)\n"])
            let built = try bench.build(context, arguments: ["--cdi-spec-dir", folder] + arguments)
            #expect(built.status != 0, "\(built.errors)")
            #expect(built.failure.hasPrefix("Dockerfile:"), "\(built.errors)")
            #expect(built.steps.isEmpty || !built.steps.keys.contains { $0.hasPrefix("RUN") }, "\(built.steps)")
        }
    }

    /// A trigger in a base image that somebody else made has no more rights than the Dockerfile.
    @Test func aTriggerOfAnImageIsRefusedAsWell() throws {
        try Workbench.run { bench in
            let trigger = "FROM busybox\nONBUILD RUN --device=vendor.com/test=zero head -c 2 /dev/vendor0 | wc -c\n"
            let base = try build(bench, trigger, "-t", "trigger")
            #expect(base.status == 0, "\(base.errors)")
            let refused = try build(bench, "FROM trigger\n")
            #expect(refused.status != 0 && refused.failure.contains("is not allowed"), "\(refused.errors)")
            let allowed = try build(bench, "FROM trigger\n", "--allow", "device=vendor.com/test=zero")
            #expect(allowed.status == 0, "\(allowed.errors)")
        }
    }

    @Test func theHostsConsentAndAliasesCount() throws {
        try Workbench.run { bench in
            let open = try build(
                bench,
                "FROM busybox\nRUN --device=vendor.com/test=open test \"$VENDOR_DEVICE\" = open\n"
            )
            #expect(open.status == 0, "\(open.errors)")
            let alias = try build(
                bench,
                "FROM busybox\nRUN --device=accelerator test \"$VENDOR_DEVICE\" = zero\n",
                "--allow",
                "device=vendor.com/test=zero,alias=accelerator"
            )
            #expect(alias.status == 0, "\(alias.errors)")
        }
    }

    @Test func aDeviceThatIsNotThereIsLeftOutWithAWarning() throws {
        try Workbench.run { bench in
            let built = try build(
                bench,
                "FROM busybox\nRUN --device=vendor.com/test=absent test -z \"$VENDOR_DEVICE\"\n",
                "--allow",
                "device"
            )
            #expect(built.status == 0, "\(built.errors)")
            #expect(
                built.errors.contains("warning: this host has no device `vendor.com/test=absent`"),
                "\(built.errors)"
            )
        }
    }

    @Test func theDevicesThatAStepHadArePartOfItsKey() throws {
        try Workbench.run { bench in
            func steps(_ device: String) throws -> [String] {
                let flag = device.isEmpty ? "" : "--device=\(device) "
                let built = try build(bench, "FROM busybox\nRUN \(flag)true\n", "--allow", "device")
                #expect(built.status == 0, "\(built.errors)")
                return built.steps.filter { $0.key.hasPrefix("RUN") }.map(\.value)
            }
            let expected = [
                ("", "DONE"), ("vendor.com/test=zero", "DONE"), ("vendor.com/test=zero", "CACHED"),
                ("vendor.com/test=zero,required", "CACHED"), ("vendor.com/test=open", "DONE"),
                ("vendor.com/test=absent", "DONE"), ("", "CACHED"),
            ]
            for (device, ending) in expected {
                let found = try steps(device)
                #expect(found == [ending], "\(device)")
            }
        }
    }

    /// The kernel's own device, at its own place, with the mode of the specification.
    @Test(.enabled(if: FileManager.default.fileExists(atPath: "/dev/fuse"), "needs /dev/fuse"))
    func aRealDeviceIsOpened() throws {
        try Workbench.run { bench in
            let built = try build(
                bench,
                """
                FROM busybox
                RUN ! test -e /dev/fuse
                RUN --device=vendor.com/test=fuse,required stat -c 'fuse %a %t:%T' /dev/fuse && : < /dev/fuse
                RUN ! test -e /dev/fuse
                """,
                "--allow",
                "device=vendor.com/test=*"
            )
            #expect(built.status == 0, "\(built.errors)")
            #expect(built.errors.contains("fuse 600 a:e5"), "\(built.errors)")
        }
    }
}
