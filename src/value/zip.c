/*
 * A zip archive is read from its end: the last record says where the central
 * directory is, an entry of which says where a file is. What stands between
 * files, and the headers in front of them, is believed as little as possible:
 * only the length of a header is taken from there.
 *
 * One file is unpacked and no other is touched, so entries that overlap, the
 * stuff of zip bombs, cost nothing.
 */
#include "zip.h"

enum {
	END_SIZE = 22,
	ENTRY_SIZE = 46,
	LOCAL_SIZE = 30,
	COMMENT_MAX = 65535,
	FLAG_ENCRYPTED = 1,
	NAME_SHOWN = 80 /* bytes of a name in a message */
};

/* An entry of the central directory, not yet believed. */
struct record {
	struct nnv_str name;
	unsigned flags, method;
	uint32_t crc, packed, size, offset;
};

/* A walk over the central directory. */
struct walk {
	struct nnv_str rest;
	size_t nleft;
};

/* What the walk over all entries found. */
struct found {
	struct record models[2]; /* the first two */
	struct record data;      /* the first that is called data.pkl */
	struct nnv_str any;      /* some file, to be named if no model */
	size_t nentries, nmodels, ndata, narrays;
	bool script; /* constants.pkl, as TorchScript has */
};

static unsigned
get16(const char *p)
{
	const unsigned char *b = (const unsigned char *)p;

	return b[0] | (unsigned)b[1] << 8;
}

static uint32_t
get32(const char *p)
{
	return get16(p) | (uint32_t)get16(p + 2) << 16;
}

static bool
damaged(struct nnv_diag *diag, const char *what)
{
	return nnv_fail(diag, NNV_E_SYNTAX, "zip: damaged: %s", what);
}

/* The record at the end, behind which only a comment stands; NULL: none. */
static const char *
find_end(struct nnv_str archive)
{
	size_t at, stop;

	if (archive.n < END_SIZE)
		return NULL;
	at = archive.n - END_SIZE;
	stop = at > COMMENT_MAX ? at - COMMENT_MAX : 0;
	for (;; at--) {
		const char *p = archive.p + at;

		if (memcmp(p, "PK\5\6", 4) == 0 &&
		    get16(p + 20) <= archive.n - END_SIZE - at)
			return p;
		if (at == stop)
			return NULL;
	}
}

static bool
begin_walk(struct walk *walk, struct nnv_str archive, struct nnv_diag *diag)
{
	const char *end = find_end(archive);
	uint32_t size, offset;

	if (end == NULL)
		return damaged(diag, "cut short, or no zip archive");
	size = get32(end + 12);
	offset = get32(end + 16);
	walk->nleft = get16(end + 10);
	if (walk->nleft == 0xffff || size == UINT32_MAX || offset == UINT32_MAX)
		return nnv_fail(diag, NNV_E_SYNTAX,
		    "zip: of the 64-bit kind: "
		    "try: unzip -p FILE NAME | nnviz-c -");
	if (get16(end + 4) != 0 || get16(end + 6) != 0)
		return damaged(diag, "a part of an archive in several files");
	if (offset > (size_t)(end - archive.p) ||
	    size > (size_t)(end - archive.p) - offset)
		return damaged(diag, "the directory is outside the file");
	walk->rest = (struct nnv_str){ archive.p + offset, size };
	return true;
}

static bool
next_record(struct walk *walk, struct record *record, struct nnv_diag *diag)
{
	const char *p = walk->rest.p;
	size_t n;

	if (walk->rest.n < ENTRY_SIZE || memcmp(p, "PK\1\2", 4) != 0)
		return damaged(diag, "an entry of the directory is missing");
	n = (size_t)get16(p + 28) + get16(p + 30) + get16(p + 32);
	if (n > walk->rest.n - ENTRY_SIZE)
		return damaged(diag, "an entry of the directory is cut short");
	*record = (struct record){ .name = { p + ENTRY_SIZE, get16(p + 28) },
		.flags = get16(p + 8),
		.method = get16(p + 10),
		.crc = get32(p + 16),
		.packed = get32(p + 20),
		.size = get32(p + 24),
		.offset = get32(p + 42) };
	walk->rest = nnv_str_from(walk->rest, ENTRY_SIZE + n);
	walk->nleft--;
	return true;
}

/* Not what macOS puts beside each file, which has the same suffix. */
static bool
is_model(struct nnv_str name)
{
	if (nnv_str_starts(nnv_str_behind(name, '/'), NNV_STR("._")))
		return false;
	return nnv_str_ends(name, NNV_STR(".pkl")) ||
	    nnv_str_ends(name, NNV_STR(".pickle")) ||
	    nnv_str_ends(name, NNV_STR(".json"));
}

