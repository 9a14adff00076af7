import ByteStrings

/// What of the kernel's files a container must not read, or not write.
enum ProtectedPaths {
    /// Files and folders that tell about the host, or about what others on it compute.
    static func hidden(processorCount: Int) -> [ByteString] {
        [
            "/proc/acpi", "/proc/asound", "/proc/interrupts", "/proc/kcore", "/proc/keys", "/proc/latency_stats",
            "/proc/sched_debug", "/proc/scsi", "/proc/timer_list", "/proc/timer_stats",
            "/sys/devices/virtual/powercap", "/sys/firmware",
        ] + (0..<processorCount).map { ByteString("/sys/devices/system/cpu/cpu\($0)/thermal_throttle") }
    }

    /// What would change the host.
    static let readOnly: [ByteString] = ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"]

    /// Whether a path, without links, is the root or belongs to the kernel.
    static func isForbiddenTarget(_ path: ByteString) -> Bool {
        let clean = path.lexicallyCleanedAbsolute
        return ["/", "/proc", "/sys"].contains(clean) || clean.hasPrefix("/proc/") || clean.hasPrefix("/sys/")
    }
}
