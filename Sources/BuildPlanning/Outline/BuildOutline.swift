package import ByteStrings
import DockerfileSyntax
package import SourceDiagnostics

/// What a target takes from the outside: build arguments, secrets, agents and caches.
package struct BuildOutline: Hashable, Sendable {
    /// An ARG that the target, or a stage it needs, declares.
    package struct Argument: Hashable, Sendable {
        package var name: ByteString

        /// What the comment above the ARG says; nil when there is none.
        package var description: String?

        /// The value it has in this build; nil when it has none.
        package var value: ByteString?

        package var range: SourceRange?
    }

    /// A secret or an agent that a RUN mounts.
    package struct Credential: Hashable, Sendable {
        package var id: ByteString

        /// Whether the build fails without it.
        package var isRequired: Bool

        package var range: SourceRange?
    }

    /// A cache that a RUN mounts.
    package struct Cache: Hashable, Sendable {
        package var id: ByteString
        package var range: SourceRange?
    }

    /// The target's name in lower case; nil for a stage without one.
    package var name: ByteString?

    /// What the comment above the target's FROM says; nil when there is none.
    package var description: String?

    /// Each name once, in the order of their first declaration.
    package var arguments: [Argument] = []

    /// Each id once, in the order of their first use; required when any use is.
    package var secrets: [Credential] = []
    package var agents: [Credential] = []
    package var caches: [Cache] = []
}

extension Planner {
    /// What the target of a build takes from the outside, without looking up any image.
    ///
    /// Values that hang on a base image's environment are given as if that were empty.
    ///
    /// - Throws: Every error found in the stages the target needs.
    package static func outline(_ request: PlanRequest) throws(PlanErrors) -> BuildOutline {
        let expander = Expander(request)
        let arguments = try GlobalArguments(request, expander: expander)
        let graph = try StageGraph(request, arguments: arguments, expander: expander)
        let target = try graph.target(request.target)
        var survey = OutlineSurvey(request, arguments: arguments, expander: expander)
        survey.addGlobalArguments()
        for node in graph.reachable(from: target).sorted() where graph.nodes[node].isPlanned {
            try survey.add(graph.nodes[node], number: node)
        }
        var outline = survey.outline
        let from = request.dockerfile.stages[target].from
        outline.name = graph.nodes[target].name
        outline.description = from.syntax.stageName.flatMap { DefinitionDescription.of($0, in: from.comments) }
        return outline
    }
}
