/* Functions that a preloaded library puts in place of others. */
#ifndef NNVIZ_TESTS_SHIM_H
#define NNVIZ_TESTS_SHIM_H

#define SHIM __attribute__((visibility("default")))

#endif
