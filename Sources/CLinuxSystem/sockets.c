/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "slipway_sockets.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static int fill(struct sockaddr_un *address, const char *path) {
    memset(address, 0, sizeof *address);
    address->sun_family = AF_UNIX;
    if (strlen(path) >= sizeof address->sun_path) {
        errno = ENAMETOOLONG;
        return -1;
    }
    strcpy(address->sun_path, path);
    return 0;
}

static int close_failed(int descriptor) {
    int error = errno;
    close(descriptor);
    errno = error;
    return -1;
}

int slipway_unix_listen(const char *path, int backlog) {
    struct sockaddr_un address;
    if (fill(&address, path) < 0) return -1;
    int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (descriptor < 0) return -1;
    if (bind(descriptor, (struct sockaddr *)&address, sizeof address) < 0) return close_failed(descriptor);
    if (listen(descriptor, backlog) < 0) return close_failed(descriptor);
    return descriptor;
}

int slipway_unix_accept(int listener) {
    return accept4(listener, (void *)0, (void *)0, SOCK_CLOEXEC);
}

int slipway_unix_connect(const char *path) {
    struct sockaddr_un address;
    if (fill(&address, path) < 0) return -1;
    int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (descriptor < 0) return -1;
    if (connect(descriptor, (struct sockaddr *)&address, sizeof address) < 0) return close_failed(descriptor);
    return descriptor;
}

int slipway_unix_pair(int descriptors[2]) {
    return socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, descriptors);
}

int slipway_unix_send_descriptors(int descriptor, const int *sent, size_t count) {
    if (count == 0 || count > slipway_unix_most_descriptors) {
        errno = EINVAL;
        return -1;
    }
    _Alignas(struct cmsghdr) char control[CMSG_SPACE(slipway_unix_most_descriptors * sizeof(int))];
    memset(control, 0, sizeof control);
    char byte = 0;
    struct iovec content = {.iov_base = &byte, .iov_len = 1};
    struct msghdr message = {
        .msg_iov = &content, .msg_iovlen = 1, .msg_control = control, .msg_controllen = CMSG_SPACE(count * sizeof(int))};
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(count * sizeof(int));
    memcpy(CMSG_DATA(header), sent, count * sizeof(int));
    return sendmsg(descriptor, &message, MSG_NOSIGNAL) < 0 ? -1 : 0;
}
