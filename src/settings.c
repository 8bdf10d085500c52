/*
 * From options to the style and the limits of a run: files of style are named
 * or searched, single keys win over them.
 */
#include "settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "nnviz/text.h"

enum { PATH_SIZE = 4096 };

/* Where styles are found: the user's, the installed ones, the checkout's. */
static bool
search_styles(struct nnv_style *style, const char *program,
    struct nnv_diag *diag)
{
	const char *config = getenv("XDG_CONFIG_HOME");
	const char *home = getenv("HOME");
	const char *slash = strrchr(program, '/');
	char path[PATH_SIZE];

	if (config != NULL && *config == '/')
		snprintf(path, sizeof(path), "%s/nnviz-c/styles", config);
	else
		snprintf(path, sizeof(path), "%s/.config/nnviz-c/styles",
		    home != NULL ? home : "");
	if (!nnv_style_search(style, nnv_str(path), diag) ||
	    !nnv_style_search(style, NNV_STR(NNV_STYLE_DIR), diag))
		return false;
	/* by its bare name it was found where programs are installed */
	if (slash == NULL)
		return true;
	snprintf(path, sizeof(path), "%.*sstyles", (int)(slash + 1 - program),
	    program);
	if (!nnv_style_search(style, nnv_str(path), diag))
		return false;
	snprintf(path, sizeof(path), "%.*s../styles",
	    (int)(slash + 1 - program), program);
	return nnv_style_search(style, nnv_str(path), diag);
}

/* The style keys that are options of their own: --color-by WORD. */
static bool
set_keys(struct nnv_style *style, const struct nnv_list *keys,
    struct nnv_diag *diag)
{
	struct nnv_text text = NNV_TEXT_EMPTY;
	bool ok = true;

	for (size_t i = 0; ok && i + 1 < keys->n; i += 2) {
		nnv_text_clear(&text);
		for (const char *p = keys->items[i]; *p != '\0'; p++)
			nnv_text_addc(&text, *p == '-' ? '_' : *p);
		nnv_text_addf(&text, "=%s", keys->items[i + 1]);
		ok = nnv_text_failed(&text)
		    ? nnv_fail_memory(diag)
		    : nnv_style_set(style, nnv_text_str(&text), diag);
	}
	nnv_text_release(&text);
	return ok;
}

struct nnv_style *
nnv_settings_style(const struct nnv_options *options, const char *program,
    struct nnv_diag *diag)
{
	struct nnv_style *style = nnv_style_new();
	bool fine;

	if (style == NULL) {
		nnv_fail_memory(diag);
		return NULL;
	}
	fine = search_styles(style, program, diag) &&
	    set_keys(style, &options->keys, diag);
	for (size_t i = 0; i < options->style.n && fine; i++)
		fine = nnv_style_set(style, nnv_str(options->style.items[i]),
		    diag);
	if (fine)
		return style;
	nnv_style_free(style);
	return NULL;
}

bool
nnv_settings_limits(const struct nnv_options *options,
    struct nnv_limits *limits, struct nnv_style *style, struct nnv_diag *diag)
{
	char timeout[32];

	nnv_limits_init(limits);
	for (size_t i = 0; i < options->limits.n; i++)
		if (!nnv_limits_set(limits, nnv_str(options->limits.items[i]),
			diag))
			return false;
	if (limits->time == 0)
		return true;
	snprintf(timeout, sizeof(timeout), "timeout=%u",
	    (unsigned)limits->time);
	return nnv_style_set(style, nnv_str(timeout), diag);
}
