#include "atom.h"

#include "decimal.h"
#include "opcode.h"

const uint8_t nnv_atom_pickle_kinds[256] = { [OP_NONE] = NNV_NULL,
	[OP_NEWTRUE] = NNV_BOOL,
	[OP_NEWFALSE] = NNV_BOOL,
	[OP_BININT] = NNV_INT,
	[OP_BININT1] = NNV_INT,
	[OP_BININT2] = NNV_INT,
	[OP_LONG1] = NNV_INT,
	[OP_BINFLOAT] = NNV_REAL,
	[OP_SHORT_BINSTRING] = NNV_TEXT,
	[OP_BINSTRING] = NNV_TEXT,
	[OP_SHORT_BINUNICODE] = NNV_TEXT,
	[OP_BINUNICODE] = NNV_TEXT,
	[OP_BINUNICODE8] = NNV_TEXT,
	[OP_SHORT_BINBYTES] = NNV_BYTES,
	[OP_BINBYTES] = NNV_BYTES,
	[OP_BINBYTES8] = NNV_BYTES,
	[OP_EMPTY_TUPLE] = NNV_TUPLE };

const uint8_t nnv_atom_json_kinds[256] = { ['n'] = NNV_NULL,
	['t'] = NNV_BOOL,
	['f'] = NNV_BOOL,
	['"'] = NNV_TEXT,
	['-'] = ATOM_NUMBER_KIND,
	['0'] = ATOM_NUMBER_KIND,
	['1'] = ATOM_NUMBER_KIND,
	['2'] = ATOM_NUMBER_KIND,
	['3'] = ATOM_NUMBER_KIND,
	['4'] = ATOM_NUMBER_KIND,
	['5'] = ATOM_NUMBER_KIND,
	['6'] = ATOM_NUMBER_KIND,
	['7'] = ATOM_NUMBER_KIND,
	['8'] = ATOM_NUMBER_KIND,
	['9'] = ATOM_NUMBER_KIND };

static const unsigned char *
bytes_at(const struct nnv_tree *tree, nnv_value v)
{
	return (const unsigned char *)tree->input.p + v;
}

/* The number of JSON at V, which is short. */
static struct nnv_str
number_at(const struct nnv_tree *tree, nnv_value v, bool *real)
{
	struct nnv_str text = nnv_str_from(tree->input, v);

	text.n = nnv_decimal_len(text, real);
	return text;
}

enum nnv_kind
nnv_atom_kind(const struct nnv_tree *tree, nnv_value v)
{
	uint8_t kind = tree->kinds[*bytes_at(tree, v)];
	bool real;

	if (kind != ATOM_NUMBER_KIND)
		return (enum nnv_kind)kind;
	number_at(tree, v, &real);
	return real ? NNV_REAL : NNV_INT;
}

struct nnv_str
nnv_atom_text(const struct nnv_tree *tree, nnv_value v)
{
	const char *p = tree->input.p + v + 1, *end;

	if (tree->syntax == NNV_PICKLE)
		return nnv_opcode_text(bytes_at(tree, v));
	end = memchr(p, '"', tree->input.n - v - 1);
	assert(end != NULL);
	return (struct nnv_str){ p, (size_t)(end - p) };
}

int64_t
nnv_atom_int(const struct nnv_tree *tree, nnv_value v)
{
	int64_t value = 0;
	bool real, fits;

	if (tree->syntax == NNV_PICKLE)
		return nnv_opcode_int(bytes_at(tree, v));
	fits = nnv_decimal_int(number_at(tree, v, &real), &value);
	assert(fits);
	(void)fits;
	return value;
}

double
nnv_atom_real(const struct nnv_tree *tree, nnv_value v)
{
	double value = 0;
	bool real;

	if (tree->syntax == NNV_PICKLE)
		return nnv_opcode_real(bytes_at(tree, v));
	nnv_decimal_real(number_at(tree, v, &real), &value);
	return value;
}

bool
nnv_atom_bool(const struct nnv_tree *tree, nnv_value v)
{
	unsigned char c = *bytes_at(tree, v);

	return tree->syntax == NNV_PICKLE ? c == OP_NEWTRUE : c == 't';
}
