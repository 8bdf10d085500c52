#include "repeat.h"

#include "machine.h"

enum {
	FROM = 3,    /* where in a map its first key is, memo and mark before */
	LOOKED = 32, /* bytes from there on that choose a slot */
	LONGEST = 1024,
	PATIENCE = 8
};

/* Equal bytes have an equal slot; others mostly another one. */
static struct nnv_repeat *
slot_of(struct nnv_machine *m, const unsigned char *map)
{
	const char *p = (const char *)map + FROM;
	uint64_t hash = 0;
	size_t at;

	if ((size_t)(m->end - map) < FROM + LOOKED)
		return NULL;
	for (at = 0; at < LOOKED; at += sizeof(hash)) {
		hash = (hash ^ nnv_key_word(p + at)) *
		    UINT64_C(0x9e3779b97f4a7c15);
		hash ^= hash >> 32;
	}
	return &m->repeats.slots[hash % REPEATS];
}

const struct nnv_repeat *
nnv_repeat_find(struct nnv_machine *m)
{
	struct nnv_repeat *slot = m->repeats.off ? NULL : slot_of(m, m->op);

	if (slot == NULL || slot->len == 0 ||
	    slot->len > (size_t)(m->end - m->op) ||
	    memcmp(m->op, m->start + slot->start, slot->len) != 0)
		return NULL;
	slot->patience = PATIENCE;
	return slot;
}

bool
nnv_repeat_push(struct nnv_machine *m, const struct nnv_repeat *repeat)
{
	nnv_value v = nnv_tree_add_alike(m->tree, repeat->head, repeat->block,
	    nnv_machine_at(m), m->diag);
	size_t memo = m->memo.n;

	if (v == NNV_NO_VALUE)
		return false;
	if (!nnv_memo_repeat(&m->memo, repeat->memo, repeat->nmemo))
		return nnv_machine_fail_memo(m);
	if (m->op[1] == OP_MEMOIZE && memo < m->memo.dense)
		nnv_memo_put(&m->memo, memo, v);
	m->p = m->op + repeat->len;
	return nnv_machine_push(m, v);
}

/* The bytes of an instruction that pushes a text or a number and does nothing
 * else; 0 for any other. */
static size_t
atom_len(const unsigned char *p)
{
	switch (*p) {
	case OP_NONE:
	case OP_NEWTRUE:
	case OP_NEWFALSE:
		return 1;
	case OP_BININT1:
	case OP_BINGET:
		return 2;
	case OP_BININT2:
		return 3;
	case OP_BININT:
	case OP_LONG_BINGET:
		return 5;
	case OP_SHORT_BINUNICODE:
		return 2 + (size_t)p[1];
	default:
		return 0;
	}
}

/*
 * Whether the bytes from P up to END, which ran, do nothing but make a map of
 * values that need no memory; *NMEMO of them are stored. There is no need to
 * know what GET gave: that is looked at in the map. Texts of one character are
 * stored only once: see memo.h.
 */
static bool
is_simple(const unsigned char *p, const unsigned char *end, uint32_t *nmemo)
{
	size_t len;

	*nmemo = 0;
	if (*p++ != OP_EMPTY_DICT)
		return false;
	if (*p == OP_MEMOIZE) {
		*nmemo += 1;
		p++;
	}
	if (*p++ != OP_MARK)
		return false;
	while ((len = atom_len(p)) != 0 && len < (size_t)(end - p)) {
		bool single = nnv_opcode_is_single(p);

		p += len;
		if (*p == OP_MEMOIZE) {
			if (single)
				return false;
			*nmemo += 1;
			p++;
		}
	}
	return p + 1 == end;
}

/* Whether all values of a shaped map are spelled out in the input. */
static bool
holds_atoms(const struct nnv_tree *tree, nnv_value v)
{
	size_t n = nnv_value_len(tree, v), i;

	for (i = 0; i < n; i++)
		if (nnv_value_at(tree, v, i) >= tree->first)
			return false;
	return true;
}

void
nnv_repeat_note(struct nnv_machine *m, nnv_value v)
{
	const uint32_t *record = nnv_tree_record(m->tree, v);
	uint32_t nmemo;
	const unsigned char *start = m->start + record[REC_PLACE];
	struct nnv_repeat *slot;

	if (m->repeats.off || !(record[REC_HEAD] & HEAD_SHAPED) ||
	    m->p - start > LONGEST)
		return;
	slot = slot_of(m, start);
	if (slot == NULL)
		return;
	if (slot->patience != 0) {
		slot->patience--;
		return;
	}
	slot->patience = PATIENCE;
	slot->len = 0;
	if (!is_simple(start, m->p, &nmemo) || !holds_atoms(m->tree, v))
		return;
	*slot = (struct nnv_repeat){
		.start = record[REC_PLACE],
		.len = (uint32_t)(m->p - start),
		.head = record[REC_HEAD],
		.block = record[REC_BLOCK],
		.memo = (uint32_t)m->memo.n - nmemo,
		.nmemo = nmemo,
		.patience = PATIENCE,
	};
}
