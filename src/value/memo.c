#include "memo.h"

bool
nnv_memo_init(struct nnv_memo *memo, size_t size)
{
	memo->n = memo->top = 0;
	if (!nnv_reserve_take(&memo->space,
		(size + MEMO_SLACK) * sizeof(*memo->values)))
		return false;
	memo->values = memo->space.p;
	memo->cap = memo->space.size / sizeof(*memo->values);
	return true;
}

void
nnv_memo_release(struct nnv_memo *memo)
{
	nnv_reserve_release(&memo->space);
}
