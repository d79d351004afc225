/* SPDX-License-Identifier: MIT */
/*
 * A stand-in for a program that a command line starts: prints standin.txt of the current folder, where a test has put
 * what the program is documented to print, or else its own arguments; ends with the exit code in AZMEND_STANDIN_EXIT.
 * Stands for certutil.exe, which does nothing under Wine, and for azmend.exe where only the script around it is meant.
 */
#include <stdio.h>
#include <stdlib.h>

static void print_arguments(int count, char **arguments)
{
    for (int i = 1; i < count; i++) {
        printf("%s%s", i > 1 ? " " : "", arguments[i]);
    }
    putchar('\n');
}

static void print_file(FILE *file)
{
    for (int byte = getc(file); byte != EOF; byte = getc(file)) {
        putchar(byte);
    }
    (void)fclose(file);
}

int main(int count, char **arguments)
{
    FILE *file = fopen("standin.txt", "r");
    const char *code = getenv("AZMEND_STANDIN_EXIT");
    if (file != NULL) {
        print_file(file);
    } else {
        print_arguments(count, arguments);
    }
    return code != NULL ? (int)strtol(code, NULL, 10) : 0;
}
