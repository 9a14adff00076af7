import Foundation
import TestSupport
import Testing

/// `testdata/sandbox/attacks.c`, built once: what a hostile command tries.
enum AttackProgram {
    /// The static program; nil without a C compiler that can make one, or on another machine than x86_64.
    static let path: String? = {
        #if arch(x86_64)
            let source = Testdata.root.appendingPathComponent("sandbox/attacks.c").path
            let output = FileManager.default.temporaryDirectory.appendingPathComponent("attacks-\(getpid())").path
            let arguments = ["gcc", "-O1", "-static", "-pthread", "-o", output, source]
            guard run(arguments) == 0 else { return nil }
            atexit { if let path = AttackProgram.path { unlink(path) } }
            return output
        #else
            return nil
        #endif
    }()

    /// Gives an image the program as `/attacks`.
    static func install(in image: TestImage) throws {
        let path = try #require(path)
        try FileManager.default.copyItem(atPath: path, toPath: image.base.path + "/attacks")
    }

    private static func run(_ arguments: [String]) -> Int32? {
        var pid: pid_t = 0
        var words = arguments.map { strdup($0) } + [nil]
        defer { for word in words { free(word) } }
        guard posix_spawnp(&pid, "gcc", nil, nil, &words, environ) == 0 else { return nil }
        var status: Int32 = 0
        return waitpid(pid, &status, 0) == pid ? status : nil
    }
}

extension Trait where Self == ConditionTrait {
    static var attackProgram: ConditionTrait {
        .enabled(
            if: Containers.isPossible && AttackProgram.path != nil,
            "needs root, gcc with static libraries, x86_64"
        )
    }
}
