package import ByteStrings
import DockerfileSyntax
import OCIModel
package import SourceDiagnostics

/// The stages of a Dockerfile that `--target` can name.
package struct TargetList: Hashable, Sendable {
    /// One stage.
    package struct Target: Hashable, Sendable {
        /// The name as `--target` finds it, in lower case; nil for a stage without one, which goes by its number.
        package var name: ByteString?

        /// Whether it is what a build without `--target` makes.
        package var isDefault: Bool

        /// What the comment above its FROM says; nil when there is none.
        package var description: String?

        /// The image or stage it starts from, with its variables replaced.
        package var base: ByteString

        /// The value of its `--platform`, with its variables replaced; nil when there is none.
        package var platform: String?

        /// The FROM instruction.
        package var range: SourceRange?
    }

    /// In the order of the file.
    package var targets: [Target]
}

extension Planner {
    /// The stages of a Dockerfile, without looking up any image.
    ///
    /// - Throws: Every error found in a FROM line.
    package static func targets(_ request: PlanRequest) throws(PlanErrors) -> TargetList {
        let expander = Expander(request)
        let arguments = try GlobalArguments(request, expander: expander)
        let graph = try StageGraph(request, arguments: arguments, expander: expander)
        let stages = request.dockerfile.stages
        return TargetList(
            targets: zip(stages, graph.nodes).enumerated().map { index, pair in
                let (stage, node) = pair
                return TargetList.Target(
                    name: node.name,
                    isDefault: index == stages.count - 1,
                    description: stage.from.syntax.stageName.flatMap {
                        DefinitionDescription.of($0, in: stage.from.comments)
                    },
                    base: node.baseName,
                    platform: node.platform?.description,
                    range: node.range
                )
            }
        )
    }
}
