/*
 * Containers: packed here by zlib and by hand, opened by the product.
 *
 * link: -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc
 */
#include "nnviz/unpack.h"

#include <zlib.h>

#include "nnviz/arena.h"
#include "nnviz/text.h"
#include "unit.h"
#include "scarce.h"

#define LEN(array) (sizeof(array) / sizeof((array)[0]))
#define NO_LIMIT ((size_t)1 << 40)

enum { RAW = -15, ZLIB = 15, GZIP = 31, STORED = 0, DEFLATED = 8 };

/* A pickle of a dictionary, several times as long as its compressed self. */
static struct nnv_text
make_trace(void)
{
	struct nnv_text text = NNV_TEXT_EMPTY;
	int i;

	nnv_text_add(&text, NNV_STR("\x80\x04}\x94("));
	for (i = 0; i < 300; i++)
		nnv_text_addf(&text, "X\004%c%c%cn%03dK\005", 0, 0, 0, i);
	nnv_text_add(&text, NNV_STR("u."));
	return text;
}

/* S deflated in the wrapping that WINDOW means to zlib, added to OUT. */
static void
add_packed(struct nnv_text *out, struct nnv_str s, int window)
{
	size_t room = compressBound(s.n) + 64;
	char *p = nnv_heap_alloc(room, 1);
	z_stream z = { .zalloc = Z_NULL };

	assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, window, 8,
			     Z_DEFAULT_STRATEGY),
	    Z_OK);
	z.next_in = (Bytef *)(uintptr_t)s.p;
	z.avail_in = (uInt)s.n;
	z.next_out = (Bytef *)p;
	z.avail_out = (uInt)room;
	assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
	nnv_text_add(out, (struct nnv_str){ p, room - z.avail_out });
	deflateEnd(&z);
	nnv_heap_free(p);
}

static void
add_number(struct nnv_text *out, size_t value, int bytes)
{
	for (; bytes > 0; bytes--, value >>= 8)
		nnv_text_addc(out, (char)(value & 0xff));
}

/* A file of an archive that is being made. */
struct file {
	const char *name;
	struct nnv_str data;
	unsigned method, flags;
	size_t lie; /* added to the size that is claimed */
};

/* The fields that a local header and a directory entry have in common. */
static void
add_fields(struct nnv_text *out, const struct file *file, size_t packed)
{
	add_number(out, 20, 2);
	add_number(out, file->flags, 2);
	add_number(out, file->method, 2);
	add_number(out, 0, 4);
	add_number(out,
	    crc32(0, (const Bytef *)file->data.p, (uInt)file->data.n), 4);
	add_number(out, packed, 4);
	add_number(out, file->data.n + file->lie, 4);
	add_number(out, strlen(file->name), 2);
	add_number(out, 3, 2);
}

static void
add_file(struct nnv_text *out, struct nnv_text *directory,
    const struct file *file)
{
	struct nnv_text packed = NNV_TEXT_EMPTY;
	size_t offset = out->n;

	if (file->method == DEFLATED)
		add_packed(&packed, file->data, RAW);
	else
		nnv_text_add(&packed, file->data);
	nnv_text_add(out, NNV_STR("PK\3\4"));
	add_fields(out, file, packed.n);
	nnv_text_adds(out, file->name);
	nnv_text_adds(out, "ext");
	nnv_text_add(out, nnv_text_str(&packed));

	nnv_text_add(directory, NNV_STR("PK\1\2\x14\0"));
	add_fields(directory, file, packed.n);
	add_number(directory, 0, 10);
	add_number(directory, offset, 4);
	nnv_text_adds(directory, file->name);
	nnv_text_adds(directory, "ext");
	nnv_text_release(&packed);
}

static struct nnv_text
make_zip(const struct file *files, size_t n, const char *comment)
{
	struct nnv_text out = NNV_TEXT_EMPTY, directory = NNV_TEXT_EMPTY;
	size_t i, offset;

	for (i = 0; i < n; i++)
		add_file(&out, &directory, &files[i]);
	offset = out.n;
	nnv_text_add(&out, nnv_text_str(&directory));
	nnv_text_add(&out, NNV_STR("PK\5\6\0\0\0\0"));
	add_number(&out, n, 2);
	add_number(&out, n, 2);
	add_number(&out, directory.n, 4);
	add_number(&out, offset, 4);
	add_number(&out, strlen(comment), 2);
	nnv_text_adds(&out, comment);
	nnv_text_release(&directory);
	return out;
}

