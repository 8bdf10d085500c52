/*
 * value-dump FILE: read FILE, a pickle or (by its suffix) JSON, and print the
 * value with everything that JSON cannot say tagged: what was a tuple, what
 * was a real number, which container is met twice. Not installed; for tests
 * that compare with what Python reads from the same bytes.
 *
 *	null, true, 1, "text", [list]	as they are; integers up to 2^53
 *	{"$int": "123"}			larger ones
 *	{"$float": "0.1"}		as Python's repr writes it
 *	{"$bytes": "6162"}, {"$bytearray": "6162"}, {"$wtf8": "eda080"}
 *	{"$tuple": []}, {"$set": []}, {"$frozenset": []}
 *	{"$dict": [[key, value], ...]}
 *	{"$npscalar": {"dtype": "float32", "value": ...}}
 *	{"$inert": "numpy.dtype"}
 *	{"$def": 0, "v": ...}		a container that is met again
 *	{"$ref": 0}			here
 *
 * Exit status 0; or 1, and one line on standard error.
 */
#include <stdio.h>
#include <string.h>

#include "nnviz/file.h"
#include "value/opcode.h"
#include "value/tree.h"

enum { NO_NUMBER = -1, NEW = -2 };

/* A container whose parts are being printed. */
struct frame {
	nnv_value v;
	size_t at; /* parts that are done; of a map, two a pair */
	const char *close;
};

struct dump {
	const struct nnv_tree *tree;
	struct nnv_text out;
	size_t end;   /* bytes that may be printed */
	int *numbers; /* by word of the tree: see number_of */
	int nnumbers;
	struct frame *frames;
	size_t nframes, cap;
};

static bool
is_shareable(const struct dump *d, nnv_value v)
{
	switch (nnv_value_kind(d->tree, v)) {
	case NNV_BYTEARRAY:
	case NNV_LIST:
	case NNV_SET:
	case NNV_MAP:
		return true;
	case NNV_TUPLE:
	case NNV_FROZENSET:
		return nnv_value_len(d->tree, v) != 0;
	default:
		return false;
	}
}

static int *
number_of(const struct dump *d, nnv_value v)
{
	return &d->numbers[v - d->tree->first];
}

/* Values that lie in V: those of a map alternate with its keys. */
static size_t
count_parts(const struct dump *d, nnv_value v)
{
	size_t n = nnv_value_len(d->tree, v);

	return nnv_value_kind(d->tree, v) == NNV_MAP ? 2 * n : n;
}

static nnv_value
part(const struct dump *d, nnv_value v, size_t i)
{
	if (nnv_value_kind(d->tree, v) != NNV_MAP)
		return nnv_value_at(d->tree, v, i);
	return i % 2 == 0 ? nnv_value_key(d->tree, v, i / 2)
			  : nnv_value_at(d->tree, v, i / 2);
}

static bool
push(struct dump *d, nnv_value v, const char *close)
{
	void *array = d->frames;

	if (!nnv_heap_grow(&array, &d->cap, d->nframes + 1, sizeof(*d->frames)))
		return false;
	d->frames = array;
	d->frames[d->nframes++] = (struct frame){ v, 0, close };
	return true;
}

/* Visit V for the first time, or note that it is met again. */
static bool
find_shared(struct dump *d, nnv_value v)
{
	if (!is_shareable(d, v))
		return true;
	if (*number_of(d, v) != 0) {
		*number_of(d, v) = NEW;
		return true;
	}
	*number_of(d, v) = NO_NUMBER;
	return push(d, v, "");
}

static bool
find_all_shared(struct dump *d)
{
	if (!find_shared(d, nnv_tree_root(d->tree)))
		return false;
	while (d->nframes != 0) {
		struct frame *top = &d->frames[d->nframes - 1];

		if (top->at == count_parts(d, top->v))
			d->nframes--;
		else if (!find_shared(d, part(d, top->v, top->at++)))
			return false;
	}
	return true;
}

static void
put_hex(struct dump *d, const char *tag, struct nnv_str bytes)
{
	size_t i;

	nnv_text_addf(&d->out, "{\"%s\": \"", tag);
	for (i = 0; i < bytes.n; i++)
		nnv_text_addf(&d->out, "%02x", (unsigned char)bytes.p[i]);
	nnv_text_adds(&d->out, "\"}");
}

static void
put_tagged(struct dump *d, const char *tag, struct nnv_str text)
{
	nnv_text_addf(&d->out, "{\"%s\": \"", tag);
	nnv_text_add_json(&d->out, text);
	nnv_text_adds(&d->out, "\"}");
}

