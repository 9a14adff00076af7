extension Platform {
    /// Whether an image for `other` is one for this platform.
    ///
    /// The version and features of the operating system count only where this platform asks for them.
    package func isSatisfied(by other: Platform) -> Bool {
        os == other.os && architecture == other.architecture && variant == other.variant
            && (osVersion == nil || osVersion == other.osVersion)
            && Set(osFeatures ?? []).isSubset(of: other.osFeatures ?? [])
    }

    /// This platform, then those whose programs its machine runs too, newest first.
    package var inOrderOfPreference: [Platform] {
        let older: [String?]
        switch (architecture, variant) {
        case ("arm", "v8"): older = ["v7", "v6", "v5"]
        case ("arm", "v7"): older = ["v6", "v5"]
        case ("arm", "v6"): older = ["v5"]
        case ("amd64", "v4"): older = ["v3", "v2", nil]
        case ("amd64", "v3"): older = ["v2", nil]
        case ("amd64", .some), ("arm64", .some): older = [nil]
        default: older = []
        }
        return [self] + older.map(with(variant:))
    }

    private func with(variant: String?) -> Platform {
        Platform(os: os, architecture: architecture, variant: variant, osVersion: osVersion, osFeatures: osFeatures)
    }
}