static void
assert_opens(struct nnv_str packed, struct nnv_str want, size_t nwarnings)
{
	struct nnv_diag diag;
	struct nnv_str out;
	void *heap;

	nnv_diag_init(&diag, NULL);
	if (!nnv_unpack(packed, want.n, &out, &heap, &diag))
		fail_msg("%s", diag.text);
	assert_int_equal(out.n, want.n);
	assert_memory_equal(out.p, want.p, want.n);
	assert_int_equal(diag.nwarnings, nwarnings);
	nnv_heap_free(heap);
}

static void
assert_fails(struct nnv_str packed, size_t limit, enum nnv_code code,
    const char *text)
{
	struct nnv_diag diag;
	struct nnv_str out;
	void *heap;

	nnv_diag_init(&diag, NULL);
	assert_false(nnv_unpack(packed, limit, &out, &heap, &diag));
	assert_string_equal(diag.text, text);
	assert_int_equal(diag.code, code);
	assert_null(heap);
}

static void
leaves_plain_bytes_alone(void **state)
{
	static const struct nnv_str plain[] = { NNV_STR_INIT(""),
		NNV_STR_INIT("{\"a\": 1}"), NNV_STR_INIT("[1, 2]"),
		NNV_STR_INIT("\x80\x04}\x94."), NNV_STR_INIT("(dp0\n."),
		NNV_STR_INIT("\x1f"), NNV_STR_INIT("\x80\x02\x8a\x0a"),
		NNV_STR_INIT("]q\0."), NNV_STR_INIT("\xef\xbb\xbf{}") };
	struct nnv_diag diag;
	struct nnv_str out;
	void *heap;
	size_t i;

	(void)state;
	for (i = 0; i < LEN(plain); i++) {
		nnv_diag_init(&diag, NULL);
		assert_true(nnv_unpack(plain[i], 1, &out, &heap, &diag));
		assert_ptr_equal(out.p, plain[i].p);
		assert_int_equal(out.n, plain[i].n);
		assert_null(heap);
	}
}

static void
opens_gzip_and_zlib(void **state)
{
	struct nnv_text trace = make_trace(), packed = NNV_TEXT_EMPTY;
	struct nnv_str s = nnv_text_str(&trace);
	int window;

	(void)state;
	for (window = ZLIB; window <= GZIP; window += GZIP - ZLIB) {
		nnv_text_clear(&packed);
		add_packed(&packed, s, window);
		assert_true(packed.n < s.n);
		assert_opens(nnv_text_str(&packed), s, 0);
		/* padding is usual, anything else worth a warning */
		add_number(&packed, 0, 100);
		assert_opens(nnv_text_str(&packed), s, 0);
		nnv_text_adds(&packed, "x");
		assert_opens(nnv_text_str(&packed), s, 1);
	}
	nnv_text_release(&packed);
	nnv_text_release(&trace);
}

static void
joins_the_members_of_gzip(void **state)
{
	struct nnv_text trace = make_trace(), packed = NNV_TEXT_EMPTY;
	struct nnv_str s = nnv_text_str(&trace);
	size_t at;

	(void)state;
	for (at = 0; at < s.n; at += 500)
		add_packed(&packed,
		    (struct nnv_str){
			s.p + at, s.n - at < 500 ? s.n - at : 500 },
		    GZIP);
	assert_opens(nnv_text_str(&packed), s, 0);
	nnv_text_release(&packed);
	nnv_text_release(&trace);
}

static void
holds_its_limit(void **state)
{
	struct nnv_text zeros = NNV_TEXT_EMPTY, packed = NNV_TEXT_EMPTY;
	struct nnv_text archive;
	struct file file = { "z.pkl", { NULL, 0 }, DEFLATED, 0, 0 };

	(void)state;
	nnv_text_addf(&zeros, "%0*d", 1 << 20, 0);
	add_packed(&packed, nnv_text_str(&zeros), GZIP);
	assert_true(packed.n < 2000);
	assert_opens(nnv_text_str(&packed), nnv_text_str(&zeros), 0);
	assert_fails(nnv_text_str(&packed), (1 << 20) - 1, NNV_E_LIMIT,
	    "contents larger than the limit of 1048575 bytes");
	assert_fails(nnv_text_str(&packed), 0, NNV_E_LIMIT,
	    "contents larger than the limit of 0 bytes");
	for (file.method = STORED; file.method <= DEFLATED; file.method += 8) {
		file.data = nnv_text_str(&zeros);
		archive = make_zip(&file, 1, "");
		assert_opens(nnv_text_str(&archive), file.data, 0);
		assert_fails(nnv_text_str(&archive), 4096, NNV_E_LIMIT,
		    "contents larger than the limit of 4 KiB");
		nnv_text_release(&archive);
	}
	nnv_text_release(&packed);
	nnv_text_release(&zeros);
}