static void
put_int(struct dump *d, nnv_value v)
{
	const int64_t exact = INT64_C(1) << 53;
	int64_t value = 0;

	nnv_value_int(d->tree, v, &value);
	if (value >= -exact && value <= exact) {
		nnv_text_addi(&d->out, value);
		return;
	}
	nnv_text_adds(&d->out, "{\"$int\": \"");
	nnv_text_addi(&d->out, value);
	nnv_text_adds(&d->out, "\"}");
}

static void
put_text(struct dump *d, struct nnv_str text)
{
	if (!nnv_utf8_valid(text)) {
		put_hex(d, "$wtf8", text);
		return;
	}
	nnv_text_addc(&d->out, '"');
	nnv_text_add_json(&d->out, text);
	nnv_text_addc(&d->out, '"');
}

/*
 * A string of Python 2 does not say its encoding. The reader takes it for UTF-8
 * where it can be; Python 3 has to be told, and what it reads is compared with
 * ours after encoding="latin-1": every byte is a character.
 */
static bool
is_python2(const struct dump *d, nnv_value v)
{
	char opcode = v < d->tree->first ? d->tree->input.p[v] : '\0';

	return d->tree->syntax == NNV_PICKLE &&
	    (opcode == OP_BINSTRING || opcode == OP_SHORT_BINSTRING);
}

static void
put_latin1(struct dump *d, struct nnv_str raw)
{
	size_t i;

	nnv_text_addc(&d->out, '"');
	for (i = 0; i < raw.n; i++)
		nnv_text_addf(&d->out, "\\u%04x", (unsigned char)raw.p[i]);
	nnv_text_addc(&d->out, '"');
}

static void
put_scalar(struct dump *d, nnv_value v)
{
	struct nnv_str text = nnv_value_text(d->tree, v);
	bool truth = false;
	double real = 0;

	switch (nnv_value_kind(d->tree, v)) {
	case NNV_BOOL:
		nnv_value_bool(d->tree, v, &truth);
		nnv_text_adds(&d->out, truth ? "true" : "false");
		break;
	case NNV_INT:
		put_int(d, v);
		break;
	case NNV_BIGINT:
		put_tagged(d, "$int", text);
		break;
	case NNV_REAL:
		nnv_value_real(d->tree, v, &real);
		nnv_text_adds(&d->out, "{\"$float\": \"");
		nnv_text_add_real(&d->out, real);
		nnv_text_adds(&d->out, "\"}");
		break;
	case NNV_TEXT:
		if (is_python2(d, v))
			put_latin1(d, text);
		else
			put_text(d, text);
		break;
	case NNV_BYTES:
		put_hex(d, "$bytes", text);
		break;
	case NNV_BYTEARRAY:
		put_hex(d, "$bytearray", text);
		break;
	case NNV_INERT:
		put_tagged(d, "$inert", text);
		break;
	default:
		nnv_text_adds(&d->out, "null");
	}
}

/* What numpy calls the types that have a name. */
static struct nnv_str
dtype_name(struct nnv_str dtype)
{
	static const char *const names[][2] = { { "|b1", "bool" },
		{ "|i1", "int8" }, { "<i2", "int16" }, { "<i4", "int32" },
		{ "<i8", "int64" }, { "|u1", "uint8" }, { "<u2", "uint16" },
		{ "<u4", "uint32" }, { "<u8", "uint64" }, { "<f2", "float16" },
		{ "<f4", "float32" }, { "<f8", "float64" } };
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (nnv_str_eq(dtype, nnv_str(names[i][0])))
			return nnv_str(names[i][1]);
	}
	return dtype;
}

static void
put_numpy(struct dump *d, nnv_value v, struct nnv_str dtype)
{
	nnv_text_adds(&d->out, "{\"$npscalar\": {\"dtype\": ");
	put_text(d, dtype_name(dtype));
	nnv_text_adds(&d->out, ", \"value\": ");
	put_scalar(d, v);
	nnv_text_adds(&d->out, "}}");
}

