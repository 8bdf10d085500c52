/*
 * Containers around a trace: gzip, zlib and zip are opened, others are named.
 */
#ifndef NNVIZ_UNPACK_H
#define NNVIZ_UNPACK_H

#include <stdbool.h>
#include <stddef.h>

#include "nnviz/diag.h"
#include "nnviz/str.h"

/*
 * What is inside BYTES, by magic number. Plain bytes: *OUT is BYTES. gzip
 * (several members too), zlib, zip (stored or deflated, holding one *.pkl,
 * *.pickle or *.json, or data.pkl as torch.save writes): *OUT is the contents,
 * at most LIMIT bytes, verified where the container has a checksum. *HEAP is
 * the memory they are in, which the caller gives to nnv_heap_free; where it is
 * NULL, *OUT is a slice of BYTES.
 *
 * bz2, xz, zstd, lzma, numpy, HDF5 and the like, several models in one zip, or
 * a container in a container: a failure that says in one line what it is and
 * what to do ("xz: try: xz -dc FILE | nnviz-c -"). Bytes behind the contents
 * are worth a warning only.
 */
bool nnv_unpack(struct nnv_str bytes, size_t limit, struct nnv_str *out,
    void **heap, struct nnv_diag *diag);

#endif
