/* The directory of a zip archive: which file in it is the model. */
#ifndef ZIP_H
#define ZIP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "nnviz/diag.h"
#include "nnviz/str.h"

enum nnv_zip_method { NNV_ZIP_STORED = 0, NNV_ZIP_DEFLATED = 8 };

/* A file of the archive: name and data are slices of the archive. */
struct nnv_zip_entry {
	struct nnv_str name;
	struct nnv_str data; /* as it is packed */
	enum nnv_zip_method method;
	size_t size;  /* bytes when unpacked, as is claimed */
	uint32_t crc; /* CRC-32 when unpacked, as is claimed */
};

/*
 * The one file of ARCHIVE that is called *.pkl, *.pickle or *.json, or else
 * the one called data.pkl. Fails where there is none or no way to choose, for
 * what is damaged, encrypted, or packed in any but the two usual ways. The
 * format: PKWARE, APPNOTE.TXT 6.3, sections 4.3.7 (local header), 4.3.12
 * (central directory) and 4.3.16 (its end).
 */
bool nnv_zip_find(struct nnv_str archive, struct nnv_zip_entry *out,
    struct nnv_diag *diag);

#endif
