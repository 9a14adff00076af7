/// One `--ulimit`: a limit of every process of a RUN step.
package struct StepLimit: Hashable, Sendable {
    /// The name as `--ulimit` has it, such as `nofile`.
    package var name: String
    package var soft: UInt64
    package var hard: UInt64

    package init(name: String, soft: UInt64, hard: UInt64) {
        self.name = name
        self.soft = soft
        self.hard = hard
    }
}
