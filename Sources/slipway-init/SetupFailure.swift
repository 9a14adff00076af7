import CSandboxInit

/// Why an operation could not be carried out.
struct SetupFailure: Error {
    /// What the kernel said, positive.
    let errorNumber: Int32

    /// One of the details of ``SetupFormat``.
    var detail = SetupFormat.noDetail

    /// A policy that breaks its own format.
    static var malformed: SetupFailure { SetupFailure(errorNumber: Int32(INIT_EPROTO.rawValue)) }

    init(_ error: init_error) {
        errorNumber = Int32(error.rawValue)
    }

    init(errorNumber: Int32, detail: UInt32 = SetupFormat.noDetail) {
        self.errorNumber = errorNumber
        self.detail = detail
    }
}

/// The result of a system call, or its failure as an error.
@discardableResult
func check(_ result: Int32) throws(SetupFailure) -> Int32 {
    guard result >= 0 else { throw SetupFailure(errorNumber: -result) }
    return result
}

/// Whether the result of a system call is this failure.
func failed(_ result: Int32, _ error: init_error) -> Bool {
    result == -Int32(error.rawValue)
}
