/*
 * Values that stay in the input: a handle is the position of the opcode of a
 * pickle, or of the first character of JSON. What is decoded here was checked
 * by the reader before it gave the handle out.
 */
#ifndef NNVIZ_VALUE_ATOM_H
#define NNVIZ_VALUE_ATOM_H

#include "tree.h"

/*
 * The longest text or number of JSON that stays in the input: its end is
 * looked for at each access.
 */
enum {
	ATOM_TEXT = 255,
	ATOM_NUMBER = 31,
	ATOM_SURE = 18 /* digits of an integer that must fit */
};

/* Kinds by the first byte; ATOM_NUMBER_KIND: look at the digits. */
extern const uint8_t nnv_atom_pickle_kinds[256];
extern const uint8_t nnv_atom_json_kinds[256];
enum { ATOM_NUMBER_KIND = 15 };

enum nnv_kind nnv_atom_kind(const struct nnv_tree *tree, nnv_value v);
struct nnv_str nnv_atom_text(const struct nnv_tree *tree, nnv_value v);
int64_t nnv_atom_int(const struct nnv_tree *tree, nnv_value v);
double nnv_atom_real(const struct nnv_tree *tree, nnv_value v);
bool nnv_atom_bool(const struct nnv_tree *tree, nnv_value v);

#endif
