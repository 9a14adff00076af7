// Gzip of blocks in memory, with the same bytes on every processor.
#pragma once

#include <libdeflate.h>
