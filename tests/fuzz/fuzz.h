/* What libFuzzer and replay.c call; each fuzz_NAME.c defines it. */
#ifndef NNVIZ_TESTS_FUZZ_H
#define NNVIZ_TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>

__attribute__((visibility("default"))) int LLVMFuzzerTestOneInput(const uint8_t
								      *data,
    size_t size);

#endif
