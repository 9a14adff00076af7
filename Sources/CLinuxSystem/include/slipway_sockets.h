/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SLIPWAY_SOCKETS_H
#define SLIPWAY_SOCKETS_H

#include <stddef.h>

/* A listening stream socket at a path, close-on-exec; ENAMETOOLONG for a path that sun_path cannot hold. unix(7). */
int slipway_unix_listen(const char *path, int backlog);

/* accept4(2), close-on-exec. */
int slipway_unix_accept(int listener);

/* A stream socket that is connected to the one at a path, close-on-exec. */
int slipway_unix_connect(const char *path);

/* Two sockets that are connected to each other and keep messages apart, close-on-exec; socketpair(2). */
int slipway_unix_pair(int descriptors[2]);

/* The most descriptors in one message: SCM_MAX_FD of the kernel. */
enum { slipway_unix_most_descriptors = 253 };

/* Sends one byte and copies of these descriptors, one at least; EPIPE without a signal when nobody can receive them any
 * more. cmsg(3). */
int slipway_unix_send_descriptors(int descriptor, const int *sent, size_t count);

#endif
