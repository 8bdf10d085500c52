/*
 * What went wrong, and where. Every function that can fail takes a diagnostic
 * last and returns false or NULL; the first failure is kept, later ones are
 * consequences and are ignored. Only main prints it.
 */
#ifndef NNVIZ_DIAG_H
#define NNVIZ_DIAG_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__)
#define NNV_PRINTF(at, first) __attribute__((__format__(__printf__, at, first)))
#else
#define NNV_PRINTF(at, first)
#endif

enum nnv_code {
	NNV_OK,
	NNV_E_SYSTEM,  /* the operating system refused: errno text */
	NNV_E_MEMORY,  /* out of memory */
	NNV_E_LIMIT,   /* a named limit of ours was reached */
	NNV_E_LATE,    /* the layout took longer than it may */
	NNV_E_SYNTAX,  /* the bytes are not the format they claim */
	NNV_E_UNSAFE,  /* a pickle refers to a Python object */
	NNV_E_SCHEMA,  /* well-formed, but not a trace or a graph */
	NNV_E_EMPTY,   /* nothing in it */
	NNV_E_NOTHING, /* nothing in it to draw: the line is "TEXT in SOURCE" */
	NNV_E_USAGE,   /* what was asked for does not exist */
	NNV_E_GRAPHVIZ /* layout or rendering failed */
};

enum nnv_place_kind { NNV_NOWHERE, NNV_AT_OFFSET, NNV_AT_LINE };

/* A position in the input: a byte offset from 0, or line and column from 1. */
struct nnv_place {
	enum nnv_place_kind kind;
	uint64_t offset;
	uint32_t line, column;
};

#define NNV_PLACE_NONE ((struct nnv_place){ NNV_NOWHERE, 0, 0, 0 })
#define NNV_PLACE_OFFSET(at) ((struct nnv_place){ NNV_AT_OFFSET, (at), 0, 0 })

enum {
	NNV_DIAG_TEXT = 512,     /* bytes of a message, cut with an ellipsis */
	NNV_DIAG_WORD = 32,      /* of the name of a kind, or of a limit */
	NNV_DIAG_WARNINGS = 24,  /* kinds of oddity remembered in one run */
	NNV_DIAG_LINE = 16 << 10 /* holds any of it, and any file's name */
};

/* One kind of oddity: the words of its first occurrence, and how many. */
struct nnv_warning {
	char kind[NNV_DIAG_WORD];
	size_t count;
	char text[NNV_DIAG_TEXT];
};

struct nnv_diag {
	enum nnv_code code; /* NNV_OK while nothing failed */
	const char *source; /* the file's name for people; borrowed */
	struct nnv_place place;
	char text[NNV_DIAG_TEXT];
	char limit[NNV_DIAG_WORD]; /* of --limit, where one was reached */
	struct nnv_warning warnings[NNV_DIAG_WARNINGS];
	size_t nwarnings;
};

/* A clean diagnostic about SOURCE, which is borrowed and may be NULL. */
void nnv_diag_init(struct nnv_diag *diag, const char *source);

/*
 * Record a failure unless one is recorded; always false, so that a caller can
 * return it. The text is one line: control characters and invalid UTF-8 in it
 * are replaced, and it ends in an ellipsis where it was cut.
 */
bool nnv_fail(struct nnv_diag *diag, enum nnv_code code, const char *format,
    ...) NNV_PRINTF(3, 4);
bool nnv_fail_at(struct nnv_diag *diag, enum nnv_code code,
    struct nnv_place place, const char *format, ...) NNV_PRINTF(4, 5);

/* Forget the failure that is recorded, and keep the warnings: for who tries
 * again. */
void nnv_diag_forget(struct nnv_diag *diag);

/* nnv_fail for the system call that set ERRNUM: "WHAT: No such file...". */
bool nnv_fail_system(struct nnv_diag *diag, int errnum, const char *what);

/*
 * nnv_fail for an allocation that returned NULL: there is no memory, or a bound
 * was set (nnv_heap_bound) and is reached. Inline, so that the analysis of a
 * compiler knows what comes of "p != NULL || nnv_fail_memory(diag)".
 */
void nnv_note_memory(struct nnv_diag *diag);

static inline bool
nnv_fail_memory(struct nnv_diag *diag)
{
	nnv_note_memory(diag);
	return false;
}

/* nnv_fail for more than LIMIT bytes: "WHAT larger than the limit of 4 GiB". */
bool nnv_fail_limit(struct nnv_diag *diag, const char *what, size_t limit);

/* The same of the memory of this process, which --limit memory raises. */
bool nnv_fail_bound(struct nnv_diag *diag, size_t bound);

/* Say that the recorded failure reached the limit that a person knows by this
 * NAME, and may raise. Always false. */
bool nnv_limited(struct nnv_diag *diag, const char *name);

/*
 * Note an oddity that does not stop the run. The first of a KIND keeps its
 * words, later ones are only counted.
 */
void nnv_warn(struct nnv_diag *diag, const char *kind, const char *format, ...)
    NNV_PRINTF(3, 4);

/* The same for what a person asked for: all that are not alike keep their
 * words, as far as there is room. */
void nnv_warn_each(struct nnv_diag *diag, const char *kind, const char *format,
    ...) NNV_PRINTF(3, 4);

/*
 * Write "SOURCE: PLACE: text" into BUF (SIZE bytes, always terminated): the
 * failure as one line without the program's name and without a newline. PLACE
 * is "@1234" in binary input and "12:7" in text.
 */
void nnv_diag_line(const struct nnv_diag *diag, char *buf, size_t size);

/* The same for the warning I: "SOURCE: warning: text (and 2 more)". */
void nnv_diag_warning(const struct nnv_diag *diag, size_t i, char *buf,
    size_t size);

/*
 * Replace all but the source by what another process says that it found. FROM
 * may hold any bytes: false, and nothing is replaced, if they are none of ours.
 * Texts are made harmless again.
 */
bool nnv_diag_adopt(struct nnv_diag *diag, const struct nnv_diag *from);

#endif
