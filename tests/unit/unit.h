/*
 * What every unit program needs of cmocka, and a main that speaks TAP:
 *
 *	UNIT_MAIN("arena",
 *	    cmocka_unit_test(gives_zeroed_memory),
 *	    cmocka_unit_test(refuses_overflow))
 */
#ifndef NNVIZ_TESTS_UNIT_H
#define NNVIZ_TESTS_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define UNIT_MAIN(name, ...)                                                 \
	int main(void)                                                       \
	{                                                                    \
		const struct CMUnitTest tests[] = { __VA_ARGS__ };           \
                                                                             \
		cmocka_set_message_output(CM_OUTPUT_TAP);                    \
		return cmocka_run_group_tests_name(name, tests, NULL, NULL); \
	}

#endif
