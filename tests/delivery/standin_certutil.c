/* SPDX-License-Identifier: MIT */
/*
 * A stand-in for certutil.exe, which does nothing under Wine: prints the file certutil.txt of the current folder, where
 * the test has put what certutil -hashfile is documented to print. Proves only how a command line reads it.
 */
#include <stdio.h>

int main(void)
{
    FILE *file = fopen("certutil.txt", "r");
    int byte = EOF;
    if (file == NULL) {
        return 1;
    }
    while ((byte = getc(file)) != EOF) {
        putchar(byte);
    }
    return fclose(file) != 0;
}
