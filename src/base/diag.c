/*
 * A message quotes files that may be hostile, and ends on a terminal and in
 * logs. So its text is made harmless as it is recorded: one line, valid UTF-8,
 * nothing that moves the cursor or reorders what stands around it.
 */
#include "nnviz/diag.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "glyph.h"
#include "nnviz/arena.h"

/* A line that is being written into a caller's buffer. */
struct line {
	char *p;
	size_t n, size;
	bool cut;
};

static void
put(struct line *line, const char *p, size_t n)
{
	if (line->cut || n >= line->size - line->n) {
		line->cut = true;
		return;
	}
	memcpy(line->p + line->n, p, n);
	line->n += n;
}

static void
put_safe(struct line *line, const char *s)
{
	const char *end = s + strlen(s);

	while (s < end) {
		struct glyph glyph = nnv_glyph_at(s, end);

		if (glyph.kind == GLYPH_SPACE || glyph.kind == GLYPH_NEWLINE)
			put(line, " ", 1);
		else if (glyph.kind == GLYPH_TEXT)
			put(line, s, glyph.n);
		else
			put(line, GLYPH_REPLACEMENT, 3);
		s += glyph.n;
	}
}

/* Terminate the line; where it was cut, an ellipsis takes whole characters. */
static void
finish(struct line *line, bool cut)
{
	static const char ellipsis[] = "...";
	size_t n = sizeof(ellipsis) - 1;

	if ((cut || line->cut) && line->size > n) {
		if (line->n > line->size - 1 - n)
			line->n = line->size - 1 - n;
		while (line->n > 0 && (line->p[line->n] & 0xc0) == 0x80)
			line->n--;
		memcpy(line->p + line->n, ellipsis, n);
		line->n += n;
	}
	line->p[line->n] = '\0';
}

/*
 * Format into TEXT, made harmless. Nothing gets shorter by that, so a scratch
 * buffer that is larger than TEXT loses nothing that TEXT could have held.
 */
static void
set_text(char *text, const char *format, va_list args)
{
	char scratch[NNV_DIAG_TEXT + 8];
	struct line line = { text, 0, NNV_DIAG_TEXT, false };
	int n = vsnprintf(scratch, sizeof(scratch), format, args);

	if (n >= 0)
		put_safe(&line, scratch);
	finish(&line, n >= (int)sizeof(scratch));
}

void
nnv_diag_init(struct nnv_diag *diag, const char *source)
{
	*diag = (struct nnv_diag){ .code = NNV_OK, .source = source };
}

void
nnv_diag_forget(struct nnv_diag *diag)
{
	diag->code = NNV_OK;
	diag->text[0] = '\0';
	diag->place = NNV_PLACE_NONE;
	diag->limit[0] = '\0';
}

static void
fail(struct nnv_diag *diag, enum nnv_code code, struct nnv_place place,
    const char *format, va_list args)
{
	if (diag->code != NNV_OK)
		return;
	diag->code = code;
	diag->place = place;
	set_text(diag->text, format, args);
}

bool
nnv_fail(struct nnv_diag *diag, enum nnv_code code, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fail(diag, code, NNV_PLACE_NONE, format, args);
	va_end(args);
	return false;
}

bool
nnv_fail_at(struct nnv_diag *diag, enum nnv_code code, struct nnv_place place,
    const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fail(diag, code, place, format, args);
	va_end(args);
	return false;
}

bool
nnv_fail_system(struct nnv_diag *diag, int errnum, const char *what)
{
	/* one thread: strerror's buffer is ours */
	return nnv_fail(diag, NNV_E_SYSTEM, "%s: %s", what, strerror(errnum));
}

/* So many of which unit are BYTES? The largest that leaves no rest. */
static size_t
scale(size_t bytes, const char **unit)
{
	static const char *const units[] = { "bytes", "KiB", "MiB", "GiB" };
	size_t i = 0;

	for (; i < 3 && bytes != 0 && bytes % 1024 == 0; i++)
		bytes /= 1024;
	*unit = units[i];
	return bytes;
}

bool
nnv_fail_limit(struct nnv_diag *diag, const char *what, size_t limit)
{
	const char *unit;
	size_t n = scale(limit, &unit);

	return nnv_fail(diag, NNV_E_LIMIT, "%s larger than the limit of %zu %s",
	    what, n, unit);
}

bool
nnv_fail_bound(struct nnv_diag *diag, size_t bound)
{
	const char *unit;
	size_t n = scale(bound, &unit);

	nnv_fail(diag, NNV_E_LIMIT,
	    "the model needs more memory than the limit of %zu %s", n, unit);
	return nnv_limited(diag, "memory");
}

void
nnv_note_memory(struct nnv_diag *diag)
{
	size_t bound = nnv_heap_reached();

	if (bound != 0)
		nnv_fail_bound(diag, bound);
	else
		nnv_fail(diag, NNV_E_MEMORY, "out of memory");
}

/* The names of kinds and limits are ours, and short. */
static void
set_word(char *word, const char *name)
{
	size_t n = strlen(name);

	assert(n < NNV_DIAG_WORD);
	memcpy(word, name, n + 1);
}

