/*
 * Stacks of modules. All stacks of a trace together are a tree of frames, which
 * is grown here. Ops that ran one after the other have nearly the same stack:
 * each entry is first compared with the frame that was found last at its place,
 * which is cheaper than looking up three texts.
 *
 * A pickle can share one list among a million nodes, and a stack can be as deep
 * as its author likes: long lists are walked once, and what lies deeper than
 * anybody nests modules belongs to the deepest module that is kept.
 */
#include "jittor_trace.h"

enum {
	SHORT_STACK = 24, /* walked afresh; longer ones are remembered */
	DEEPEST = 500     /* with what phases add, the cache's 512 */
};

void
nnv_jt_stacks_init(struct jt_stacks *stacks, struct jt_trace *trace)
{
	static const struct nnv_str keys[] = {
		NNV_STR_INIT("name"),
		NNV_STR_INIT("type"),
		NNV_STR_INIT("file_path"),
		NNV_STR_INIT("lineno"),
	};

	*stacks = (struct jt_stacks){ .trace = trace, .newest = NNV_NONE };
	stacks->fields.keys = keys;
	stacks->fields.n = sizeof(keys) / sizeof(*keys);
	nnv_table_init(&stacks->pairs);
	nnv_table_init(&stacks->children);
	nnv_table_init(&stacks->lists);
}

void
nnv_jt_stacks_release(struct jt_stacks *stacks)
{
	nnv_table_release(&stacks->pairs);
	nnv_table_release(&stacks->children);
	nnv_table_release(&stacks->lists);
}

/* An entry of a list; nothing of it is read before it is needed. */
struct entry {
	nnv_value name, type, file, line;
};

static struct entry
read_entry(struct jt_stacks *stacks, nnv_value map)
{
	nnv_value v[NNV_FIELDS];

	nnv_value_fields(stacks->trace->tree, map, &stacks->fields, v);
	return (struct entry){ v[0], v[1], v[2], v[3] };
}

/* A text of an entry; empty where there is none. */
static struct nnv_str
entry_text(const struct jt_stacks *stacks, nnv_value v)
{
	struct nnv_str text = nnv_value_text(stacks->trace->tree, v);

	return text.p != NULL ? text : NNV_STR("");
}

static uint32_t
entry_line(const struct jt_stacks *stacks, const struct entry *e)
{
	int64_t line;

	return nnv_value_int(stacks->trace->tree, e->line, &line) &&
		line >= 0 && line < UINT32_MAX
	    ? (uint32_t)line
	    : 0;
}

/* Where the entry was called from. Ops in a row mostly share the file. */
static struct nnv_site
entry_site(struct jt_stacks *stacks, const struct entry *e)
{
	struct jt_trace *trace = stacks->trace;
	struct nnv_str file = entry_text(stacks, e->file);

	if (stacks->file == NNV_NO_NAME ||
	    !nnv_str_eq(nnv_jt_text(trace, stacks->file), file))
		stacks->file = nnv_graph_name(trace->graph, file);
	return (struct nnv_site){ stacks->file, entry_line(stacks, e) };
}

/* "FILE:LINE" with the entry's own line: code outside any module. */
static bool
is_plain_code(struct nnv_str name, struct nnv_str file, int64_t line)
{
	int64_t tail;

	return name.n > file.n + 1 && nnv_str_starts(name, file) &&
	    name.p[file.n] == ':' &&
	    nnv_jt_int((struct nnv_str){ name.p + file.n + 1,
			   name.n - file.n - 1 },
		&tail) &&
	    tail == line;
}

/*
 * A decorator in jittor/nn.py calls a module's execute through a second entry
 * of the same name and type. Genuine nesting of like-named modules has its call
 * site in the user's own file.
 */
static bool
is_repeated(const struct jt_trace *trace, uint32_t parent,
    const struct jt_frame *frame)
{
	const struct jt_frame *outer;

	if (parent == NNV_NONE)
		return false;
	outer = &trace->frames[parent];
	return outer->name == frame->name && outer->type == frame->type &&
	    nnv_str_ends(nnv_jt_text(trace, frame->site.file),
		NNV_STR("jittor/nn.py"));
}

/* Append a frame below PARENT; its index, or NNV_NONE: no memory. */
static uint32_t
add_frame(struct jt_stacks *stacks, uint32_t parent, struct jt_frame frame)
{
	struct jt_trace *trace = stacks->trace;
	uint32_t i = trace->nframes;

	if (i >= trace->frame_cap &&
	    !nnv_heap_grow((void **)&trace->frames, &trace->frame_cap,
		(size_t)i + 1, sizeof(*trace->frames))) {
		trace->graph->failed = true;
		return NNV_NONE;
	}
	frame.parent = parent;
	frame.newest = NNV_NONE;
	frame.root = parent == NNV_NONE ? i : trace->frames[parent].root;
	frame.depth = parent == NNV_NONE ? 1 : trace->frames[parent].depth + 1;
	frame.repeated = is_repeated(trace, parent, &frame);
	trace->frames[i] = frame;
	trace->nframes++;
	return i;
}