/* Cut anywhere or with any byte changed: a message, or the same contents. */
static void
notices_damage(void **state)
{
	struct nnv_text trace = make_trace(), packed = NNV_TEXT_EMPTY;
	struct nnv_str s = nnv_text_str(&trace), out;
	struct nnv_diag diag;
	void *heap;
	size_t i;

	(void)state;
	add_packed(&packed, s, GZIP);
	for (i = 2; i < packed.n; i++)
		assert_fails((struct nnv_str){ packed.p, i }, NO_LIMIT,
		    NNV_E_SYNTAX, "compressed data is cut short");
	for (i = 2; i < packed.n; i++) {
		packed.p[i] = (char)(packed.p[i] ^ 0x55);
		nnv_diag_init(&diag, NULL);
		if (nnv_unpack(nnv_text_str(&packed), NO_LIMIT, &out, &heap,
			&diag))
			assert_true(nnv_str_eq(out, s));
		nnv_heap_free(heap);
		packed.p[i] = (char)(packed.p[i] ^ 0x55);
	}
	packed.p[packed.n - 8] ^= 1;
	assert_fails(nnv_text_str(&packed), NO_LIMIT, NNV_E_SYNTAX,
	    "compressed data is damaged: incorrect data check");
	nnv_text_release(&packed);
	nnv_text_release(&trace);
}

static void
opens_zip(void **state)
{
	struct nnv_text trace = make_trace(), archive;
	struct nnv_str s = nnv_text_str(&trace);
	struct file files[] = {
		{ "a/", { "", 0 }, STORED, 0, 0 },
		{ "a/README", NNV_STR_INIT("read me"), DEFLATED, 0, 0 },
		{ "a/model.pkl", s, STORED, 0, 0 },
		{ "__MACOSX/a/._model.pkl", NNV_STR_INIT("x"), STORED, 0, 0 },
	};
	static const char *const names[] = { "m.pkl", "b/m.json", "m.pickle",
		"archive/data.pkl" };
	size_t i;

	(void)state;
	for (i = 0; i < 2 * LEN(names); i++) {
		files[2].name = names[i / 2];
		files[2].method = i % 2 == 0 ? STORED : DEFLATED;
		archive = make_zip(files, LEN(files), "a comment PK\5\6 !");
		assert_opens(nnv_text_str(&archive), s, 0);
		nnv_text_release(&archive);
	}
	nnv_text_release(&trace);
}

static void
check_zip(const struct file *files, size_t n, enum nnv_code code,
    const char *text)
{
	struct nnv_text archive = make_zip(files, n, "");

	if (text != NULL)
		assert_fails(nnv_text_str(&archive), NO_LIMIT, code, text);
	else
		assert_opens(nnv_text_str(&archive), NNV_STR("data"), 0);
	nnv_text_release(&archive);
}

static void
chooses_in_zip_only_what_is_sure(void **state)
{
	static const struct file files[] = {
		{ "x/a.pkl", NNV_STR_INIT("aaaa"), STORED, 0, 0 },
		{ "x/data.pkl", NNV_STR_INIT("data"), STORED, 0, 0 },
		{ "b.json", NNV_STR_INIT("bbbb"), STORED, 0, 0 },
		{ "c.json", NNV_STR_INIT("cccc"), STORED, 0, 0 },
		{ "x/constants.pkl", NNV_STR_INIT("cccc"), STORED, 0, 0 },
	};
	static const struct file arrays[] = {
		{ "a.npy", NNV_STR_INIT("a"), STORED, 0, 0 },
		{ "b.npy", NNV_STR_INIT("b"), STORED, 0, 0 },
		{ "txt", NNV_STR_INIT("c"), STORED, 0, 0 },
	};

	(void)state;
	check_zip(files, 2, NNV_OK, NULL);
	check_zip(files, 4, NNV_OK, NULL);
	check_zip(files + 2, 2, NNV_E_SYNTAX,
	    "zip: 2 models, \"b.json\", "
	    "\"c.json\": choose one: unzip -p FILE NAME | nnviz-c -");
	check_zip(files + 2, 3, NNV_E_SYNTAX,
	    "zip: 3 models, \"b.json\", "
	    "\"c.json\", ...: choose one: unzip -p FILE NAME | nnviz-c -");
	check_zip(files, 5, NNV_E_SYNTAX,
	    "zip: a TorchScript program "
	    "(torch.jit.save), not the trace of a model");
	check_zip(arrays, 2, NNV_E_SYNTAX,
	    "zip: NumPy arrays (.npz), not the trace of a model");
	check_zip(arrays, 3, NNV_E_SYNTAX,
	    "zip: no .pkl or .json among its "
	    "3 files, the first \"a.npy\"");
	check_zip(arrays, 0, NNV_E_EMPTY, "zip: an empty archive");
}

