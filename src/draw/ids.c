#include "ids.h"

#include "nnviz/arena.h"
#include "nnviz/names.h"

/* Named objects have even identities, nameless ones odd. */
struct ids {
	Agraph_t *graph;
	struct nnv_names names;
	char **texts; /* by name: interned by the graph */
	size_t cap;
	IDTYPE nameless;
};

static void *
ids_open(Agraph_t *graph, Agdisc_t *disc)
{
	struct ids *ids = nnv_heap_alloc(1, sizeof(*ids));

	(void)disc;
	if (ids == NULL)
		return NULL;
	ids->graph = graph;
	nnv_names_init(&ids->names);
	return ids;
}

/* Names are printed through cgraph's own strings, which carry a mark in front
 * of them that says whether they are HTML. */
static bool
keep_text(struct ids *ids, nnv_name name, char *text)
{
	void *texts = ids->texts;

	if (name < ids->cap && ids->texts[name] != NULL)
		return true;
	if (name >= ids->cap) {
		size_t before = ids->cap, i;

		if (!nnv_heap_grow(&texts, &ids->cap, name + 1,
			sizeof(*ids->texts)))
			return false;
		ids->texts = texts;
		for (i = before; i < ids->cap; i++)
			ids->texts[i] = NULL;
	}
	ids->texts[name] = agstrdup(ids->graph, text);
	return ids->texts[name] != NULL;
}

static long
ids_map(void *state, int kind, char *text, IDTYPE *id, int create)
{
	struct ids *ids = state;
	nnv_name name;

	(void)kind;
	if (ids == NULL)
		return FALSE;
	if (text == NULL) {
		*id = 2 * ids->nameless++ + 1;
		return TRUE;
	}
	name = create ? nnv_names_add(&ids->names, nnv_str(text))
		      : nnv_names_find(&ids->names, nnv_str(text));
	if (name == NNV_NO_NAME || (create && !keep_text(ids, name, text)))
		return FALSE;
	*id = 2 * (IDTYPE)name;
	return TRUE;
}

static long
ids_alloc(void *state, int kind, IDTYPE id)
{
	(void)state;
	(void)kind;
	(void)id;
	return FALSE;
}

static void
ids_forget(void *state, int kind, IDTYPE id)
{
	(void)state;
	(void)kind;
	(void)id;
}

static char *
ids_print(void *state, int kind, IDTYPE id)
{
	struct ids *ids = state;

	(void)kind;
	if (ids == NULL || id % 2 != 0 || id / 2 >= ids->cap)
		return NULL;
	return ids->texts[id / 2];
}

/* Identities are known before their objects: nothing to note. */
static void
ids_note(void *state, int kind, void *object)
{
	(void)state;
	(void)kind;
	(void)object;
}

static void
ids_close(void *state)
{
	struct ids *ids = state;
	size_t i;

	if (ids == NULL)
		return;
	for (i = 0; i < ids->cap; i++)
		if (ids->texts[i] != NULL)
			agstrfree(ids->graph, ids->texts[i]);
	nnv_heap_free(ids->texts);
	nnv_names_release(&ids->names);
	nnv_heap_free(ids);
}

const Agiddisc_t nnv_sequential_ids = { .open = ids_open,
	.map = ids_map,
	.alloc = ids_alloc,
	.free = ids_forget,
	.print = ids_print,
	.close = ids_close,
	.idregister = ids_note };
