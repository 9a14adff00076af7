import ArgumentParser

/// The options of `slipway build`, exactly as they were typed.
struct BuildFlags: ParsableArguments {
    @Option(
        name: [.customShort("f"), .long],
        help: """
            The Dockerfile (default: CONTEXT/Dockerfile): a path, an HTTP address, or - for standard input. A path is one \
            in the context when that is no folder.
            """
    )
    var file: String?

    @Option(name: [.customShort("t"), .long], help: "A name for the image; may be repeated.")
    var tag: [String] = []

    @Option(help: "NAME=VALUE for an ARG, or NAME to take its value from the environment; may be repeated.")
    var buildArg: [String] = []

    @Option(help: "The stage to build.")
    var target: String?

    @Option(help: "The platform of the image, such as linux/amd64.")
    var platform: String?

    @Option(
        name: [.customShort("o"), .long],
        help: "type=oci|docker|local|tar|image[,dest=PATH|-][,name=…][,compression=…]; may be repeated."
    )
    var output: [String] = []

    @Option(
        help: """
            NAME=LOCATION: what stands for the stage or image NAME; may be repeated. A folder, an archive of one, a git \
            repository, an HTTP address, docker-image://NAME, oci-layout://PATH[:TAG|@DIGEST], oci-archive:PATH, \
            docker-archive:PATH or target:STAGE. NAME::PLATFORM is for one platform.
            """
    )
    var buildContext: [String] = []

    @Option(help: "KEY=VALUE for the image; may be repeated.")
    var label: [String] = []

    @Option(help: "KEY=VALUE for the image's manifest; may be repeated.")
    var annotation: [String] = []

    @Option(help: "The network of RUN steps: default (isolated, with a way out), host or none.")
    var network: String = "default"

    @Option(help: "NAME:ADDRESS for /etc/hosts in RUN steps; may be repeated.")
    var addHost: [String] = []

    @Option(help: "id=NAME[,src=PATH|,env=VARIABLE]: a secret that RUN steps may mount; may be repeated.")
    var secret: [String] = []

    @Option(help: "default or ID[=SOCKET]: an SSH agent that RUN steps may mount; may be repeated.")
    var ssh: [String] = []

    @Option(help: "The size of /dev/shm in RUN steps, such as 64m.")
    var shmSize: String?

    @Option(
        help: """
            A privilege that RUN steps may ask for: network.host, security.insecure, device or \
            device=NAME[,alias=OTHER]; may be repeated.
            """
    )
    var allow: [String] = []

    @Option(help: "A host to fetch from even where its address is refused otherwise; may be repeated.")
    var allowHost: [String] = []

    @Option(
        help: """
            A folder of CDI specifications of devices (default: /etc/cdi and /var/run/cdi); may be repeated, and the last \
            counts first.
            """
    )
    var cdiSpecDir: [String] = []

    @Flag(
        help:
            "Let RUN steps see the processes around slipway, in containers where they cannot have a /proc of their own."
    )
    var noProcessSandbox = false

    @Flag(help: "Run every step anew.")
    var noCache = false

    @Option(help: "Stages to build anew, comma separated; may be repeated.")
    var noCacheFilter: [String] = []

    @Option(help: "Seconds since 1970 that nothing built here may be newer than, or context for when that was made.")
    var sourceDateEpoch: String?

    @Option(help: "Write the image's digest to a file.")
    var iidfile: String?

    @Option(help: "Write what was built to a file, as JSON.")
    var metadataFile: String?

    @Option(help: "How progress is shown: auto, tty, plain, rawjson or quiet.")
    var progress: String?

    @Flag(name: [.customShort("q"), .long], help: "Show nothing but the digest of the image.")
    var quiet = false

    @Flag(help: "Look over the Dockerfile without building: short for --call=check.")
    var check = false

    @Option(help: "What to do: build, check, outline or targets; with ,format=json for programs.")
    var call: String?

    @Flag(help: "Keep the image in the store; it always is.")
    var load = false

    @Option(help: "Provenance attestations are not made: only false is taken.")
    var provenance: String?

    @Option(help: "SBOM attestations are not made: only false is taken.")
    var sbom: String?

    @OptionGroup(title: "Resources of RUN steps") var resources: ResourceFlags

    @Argument(
        help: """
            What COPY and ADD read from: a folder; a git repository (ADDRESS.git#REF:FOLDER); an archive at an HTTP \
            address, or on standard input with -. What is no archive is a Dockerfile without files.
            """
    )
    var context: String
}
