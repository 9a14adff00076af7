/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "slipway_netlink.h"

#include <errno.h>
#include <linux/netlink.h>
#include <netinet/in.h>
#include <linux/netfilter_ipv4/ip_tables.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

const int slipway_netlink_route = NETLINK_ROUTE;
const int slipway_netlink_netfilter = NETLINK_NETFILTER;

/* More than any table that people write: 64 MiB. */
enum { most_table_bytes = 64 << 20 };

static int close_after_failure(int descriptor) {
    int saved = errno;
    close(descriptor);
    errno = saved;
    return -1;
}

int slipway_netlink_open(int protocol, int seconds) {
    int opened = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol);
    if (opened == -1) return -1;

    struct sockaddr_nl address = {.nl_family = AF_NETLINK};
    struct timeval limit = {.tv_sec = seconds};
    if (bind(opened, (struct sockaddr *)&address, sizeof address) == -1) return close_after_failure(opened);
    if (setsockopt(opened, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit) == -1) return close_after_failure(opened);

    /* Linux 4.12 and 4.3; without them failures only come with less text. */
    int on = 1;
    setsockopt(opened, SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof on);
    setsockopt(opened, SOL_NETLINK, NETLINK_CAP_ACK, &on, sizeof on);
    return opened;
}

ssize_t slipway_netlink_send(int socket, const void *bytes, size_t count) {
    struct sockaddr_nl kernel = {.nl_family = AF_NETLINK};
    return sendto(socket, bytes, count, 0, (struct sockaddr *)&kernel, sizeof kernel);
}

ssize_t slipway_netlink_receive(int socket, void *buffer, size_t size, int wait) {
    for (;;) {
        struct sockaddr_nl sender = {0};
        socklen_t length = sizeof sender;
        int flags = MSG_TRUNC | (wait ? 0 : MSG_DONTWAIT);
        ssize_t count = recvfrom(socket, buffer, size, flags, (struct sockaddr *)&sender, &length);
        if (count == -1 || sender.nl_pid == 0) return count;
    }
}

int slipway_new_network_namespace(void) {
    return unshare(CLONE_NEWNET);
}

int slipway_enter_network_namespace(int descriptor) {
    return setns(descriptor, CLONE_NEWNET);
}

int slipway_bind_abstract_name(const void *name, size_t count) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (count == 0 || count > sizeof address.sun_path - 1) {
        errno = EINVAL;
        return -1;
    }
    memcpy(address.sun_path + 1, name, count);
    int opened = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (opened == -1) return -1;
    socklen_t length = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + count);
    if (bind(opened, (struct sockaddr *)&address, length) == -1) return close_after_failure(opened);
    return opened;
}

int slipway_read_filter_table(uint8_t **entries, size_t *count, uint32_t *first, uint32_t *policy) {
    int opened = socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW);
    if (opened == -1) return -1;

    struct ipt_getinfo info = {.name = "filter"};
    socklen_t length = sizeof info;
    if (getsockopt(opened, SOL_IP, IPT_SO_GET_INFO, &info, &length) == -1) return close_after_failure(opened);
    if (info.size > most_table_bytes) {
        errno = EFBIG;
        return close_after_failure(opened);
    }
    length = (socklen_t)(sizeof(struct ipt_get_entries) + info.size);
    struct ipt_get_entries *table = calloc(1, length);
    if (!table) return close_after_failure(opened);
    memcpy(table->name, info.name, sizeof table->name);
    table->size = info.size;
    if (getsockopt(opened, SOL_IP, IPT_SO_GET_ENTRIES, table, &length) == -1) {
        close_after_failure(opened);
        int saved = errno;
        free(table);
        errno = saved;
        return -1;
    }
    close(opened);
    *count = info.size;
    *first = info.hook_entry[NF_INET_FORWARD];
    *policy = info.underflow[NF_INET_FORWARD];
    memmove(table, table->entrytable, info.size);
    *entries = (uint8_t *)table;
    return 0;
}
