/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SLIPWAY_SOCKETS_H
#define SLIPWAY_SOCKETS_H

/* A listening stream socket at a path, close-on-exec; ENAMETOOLONG for a path that sun_path cannot hold. unix(7). */
int slipway_unix_listen(const char *path, int backlog);

/* accept4(2), close-on-exec. */
int slipway_unix_accept(int listener);

/* A stream socket that is connected to the one at a path, close-on-exec. */
int slipway_unix_connect(const char *path);

#endif
