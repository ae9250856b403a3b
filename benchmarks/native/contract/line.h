/* One line of text at a time, put together without stdio and written at once: for signal handlers. */
#ifndef PAGEWALK_LINE_H
#define PAGEWALK_LINE_H

#include <stdint.h>
#include <unistd.h>

static struct {
    char text[2048];
    size_t length;
} line;

static void line_byte(char byte)
{
    if (line.length < sizeof line.text)
        line.text[line.length++] = byte;
}

static void line_text(const char *text)
{
    while (*text)
        line_byte(*text++);
}

static void line_number(uint64_t number, unsigned base)
{
    char digits[24];
    int count = 0;
    do {
        digits[count++] = "0123456789abcdef"[number % base];
    } while (number /= base);
    while (count)
        line_byte(digits[--count]);
}

/* A name with its comma and colon, and an address as JSON text. */
static void line_address(const char *name, uint64_t address)
{
    line_text(name);
    line_text("\"0x");
    line_number(address, 16);
    line_byte('"');
}

/* Text that somebody else chose, as what stands between the quotes of a JSON string. */
static void line_escaped(const char *text)
{
    for (; *text; text++) {
        unsigned char byte = (unsigned char)*text;
        if (byte >= ' ' && byte < 0x7f && byte != '"' && byte != '\\') {
            line_byte((char)byte);
        } else {
            line_text("\\u00");
            line_byte("0123456789abcdef"[byte >> 4]);
            line_byte("0123456789abcdef"[byte & 15]);
        }
    }
}

static void line_begin(const char *text)
{
    line.length = 0;
    line_text(text);
}

/* What does not fit is not told: half a line would be a lie. */
static void line_end(const char *text)
{
    line_text(text);
    if (line.length < sizeof line.text)
        (void)!write(STDOUT_FILENO, line.text, line.length);
}

#endif
