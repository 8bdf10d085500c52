/* A short name for many bytes. */
#ifndef NNVIZ_SHA1_H
#define NNVIZ_SHA1_H

#include "nnviz/str.h"

enum { NNV_SHA1_SIZE = 20 };

/* The SHA-1 of BYTES (FIPS 180-4). Good enough to find damage by accident and
 * to name what is drawn, which is all it is used for; it stops nobody who
 * deceives on purpose. */
void nnv_sha1(struct nnv_str bytes, unsigned char digest[NNV_SHA1_SIZE]);

#endif
