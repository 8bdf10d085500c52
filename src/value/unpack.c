/*
 * A container is known by its first bytes. Three kinds are opened; the others
 * are rows of the same table, with a word on what to do about them. None of
 * the magics begins a pickle or JSON: where a magic's first byte is an opcode
 * of pickle, the bytes behind it are no such opcode's argument.
 *
 * Whatever a container claims about the size of its contents is checked only
 * afterwards; memory is taken for what really comes out, up to the limit.
 */
#define ZLIB_CONST /* input is const to zlib, too */
#include "nnviz/unpack.h"

#include <limits.h>
#include <zlib.h>

#include "nnviz/arena.h"
#include "zip.h"

enum {
	RATIO = 4,        /* room at first, in sizes of the input */
	CHUNK = 1 << 30,  /* zlib counts bytes in an unsigned int */
	RAW = -MAX_WBITS, /* deflate without any header */
	ZLIB = MAX_WBITS,
	GZIP = MAX_WBITS + 16
};

/* What has come out of a container so far. */
struct contents {
	void *p;
	size_t n, cap, limit;
};

struct kind {
	size_t at; /* where the magic is */
	struct nnv_str magic;
	const char *name;
	const char *hint; /* what to do if we cannot open it */
	bool (*open)(struct nnv_str bytes, struct contents *contents,
	    struct nnv_str *out, struct nnv_diag *diag);
};

static bool
make_room(struct contents *contents, size_t want, struct nnv_diag *diag)
{
	return nnv_heap_grow(&contents->p, &contents->cap, want, 1) ||
	    nnv_fail_memory(diag);
}

static unsigned
chunk(size_t n)
{
	return n < CHUNK ? (unsigned)n : (unsigned)CHUNK;
}

/* Whether another member of a gzip file begins at REST. */
static bool
is_gzip(struct nnv_str rest)
{
	return nnv_str_starts(rest, NNV_STR("\x1f\x8b"));
}

/* Tapes are padded with zeros; anything else is worth a word. */
static void
warn_rest(struct nnv_str rest, struct nnv_diag *diag)
{
	while (rest.n > 0 && rest.p[rest.n - 1] == '\0')
		rest.n--;
	if (rest.n > 0)
		nnv_warn(diag, "bytes behind a container",
		    "%zu bytes behind the compressed data are ignored", rest.n);
}

/* One call of inflate over as much input and room as there is. */
static int
inflate_some(z_stream *z, struct nnv_str *rest, struct contents *contents)
{
	size_t room = contents->cap - contents->n;
	unsigned in = chunk(rest->n), out = chunk(room);
	int status;

	z->next_in = (const Bytef *)rest->p;
	z->avail_in = in;
	z->next_out = (Bytef *)contents->p + contents->n;
	z->avail_out = out;
	status = inflate(z, Z_NO_FLUSH);
	in -= z->avail_in;
	*rest = (struct nnv_str){ rest->p + in, rest->n - in };
	contents->n += out - z->avail_out;
	return status;
}

/* What a call of inflate means that did not reach the end; true: go on. */
static bool
can_go_on(int status, const z_stream *z, struct nnv_str rest,
    struct nnv_diag *diag)
{
	if (status == Z_MEM_ERROR)
		return nnv_fail_memory(diag);
	if (status != Z_OK && status != Z_BUF_ERROR)
		return nnv_fail(diag, NNV_E_SYNTAX,
		    "compressed data is damaged: %s",
		    z->msg != NULL ? z->msg : "it needs a dictionary");
	if (rest.n == 0 && z->avail_out != 0)
		return nnv_fail(diag, NNV_E_SYNTAX,
		    "compressed data is cut short");
	return true;
}

static bool
inflate_all(z_stream *z, struct nnv_str rest, bool members,
    struct contents *contents, struct nnv_diag *diag)
{
	int status;

