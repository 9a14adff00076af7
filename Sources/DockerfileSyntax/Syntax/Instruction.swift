/// An instruction of a stage other than `FROM`.
package indirect enum Instruction: Hashable, Sendable {
    case add(AddInstruction)
    case arg(ArgInstruction)
    case cmd(CmdInstruction)
    case copy(CopyInstruction)
    case entrypoint(EntrypointInstruction)
    case env(EnvInstruction)
    case expose(ExposeInstruction)
    case healthcheck(HealthcheckInstruction)
    case label(LabelInstruction)
    case maintainer(MaintainerInstruction)
    case onbuild(OnbuildInstruction)
    case run(RunInstruction)
    case shell(ShellInstruction)
    case stopsignal(StopsignalInstruction)
    case user(UserInstruction)
    case volume(VolumeInstruction)
    case workdir(WorkdirInstruction)

    /// The instruction's name.
    package var keyword: InstructionKeyword {
        switch self {
        case .add: .add
        case .arg: .arg
        case .cmd: .cmd
        case .copy: .copy
        case .entrypoint: .entrypoint
        case .env: .env
        case .expose: .expose
        case .healthcheck: .healthcheck
        case .label: .label
        case .maintainer: .maintainer
        case .onbuild: .onbuild
        case .run: .run
        case .shell: .shell
        case .stopsignal: .stopsignal
        case .user: .user
        case .volume: .volume
        case .workdir: .workdir
        }
    }
}
