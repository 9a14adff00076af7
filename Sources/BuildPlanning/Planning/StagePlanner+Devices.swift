import ByteStrings
import DeviceModel
import DockerfileSyntax
import SourceDiagnostics

extension StagePlanner {
    /// The devices of a RUN, in the order given; nothing but ``DeviceConsent`` decides whether it gets them.
    func devices(_ written: [ByteString], at range: SourceRange) throws(PlanErrors) -> [ExecDevice] {
        if written.isEmpty { return [] }
        guard let offer = assembly.request.devices else {
            assembly.askForDevices()
            return []
        }
        let consent = DeviceConsent(assembly.request.deviceGrants, offer)
        var devices: [ExecDevice] = []
        for text in written {
            devices.append(try device(text, consent, offer, at: places.word(text, in: range)))
        }
        return devices
    }

    private func device(
        _ text: ByteString,
        _ consent: DeviceConsent,
        _ offer: DeviceOffer,
        at range: SourceRange?
    ) throws(PlanErrors) -> ExecDevice {
        let wanted: RunDevice
        do { wanted = try RunDevice(parsing: text) } catch {
            throw PlanErrors("Device", "invalid --device `\(text)`: \(error)", at: range, hint: error.hint)
        }
        switch consent.verdict(on: wanted.name) {
        case .malformed:
            throw PlanErrors(
                "Device",
                "invalid --device `\(text)`: `\(wanted.name)` is no name of a device",
                at: range,
                hint: "write vendor.com/class=name, vendor.com/class=*, vendor.com/class or a class; "
                    + "variables are not replaced here"
            )
        case .refused:
            throw PlanErrors(
                "Entitlement",
                "RUN --device=\(wanted.name) is not allowed",
                at: range,
                hint: "allow it with --allow device=\(wanted.name), or every device with --allow device"
            )
        case .granted(let found, let meant):
            if let faulty = found.first(where: { $0.fault != nil }), let fault = faulty.fault {
                throw PlanErrors(
                    "Device",
                    "the device `\(faulty.name)` cannot be given to a command: it \(fault)",
                    at: range,
                    hint: "change what describes the device, or name a folder that says otherwise with --cdi-spec-dir"
                )
            }
            if found.isEmpty { try checkAbsence(of: wanted, meant, offer, at: range) }
            return ExecDevice(meant, found.map(\.name))
        }
    }

    /// Warns of a device that is not there, which is an error where it is required.
    private func checkAbsence(
        of wanted: RunDevice,
        _ meant: DeviceSelector,
        _ offer: DeviceOffer,
        at range: SourceRange?
    ) throws(PlanErrors) {
        let name = meant.text == wanted.name ? "`\(meant)`" : "`\(meant)` (`\(wanted.name)`)"
        if wanted.isRequired {
            throw PlanErrors(
                "DeviceMissing",
                "the device \(name) is required, and this host has none of that name",
                at: range,
                hint: Self.text(offer),
                notes: offer.faults
            )
        }
        assembly.warn(
            Diagnostic(
                severity: .warning,
                id: "DeviceMissing",
                message: "this host has no device \(name): the command runs without it",
                range: range,
                notes: offer.faults,
                hint: "\(Self.text(offer)); --device=\(wanted.name),required fails instead"
            )
        )
    }

    /// More names than that are not told.
    private static let mostNames = 16

    /// What the host offers, for people.
    private static func text(_ offer: DeviceOffer) -> String {
        let sound = offer.devices.filter { $0.fault == nil }
        let names = sound.prefix(mostNames).map { "`\($0.name)`" }
        guard !names.isEmpty else {
            let folders = offer.folders.map { "`\($0)`" }.joined(separator: " and ")
            return "it offers no devices: none is described in \(folders), and --cdi-spec-dir names other folders"
        }
        let more = sound.count - names.count
        return "it offers \(names.joined(separator: ", "))" + (more > 0 ? " and \(more) more" : "")
    }
}
