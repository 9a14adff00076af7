/// The name of an instruction, in the lower case its raw value is.
package enum InstructionKeyword: String, Hashable, Sendable, CaseIterable {
    case add, arg, cmd, copy, entrypoint, env, expose, from, healthcheck, label, maintainer, onbuild, run, shell
    case stopsignal, user, volume, workdir

    /// The name as it is usually written: in capitals.
    package var written: String {
        rawValue.uppercased()
    }
}
