package import ByteStrings

/// Decides which devices a command gets: the only place where that is decided.
///
/// Nothing is granted but what the command line allows or the specification of the host marks as allowed to all.
package struct DeviceConsent: Sendable {
    /// What becomes of a request.
    package enum Verdict: Hashable, Sendable {
        /// The command gets these devices of those that were meant; none where the host has none.
        case granted([OfferedDevice], meant: DeviceSelector)

        /// Nobody consented.
        case refused

        /// The text asks for nothing there could be.
        case malformed
    }

    private let grants: [DeviceGrant]
    private let offer: DeviceOffer

    package init(_ grants: [DeviceGrant], _ offer: DeviceOffer) {
        self.grants = grants
        self.offer = offer
    }

    /// Decides about the name of one `--device`.
    package func verdict(on asked: ByteString) -> Verdict {
        if let meant = aliased(asked) { return .granted(offer.devices(for: meant), meant: meant) }
        guard let meant = DeviceSelector(asked) else { return .malformed }
        let found = offer.devices(for: meant)
        return isAllowed(meant, found) ? .granted(found, meant: meant) : .refused
    }

    /// What the name stands for, when it is an alias; the last of that name counts.
    private func aliased(_ asked: ByteString) -> DeviceSelector? {
        for case .alias(let name, let selector) in grants.reversed() where name == asked { return selector }
        return nil
    }

    private func isAllowed(_ meant: DeviceSelector, _ found: [OfferedDevice]) -> Bool {
        if grants.contains(.all) { return true }
        let selected = grants.compactMap { grant in
            if case .selected(let selector) = grant { selector } else { nil }
        }
        guard found.isEmpty else {
            let allowed = Set(selected.flatMap { offer.devices(for: $0) }.map(\.name))
            return found.allSatisfy { $0.isAutoAllowed || allowed.contains($0.name) }
        }
        // The same is asked for on every host, so it must be allowed where there is no such device as well.
        return selected.contains { selector in
            if case .all(let kind) = selector { return meant.kind == kind }
            return selector == meant
        }
    }
}
