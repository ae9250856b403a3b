/* The command line of a workload. Private to workload.c: a workload is one file and workload.c, however it is built. */
#ifndef PAGEWALK_OPTIONS_H
#define PAGEWALK_OPTIONS_H

#include "leaving.h"

/* What every workload takes. */
static struct {
    uint64_t loops, seed, describe, burn;
    double min_time;
} settings = {.seed = 1, .min_time = 0.05};

static uint64_t parse_number(const char *argument, const char *text, uint64_t least, uint64_t most)
{
    char *end;
    errno = 0;
    unsigned long long value = strtoull(text, &end, 10);
    if (*text < '0' || *text > '9' || *end || errno || value < least || value > most) {
        fprintf(stderr, "%s: expected a number from %" PRIu64 " to %" PRIu64 "\n", argument, least, most);
        exit(EXIT_USAGE);
    }
    return value;
}

static double parse_seconds(const char *argument, const char *text)
{
    char *end;
    double value = strtod(text, &end);
    if (end == text || *end || !(value > 0 && value <= 3600))
        usage(argument, "expected seconds, above 0 and up to 3600");
    return value;
}

static uint64_t parse_word(const char *argument, const char *text, const struct option *option)
{
    for (uint64_t i = 0; option->words[i]; i++)
        if (!strcmp(option->words[i], text))
            return i;
    fprintf(stderr, "%s: expected one of", argument);
    for (uint64_t i = 0; option->words[i]; i++)
        fprintf(stderr, " %s", option->words[i]);
    fputc('\n', stderr);
    exit(EXIT_USAGE);
}

/* The text after `--name=`, or NULL where the argument is another option. */
static const char *value_of(const char *argument, const char *name)
{
    size_t length = strlen(name);
    if (strncmp(argument, "--", 2) || strncmp(argument + 2, name, length) || argument[2 + length] != '=')
        return NULL;
    return argument + 3 + length;
}

static int take_common(const char *argument)
{
    const char *text;
    if ((text = value_of(argument, "loops")))
        settings.loops = parse_number(argument, text, 0, UINT64_C(1) << 40);
    else if ((text = value_of(argument, "seed")))
        settings.seed = parse_number(argument, text, 0, INT64_MAX);
    else if ((text = value_of(argument, "describe")))
        settings.describe = parse_number(argument, text, 0, 1);
    else if ((text = value_of(argument, "burn-permille")))
        settings.burn = parse_number(argument, text, 0, 1000);
    else if ((text = value_of(argument, "min-time")))
        settings.min_time = parse_seconds(argument, text);
    else
        return 0;
    return 1;
}

/* Takes one argument; `given` gets the value, so that the default is still there to be described. */
static void take(const struct workload *workload, uint64_t *given, const char *argument)
{
    if (take_common(argument))
        return;
    for (size_t i = 0; i < workload->option_count; i++) {
        const struct option *option = &workload->options[i];
        const char *text = value_of(argument, option->name);
        if (text && option->text) {
            given[i] = (uintptr_t)text;
            return;
        }
        if (text) {
            given[i] = option->words ? parse_word(argument, text, option)
                                     : parse_number(argument, text, option->least, option->most);
            return;
        }
    }
    usage(argument, "no such option; --describe=1 lists them");
}

static void describe_words(const struct option *option)
{
    printf("{\"default\": \"%s\", \"words\": [", option->words[option->value]);
    for (uint64_t i = 0; option->words[i]; i++)
        printf("%s\"%s\"", i ? ", " : "", option->words[i]);
    printf("]}");
}

static void describe(const struct workload *workload)
{
    printf("{\"workload\": \"%s\", \"options\": {", workload->name);
    for (size_t i = 0; i < workload->option_count; i++) {
        const struct option *option = &workload->options[i];
        printf("%s\"%s\": ", i ? ", " : "", option->name);
        if (option->text)
            printf("{\"default\": \"%s\", \"text\": true}", option->text);
        else if (option->words)
            describe_words(option);
        else
            printf("{\"default\": %" PRIu64 ", \"least\": %" PRIu64 ", \"most\": %" PRIu64 "}", option->value,
                   option->least, option->most);
    }
    puts("}}");
}

/* Takes the whole command line. With --describe=1 it prints the options and ends the process. */
static void take_options(const struct workload *workload, int argc, char **argv)
{
    uint64_t given[16];
    if (workload->option_count > sizeof given / sizeof *given)
        usage(workload->name, "has more options than take_options has room for");
    for (size_t i = 0; i < workload->option_count; i++)
        given[i] = workload->options[i].text ? (uintptr_t)workload->options[i].text : workload->options[i].value;
    for (int i = 1; i < argc; i++)
        take(workload, given, argv[i]);
    if (settings.describe) {
        describe(workload);
        exit(fflush(stdout) ? EXIT_OS : 0);
    }
    for (size_t i = 0; i < workload->option_count; i++)
        if (workload->options[i].text)
            workload->options[i].text = (const char *)(uintptr_t)given[i];
        else
            workload->options[i].value = given[i];
}

#endif
