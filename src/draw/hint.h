/* What a style does not take, and what may have been meant. */
#ifndef NNVIZ_DRAW_HINT_H
#define NNVIZ_DRAW_HINT_H

#include "setting.h"

/*
 * Fail because no key is called NAME. The message names the nearest of the N
 * keys, what is called like that elsewhere, or the keys that share a word with
 * it.
 */
bool nnv_hint_key(struct nnv_str name, const struct nnv_str *keys, size_t n,
    struct nnv_diag *diag);

/* Fail because the row does not take VALUE; names the word or the colour that
 * is near. */
bool nnv_hint_value(const struct nnv_setting *row, struct nnv_str value,
    struct nnv_diag *diag);

/* Fail because there is no style NAME; tells which there are. */
bool nnv_hint_theme(const struct nnv_style *style, struct nnv_str name,
    struct nnv_diag *diag);

#endif
