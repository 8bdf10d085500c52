/*
 * The file system: nothing else of the program touches it.
 */
#ifndef NNVIZ_FILE_H
#define NNVIZ_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "nnviz/diag.h"
#include "nnviz/str.h"
#include "nnviz/text.h"

/* The whole of an input: read into memory, or mapped where it is large. */
struct nnv_input {
	struct nnv_str bytes;
	bool mapped;
};

/*
 * Read all of PATH, "-" being standard input, at most LIMIT bytes. A regular
 * file of 16 MiB or more is mapped; one that is truncated under the mapping
 * reads as zeros from there on instead of killing the program, and
 * nnv_input_check tells. A mapping is no snapshot: a file that somebody writes
 * to meanwhile may show a byte differently each time it is looked at.
 *
 * Fails for what is missing, unreadable, a directory, empty or over the limit.
 * The caller releases the input, also after a failure if it likes.
 */
bool nnv_input_read(struct nnv_input *input, const char *path, size_t limit,
    struct nnv_diag *diag);

/*
 * PART of an input was looked at, and will not be for a while. Where it is a
 * file of 128 MiB or more, its memory is given back, and comes again, from the
 * system's cache, when it is looked at: a large file need not lie in memory as
 * a whole. Does nothing where the bytes are no file that is mapped.
 */
void nnv_input_rest(struct nnv_str part);

/* False, with a message, if the mapped file shrank while it was being read. */
bool nnv_input_check(const struct nnv_input *input, struct nnv_diag *diag);
void nnv_input_release(struct nnv_input *input);

/*
 * Make each PATH hold its BYTES, all of them or, on failure, what it held
 * before: a temporary file beside it, written, synchronised and renamed; mode,
 * owner (where allowed) and symbolic links of an existing file are kept, and
 * one that may not be written is not replaced. None of several replaces its
 * target before all of them are on the disk. What is not a regular file (a
 * device, a pipe) is written in place, before the others. "-" is standard
 * output. The message begins with PATH: out/x.pdf: cannot write: No space left
 * on device.
 */
struct nnv_output_file {
	const char *path;
	struct nnv_str bytes;
};
bool nnv_output_write(const struct nnv_output_file *files, size_t n,
    struct nnv_diag *diag);

/* What tells one existing file from another, whatever links lead to it; false:
 * there is none, or it is "-". */
struct nnv_file_id {
	uint64_t device, number;
};
bool nnv_file_identify(const char *path, struct nnv_file_id *id);

/* Whether two paths name one existing file, whatever links lead to it, or would
 * name one if it were made: "x" and "./x". "-" is no file. */
bool nnv_path_same(const char *a, const char *b);

/*
 * The names in the directory PATH that end in SUFFIX, without it, each with a
 * newline behind it, appended to OUT in no order; hidden ones are not told.
 * None where there is no such directory.
 */
void nnv_directory_list(const char *path, struct nnv_str suffix,
    struct nnv_text *out);

/* Make the directory PATH, and those that it lies in, unless they exist. */
bool nnv_directory_make(const char *path, struct nnv_diag *diag);

/*
 * What follows the last slash of PATH, without the suffixes of a model, first
 * of a compression (.gz .zlib .zip .z), then of a format (.pkl .pickle .json
 * .pt .pth), in any case; never empty. "-" gives "stdin". It goes into the
 * caller's BUF of SIZE bytes, terminated, cut between characters if need be.
 */
void nnv_path_stem(const char *path, char *buf, size_t size);

#endif
