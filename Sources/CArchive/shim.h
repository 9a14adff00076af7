// Reading of foreign archives by libarchive, and the zstd that it needs anyway.
#pragma once

#include <archive.h>
#include <archive_entry.h>
#include <zstd.h>
