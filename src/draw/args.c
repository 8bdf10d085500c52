/*
 * The input keeps an argument as JSON text, valid by the reader's check. JSON
 * spells Python's constants its own way, and text in quotes is, in a trace,
 * mostly the name of a mode or the repr of something that JSON has no word
 * for: quotes are left out, and a slice is written as the colons it was.
 */
#include "args.h"

#include <stdlib.h>
#include <string.h>

#include "color.h"

enum { NUMBER_MAX = 40, DIGITS_MAX = 8 };

struct cursor {
	const char *p, *end;
};

/* Four hexadecimal digits, or -1. */
static long
code_unit(const char *p, const char *end)
{
	long code = 0;
	int i;

	if (end - p < 4)
		return -1;
	for (i = 0; i < 4; i++) {
		int digit = nnv_hex_digit(p[i]);

		if (digit < 0)
			return -1;
		code = code << 4 | digit;
	}
	return code;
}

static void
add_code_point(struct nnv_text *out, long code)
{
	if (code < 0x80)
		nnv_text_addc(out, (char)(code < ' ' ? ' ' : code));
	else if (code < 0x800) {
		nnv_text_addc(out, (char)(0xc0 | code >> 6));
		nnv_text_addc(out, (char)(0x80 | (code & 63)));
	} else if (code < 0x10000) {
		nnv_text_addc(out, (char)(0xe0 | code >> 12));
		nnv_text_addc(out, (char)(0x80 | (code >> 6 & 63)));
		nnv_text_addc(out, (char)(0x80 | (code & 63)));
	} else {
		nnv_text_addc(out, (char)(0xf0 | code >> 18));
		nnv_text_addc(out, (char)(0x80 | (code >> 12 & 63)));
		nnv_text_addc(out, (char)(0x80 | (code >> 6 & 63)));
		nnv_text_addc(out, (char)(0x80 | (code & 63)));
	}
}

/* Behind "\u"; a surrogate without its other half is a replacement. */
static void
add_unicode(struct nnv_text *out, struct cursor *at)
{
	long code = code_unit(at->p, at->end), low = -1;

	at->p += code >= 0 ? 4 : 0;
	if (code >= 0xd800 && code < 0xdc00 && at->end - at->p >= 6 &&
	    at->p[0] == '\\' && at->p[1] == 'u')
		low = code_unit(at->p + 2, at->end);
	if (low >= 0xdc00 && low < 0xe000) {
		at->p += 6;
		code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
	} else if (code < 0 || (code >= 0xd800 && code < 0xe000))
		code = 0xfffd;
	add_code_point(out, code);
}

/* Behind the opening quote: the text, and past the closing one. */
static void
decode_text(struct nnv_text *out, struct cursor *at)
{
	while (at->p < at->end && *at->p != '"') {
		if (*at->p != '\\' || at->end - at->p < 2) {
			nnv_text_addc(out, *at->p++);
			continue;
		}
		at->p += 2;
		switch (at->p[-1]) {
		case 'u':
			add_unicode(out, at);
			break;
		case '"':
		case '\\':
		case '/':
			nnv_text_addc(out, at->p[-1]);
			break;
		default:
			nnv_text_addc(out, ' ');
		}
	}
	at->p += at->p < at->end;
}

/* "slice(1, None, 2)", from behind the parenthesis, as "1::2". */
static void
add_slice(struct nnv_text *out, struct nnv_str inside)
{
	size_t i, parts = 0, start = 0;

	for (i = 0; i <= inside.n && parts < 3; i++) {
		struct nnv_str part = { inside.p + start, i - start };
		bool none;

		if (i < inside.n && inside.p[i] != ',')
			continue;
		none = nnv_str_eq(part, NNV_STR("None"));
		if (parts == 1 || (parts == 2 && !none))
			nnv_text_addc(out, ':');
		if (!none)
			nnv_text_add(out, part);
		parts++;
		start = i + 2;
	}
}

/* A text that was decoded to the end of OUT from FROM on, made readable. */
static void
polish_text(struct nnv_text *out, size_t from)
{
	static const struct nnv_str slice = { "slice(", 6 };
	struct nnv_str text;
	struct nnv_text copy = NNV_TEXT_EMPTY;

	if (nnv_text_failed(out))
		return;
	text = (struct nnv_str){ out->p + from, out->n - from };
	if (nnv_str_eq(text, NNV_STR("Ellipsis"))) {
		out->n = from;
		nnv_text_adds(out, "...");
	} else if (nnv_str_starts(text, slice) && text.p[text.n - 1] == ')') {
		nnv_text_add(&copy,
		    (struct nnv_str){ text.p + slice.n, text.n - slice.n - 1 });
		out->n = from;
		add_slice(out, nnv_text_str(&copy));
		out->failed |= copy.failed;
		nnv_text_release(&copy);
	}
}