static void
refuses_what_zip_cannot_mean(void **state)
{
	struct file file = { "m.pkl", NNV_STR_INIT("data"), STORED, 1, 0 };

	(void)state;
	check_zip(&file, 1, NNV_E_SYNTAX,
	    "zip: \"m.pkl\" is encrypted: "
	    "try: unzip -p FILE NAME | nnviz-c -");
	file.flags = 0;
	file.method = 9;
	check_zip(&file, 1, NNV_E_SYNTAX,
	    "zip: \"m.pkl\" is packed by method "
	    "9: try: unzip -p FILE NAME | nnviz-c -");
	file.method = DEFLATED;
	check_zip(&file, 1, NNV_OK, NULL);
	/* bytes are counted as they come, whatever size is claimed */
	file.lie = 1000000000;
	check_zip(&file, 1, NNV_E_SYNTAX,
	    "zip: damaged: wrong size or checksum of a file");
	file.method = STORED;
	check_zip(&file, 1, NNV_E_SYNTAX,
	    "zip: damaged: wrong size or checksum of a file");
}

/* As above for gzip: and nothing outside of the bytes is ever looked at. */
static void
notices_damage_of_zip(void **state)
{
	struct file file = { "m.pkl", NNV_STR_INIT("data"), DEFLATED, 0, 0 };
	struct nnv_text archive = make_zip(&file, 1, "");
	struct nnv_diag diag;
	struct nnv_str out;
	size_t i, value, nopened = 0;
	void *heap;
	char *copy;

	(void)state;
	for (i = 4; i < archive.n; i++) {
		/* on the heap, where a sanitizer sees its end */
		copy = nnv_heap_alloc(i, 1);
		memcpy(copy, archive.p, i);
		nnv_diag_init(&diag, NULL);
		assert_false(nnv_unpack((struct nnv_str){ copy, i }, NO_LIMIT,
		    &out, &heap, &diag));
		nnv_heap_free(copy);
	}
	for (i = 4; i < archive.n; i++) {
		for (value = 0; value < 256; value += 51) {
			char before = archive.p[i];

			archive.p[i] = (char)value;
			nnv_diag_init(&diag, NULL);
			if (nnv_unpack(nnv_text_str(&archive), NO_LIMIT, &out,
				&heap, &diag)) {
				assert_true(nnv_str_eq(out, file.data));
				nopened++;
			}
			nnv_heap_free(heap);
			archive.p[i] = before;
		}
	}
	assert_true(nopened > 0);
	nnv_text_release(&archive);
}

static void
refuses_the_64_bit_kind(void **state)
{
	struct file file = { "m.pkl", NNV_STR_INIT("data"), STORED, 0, 0 };
	struct nnv_text archive = make_zip(&file, 1, "");

	(void)state;
	memset(archive.p + archive.n - 6, 0xff, 4);
	assert_fails(nnv_text_str(&archive), NO_LIMIT, NNV_E_SYNTAX,
	    "zip: of the 64-bit kind: try: unzip -p FILE NAME | nnviz-c -");
	nnv_text_release(&archive);
}