	for (;;) {
		if (!make_room(contents, contents->n + 1, diag))
			return false;
		status = inflate_some(z, &rest, contents);
		if (contents->n > contents->limit)
			return nnv_fail_limit(diag, "contents",
				   contents->limit) ||
			    nnv_limited(diag, "input");
		if (status != Z_STREAM_END) {
			if (!can_go_on(status, z, rest, diag))
				return false;
		} else if (members && is_gzip(rest)) {
			inflateReset(z);
		} else {
			warn_rest(rest, diag);
			return true;
		}
	}
}

/* Unpack deflated BYTES in the wrapping that WINDOW means to zlib. */
static bool
open_deflated(struct nnv_str bytes, int window, struct contents *contents,
    struct nnv_diag *diag)
{
	z_stream z = { .zalloc = Z_NULL };
	size_t guess = bytes.n < contents->limit / RATIO ? bytes.n * RATIO
							 : contents->limit;
	bool done;

	if (!make_room(contents, guess, diag))
		return false;
	if (inflateInit2(&z, window) != Z_OK)
		return nnv_fail_memory(diag);
	done = inflate_all(&z, bytes, window == GZIP, contents, diag);
	inflateEnd(&z);
	return done;
}

static struct nnv_str
contents_str(const struct contents *contents)
{
	return (struct nnv_str){ contents->p, contents->n };
}

static bool
open_gzip(struct nnv_str bytes, struct contents *contents, struct nnv_str *out,
    struct nnv_diag *diag)
{
	if (!open_deflated(bytes, GZIP, contents, diag))
		return false;
	*out = contents_str(contents);
	return true;
}

static bool
open_zlib(struct nnv_str bytes, struct contents *contents, struct nnv_str *out,
    struct nnv_diag *diag)
{
	if (!open_deflated(bytes, ZLIB, contents, diag))
		return false;
	*out = contents_str(contents);
	return true;
}

/* What is stored as it is need not be copied. */
static bool
open_zip(struct nnv_str bytes, struct contents *contents, struct nnv_str *out,
    struct nnv_diag *diag)
{
	struct nnv_zip_entry entry;

	if (!nnv_zip_find(bytes, &entry, diag))
		return false;
	*out = entry.data;
	if (entry.method == NNV_ZIP_DEFLATED) {
		if (!open_deflated(entry.data, RAW, contents, diag))
			return false;
		*out = contents_str(contents);
	}
	if (out->n > contents->limit)
		return nnv_fail_limit(diag, "contents", contents->limit) ||
		    nnv_limited(diag, "input");
	if (out->n != entry.size ||
	    entry.crc !=
		crc32_z(crc32_z(0, NULL, 0), (const Bytef *)out->p, out->n))
		return nnv_fail(diag, NNV_E_SYNTAX,
		    "zip: damaged: wrong size or checksum of a file");
	return true;
}

#define MAGIC NNV_STR_INIT
#define TRY "try: "
#define HERE " FILE | nnviz-c -"

static const char not_a_trace[] = "it holds no trace of a model";
static const char pickle_again[] =
    "load it where it came from and save it by pickle.dump";

