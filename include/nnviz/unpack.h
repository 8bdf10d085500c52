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
 * What is inside BYTES, by magic number. Plain bytes: *OUT is BYTES and *HEAP
 * is NULL. gzip (several members too), zlib, zip (stored or deflated, holding
 * one *.pkl or *.json, or data.pkl as torch.save writes): *OUT is the contents,
 * at most LIMIT bytes, in *HEAP, which the caller gives to nnv_heap_free.
 * bz2, xz, zstd, lzma, numpy, joblib arrays, HDF5 and the like: a failure that
 * says in one line what it is and what to do ("xz -dc FILE | nnviz-c -").
 */
bool nnv_unpack(struct nnv_str bytes, size_t limit, struct nnv_str *out,
    void **heap, struct nnv_diag *diag);

#endif
