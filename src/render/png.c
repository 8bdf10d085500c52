/*
 * cairo draws a picture of 120 million pixels in a second, and has libpng pack
 * it in three: which tries five filters on every row and packs the one that it
 * takes for the best. Drawings are flat: nearly every row is the one above it,
 * and the difference to that ("up") packs as well as the best of five, at a
 * third of the cost. So there is another device for what cairo draws, which
 * libgvc prefers to its own.
 *
 * PNG: https://www.w3.org/TR/png-3/
 */
#include "png.h"

#include <string.h>

#include <graphviz/gvplugin.h>
#include <graphviz/gvplugin_device.h>
#include <zlib.h>

#include "nnviz/arena.h"

enum {
	RGB = 2,
	RGBA = 6,
	UP = 2, /* the filter */
	CHUNK = 1 << 18,
	QUALITY = 100, /* of the device: above any other */
	LEVEL = 9,
	LEVEL_LARGE = 4
};

/* Pixels above which time counts more than a few hundredths of the size. */
static const size_t large = 4000000;

/* libgvc's own way out of a device; its header is not installed. */
extern size_t gvwrite(GVJ_t *job, const char *bytes, size_t n);

/* A picture on its way. */
struct packer {
	GVJ_t *job;
	const uint32_t *pixels; /* alpha, red, green, blue; as cairo has them */
	size_t width, height, depth; /* bytes of a pixel that is written */
	unsigned char *row, *above, *packed;
	z_stream stream;
};

static void
put_number(unsigned char *to, uint32_t n)
{
	for (int i = 0; i < 4; i++)
		to[i] = (unsigned char)(n >> (24 - 8 * i));
}

static void
write_chunk(GVJ_t *job, const char *type, const unsigned char *bytes, size_t n)
{
	unsigned char head[8], tail[4];
	uLong sum = crc32(0, (const Bytef *)type, 4);

	if (n > 0)
		sum = crc32(sum, bytes, (uInt)n);
	put_number(head, (uint32_t)n);
	memcpy(head + 4, type, 4);
	put_number(tail, (uint32_t)sum);
	gvwrite(job, (const char *)head, sizeof(head));
	if (n > 0)
		gvwrite(job, (const char *)bytes, n);
	gvwrite(job, (const char *)tail, sizeof(tail));
}

static bool
is_opaque(const uint32_t *pixels, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (pixels[i] >> 24 != 0xff)
			return false;
	return true;
}

/* cairo's colours have been multiplied by alpha; it takes that back so. */
static unsigned char
divide(uint32_t color, uint32_t alpha)
{
	return (unsigned char)((color * 255 + alpha / 2) / alpha);
}

static void
write_pixel(unsigned char *to, uint32_t pixel)
{
	uint32_t alpha = pixel >> 24;

	memset(to, 0, 4);
	if (alpha == 0)
		return;
	to[0] = divide(pixel >> 16 & 0xff, alpha);
	to[1] = divide(pixel >> 8 & 0xff, alpha);
	to[2] = divide(pixel & 0xff, alpha);
	to[3] = (unsigned char)alpha;
}

static void
read_row(const struct packer *p, const uint32_t *pixels, unsigned char *to)
{
	for (size_t i = 0; i < p->width && p->depth == 3; i++, to += 3) {
		to[0] = (unsigned char)(pixels[i] >> 16);
		to[1] = (unsigned char)(pixels[i] >> 8);
		to[2] = (unsigned char)pixels[i];
	}
	for (size_t i = 0; i < p->width && p->depth == 4; i++, to += 4)
		write_pixel(to, pixels[i]);
}

/* Pack what is in ROW, and write what comes out. */
static bool
pack(struct packer *p, unsigned char *row, size_t n, int flush)
{
	int status;

	p->stream.next_in = row;
	p->stream.avail_in = (uInt)n;
	do {
		p->stream.next_out = p->packed;
		p->stream.avail_out = CHUNK;
		status = deflate(&p->stream, flush);
		if (status == Z_STREAM_ERROR)
			return false;
		if (p->stream.avail_out < CHUNK)
			write_chunk(p->job, "IDAT", p->packed,
			    CHUNK - p->stream.avail_out);
	} while (p->stream.avail_out == 0);
	return flush != Z_FINISH || status == Z_STREAM_END;
}

static bool
write_rows(struct packer *p)
{
	size_t n = p->width * p->depth;
	unsigned char *swap;

	for (size_t y = 0; y < p->height; y++) {
		unsigned char *out = p->row, *above = p->above;

		read_row(p, p->pixels + y * p->width, out + 1);
		swap = p->row;
		p->row = p->above;
		p->above = swap;
		/* what is above is not needed again: the difference */
		for (size_t i = 1; i <= n; i++)
			above[i] = (unsigned char)(out[i] - above[i]);
		above[0] = UP;
		if (!pack(p, above, n + 1, Z_NO_FLUSH))
			return false;
	}
	return pack(p, p->row, 0, Z_FINISH);
}

static void
write_head(const struct packer *p)
{
	static const char signature[] = "\x89PNG\r\n\x1a\n";
	unsigned char head[13] = { 0 };

	gvwrite(p->job, signature, sizeof(signature) - 1);
	put_number(head, (uint32_t)p->width);
	put_number(head + 4, (uint32_t)p->height);
	head[8] = 8;
	head[9] = p->depth == 3 ? RGB : RGBA;
	write_chunk(p->job, "IHDR", head, sizeof(head));
}

/* Without its end, which a picture that is not whole lacks. */
static bool
write_picture(struct packer *p)
{
	size_t n = p->width * p->depth + 1;
	int level = p->width * p->height > large ? LEVEL_LARGE : LEVEL;
	bool fine;

	p->row = nnv_heap_alloc(n, 1);
	p->above = nnv_heap_alloc(n, 1);
	p->packed = nnv_heap_alloc(CHUNK, 1);
	fine = p->row != NULL && p->above != NULL && p->packed != NULL &&
	    deflateInit(&p->stream, level) == Z_OK;
	if (fine) {
		write_head(p);
		fine = write_rows(p);
		deflateEnd(&p->stream);
	}
	nnv_heap_free(p->row);
	nnv_heap_free(p->above);
	nnv_heap_free(p->packed);
	return fine;
}

static void
format(GVJ_t *job)
{
	struct packer p = { .job = job,
		.pixels = (const uint32_t *)(const void *)job->imagedata,
		.width = job->width,
		.height = job->height };

	if (p.pixels == NULL || p.width == 0 || p.height == 0)
		return;
	p.depth = is_opaque(p.pixels, p.width * p.height) ? 3 : 4;
	if (write_picture(&p))
		write_chunk(job, "IEND", NULL, 0);
}

void
nnv_png_offer(GVC_t *gvc)
{
	static const gvdevice_engine_t engine = { NULL, format, NULL };
	static const gvdevice_features_t features = { GVDEVICE_BINARY_FORMAT |
		    GVDEVICE_DOES_TRUECOLOR,
		{ 0, 0 }, { 0, 0 }, { 96, 96 } };
	static const gvplugin_installed_t types[] = {
		{ 0, "png:cairo", QUALITY, (gvdevice_engine_t *)&engine,
		    (gvdevice_features_t *)&features },
		{ 0, NULL, 0, NULL, NULL }
	};
	static const gvplugin_api_t apis[] = {
		{ API_device, (gvplugin_installed_t *)types },
		{ (api_t)0, NULL }
	};
	static const gvplugin_library_t library = { (char *)"nnviz",
		(gvplugin_api_t *)apis };

	gvAddLibrary(gvc, (gvplugin_library_t *)&library);
}
