#pragma once

#include <stddef.h>
#include <stdint.h>

/// Fuzzes until the arguments say stop: the entry point of the library that drives the fuzzing.
int LLVMFuzzerRunDriver(int *argc, char ***argv, int (*callback)(const uint8_t *data, size_t size));
