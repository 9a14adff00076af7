import ArgumentParser

/// The `slipway` command.
struct SlipwayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "slipway",
        abstract: "Builds container images from Dockerfiles, without a daemon.",
        discussion: """
            Images live in a state directory: --root, else $SLIPWAY_ROOT, else /var/lib/slipway for root and \
            $XDG_DATA_HOME/slipway for everybody else.
            """,
        version: SlipwayVersion.text,
        groupedSubcommands: [
            CommandGroup(name: "Build", subcommands: [BuildCommand.self]),
            CommandGroup(name: "Dockerfiles", subcommands: [LintCommand.self, AstCommand.self]),
            CommandGroup(name: "Machine", subcommands: [DoctorCommand.self, CacheCommand.self]),
            CommandGroup(
                name: "Images",
                subcommands: [
                    ImagesCommand.self, InspectCommand.self, HistoryCommand.self, TagCommand.self, RemoveCommand.self,
                    SaveCommand.self, LoadCommand.self, ImportCommand.self,
                ]
            ),
        ]
    )
}
