// Reading of foreign archives by libarchive, and the gzip, xz and zstd that it needs anyway.
#pragma once

#include <archive.h>
#include <archive_entry.h>
#include <lzma.h>
#include <zlib.h>
#include <zstd.h>