static void
note(struct found *found, const struct record *record)
{
	struct nnv_str base = nnv_str_behind(record->name, '/');

	found->nentries++;
	if (found->any.n == 0)
		found->any = record->name;
	if (nnv_str_ends(base, NNV_STR(".npy")))
		found->narrays++;
	if (nnv_str_eq(base, NNV_STR("constants.pkl")))
		found->script = true;
	if (!is_model(record->name))
		return;
	if (found->nmodels < 2)
		found->models[found->nmodels] = *record;
	found->nmodels++;
	if (!nnv_str_eq(base, NNV_STR("data.pkl")))
		return;
	if (found->ndata == 0)
		found->data = *record;
	found->ndata++;
}

static bool
find_models(struct found *found, struct nnv_str archive, struct nnv_diag *diag)
{
	struct walk walk = { .nleft = 0 };
	struct record record = { .flags = 0 };

	if (!begin_walk(&walk, archive, diag))
		return false;
	while (walk.nleft > 0) {
		if (!next_record(&walk, &record, diag))
			return false;
		note(found, &record);
	}
	return true;
}

/* How much of a name is shown, as printf counts. */
static int
shown(struct nnv_str name)
{
	return name.n < NAME_SHOWN ? (int)name.n : NAME_SHOWN;
}

static bool
fail_none(const struct found *found, struct nnv_diag *diag)
{
	if (found->nentries == 0)
		return nnv_fail(diag, NNV_E_EMPTY, "zip: an empty archive");
	if (found->narrays == found->nentries)
		return nnv_fail(diag, NNV_E_SYNTAX,
		    "zip: NumPy arrays (.npz), not the trace of a model");
	return nnv_fail(diag, NNV_E_SYNTAX,
	    "zip: no .pkl or .json among its %zu files, the first \"%.*s\"",
	    found->nentries, shown(found->any), found->any.p);
}

static bool
fail_many(const struct found *found, struct nnv_diag *diag)
{
	struct nnv_str a = found->models[0].name, b = found->models[1].name;

	return nnv_fail(diag, NNV_E_SYNTAX,
	    "zip: %zu models, \"%.*s\", "
	    "\"%.*s\"%s: choose one: unzip -p FILE NAME | nnviz-c -",
	    found->nmodels, shown(a), a.p, shown(b), b.p,
	    found->nmodels > 2 ? ", ..." : "");
}

static const struct record *
choose(const struct found *found, struct nnv_diag *diag)
{
	if (found->script && found->ndata == 1) {
		nnv_fail(diag, NNV_E_SYNTAX,
		    "zip: a TorchScript program "
		    "(torch.jit.save), not the trace of a model");
		return NULL;
	}
	if (found->nmodels == 1)
		return &found->models[0];
	if (found->ndata == 1)
		return &found->data;
	if (found->nmodels == 0)
		fail_none(found, diag);
	else
		fail_many(found, diag);
	return NULL;
}

static bool
check_record(const struct record *record, struct nnv_diag *diag)
{
	int n = shown(record->name);

	if ((record->flags & FLAG_ENCRYPTED) != 0)
		return nnv_fail(diag, NNV_E_SYNTAX,
		    "zip: \"%.*s\" is "
		    "encrypted: try: unzip -p FILE NAME | nnviz-c -",
		    n, record->name.p);
	if (record->method != NNV_ZIP_STORED &&
	    record->method != NNV_ZIP_DEFLATED)
		return nnv_fail(diag, NNV_E_SYNTAX,
		    "zip: \"%.*s\" is packed "
		    "by method %u: try: unzip -p FILE NAME | nnviz-c -",
		    n, record->name.p, record->method);
	return true;
}

/* Where the data of RECORD is: behind a header of its own length. */
static bool
locate(const struct record *record, struct nnv_str archive,
    struct nnv_str *data, struct nnv_diag *diag)
{
	struct nnv_str at;
	size_t n;

	if (record->offset > archive.n)
		return damaged(diag, "a file is outside the archive");
	at = nnv_str_from(archive, record->offset);
	if (at.n < LOCAL_SIZE || memcmp(at.p, "PK\3\4", 4) != 0)
		return damaged(diag, "a file is not where it is said to be");
	n = LOCAL_SIZE + (size_t)get16(at.p + 26) + get16(at.p + 28);
	if (n > at.n || record->packed > at.n - n)
		return damaged(diag, "a file is cut short");
	*data = (struct nnv_str){ at.p + n, record->packed };
	return true;
}

bool
nnv_zip_find(struct nnv_str archive, struct nnv_zip_entry *out,
    struct nnv_diag *diag)
{
	struct found found = { .nentries = 0 };
	const struct record *record;

	if (!find_models(&found, archive, diag))
		return false;
	record = choose(&found, diag);
	if (record == NULL || !check_record(record, diag))
		return false;
	out->name = record->name;
	out->method = (enum nnv_zip_method)record->method;
	out->size = record->size;
	out->crc = record->crc;
	return locate(record, archive, &out->data, diag);
}
