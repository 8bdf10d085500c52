/* Names that must differ. */
#include "nnviz/unique.h"

#include "nnviz/text.h"

void
nnv_unique_init(struct nnv_unique *unique, struct nnv_names *names)
{
	unique->names = names;
	nnv_table_init(&unique->taken);
}

void
nnv_unique_release(struct nnv_unique *unique)
{
	nnv_table_release(&unique->taken);
}

/* Take NAME: 1 if it was free, 0 if it was not, -1: no memory. */
static int
take(struct nnv_unique *unique, nnv_name name)
{
	uint32_t *bearers = name != NNV_NO_NAME
	    ? nnv_table_at(&unique->taken, name)
	    : NULL;

	if (bearers == NULL)
		return -1;
	if (*bearers != NNV_TABLE_NONE)
		return 0;
	*bearers = 1;
	return 1;
}

/*
 * The count of bearers is remembered, so that a thousand of them cost a
 * thousand steps; "text#2" may itself be a text that somebody bears.
 */
static nnv_name
take_numbered(struct nnv_unique *unique, nnv_name base)
{
	uint32_t number = nnv_table_get(&unique->taken, base);
	struct nnv_text text = NNV_TEXT_EMPTY;
	nnv_name name = NNV_NO_NAME;
	uint32_t *bearers;
	int taken = 0;

	while (taken == 0) {
		nnv_text_clear(&text);
		nnv_text_add(&text, nnv_names_text(unique->names, base));
		nnv_text_addc(&text, '#');
		nnv_text_addi(&text, ++number);
		name = nnv_text_failed(&text)
		    ? NNV_NO_NAME
		    : nnv_names_add(unique->names, nnv_text_str(&text));
		taken = take(unique, name);
	}
	nnv_text_release(&text);
	if (taken < 0)
		return NNV_NO_NAME;
	bearers = nnv_table_at(&unique->taken, base);
	if (bearers != NULL)
		*bearers = number;
	return name;
}

nnv_name
nnv_unique_take(struct nnv_unique *unique, struct nnv_str text)
{
	nnv_name name = nnv_names_add(unique->names, text);
	int taken = take(unique, name);

	if (taken == 0)
		return take_numbered(unique, name);
	return taken > 0 ? name : NNV_NO_NAME;
}