static void
opens_only_one_layer(void **state)
{
	struct nnv_text trace = make_trace(), once = NNV_TEXT_EMPTY;
	struct nnv_text twice = NNV_TEXT_EMPTY, archive;
	struct file file = { "m.pkl", { NULL, 0 }, STORED, 0, 0 };

	(void)state;
	add_packed(&once, nnv_text_str(&trace), ZLIB);
	add_packed(&twice, nnv_text_str(&once), GZIP);
	assert_fails(nnv_text_str(&twice), NO_LIMIT, NNV_E_SYNTAX,
	    "gzip: zlib inside: unpack it by hand");
	file.data = nnv_text_str(&twice);
	archive = make_zip(&file, 1, "");
	assert_fails(nnv_text_str(&archive), NO_LIMIT, NNV_E_SYNTAX,
	    "zip: gzip inside: unpack it by hand");
	nnv_text_clear(&once);
	add_packed(&once, NNV_STR(""), GZIP);
	assert_fails(nnv_text_str(&once), NO_LIMIT, NNV_E_EMPTY,
	    "gzip: nothing in it");
	nnv_text_release(&archive);
	nnv_text_release(&twice);
	nnv_text_release(&once);
	nnv_text_release(&trace);
}

static void
names_what_it_cannot_open(void **state)
{
	static const struct {
		struct nnv_str magic;
		const char *text;
	} cases[] = {
		{ NNV_STR_INIT("\3757zXZ\0\0"),
		    "xz: try: xz -dc FILE | nnviz-c -" },
		{ NNV_STR_INIT("]\0\0\x80\0"),
		    "lzma: try: xz --format=lzma -dc FILE | nnviz-c -" },
		{ NNV_STR_INIT("BZh91AY"),
		    "bzip2: try: bzip2 -dc FILE | nnviz-c -" },
		{ NNV_STR_INIT("\x28\xb5\x2f\xfd\0"),
		    "zstd: try: zstd -dc FILE | nnviz-c -" },
		{ NNV_STR_INIT("\x93NUMPY\1\0"),
		    "NumPy array: load it where "
		    "it came from and save it by pickle.dump" },
		{ NNV_STR_INIT("\x89HDF\r\n\x1a\n"),
		    "HDF5: it holds no trace of a model" },
		{ NNV_STR_INIT("<svg"),
		    "XML or HTML: it holds no trace of a model" },
	};
	struct nnv_text tar = NNV_TEXT_EMPTY;
	size_t i;

	(void)state;
	for (i = 0; i < LEN(cases); i++)
		assert_fails(cases[i].magic, NO_LIMIT, NNV_E_SYNTAX,
		    cases[i].text);
	nnv_text_addf(&tar, "%-257s", "trace.pkl");
	nnv_text_add(&tar, NNV_STR("ustar\0"));
	assert_fails(nnv_text_str(&tar), NO_LIMIT, NNV_E_SYNTAX,
	    "tar: try: tar -xOf FILE | nnviz-c -");
	nnv_text_release(&tar);
}

static void
survives_every_lack_of_memory(void **state)
{
	struct nnv_text trace = make_trace(), packed = NNV_TEXT_EMPTY;
	struct nnv_diag diag;
	struct nnv_str out;
	bool refused = true, opened;
	void *heap;
	long n;

	(void)state;
	add_packed(&packed, nnv_text_str(&trace), GZIP);
	for (n = 0; refused; n++) {
		nnv_diag_init(&diag, NULL);
		scarce_begin(n);
		opened = nnv_unpack(nnv_text_str(&packed), NO_LIMIT, &out,
		    &heap, &diag);
		refused = scarce_end();
		assert_int_equal(opened, !refused);
		assert_int_equal(diag.code, refused ? NNV_E_MEMORY : NNV_OK);
		nnv_heap_free(heap);
	}
	assert_true(n > 1);
	nnv_text_release(&packed);
	nnv_text_release(&trace);
}

UNIT_MAIN("unpack", cmocka_unit_test(leaves_plain_bytes_alone),
    cmocka_unit_test(opens_gzip_and_zlib),
    cmocka_unit_test(joins_the_members_of_gzip),
    cmocka_unit_test(holds_its_limit), cmocka_unit_test(notices_damage),
    cmocka_unit_test(opens_zip),
    cmocka_unit_test(chooses_in_zip_only_what_is_sure),
    cmocka_unit_test(refuses_what_zip_cannot_mean),
    cmocka_unit_test(notices_damage_of_zip),
    cmocka_unit_test(refuses_the_64_bit_kind),
    cmocka_unit_test(opens_only_one_layer),
    cmocka_unit_test(names_what_it_cannot_open),
    cmocka_unit_test(survives_every_lack_of_memory))