/* The frame for an entry below PARENT, by its name and type. */
static uint32_t
look_up(struct jt_stacks *stacks, uint32_t parent, const struct entry *e)
{
	struct nnv_graph *graph = stacks->trace->graph;
	struct nnv_str name = entry_text(stacks, e->name);
	struct jt_frame frame = {
		.name = nnv_graph_name(graph, name),
		.type = nnv_graph_name(graph, entry_text(stacks, e->type)),
	};
	uint32_t *at = nnv_table_at(&stacks->pairs,
	    nnv_table_pair(frame.name, frame.type));

	if (at == NULL)
		return NNV_NONE;
	if (*at == NNV_TABLE_NONE)
		*at = stacks->npairs++;
	at = nnv_table_at(&stacks->children, nnv_table_pair(parent, *at));
	if (at == NULL)
		return NNV_NONE;
	if (*at == NNV_TABLE_NONE) {
		frame.site = entry_site(stacks, e);
		frame.plain_code = is_plain_code(name,
		    nnv_jt_text(stacks->trace, frame.site.file),
		    frame.site.line);
		*at = add_frame(stacks, parent, frame);
	}
	return *at;
}

/* Whether the frame F, if there is one, is that of an entry. */
static bool
is_of(const struct jt_stacks *stacks, uint32_t f, const struct entry *e)
{
	const struct jt_trace *trace = stacks->trace;

	return f != NNV_NONE &&
	    nnv_str_eq(nnv_jt_text(trace, trace->frames[f].name),
		entry_text(stacks, e->name)) &&
	    nnv_str_eq(nnv_jt_text(trace, trace->frames[f].type),
		entry_text(stacks, e->type));
}

static uint32_t
find_frame(struct jt_stacks *stacks, uint32_t parent, const struct entry *e)
{
	struct jt_frame *frames = stacks->trace->frames;
	uint32_t f = parent == NNV_NONE ? stacks->newest
					: frames[parent].newest;

	if (is_of(stacks, f, e))
		return f;
	f = look_up(stacks, parent, e);
	if (parent == NNV_NONE)
		stacks->newest = f;
	else
		stacks->trace->frames[parent].newest = f;
	return f;
}

/* The frame for the map V below PARENT. */
static uint32_t
enter(struct jt_stacks *stacks, uint32_t parent, nnv_value v)
{
	uint32_t same = nnv_value_same(stacks->trace->tree, v);
	struct jt_met *met = &stacks->met[(same ^ parent) % JT_MET];
	struct entry e;

	if (same != 0 && met->same == same && met->parent == parent)
		return met->frame;
	e = read_entry(stacks, v);
	*met = (struct jt_met){ same, parent, find_frame(stacks, parent, &e) };
	return met->frame;
}

/* Where the innermost module, the map V, is called from. */
static struct nnv_site
find_site(struct jt_stacks *stacks, nnv_value v)
{
	uint32_t same = nnv_value_same(stacks->trace->tree, v);
	struct jt_called *called = &stacks->called[same % JT_MET];
	struct entry e;

	if (same != 0 && called->same == same)
		return called->site;
	e = read_entry(stacks, v);
	*called = (struct jt_called){ same, entry_site(stacks, &e) };
	return called->site;
}

static uint32_t
walk(struct jt_stacks *stacks, nnv_value list, size_t n, struct nnv_site *site)
{
	struct jt_trace *trace = stacks->trace;
	uint32_t frame = NNV_NONE;
	nnv_value last = NNV_NO_VALUE;

	for (size_t i = 0; i < n; i++) {
		nnv_value v = nnv_value_at(trace->tree, list, i);
		enum nnv_kind kind = nnv_value_kind(trace->tree, v);

		if (kind != NNV_MAP) {
			nnv_warn(trace->diag, "stack",
			    "a stack holds %s "
			    "where a frame should be",
			    nnv_kind_name(kind));
			continue;
		}
		last = v;
		if (frame == NNV_NONE || trace->frames[frame].depth < DEEPEST)
			frame = enter(stacks, frame, v);
		else
			nnv_warn(trace->diag, "deep",
			    "modules are nested "
			    "deeper than %d: what is below counts as part of "
			    "the deepest",
			    DEEPEST);
	}
	if (frame != NNV_NONE)
		*site = find_site(stacks, last);
	return frame;
}

uint32_t
nnv_jt_stack_read(struct jt_stacks *stacks, nnv_value list,
    struct nnv_site *site)
{
	const struct jt_trace *trace = stacks->trace;
	size_t n = nnv_value_len(trace->tree, list);
	uint32_t *known;
	uint32_t frame;

	if (!nnv_value_is_seq(trace->tree, list))
		return NNV_NONE;
	if (n <= SHORT_STACK)
		return walk(stacks, list, n, site);
	known = nnv_table_at(&stacks->lists, list);
	if (known == NULL)
		return NNV_NONE;
	if (*known == NNV_TABLE_NONE)
		*known = walk(stacks, list, n, site);
	frame = *known;
	if (frame != NNV_NONE)
		*site = trace->frames[frame].site;
	return frame;
}
