#include "memo.h"

#include "opcode.h"

bool
nnv_memo_init(struct nnv_memo *memo, struct nnv_str bytes)
{
	*memo = (struct nnv_memo){ .size = bytes.n };
	if (!nnv_reserve_take(&memo->space,
		(bytes.n + MEMO_SLACK) * sizeof(*memo->values)))
		return false;
	memo->start = (const unsigned char *)bytes.p;
	memo->values = memo->space.p;
	memo->cap = memo->space.size / sizeof(*memo->values);
	memo->dense = memo->cap < MEMO_SURE ? memo->cap : MEMO_SURE;
	return true;
}

void
nnv_memo_release(struct nnv_memo *memo)
{
	nnv_reserve_release(&memo->space);
	nnv_heap_free(memo->late);
	memo->late = NULL;
}

bool
nnv_memo_is_single(const struct nnv_memo *memo, nnv_value v)
{
	return v < memo->size && nnv_opcode_is_single(memo->start + v);
}

/* Behind those kept in any case: whether all are to be kept as well. */
static bool
keeps_all(struct nnv_memo *memo, size_t index)
{
	if (!memo->drops &&
	    (memo->keeps || memo->n != memo->top || index != memo->n))
		memo->dense = memo->cap;
	return index < memo->dense;
}

static bool
add_late(struct nnv_memo *memo, size_t index, nnv_value v)
{
	void *late = memo->late;

	if (!nnv_heap_grow(&late, &memo->late_cap, memo->nlate + 1,
		sizeof(*memo->late)))
		return false;
	memo->late = late;
	memo->late[memo->nlate++] = (struct nnv_memo_late){ (uint32_t)index,
		v };
	return true;
}

bool
nnv_memo_put_late(struct nnv_memo *memo, size_t index, nnv_value v)
{
	if (index >= memo->cap)
		return false;
	if (keeps_all(memo, index))
		return nnv_memo_put(memo, index, v);
	memo->drops = true;
	if (index != memo->n) {
		memo->again = true;
		return false;
	}
	if (nnv_memo_is_single(memo, v) && !add_late(memo, index, v))
		return false;
	memo->n = memo->top = index + 1;
	return true;
}

bool
nnv_memo_repeat_late(struct nnv_memo *memo, size_t index, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (!nnv_memo_put(memo, memo->n, memo->values[index + i] - 1))
			return false;
	return true;
}

nnv_value
nnv_memo_get_late(struct nnv_memo *memo, size_t index)
{
	size_t low = 0, high = memo->nlate;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (memo->late[middle].index < index)
			low = middle + 1;
		else
			high = middle;
	}
	if (low < memo->nlate && memo->late[low].index == index)
		return memo->late[low].value;
	memo->again = index < memo->top;
	return NNV_NO_VALUE;
}
