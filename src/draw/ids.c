#include "ids.h"

#include "nnviz/arena.h"
#include "nnviz/names.h"

/* Named objects have even identities, nameless ones odd. */
struct nnv_ids {
	Agraph_t *graph;
	struct nnv_names names;
	char **texts; /* by name: interned by the graph */
	size_t cap;
	IDTYPE nameless;
	bool failed; /* sticky: memory was out */
};

static void *
ids_open(Agraph_t *graph, Agdisc_t *disc)
{
	struct nnv_ids *ids = ((struct nnv_discipline *)disc)->ids;

	ids->graph = graph;
	return ids;
}

/* Room for the text of NAME. */
static bool
reserve(struct nnv_ids *ids, nnv_name name)
{
	void *texts = ids->texts;
	size_t before = ids->cap, i;

	if (name < ids->cap)
		return true;
	if (!nnv_heap_grow(&texts, &ids->cap, (size_t)name + 1,
		sizeof(*ids->texts)))
		return false;
	ids->texts = texts;
	for (i = before; i < ids->cap; i++)
		ids->texts[i] = NULL;
	return true;
}

/* Names are printed through cgraph's own strings, which carry a mark in front
 * of them that says whether they are HTML. */
static bool
keep_text(struct nnv_ids *ids, nnv_name name, char *text)
{
	if (!reserve(ids, name))
		return false;
	if (ids->texts[name] == NULL)
		ids->texts[name] = agstrdup(ids->graph, text);
	return ids->texts[name] != NULL;
}

/* A name that cannot be kept would be given a nameless identity by cgraph, and
 * nobody be told: once memory is out there are none of those either. */
static long
ids_map(void *state, int kind, char *text, IDTYPE *id, int create)
{
	struct nnv_ids *ids = state;
	nnv_name name;

	(void)kind;
	if (ids->failed)
		return FALSE;
	if (text == NULL) {
		*id = 2 * ids->nameless++ + 1;
		return TRUE;
	}
	name = create ? nnv_names_add(&ids->names, nnv_str(text))
		      : nnv_names_find(&ids->names, nnv_str(text));
	if (create && (name == NNV_NO_NAME || !keep_text(ids, name, text)))
		ids->failed = true;
	if (name == NNV_NO_NAME || ids->failed)
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
	struct nnv_ids *ids = state;

	(void)kind;
	if (id % 2 != 0 || id / 2 >= ids->cap)
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
free_ids(struct nnv_ids *ids)
{
	nnv_heap_free(ids->texts);
	nnv_names_release(&ids->names);
	nnv_heap_free(ids);
}

static void
ids_close(void *state)
{
	struct nnv_ids *ids = state;
	size_t i;

	for (i = 0; i < ids->cap; i++)
		if (ids->texts[i] != NULL)
			agstrfree(ids->graph, ids->texts[i]);
	free_ids(ids);
}

static const Agiddisc_t sequential_ids = {
	.open = ids_open,
	.map = ids_map,
	.alloc = ids_alloc,
	.free = ids_forget,
	.print = ids_print,
	.close = ids_close,
	.idregister = ids_note,
};

/* With the root's name in it already: agopen asks for nothing of ours. */
bool
nnv_discipline_init(struct nnv_discipline *discipline, const char *root)
{
	struct nnv_ids *ids = nnv_heap_alloc(1, sizeof(*ids));

	if (ids == NULL)
		return false;
	nnv_names_init(&ids->names);
	if (nnv_names_add(&ids->names, nnv_str(root)) == NNV_NO_NAME ||
	    !reserve(ids, 1)) {
		free_ids(ids);
		return false;
	}
	*discipline = (struct nnv_discipline){
		{ NULL, (Agiddisc_t *)&sequential_ids, NULL }, ids
	};
	return true;
}

void
nnv_discipline_release(struct nnv_discipline *discipline)
{
	free_ids(discipline->ids);
}