bool
nnv_limited(struct nnv_diag *diag, const char *name)
{
	if (diag->code == NNV_E_LIMIT && diag->limit[0] == '\0')
		set_word(diag->limit, name);
	return false;
}

static struct nnv_warning *
find_warning(struct nnv_diag *diag, const char *kind)
{
	size_t i;

	for (i = 0; i < diag->nwarnings; i++) {
		if (strcmp(diag->warnings[i].kind, kind) == 0)
			return &diag->warnings[i];
	}
	return NULL;
}

void
nnv_warn(struct nnv_diag *diag, const char *kind, const char *format, ...)
{
	struct nnv_warning *warning = find_warning(diag, kind);
	va_list args;

	if (warning != NULL) {
		warning->count++;
		return;
	}
	if (diag->nwarnings == NNV_DIAG_WARNINGS)
		return;
	warning = &diag->warnings[diag->nwarnings++];
	set_word(warning->kind, kind);
	warning->count = 1;
	va_start(args, format);
	set_text(warning->text, format, args);
	va_end(args);
}

void
nnv_warn_each(struct nnv_diag *diag, const char *kind, const char *format, ...)
{
	struct nnv_warning *last = NULL;
	char text[NNV_DIAG_TEXT];
	va_list args;

	va_start(args, format);
	set_text(text, format, args);
	va_end(args);
	for (size_t i = 0; i < diag->nwarnings; i++) {
		if (strcmp(diag->warnings[i].kind, kind) != 0)
			continue;
		last = &diag->warnings[i];
		if (strcmp(last->text, text) == 0)
			return;
	}
	if (diag->nwarnings < NNV_DIAG_WARNINGS) {
		last = &diag->warnings[diag->nwarnings++];
		set_word(last->kind, kind);
		last->count = 0;
		memcpy(last->text, text, sizeof(text));
	}
	if (last != NULL)
		last->count++;
}

static void
put_place(struct line *line, struct nnv_place place)
{
	char buf[64];
	int n = 0;

	if (place.kind == NNV_AT_OFFSET)
		n = snprintf(buf, sizeof(buf),
		    "@%llu: ", (unsigned long long)place.offset);
	else if (place.kind == NNV_AT_LINE)
		n = snprintf(buf, sizeof(buf),
		    "%lu:%lu: ", (unsigned long)place.line,
		    (unsigned long)place.column);
	if (n > 0)
		put(line, buf, (size_t)n);
}

void
nnv_diag_line(const struct nnv_diag *diag, char *buf, size_t size)
{
	struct line line = { buf, 0, size, false };

	if (size == 0)
		return;
	if (diag->source != NULL && diag->code != NNV_E_NOTHING) {
		put_safe(&line, diag->source);
		put(&line, ": ", 2);
	}
	put_place(&line, diag->place);
	put_safe(&line, diag->text);
	if (diag->source != NULL && diag->code == NNV_E_NOTHING) {
		put(&line, " in ", 4);
		put_safe(&line, diag->source);
	}
	finish(&line, false);
}

void
nnv_diag_warning(const struct nnv_diag *diag, size_t i, char *buf, size_t size)
{
	const struct nnv_warning *warning = &diag->warnings[i];
	struct line line = { buf, 0, size, false };
	char more[64];
	int n = 0;

	if (size == 0)
		return;
	put_safe(&line, diag->source != NULL ? diag->source : "-");
	put_safe(&line, ": warning: ");
	put_safe(&line, warning->text);
	if (warning->count > 1)
		n = snprintf(more, sizeof(more), " (and %zu more)",
		    warning->count - 1);
	if (n > 0)
		put(&line, more, (size_t)n);
	finish(&line, false);
}

static bool
is_ended(const char *text, size_t size)
{
	return memchr(text, '\0', size) != NULL;
}

/* Whether all in it that others rely on is as it has to be. */
static bool
is_sound(const struct nnv_diag *diag)
{
	if ((unsigned)diag->code > NNV_E_GRAPHVIZ ||
	    diag->nwarnings > NNV_DIAG_WARNINGS ||
	    !is_ended(diag->text, sizeof(diag->text)) ||
	    !is_ended(diag->limit, sizeof(diag->limit)) ||
	    strspn(diag->limit, "abcdefghijklmnopqrstuvwxyz") !=
		strlen(diag->limit))
		return false;
	for (size_t i = 0; i < diag->nwarnings; i++) {
		const struct nnv_warning *warning = &diag->warnings[i];

		if (!is_ended(warning->kind, sizeof(warning->kind)) ||
		    !is_ended(warning->text, sizeof(warning->text)))
			return false;
	}
	return true;
}

static void
copy_safe(char *text, const char *from)
{
	struct line line = { text, 0, NNV_DIAG_TEXT, false };

	put_safe(&line, from);
	finish(&line, false);
}

bool
nnv_diag_adopt(struct nnv_diag *diag, const struct nnv_diag *from)
{
	const char *source = diag->source;

	if (!is_sound(from))
		return false;
	*diag = *from;
	diag->source = source;
	copy_safe(diag->text, from->text);
	for (size_t i = 0; i < from->nwarnings; i++)
		copy_safe(diag->warnings[i].text, from->warnings[i].text);
	return true;
}
