/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SLIPWAY_NETLINK_H
#define SLIPWAY_NETLINK_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Calls on network namespaces and the sockets that configure them. Every function returns -1 with errno set on failure. */

/* Protocols of netlink(7). */
extern const int slipway_netlink_route;
extern const int slipway_netlink_netfilter;

/*
 * A netlink socket, bound, with extended acknowledgements that do not repeat the request where the kernel knows them,
 * and with an end to waiting after so many seconds.
 */
int slipway_netlink_open(int protocol, int seconds);

/* Sends one datagram to the kernel. */
ssize_t slipway_netlink_send(int socket, const void *bytes, size_t count);

/*
 * Receives one datagram of the kernel, waiting for it or not; what others send is thrown away. The result is the whole
 * length, also where the buffer is shorter.
 */
ssize_t slipway_netlink_receive(int socket, void *buffer, size_t size, int wait);

/* unshare(2) with CLONE_NEWNET: the calling thread moves to a new network namespace. */
int slipway_new_network_namespace(void);

/* setns(2) with CLONE_NEWNET, for the calling thread. */
int slipway_enter_network_namespace(int descriptor);

/*
 * Binds a stream socket that never listens to a name of unix(7)'s abstract namespace, which every network namespace has
 * of its own. The name is free again when the last descriptor is closed. EADDRINUSE when somebody has it.
 */
int slipway_bind_abstract_name(const void *name, size_t count);

/*
 * The chain FORWARD of the table `filter` that the kernel keeps for the older iptables, as getsockopt(2) with
 * IPT_SO_GET_ENTRIES gives it, in a buffer of malloc(3). Fills where the chain begins, and where its policy lies. Asked
 * for a table that does not exist the kernel makes it, so look into /proc/net/ip_tables_names first.
 */
int slipway_read_filter_table(uint8_t **entries, size_t *count, uint32_t *first, uint32_t *policy);

#endif
