import ArgumentParser
import BuildInterface
import ByteStrings
import DeviceModel
import FileModel
import OCIModel
import Testing

@testable import SlipwayCLI

@Suite struct FlagTests {
    @Test(arguments: [
        ("type=oci,dest=a.tar", ExportTarget.Form.oci, ExportTarget.Destination.path("a.tar")),
        ("type=docker,dest=-", .docker, .standardOutput),
        ("type=image", .image, .store),
        ("out", .local, .path("out")),
        ("-", .tar, .standardOutput),
        ("type=tar,\"dest=a,b.tar\"", .tar, .path("a,b.tar")),
    ])
    func outputsNameAFormAndAPlace(
        _ text: String,
        _ form: ExportTarget.Form,
        _ destination: ExportTarget.Destination
    ) throws {
        let target = try ExportTargetParser.parse(text)
        #expect(target.form == form)
        #expect(target.destination == destination)
    }

    @Test(arguments: [
        "type=oci", "type=local,dest=-", "dest=x", "type=what,dest=x", "type=oci,dest=x,compression=lzma",
        "type=oci,dest=x,whatever=1", "type=tar,dest=x,tar=false", "type=oci,dest=x,rewrite-timestamp=perhaps",
        "type=oci,dest=x,rewrite-timestamp=false",
        "type=image,push=true", "type=image,compression=zstd", "type=docker,oci-mediatypes=false",
        "type=image,force-compression=true",
    ])
    func outputsThatCannotBeAreRefused(_ text: String) {
        #expect(throws: ValidationError.self) { try ExportTargetParser.parse(text) }
    }

    @Test(arguments: [
        ("a=oci-archive:x.tar", NamedContext.Location.ociArchive("x.tar")),
        ("a=docker-archive:x.tar", .dockerArchive("x.tar")),
        ("a=oci-layout://d/e:v1", .ociLayout(path: "d/e", selector: "v1")),
        ("a=oci-layout://d:e/f", .ociLayout(path: "d:e/f", selector: nil)),
        ("a=docker-image://busybox", .image("busybox")),
        ("a=./folder", .path("./folder")),
        ("a=files.tar.gz", .path("files.tar.gz")),
        ("a=https://example.com/x.tar.gz", .remote("https://example.com/x.tar.gz")),
        ("a=https://example.com/x.git#v1:sub", .remote("https://example.com/x.git#v1:sub")),
        ("a=git@example.com:x/y", .remote("git@example.com:x/y")),
        ("a=ssh://git@example.com/y", .remote("ssh://git@example.com/y")),
        ("a=github.com/x/y", .remote("github.com/x/y")),
        ("a=target:build", .stage("build")),
    ])
    func buildContextsAreToldApart(_ text: String, _ location: NamedContext.Location) throws {
        #expect(try NamedContextParser.parse(text) == NamedContext(name: "a", location: location))
    }

    @Test(arguments: [
        (".", ContextLocation.folder(".")), ("-", .standardInput), ("./-", .folder("./-")),
        ("https://example.com/a.tgz", .remote("https://example.com/a.tgz")),
        ("HTTP://example.com/a.git#x", .remote("HTTP://example.com/a.git#x")),
        ("git@example.com:a/b.git#v1:sub", .remote("git@example.com:a/b.git#v1:sub")),
        ("ssh://git@example.com/a", .remote("ssh://git@example.com/a")),
        ("git://example.com/a.git", .remote("git://example.com/a.git")),
        ("github.com/a/b", .remote("github.com/a/b")), ("https", .folder("https")), ("a@b", .folder("a@b")),
        ("https://[", .remote("https://[")), ("git@-x:y", .remote("git@-x:y")),
    ])
    func contextsAreToldApart(_ text: String, _ location: ContextLocation) throws {
        #expect(ContextParser.parse(text) == location)
    }

    @Test(arguments: [
        ("-", DockerfileLocation.standardInput), ("a/b", .path("a/b")), ("https://x/y", .url("https://x/y")),
        ("git@x:y", .path("git@x:y")),
    ])
    func dockerfilesAreToldApart(_ text: String, _ location: DockerfileLocation) throws {
        #expect(try BuildFlags.parse(["-f", text, "."]).resolve(environment: [:]).dockerfile == location)
    }

    @Test func standardInputIsOneThing() throws {
        let flags = try BuildFlags.parse(["-f", "-", "-"])
        #expect(throws: ValidationError.self) { try flags.resolve(environment: [:]) }
    }

    @Test func aContextMayHaveAPlatform() throws {
        let context = try NamedContextParser.parse("a::linux/x86_64=b::c=d")
        #expect(context == NamedContext(name: "a", platform: try Platform("linux/amd64"), location: .path("b::c=d")))
        #expect(context.key == "a::linux/amd64")
    }

    @Test(arguments: ["a", "=b", "a=", "a=-", "a=target:", "a::=b", "a::linux//=b", "::linux/amd64=b"])
    func namedContextsThatCannotBeAreRefused(_ text: String) {
        #expect(throws: ValidationError.self) { try NamedContextParser.parse(text) }
    }

    @Test func theTimeOfTheContextIsLeftToTheBuild() throws {
        let argument = BuildArgument(name: "SOURCE_DATE_EPOCH", value: "context")
        let flag = try BuildFlags.parse(["--source-date-epoch", "context", "."]).resolve(environment: [:])
        #expect(flag.arguments == [argument])
        #expect(flag.sourceDateEpoch == nil)
        let variable = try BuildFlags.parse(["."]).resolve(environment: ["SOURCE_DATE_EPOCH": "context"])
        #expect(variable.arguments == [argument])
    }

