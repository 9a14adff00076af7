import ByteStrings
import LinuxSystem
import SystemPackage

/// What a network that is over left in the kernel.
struct NetworkRemains {
    let route: NetlinkSocket
    let filter: NetlinkSocket
    let name: NetworkName

    func removeAll() throws(NetworkError) {
        var failure: NetworkError?
        // Others learn from the interface which networks exist, and the table is what makes it harmless.
        do throws(NetworkError) { try removeLink() } catch { failure = error }
        do throws(NetworkError) { try HostFirewall(filter: filter).close(for: [name]) } catch {
            failure = failure ?? error
        }
        do throws(NetworkError) {
            try HostForwarding(route: route, filter: filter).restore(removing: name)
        } catch {
            failure = failure ?? error
        }
        do throws(NetworkError) { try removeTable() } catch { failure = failure ?? error }
        if let failure { throw failure }
    }

    private func removeLink() throws(NetworkError) {
        do throws(NetlinkError) {
            try route.send([RouteMessages.deleteLink(name.object)], to: "remove an interface")
        } catch {
            if error.errno != .operationNotSupportedByDevice { throw .from(error) }
        }
    }

    private func removeTable() throws(NetworkError) {
        let removal = FilterMessages.batch([FilterMessages.deleteTable(name.object)])
        do throws(NetlinkError) {
            try filter.send(removal, to: "remove the table of filters")
        } catch {
            if error.errno != .noSuchFileOrDirectory { throw .from(error) }
        }
    }
}
