package import Foundation

/// What all programs that tests start have in common.
package enum Spawning {
    /// The program could not be started.
    package struct NotStarted: Error {
        package let program: String
        package let code: Int32
    }

    /// Starts a program, whose path is the first of the words; its process number.
    ///
    /// `environment` is nil for that of the tests; `prepare` says what becomes of its descriptors. What the tests do with
    /// signals is none of the program's business. Source: `posix_spawn(3)`.
    package static func start(
        _ words: [String],
        environment: [String: String]?,
        prepare: (inout posix_spawn_file_actions_t) -> Void
    ) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        prepare(&actions)

        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))

        let variables = environment ?? ProcessInfo.processInfo.environment
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        var entries: [UnsafeMutablePointer<CChar>?] = variables.map { strdup("\($0)=\($1)") } + [nil]
        defer { for text in arguments + entries { free(text) } }
        var pid: pid_t = 0
        let code = posix_spawn(&pid, words[0], &actions, &attributes, &arguments, &entries)
        guard code == 0 else { throw NotStarted(program: words[0], code: code) }
        return pid
    }

    /// The exit status in what `waitpid(2)` said, or 128 and the number of the signal that ended the program.
    package static func shellStatus(_ ending: Int32) -> Int32 {
        let signal = ending & 0x7F
        return signal == 0 ? (ending >> 8) & 0xFF : 128 + signal
    }
}