/* Print V, or open it if it has parts. */
static bool
put_value(struct dump *d, nnv_value v)
{
	static const char *const tags[] = { [NNV_LIST] = "",
		[NNV_TUPLE] = "$tuple",
		[NNV_SET] = "$set",
		[NNV_FROZENSET] = "$frozenset",
		[NNV_MAP] = "$dict" };
	enum nnv_kind kind = nnv_value_kind(d->tree, v);
	struct nnv_str dtype = nnv_value_dtype(d->tree, v);
	bool shared = is_shareable(d, v) && *number_of(d, v) != NO_NUMBER;
	bool list = kind == NNV_LIST;

	if (shared && *number_of(d, v) != NEW) {
		nnv_text_addf(&d->out, "{\"$ref\": %d}", *number_of(d, v));
		return true;
	}
	if (shared) {
		*number_of(d, v) = d->nnumbers++;
		nnv_text_addf(&d->out,
		    "{\"$def\": %d, \"v\": ", *number_of(d, v));
	}
	if (kind < NNV_LIST || kind > NNV_MAP) {
		if (dtype.p != NULL)
			put_numpy(d, v, dtype);
		else
			put_scalar(d, v);
		if (shared)
			nnv_text_addc(&d->out, '}');
		return true;
	}
	if (list)
		nnv_text_addc(&d->out, '[');
	else
		nnv_text_addf(&d->out, "{\"%s\": [", tags[kind]);
	return push(d, v, list ? shared ? "]}" : "]" : shared ? "]}}" : "]}");
}

/* Before the part I of V. */
static void
put_separator(struct dump *d, nnv_value v, size_t i)
{
	bool map = nnv_value_kind(d->tree, v) == NNV_MAP;

	if (map && i % 2 == 0 && i != 0)
		nnv_text_adds(&d->out, "], ");
	else if (i != 0)
		nnv_text_adds(&d->out, ", ");
	if (map && i % 2 == 0)
		nnv_text_addc(&d->out, '[');
}

static bool
put_all(struct dump *d)
{
	if (!put_value(d, nnv_tree_root(d->tree)))
		return false;
	while (d->nframes != 0 && d->out.n < d->end) {
		struct frame *top = &d->frames[d->nframes - 1];

		if (top->at < count_parts(d, top->v)) {
			put_separator(d, top->v, top->at);
			if (!put_value(d, part(d, top->v, top->at++)))
				return false;
			continue;
		}
		if (nnv_value_kind(d->tree, top->v) == NNV_MAP && top->at != 0)
			nnv_text_addc(&d->out, ']');
		nnv_text_adds(&d->out, top->close);
		d->nframes--;
	}
	return d->nframes == 0 && !nnv_text_failed(&d->out);
}

/* Long sharing makes long texts: what is too long is an error. */
static bool
print(const struct nnv_tree *tree, struct nnv_diag *diag)
{
	struct dump d = { .tree = tree, .out = NNV_TEXT_EMPTY };
	bool done;

	d.end = tree->input.n * 64 + (1 << 20);
	d.numbers = nnv_heap_alloc(tree->nwords + 1, sizeof(*d.numbers));
	done = d.numbers != NULL && find_all_shared(&d) && put_all(&d);
	if (done)
		done = fwrite(d.out.p, 1, d.out.n, stdout) == d.out.n &&
		    putchar('\n') != EOF && fflush(stdout) == 0;
	if (!done)
		nnv_fail(diag, NNV_E_LIMIT, "the value is too long to print");
	nnv_text_release(&d.out);
	nnv_heap_free(d.numbers);
	nnv_heap_free(d.frames);
	return done;
}

static bool
dump_file(const char *path, struct nnv_diag *diag)
{
	const struct nnv_tree_limits limits = { (size_t)8 << 30, 512 };
	struct nnv_tree *tree = nnv_tree_new(limits);
	struct nnv_input input;
	bool json = nnv_str_ends(nnv_str(path), NNV_STR(".json")), done;

	if (tree == NULL)
		return nnv_fail_memory(diag);
	if (!nnv_input_read(&input, path, SIZE_MAX, diag)) {
		nnv_tree_free(tree);
		return false;
	}
	done = json ? nnv_json_read(tree, input.bytes, diag)
		    : nnv_pickle_read(tree, input.bytes, diag);
	done = done && print(tree, diag);
	nnv_tree_free(tree);
	nnv_input_release(&input);
	return done;
}

int
main(int argc, char **argv)
{
	struct nnv_diag diag;
	char line[2 * NNV_DIAG_TEXT];

	if (argc != 2) {
		fputs("usage: value-dump FILE\n", stderr);
		return 2;
	}
	nnv_diag_init(&diag, argv[1]);
	if (dump_file(argv[1], &diag))
		return 0;
	nnv_diag_line(&diag, line, sizeof(line));
	fprintf(stderr, "value-dump: %s\n", line);
	return 1;
}