    @Test func anEnvironmentVariableOfTheIdWinsOverAFile() throws {
        let secret = try SecretParser.parse("id=TOKEN", environment: ["TOKEN": "x"])
        #expect(secret.source == .environment("TOKEN"))
        #expect(try SecretParser.parse("id=TOKEN", environment: [:]).source == .file("TOKEN"))
    }

    @Test(arguments: [("64m", UInt64(64 << 20)), ("1g", 1 << 30), ("512", 512), ("2kb", 2048)])
    func sizesHaveUnits(_ text: String, _ bytes: UInt64) throws {
        #expect(try ByteCount.parse(text, flag: "--shm-size") == bytes)
    }

    @Test(arguments: ["", "m", "-1", "99999999999999999999g", "18446744073709551615k"])
    func sizesThatAreNoneAreRefused(_ text: String) {
        #expect(throws: ValidationError.self) { try ByteCount.parse(text, flag: "--shm-size") }
    }

    @Test func buildFlagsBecomeARequest() throws {
        let flags = try BuildFlags.parse([
            "-t", "app:1", "--build-arg", "A=b=c", "--build-arg", "HOME", "--build-arg", "MISSING", "--target", "x",
            "--network", "none", "--add-host", "db:10.0.0.1", "--add-host", "v6=[::1]", "--label", "k=v", ".",
        ])
        let request = try flags.resolve(environment: ["HOME": "/root", "SOURCE_DATE_EPOCH": "12"])
        #expect(request.tags.map(\.canonicalName) == ["docker.io/library/app:1"])
        #expect(
            request.arguments == [BuildArgument(name: "A", value: "b=c"), BuildArgument(name: "HOME", value: "/root")]
        )
        #expect(request.network == .none)
        #expect(
            request.extraHosts == [ExtraHost(name: "db", address: "10.0.0.1"), ExtraHost(name: "v6", address: "::1")]
        )
        #expect(request.sourceDateEpoch?.seconds == 12)
    }

    @Test(arguments: [
        ["--network", "bridge"], ["--add-host", "x"], ["--add-host", "x:notanip"], ["--add-host", "x:1.2.3"],
        ["--add-host", "x:1.2.3.256"], ["--add-host", "x:a.b.c.d"], ["--add-host", "x:1.2.3.4:5"],
        ["--add-host", "x:1:2"], ["-o", "-", "-o", "type=oci,dest=-"],
        ["--platform", "a/b/c/d"],
        ["--source-date-epoch", "yesterday"], ["--provenance", "true"], ["--allow", "everything"], ["-t", "UPPER"],
    ])
    func valuesThatMeanNothingAreRefused(_ arguments: [String]) throws {
        let flags = try BuildFlags.parse(arguments + ["."])
        #expect(throws: ValidationError.self) { try flags.resolve(environment: [:]) }
    }

    @Test func devicesAreAllowedByName() throws {
        let kind = try #require(DeviceKind("v.com/gpu"))
        let name = try #require(DeviceName(kind, "0"))
        let flags = try BuildFlags.parse([
            "--allow", "device=v.com/gpu=0", "--allow", "network.host", "--allow", "device=v.com/gpu=*,alias=gpu",
            "--allow", "device", "--allow", "device=compute", "--cdi-spec-dir", "a", "--cdi-spec-dir", "/b", ".",
        ])
        let request = try flags.resolve(environment: [:])
        #expect(
            request.deviceGrants == [
                .selected(.named(name)), .alias("gpu", of: .all(kind)), .all, .selected(.classed("compute")),
            ]
        )
        #expect(request.entitlements == [.networkHost])
        #expect(request.deviceFolders == ["a", "/b"])
        let usual = try BuildFlags.parse(["."]).resolve(environment: [:])
        #expect(usual.deviceFolders == ["/etc/cdi", "/var/run/cdi"] && usual.deviceGrants == [])
    }

    @Test(arguments: [
        "device=", "device=/dev/fuse", "device=a/b=c,alias", "device=a/b=c,alias=", "device=a/b=c,name=d",
        "device=a/b=c,alias=d,alias=e", "devices", "Device", "device,alias=x", "device=$X", "DEVICE=a/b=c",
    ])
    func aConsentThatMeansNothingIsRefused(_ text: String) throws {
        let flags = try BuildFlags.parse(["--allow", text, "."])
        #expect(throws: ValidationError.self) { try flags.resolve(environment: [:]) }
    }

    @Test func theStoresOwnCompressionMayBeNamed() throws {
        #expect(try ExportTargetParser.parse("type=image,name=a,compression=gzip").destination == .store)
    }

    @Test(arguments: [
        ("a:1.2.3.4", "1.2.3.4"), ("a=10.0.0.255", "10.0.0.255"), ("a:::1", "::1"), ("a=[fe80::1]", "fe80::1"),
    ])
    func addressesOfHostsAreKept(_ text: String, _ address: String) throws {
        let flags = try BuildFlags.parse(["--add-host", text, "."])
        #expect(try flags.resolve(environment: [:]).extraHosts == [ExtraHost(name: "a", address: address)])
    }
}
