/* Reads the process's own maps, smaps and pagemap without stdio or malloc: for signal handlers, and for those who must
   not disturb what they look at. Format: proc_pid_maps(5), proc_pid_smaps(5), proc_pid_pagemap(5). */
#ifndef PAGEWALK_MAPS_H
#define PAGEWALK_MAPS_H

#include <fcntl.h>
#include <stdint.h>
#include <unistd.h>

static struct {
    int file;
    size_t length, at;
    char bytes[4096];
    char text[1024];
} reader;

static int open_lines(const char *path)
{
    reader.length = reader.at = 0;
    return reader.file = open(path, O_RDONLY);
}

static int next_byte(void)
{
    if (reader.at == reader.length) {
        ssize_t length = read(reader.file, reader.bytes, sizeof reader.bytes);
        reader.at = 0;
        reader.length = length > 0 ? (size_t)length : 0;
    }
    return reader.at < reader.length ? (unsigned char)reader.bytes[reader.at++] : -1;
}

/* The next line, cut where it is longer than we have room for; NULL at the end. */
static const char *next_line(void)
{
    size_t length = 0;
    int byte = next_byte();
    if (byte < 0)
        return NULL;
    for (; byte >= 0 && byte != '\n'; byte = next_byte())
        if (length < sizeof reader.text - 1)
            reader.text[length++] = (char)byte;
    reader.text[length] = '\0';
    return reader.text;
}

static uint64_t parse_hex(const char **text)
{
    uint64_t value = 0;
    for (;; ++*text) {
        char c = **text;
        if (c >= '0' && c <= '9')
            value = value << 4 | (uint64_t)(c - '0');
        else if (c >= 'a' && c <= 'f')
            value = value << 4 | (uint64_t)(c - 'a' + 10);
        else
            return value;
    }
}

/* Whether a line of maps or smaps is the head of the mapping that holds `address`. */
static int is_mapping_of(const char *text, uint64_t address)
{
    uint64_t begin = parse_hex(&text);
    if (*text++ != '-')
        return 0;
    uint64_t end = parse_hex(&text);
    return *text == ' ' && begin <= address && address < end;
}

/* The entry of one page in /proc/self/pagemap; 0 in *known where it cannot be read. */
static uint64_t pagemap_entry(uintptr_t address, int *known)
{
    uint64_t entry = 0;
    int file = open("/proc/self/pagemap", O_RDONLY);
    off_t at = (off_t)(address / (uintptr_t)sysconf(_SC_PAGESIZE) * sizeof entry);
    *known = file >= 0 && pread(file, &entry, sizeof entry, at) == sizeof entry;
    if (file >= 0)
        close(file);
    return entry;
}

/* The kB after a name of smaps, as `AnonHugePages:     2048 kB`; 0 where it says none. */
static uint64_t kilobytes(const char *text)
{
    uint64_t value = 0;
    for (; *text; text++)
        if (*text >= '0' && *text <= '9')
            value = value * 10 + (uint64_t)(*text - '0');
    return value;
}

#endif
