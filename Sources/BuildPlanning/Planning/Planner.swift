import ByteStrings
import DockerfileSyntax
import OCIModel
import SourceDiagnostics

/// Turns a Dockerfile into the steps that build it.
package enum Planner {
    /// Plans as far as the known images allow.
    ///
    /// The result depends on the arguments alone. When images are missing, resolve them and plan again with all that
    /// are known by then; an image's ONBUILD triggers may ask for more. Each round asks for something new, so the
    /// rounds end. Devices of the host are asked for once, and only where a RUN wants one.
    ///
    /// - Parameters:
    ///   - request: The Dockerfile and what the user asked for.
    ///   - images: Every image resolved so far.
    /// - Returns: What is still to be found out, or the plan.
    /// - Throws: Every error found, with its place.
    package static func plan(
        _ request: PlanRequest,
        images: [ImageRequest: ResolvedImage]
    ) throws(PlanErrors) -> PlanOutcome {
        let expander = Expander(request)
        let arguments = try GlobalArguments(request, expander: expander)
        var graph = try StageGraph(request, arguments: arguments, expander: expander)
        let target = try graph.target(request.target)

        var resolver = BaseResolver(request: request, images: images)
        while true {
            try resolver.resolve(graph, reachable: graph.reachable(from: target))
            if !resolver.missing.isEmpty { return .needsImages(resolver.missing) }
            if try !resolver.addTriggers(to: &graph, reachable: graph.reachable(from: target)) { break }
        }

        let assembly = PlanAssembly(
            request: request,
            arguments: arguments,
            expander: expander,
            graph: graph,
            bases: resolver.bases
        )
        for node in graph.reachable(from: target).sorted() where graph.nodes[node].isPlanned {
            var stage = StagePlanner(node, in: assembly)
            stage.plan()
        }
        if assembly.needsDevices { return .needsDevices }
        try assembly.checkErrors()
        return .planned(assembly.finish(target: target))
    }
}