static const struct kind kinds[] = {
	/* the size of a header, which has less than 4 GiB; it may begin with
	 * any other magic */
	{ 4, MAGIC("\0\0\0\0{\""), "safetensors", not_a_trace, NULL },
	{ 0, MAGIC("\x1f\x8b"), "gzip", NULL, open_gzip },
	/* RFC 1950: deflate, 32 KiB, the four levels; checked by inflate */
	{ 0, MAGIC("\x78\x01"), "zlib", NULL, open_zlib },
	{ 0, MAGIC("\x78\x5e"), "zlib", NULL, open_zlib },
	{ 0, MAGIC("\x78\x9c"), "zlib", NULL, open_zlib },
	{ 0, MAGIC("\x78\xda"), "zlib", NULL, open_zlib },
	{ 0, MAGIC("PK\3\4"), "zip", NULL, open_zip },
	{ 0, MAGIC("PK\5\6"), "zip", NULL, open_zip },

	{ 0, MAGIC("\3757zXZ\0"), "xz", TRY "xz -dc" HERE, NULL },
	{ 0, MAGIC("\x5d\0\0"), "lzma", TRY "xz --format=lzma -dc" HERE, NULL },
	{ 0, MAGIC("BZh"), "bzip2", TRY "bzip2 -dc" HERE, NULL },
	{ 0, MAGIC("\x28\xb5\x2f\xfd"), "zstd", TRY "zstd -dc" HERE, NULL },
	{ 0, MAGIC("\x04\x22\x4d\x18"), "lz4", TRY "lz4 -dc" HERE, NULL },
	{ 0, MAGIC("LZIP"), "lzip", TRY "lzip -dc" HERE, NULL },
	{ 0, MAGIC("\x1f\x9d"), "compress", TRY "gzip -dc" HERE, NULL },
	{ 0, MAGIC("7z\xbc\xaf\x27\x1c"), "7-Zip", TRY "7z x -so" HERE, NULL },
	{ 0, MAGIC("Rar!\x1a\x07"), "RAR", TRY "unrar p -inul" HERE, NULL },
	{ 257, MAGIC("ustar\0"), "tar", TRY "tar -xOf" HERE, NULL },
	{ 257, MAGIC("ustar  "), "tar", TRY "tar -xOf" HERE, NULL },

	/* a pickle of its magic number, which others with the data follow */
	{ 0, MAGIC("\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8"),
	    "torch.save of the old kind", pickle_again, NULL },
	{ 0, MAGIC("\x93NUMPY"), "NumPy array", pickle_again, NULL },
	{ 0, MAGIC("\x89HDF\r\n\x1a\n"), "HDF5", not_a_trace, NULL },
	{ 0, MAGIC("\x08"), "ONNX or another protocol buffer", not_a_trace,
	    NULL },
	{ 0, MAGIC("GGUF"), "GGUF", not_a_trace, NULL },
	{ 0, MAGIC("\x89PNG"), "PNG picture", not_a_trace, NULL },
	{ 0, MAGIC("%PDF"), "PDF document", not_a_trace, NULL },
	{ 0, MAGIC("<"), "XML or HTML", not_a_trace, NULL },
	{ 0, MAGIC("digraph"), "Graphviz file", TRY "dot -Tsvg FILE", NULL },
	{ 0, MAGIC("\xff\xfe"), "UTF-16 text",
	    TRY "iconv -f utf-16 -t utf-8" HERE, NULL },
	{ 0, MAGIC("\xfe\xff"), "UTF-16 text",
	    TRY "iconv -f utf-16 -t utf-8" HERE, NULL },
};

static const struct kind *
find_kind(struct nnv_str bytes)
{
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		const struct kind *kind = &kinds[i];

		if (bytes.n > kind->at &&
		    nnv_str_starts(nnv_str_from(bytes, kind->at), kind->magic))
			return kind;
	}
	return NULL;
}

/* Containers are opened once: what is packed twice is more often an attack. */
static bool
check_contents(const struct kind *outer, struct nnv_str out,
    struct nnv_diag *diag)
{
	const struct kind *inner = find_kind(out);

	if (out.n == 0)
		return nnv_fail(diag, NNV_E_EMPTY, "%s: nothing in it",
		    outer->name);
	if (inner != NULL)
		return nnv_fail(diag, NNV_E_SYNTAX,
		    "%s: %s inside: unpack it by hand", outer->name,
		    inner->name);
	return true;
}

bool
nnv_unpack(struct nnv_str bytes, size_t limit, struct nnv_str *out, void **heap,
    struct nnv_diag *diag)
{
	struct contents contents = { .limit = limit };
	const struct kind *kind = find_kind(bytes);

	*out = bytes;
	*heap = NULL;
	if (kind == NULL)
		return true;
	if (kind->open == NULL)
		return nnv_fail(diag, NNV_E_SYNTAX, "%s: %s", kind->name,
		    kind->hint);
	if (!kind->open(bytes, &contents, out, diag) ||
	    !check_contents(kind, *out, diag)) {
		nnv_heap_free(contents.p);
		*out = nnv_str(NULL);
		return false;
	}
	*heap = contents.p;
	return true;
}
