/*
 * How a drawing looks: every key is a row of one table, which yields the
 * parser, the help text, the manual's list and the defaults.
 */
#ifndef NNVIZ_STYLE_H
#define NNVIZ_STYLE_H

#include <stdbool.h>
#include <stddef.h>

#include "nnviz/arena.h"
#include "nnviz/diag.h"
#include "nnviz/str.h"

struct nnv_style; /* opaque: src/draw/style.c */

/* The default style, or NULL when memory is out. */
struct nnv_style *nnv_style_new(void);
void nnv_style_free(struct nnv_style *style);

/*
 * Set one key from "KEY=VALUE". An unknown key or a value of the wrong kind is
 * a failure that names the nearest key or what is wanted. What is set here
 * wins over every style file, also over one that is loaded later. "theme" as a
 * key loads a style.
 */
bool nnv_style_set(struct nnv_style *style, struct nnv_str assignment,
    struct nnv_diag *diag);

/* Add a directory, after those before, to search styles by name in. */
bool nnv_style_search(struct nnv_style *style, struct nnv_str directory,
    struct nnv_diag *diag);

/*
 * Load a style: a name, searched as NAME.style in the directories; a path, if
 * it has a slash or that suffix; or "auto", which is "light" for a reader in
 * daylight and "dark" for one who asked for it. A file holds "key = value"
 * lines, comments after "#", and "include = NAME". Failures name file and line.
 */
bool nnv_style_load(struct nnv_style *style, struct nnv_str name,
    struct nnv_diag *diag);

/* Into how many columns drawings are to be broken; 0: that is left open. */
int nnv_style_columns(const struct nnv_style *style);

/* Whether the data flows from side to side. */
bool nnv_style_is_sideways(const struct nnv_style *style);

/* A row of the table, for help and manual; NULL beyond the last. */
struct nnv_style_key {
	const char *name, *kind, *initial, *help;
};
const struct nnv_style_key *nnv_style_key(size_t i);

#endif
