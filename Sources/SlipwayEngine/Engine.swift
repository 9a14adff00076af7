import BuildInterface
import ByteStrings
import ContainerSandbox
import ContentStorage
import LinuxSystem
import StateDatabase
import Synchronization

/// Builds images and looks after them, in one state directory.
package final class Engine: BuildService, ImageService, Sendable {
    let configuration: EngineConfiguration
    let directory: StateDirectory
    let database: StateDatabase
    private let sandbox = Mutex<ContainerRunner?>(nil)

    /// Opens the state directory, and makes it when there is none.
    ///
    /// - Throws: ``BuildFailure`` saying what is in the way.
    package static func open(_ configuration: EngineConfiguration) throws -> Engine {
        do {
            let directory = try StateDirectory.open(configuration.root)
            let database = try StateDatabase.open(directory.databasePath)
            let engine = Engine(configuration: configuration, directory: directory, database: database)
            if try !database.hasImages() { try engine.restoreNames() }
            return engine
        } catch {
            throw FailureText.usage(
                "cannot use the state directory `\(configuration.root)`: \(error)",
                hint: "choose another with --root or SLIPWAY_ROOT"
            )
        }
    }

    private init(configuration: EngineConfiguration, directory: StateDirectory, database: StateDatabase) {
        self.configuration = configuration
        self.directory = directory
        self.database = database
    }

    /// Starts containers; what it needs is made with the first command and kept.
    func containerRunner() throws -> ContainerRunner {
        try sandbox.withLock { sandbox in
            if let runner = sandbox { return runner }
            let runner = try ContainerRunner()
            sandbox = runner
            return runner
        }
    }

    /// Runs `body` with a session of its own and the store held against collection; what others left is swept first.
    func withSession<Value: Sendable>(_ body: (Session) async throws -> Value) async throws -> Value {
        let lock = try await BlockingThread.run { [directory] in try directory.lockForUse() }
        defer { withExtendedLifetime(lock) {} }
        let session = try await BlockingThread.run { [directory, database] in
            try directory.sweep { try database.isRecorded(tree: $0) }
            return try directory.makeSession()
        }
        do {
            let value = try await body(session)
            await end(session)
            return value
        } catch {
            await end(session)
            throw error
        }
    }

    /// Removes what is left of a session; what cannot be removed keeps nobody from working, and is left for a sweep.
    private func end(_ session: Session) async {
        try? await BlockingThread.run { [database] in try session.end { try database.isRecorded(tree: $0) } }
    }
}
