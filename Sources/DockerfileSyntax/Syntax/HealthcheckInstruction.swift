/// `HEALTHCHECK NONE`, or `HEALTHCHECK CMD command`.
package enum HealthcheckInstruction: Hashable, Sendable {
    /// Whatever check the base image has is switched off.
    case none
    /// A command run in the container, never expanded.
    case command(CommandForm, HealthcheckOptions)
}
