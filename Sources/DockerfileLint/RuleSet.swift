/// The rules a linter goes by.
package struct RuleSet: Sendable {
    let rules: [any LintRule]

    /// The names and sentences of the rules, in the order of their names.
    package var descriptions: [RuleDescription] {
        rules.map(\.description).sorted { $0.name < $1.name }
    }

    /// The rules of a build: those that BuildKit has, under BuildKit's names, and the one about the settings themselves.
    package static let build = RuleSet(rules: [
        ConsistentInstructionCasing(),
        CopyIgnoredFile(),
        DuplicateStageName(),
        ExposeInvalidFormat(),
        ExposeProtoCasing(),
        FromAsCasing(),
        FromPlatformFlagConstDisallowed(),
        InvalidBaseImagePlatform(),
        ParserWarningRule.invalidCheck,
        InvalidDefaultArgInFrom(),
        InvalidDefinitionDescription(),
        JSONArgsRecommended(),
        LegacyKeyValueFormat(),
        MaintainerDeprecated(),
        MultipleInstructionsDisallowed(),
        ParserWarningRule.noEmptyContinuation,
        RedundantTargetPlatform(),
        ReservedStageName(),
        SecretsUsedInArgOrEnv(),
        StageNameCasing(),
        UndefinedArgInFrom(),
        UndefinedVar(),
        WorkdirRelativePath(),
    ])

    /// The rules of a build, and those that only somebody who asks for a check wants to hear of.
    package static let lint = RuleSet(
        rules: build.rules + [
            AddInsteadOfCopy(),
            CopyFromOwnStage(),
            DuplicateLabel(),
            EnvUsesOwnLine(),
            InvalidPort(),
            MalformedJSONForm(),
            MultipleSourcesNeedFolder(),
            RootUserLast(),
            UnknownCheckName(),
            UnpinnedBaseImage(),
            UnusedArgument(),
            UnusedStage(),
            UselessCd(),
        ]
    )
}
