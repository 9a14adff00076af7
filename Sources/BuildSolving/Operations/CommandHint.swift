import BuildPlanning
import ByteStrings
import ContainerSandbox
import LinuxSystem

/// What to do about a command that failed, where its ending tells.
enum CommandHint {
    /// For a command that could not be started.
    static func text(_ error: ExecutorError, _ exec: ExecOperation) -> String? {
        switch error {
        case .commandNotFound(let name) where exec.runs(by: name):
            "the image has no shell: write the command as JSON, `RUN [\"program\", \"argument\"]`, or copy a shell in"
        case .commandNotFound:
            "install it with a RUN above, or give its full path: it is looked for in PATH"
        case .notExecutable: "make it executable, such as with COPY --chmod=755"
        case .interpreterNotFound:
            "look at its first line, or at the loader it was linked with: what stands there is not in the image"
        case .wrongFormat: "it is for another processor, or a script without `#!` in its first line"
        case .outOfMemory: "give the step more with --memory, or make it use less"
        default: nil
        }
    }

    /// For a command that ended.
    static func text(_ status: ExitStatus, _ exec: ExecOperation) -> String? {
        switch status.shellCode {
        case 127 where exec.looksLikeJSON:
            "this looks like JSON and is not: strings stand in double quotes; as it is, the shell ran the line"
        case 127: "a command was not found: install the package that has it with a RUN above, or see to PATH"
        case 126: "a file was found that cannot be executed: see to its mode, such as with COPY --chmod=755"
        case 137: "something killed it; the kernel does where memory runs out: see `dmesg`"
        default: nil
        }
    }
}

extension ExecOperation {
    /// Whether `program` is a shell that was given a line.
    fileprivate func runs(by program: ByteString) -> Bool {
        arguments.count == 3 && arguments.first == program && arguments[1] == "-c"
    }

    fileprivate var looksLikeJSON: Bool {
        arguments.count == 3 && arguments[2].first == UInt8(ascii: "[")
    }
}
