package import BuildInterface
package import BuildPlanning
import BuildSolving
package import SourceDiagnostics

extension Engine {
    /// What there is to say about the Dockerfile of a build: lint findings, and why it could not be built.
    ///
    /// Nothing is built. Base images in the store or given with the request are looked at; others are unknown.
    ///
    /// - Throws: `BuildFailure` when there is no Dockerfile to read.
    package func check(_ request: BuildRequest) async throws -> CheckResult {
        try await prepared(request) { preparation, _ in await preparation.check() }
    }

    /// What the target of a build takes from the outside, and the Dockerfile its places are in.
    ///
    /// - Throws: `BuildFailure` for a Dockerfile that cannot be read or planned.
    package func outline(_ request: BuildRequest) async throws -> (BuildOutline, SourceText) {
        try await prepared(request) { preparation, source in
            (try Planner.outline(try preparation.planRequest()), source)
        }
    }

    /// The stages of the Dockerfile of a build, and the text their places are in.
    ///
    /// - Throws: `BuildFailure` for a Dockerfile that cannot be read or planned.
    package func targets(_ request: BuildRequest) async throws -> (TargetList, SourceText) {
        try await prepared(request) { preparation, source in
            (try Planner.targets(try preparation.planRequest()), source)
        }
    }

    private func prepared<Value: Sendable>(
        _ request: BuildRequest,
        _ body: (BuildPreparation, SourceText) async throws -> Value
    ) async throws -> Value {
        try await withInputs(of: request, EventReporter { _ in }) { inputs, dockerfile in
            try await body(BuildPreparation(inputs, dockerfile, engine: self), dockerfile.text)
        }
    }
}
