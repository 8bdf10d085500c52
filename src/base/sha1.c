#include "nnviz/sha1.h"

#include <stdint.h>

enum { BLOCK = 64, ROUNDS = 80, LENGTH = 8 };

static uint32_t
rotate(uint32_t x, int by)
{
	return x << by | x >> (32 - by);
}

static uint32_t
load_be(const unsigned char *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	    (uint32_t)p[2] << 8 | p[3];
}

/* The round's function of three words, its constant added. */
static uint32_t
mix(int round, uint32_t b, uint32_t c, uint32_t d)
{
	switch (round / 20) {
	case 0:
		return (d ^ (b & (c ^ d))) + UINT32_C(0x5a827999);
	case 1:
		return (b ^ c ^ d) + UINT32_C(0x6ed9eba1);
	case 2:
		return ((b & c) | (d & (b | c))) + UINT32_C(0x8f1bbcdc);
	default:
		return (b ^ c ^ d) + UINT32_C(0xca62c1d6);
	}
}

static void
add_block(uint32_t state[5], const unsigned char *p)
{
	uint32_t w[ROUNDS], a = state[0], b = state[1], c = state[2];
	uint32_t d = state[3], e = state[4], next;
	int i;

	for (i = 0; i < 16; i++)
		w[i] = load_be(p + 4 * (size_t)i);
	for (; i < ROUNDS; i++)
		w[i] = rotate(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
	for (i = 0; i < ROUNDS; i++) {
		next = rotate(a, 5) + mix(i, b, c, d) + e + w[i];
		e = d;
		d = c;
		c = rotate(b, 30);
		b = a;
		a = next;
	}
	state[0] += a;
	state[1] += b;
	state[2] += c;
	state[3] += d;
	state[4] += e;
}

/* What is left of the text, a one bit, zeros, and the length in bits. */
static void
add_last(uint32_t state[5], struct nnv_str left, uint64_t length)
{
	unsigned char block[2 * BLOCK] = { 0 };
	size_t size = left.n + 1 + LENGTH <= BLOCK ? BLOCK : 2 * BLOCK, i;

	if (left.n != 0)
		memcpy(block, left.p, left.n);
	block[left.n] = 0x80;
	for (i = 0; i < LENGTH; i++)
		block[size - 1 - i] = (unsigned char)(length * 8 >> 8 * i);
	for (i = 0; i < size; i += BLOCK)
		add_block(state, block + i);
}

void
nnv_sha1(struct nnv_str bytes, unsigned char digest[NNV_SHA1_SIZE])
{
	uint32_t state[5] = { UINT32_C(0x67452301), UINT32_C(0xefcdab89),
		UINT32_C(0x98badcfe), UINT32_C(0x10325476),
		UINT32_C(0xc3d2e1f0) };
	struct nnv_str left = bytes;
	size_t i;

	while (left.n >= BLOCK) {
		add_block(state, (const unsigned char *)left.p);
		left = nnv_str_from(left, BLOCK);
	}
	add_last(state, left, bytes.n);
	for (i = 0; i < NNV_SHA1_SIZE; i++)
		digest[i] = (unsigned char)(state[i / 4] >> (24 - i % 4 * 8));
}
