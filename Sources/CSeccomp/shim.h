// The tables of system call numbers of libseccomp.
#pragma once

#include <seccomp.h>