static bool
add_word(struct nnv_text *out, struct cursor *at)
{
	static const char *const words[][2] = { { "null", "None" },
		{ "true", "True" }, { "false", "False" } };
	struct nnv_str rest = { at->p, (size_t)(at->end - at->p) };
	size_t i;

	for (i = 0; i < 3; i++)
		if (nnv_str_starts(rest, nnv_str(words[i][0]))) {
			nnv_text_adds(out, words[i][1]);
			at->p += strlen(words[i][0]);
			return true;
		}
	return false;
}

static bool
is_of_number(char c)
{
	return (c >= '0' && c <= '9') || c == '.' || c == 'e' || c == 'E' ||
	    c == '+' || c == '-';
}

/* A number; of a long fraction (0.18181818181818182) four digits tell
 * enough. */
static bool
add_number(struct nnv_text *out, struct cursor *at)
{
	char copy[NUMBER_MAX], *end;
	size_t n = 0;

	if (*at->p < '0' || *at->p > '9')
		return false;
	while (n < sizeof(copy) - 1 && at->p + n < at->end &&
	    is_of_number(at->p[n])) {
		copy[n] = at->p[n];
		n++;
	}
	copy[n] = '\0';
	at->p += n;
	if (n > DIGITS_MAX && strchr(copy, '.') != NULL) {
		double number = strtod(copy, &end);

		if (*end == '\0') {
			nnv_text_addf(out, "%.4g", number);
			return true;
		}
	}
	nnv_text_adds(out, copy);
	return true;
}

static void
add_python(struct nnv_text *out, struct nnv_str json)
{
	struct cursor at = { json.p, json.p + json.n };

	while (at.p < at.end) {
		size_t from = out->n;

		if (*at.p == '"') {
			at.p++;
			decode_text(out, &at);
			if (out->n > from)
				polish_text(out, from);
		} else if (!add_word(out, &at) && !add_number(out, &at))
			nnv_text_addc(out, *at.p++);
	}
}

enum { NAMED_ARGS = 2 };

/* What functions call the arguments behind their tensors, where a bare number
 * says nothing: "flatten 1". */
static const struct {
	const char *op, *names[NAMED_ARGS];
} functions[] = {
	{ "flatten", { "start_dim", "end_dim" } },
	{ "transpose", { "dim0", "dim1" } },
	{ "squeeze", { "dim" } },
	{ "unsqueeze", { "dim" } },
	{ "mean", { "dim", "keepdim" } },
	{ "sum", { "dim", "keepdim" } },
	{ "softmax", { "dim" } },
	{ "log_softmax", { "dim" } },
	{ "cat", { "dim" } },
	{ "concat", { "dim" } },
	{ "stack", { "dim" } },
	{ "chunk", { "chunks", "dim" } },
	{ "split", { "split_size", "dim" } },
	{ "size", { "dim" } },
	{ "select", { "dim", "index" } },
};

/* The name of positional argument AT, or nothing. */
static struct nnv_str
positional(struct nnv_str op, uint32_t at)
{
	size_t i;

	for (i = 0; i < sizeof(functions) / sizeof(*functions); i++)
		if (at < NAMED_ARGS && functions[i].names[at] != NULL &&
		    nnv_str_eq(op, nnv_str(functions[i].op)))
			return nnv_str(functions[i].names[at]);
	return (struct nnv_str){ NULL, 0 };
}

bool
nnv_args_are_told(const struct nnv_graph *graph, const struct nnv_node *node)
{
	return node->nargs == 1 && node->args[0].key == NNV_NO_NAME &&
	    nnv_node_hyper(graph, node, "output").n != 0;
}

void
nnv_add_args(struct nnv_text *out, const struct nnv_graph *graph,
    const struct nnv_node *node)
{
	struct nnv_str op = nnv_graph_text(graph, node->op);
	uint32_t i;

	for (i = 0; i < node->nargs; i++) {
		struct nnv_str key = nnv_graph_text(graph, node->args[i].key);

		if (i != 0)
			nnv_text_adds(out, ", ");
		if (node->args[i].key == NNV_NO_NAME)
			key = positional(op, i);
		if (key.n != 0) {
			nnv_text_add(out, key);
			nnv_text_addc(out, '=');
		}
		add_python(out, nnv_graph_text(graph, node->args[i].json));
	}
}
