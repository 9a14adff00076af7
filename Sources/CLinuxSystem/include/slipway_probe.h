/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SLIPWAY_PROBE_H
#define SLIPWAY_PROBE_H

/* System calls that older kernels lack, and that filters around this process may hide. */
enum slipway_probed_call {
    slipway_probe_openat2,
    slipway_probe_clone3,
    slipway_probe_fsopen,
    slipway_probe_mount_setattr,
    slipway_probe_close_range,
    slipway_probe_pidfd_open,
    slipway_probe_seccomp,
};

/* Whether the call exists: 1 when it answers nonsense with anything but ENOSYS, 0 when not, and it never does anything. */
int slipway_has_call(enum slipway_probed_call call);

#endif
