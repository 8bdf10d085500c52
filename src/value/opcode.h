/*
 * The opcodes of pickle protocols 0 to 5, and the values that those with a
 * binary argument spell out. Names and meanings are those of CPython's
 * Lib/pickletools.py, which is the only specification there is.
 */
#ifndef NNVIZ_VALUE_OPCODE_H
#define NNVIZ_VALUE_OPCODE_H

#include <stdint.h>

#include "nnviz/str.h"

enum nnv_opcode {
	OP_MARK = '(',
	OP_EMPTY_TUPLE = ')',
	OP_STOP = '.',
	OP_POP = '0',
	OP_POP_MARK = '1',
	OP_DUP = '2',
	OP_BINBYTES = 'B',
	OP_SHORT_BINBYTES = 'C',
	OP_FLOAT = 'F',
	OP_BINFLOAT = 'G',
	OP_INT = 'I',
	OP_BININT = 'J',
	OP_BININT1 = 'K',
	OP_LONG = 'L',
	OP_BININT2 = 'M',
	OP_NONE = 'N',
	OP_PERSID = 'P',
	OP_BINPERSID = 'Q',
	OP_REDUCE = 'R',
	OP_STRING = 'S',
	OP_BINSTRING = 'T',
	OP_SHORT_BINSTRING = 'U',
	OP_UNICODE = 'V',
	OP_BINUNICODE = 'X',
	OP_EMPTY_LIST = ']',
	OP_APPEND = 'a',
	OP_BUILD = 'b',
	OP_GLOBAL = 'c',
	OP_DICT = 'd',
	OP_APPENDS = 'e',
	OP_GET = 'g',
	OP_BINGET = 'h',
	OP_INST = 'i',
	OP_LONG_BINGET = 'j',
	OP_LIST = 'l',
	OP_OBJ = 'o',
	OP_PUT = 'p',
	OP_BINPUT = 'q',
	OP_LONG_BINPUT = 'r',
	OP_SETITEM = 's',
	OP_TUPLE = 't',
	OP_SETITEMS = 'u',
	OP_EMPTY_DICT = '}',
	/* protocol 2 */
	OP_PROTO = 0x80,
	OP_NEWOBJ = 0x81,
	OP_EXT1 = 0x82,
	OP_EXT2 = 0x83,
	OP_EXT4 = 0x84,
	OP_TUPLE1 = 0x85,
	OP_TUPLE2 = 0x86,
	OP_TUPLE3 = 0x87,
	OP_NEWTRUE = 0x88,
	OP_NEWFALSE = 0x89,
	OP_LONG1 = 0x8a,
	OP_LONG4 = 0x8b,
	/* protocol 4 */
	OP_SHORT_BINUNICODE = 0x8c,
	OP_BINUNICODE8 = 0x8d,
	OP_BINBYTES8 = 0x8e,
	OP_EMPTY_SET = 0x8f,
	OP_ADDITEMS = 0x90,
	OP_FROZENSET = 0x91,
	OP_NEWOBJ_EX = 0x92,
	OP_STACK_GLOBAL = 0x93,
	OP_MEMOIZE = 0x94,
	OP_FRAME = 0x95,
	/* protocol 5 */
	OP_BYTEARRAY8 = 0x96,
	OP_NEXT_BUFFER = 0x97,
	OP_READONLY_BUFFER = 0x98
};

/* N bytes at P, 1 to 8 of them, lowest first. */
static inline uint64_t
nnv_load_le(const unsigned char *p, size_t n)
{
	uint64_t value = 0;
	size_t i;

	for (i = 0; i < n; i++)
		value |= (uint64_t)p[i] << 8 * i;
	return value;
}

/* As two's complement; no bytes are 0. */
static inline int64_t
nnv_load_signed(const unsigned char *p, size_t n)
{
	uint64_t value = nnv_load_le(p, n);

	if (n != 0 && n < 8 && (p[n - 1] & 0x80) != 0)
		value |= UINT64_MAX << 8 * n;
	return (int64_t)value;
}

/* The bytes of the length of a counted text or bytes object. */
static inline size_t
nnv_opcode_width(unsigned char opcode)
{
	switch (opcode) {
	case OP_SHORT_BINUNICODE:
	case OP_SHORT_BINSTRING:
	case OP_SHORT_BINBYTES:
		return 1;
	case OP_BINUNICODE:
	case OP_BINSTRING:
	case OP_BINBYTES:
		return 4;
	default:
		return 8;
	}
}

/* The text or bytes behind the opcode at P, which is known to fit. */
static inline struct nnv_str
nnv_opcode_text(const unsigned char *p)
{
	size_t width = nnv_opcode_width(*p);

	return (struct nnv_str){ (const char *)p + 1 + width,
		(size_t)nnv_load_le(p + 1, width) };
}

/* Whether the opcode at P is that of an empty text or a single character, up to
 * U+00FF. */
static inline bool
nnv_opcode_is_single(const unsigned char *p)
{
	return *p == OP_SHORT_BINUNICODE &&
	    (p[1] <= 1 || (p[1] == 2 && p[2] >= 0x80));
}

/* The integer behind the opcode at P: BININT, BININT1, BININT2 or LONG1. */
static inline int64_t
nnv_opcode_int(const unsigned char *p)
{
	switch (*p) {
	case OP_BININT1:
		return p[1];
	case OP_BININT2:
		return (int64_t)nnv_load_le(p + 1, 2);
	case OP_BININT:
		return nnv_load_signed(p + 1, 4);
	default:
		return nnv_load_signed(p + 2, p[1]);
	}
}

/* The double behind BINFLOAT at P: eight bytes, highest first. */
static inline double
nnv_opcode_real(const unsigned char *p)
{
	union {
		uint64_t bits;
		double value;
	} real = { 0 };
	size_t i;

	for (i = 1; i <= sizeof(real.bits); i++)
		real.bits = real.bits << 8 | p[i];
	return real.value;
}

#endif
