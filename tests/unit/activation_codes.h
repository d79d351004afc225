/* SPDX-License-Identifier: MIT */
/*
 * Every code that the documents on activation name, and what they say it hangs on. Sources: Troubleshoot Windows
 * activation error codes (learn.microsoft.com, 2025-01-15), the page of each code beside it, winerror.h and slerror.h
 * of the Windows SDK 10.0.26100. What stands behind a letter is in test_shipped.c. A code without a letter has no
 * finding: a copy that is not genuine, an add-on, or plain information.
 */
#ifndef AZMEND_TESTS_ACTIVATION_CODES_H
#define AZMEND_TESTS_ACTIVATION_CODES_H

static const struct activation_code {
    const char *code, *hangs_on;
} activation_codes[] = {
    {"0xC004F074", "ACDEFGHNR"}, {"0xC004F06C", "J"},    {"0xC004F038", "A"},    {"0xC004F039", "AE"},
    {"0xC004F041", "A"},         {"0xC004F042", "AB"},   {"0xC004F035", "B"},    {"0xC004F06B", "A"},
    {"0xC004F056", "S"},         {"0xC004F009", "S"},    {"0xC004F00F", "SR"},   {"0x4004F00C", "S"},
    {"0x4004F00D", "S"},         {"0xC004F010", "B"},    {"0xC004F011", "I"},    {"0xC004F012", "I"},
    {"0xC004F014", "BI"},        {"0xC004F015", "IB"},   {"0xC004F016", "B"},    {"0xC004F017", "I"},
    {"0xC004F01D", "I"},         {"0xC004F01F", "I"},    {"0xC004F025", "K"},    {"0xC004F027", "I"},
    {"0xC004F02C", "B"},         {"0xC004F034", "I"},    {"0xC004F04F", "I"},    {"0xC004F050", "B"},
    {"0xC004F051", "B"},         {"0xC004F055", ""},     {"0xC004F057", "B"},    {"0xC004F058", "B"},
    {"0xC004F059", "B"},         {"0xC004F061", "B"},    {"0xC004F062", "I"},    {"0xC004F063", "B"},
    {"0xC004F064", ""},          {"0xC004F067", ""},     {"0x4004F065", ""},     {"0x4004F068", ""},
    {"0xC004F066", "I"},         {"0xC004F069", "B"},    {"0xC004F06A", "B"},    {"0xC004F075", "R"},
    {"0xC004F07B", ""},          {"0xC004F07D", "B"},    {"0xC004F081", "T"},    {"0xC004F082", "T"},
    {"0xC004F083", "T"},         {"0xC004F200", ""},     {"0xC004F210", "B"},    {"0xC004F211", "B"},
    {"0xC004F212", "B"},         {"0xC004F213", "B"},    {"0xC004F301", "T"},    {"0xC004F302", "T"},
    {"0xC004F303", "T"},         {"0xC004F304", "T"},    {"0xC004F305", "T"},    {"0xC004F306", "T"},
    {"0xC004F307", "T"},         {"0xC004F308", "T"},    {"0xC004F309", "T"},    {"0xC004F30A", "T"},
    {"0xC004F30B", "T"},         {"0xC004F30C", "T"},    {"0xC004F30D", "T"},    {"0xC004F30E", "T"},
    {"0xC004F30F", "T"},         {"0xC004F310", "T"},    {"0xC004F311", "T"},    {"0xC004F312", "T"},
    {"0xC004F313", "T"},         {"0xC004FC07", "B"},    {"0xC004FD00", "B"},    {"0xC004FD01", "B"},
    {"0xC004FD02", "B"},         {"0xC004FD03", "B"},    {"0xC004FD04", "B"},    {"0xC004FE00", "I"},
    {"0xC004E002", "I"},         {"0xC004E003", "I"},    {"0xC004E007", "I"},    {"0xC004E008", "I"},
    {"0xC004E009", "I"},         {"0xC004E00A", "I"},    {"0xC004E00B", "I"},    {"0xC004E00C", "I"},
    {"0xC004E00D", "I"},         {"0xC004E00E", "I"},    {"0xC004E00F", "I"},    {"0xC004E010", "I"},
    {"0xC004E011", "I"},         {"0xC004E012", "R"},    {"0xC004E013", "R"},    {"0xC004E014", "I"},
    {"0xC004E015", "I"},         {"0xC004E016", "I"},    {"0xC004E017", "I"},    {"0xC004E022", "I"},
    {"0xC004E027", "I"},         {"0xC004E028", "R"},    {"0x8004E101", "I"},    {"0x8004E102", "I"},
    {"0x8004E103", "I"},         {"0x8004E104", "I"},    {"0x8004E105", "I"},    {"0x8004E106", "I"},
    {"0x8004E107", "I"},         {"0x8004E108", "I"},    {"0x8004E109", "I"},    {"0x8004E10A", "I"},
    {"0x8004E10B", "I"},         {"0x8004E10C", "I"},    {"0x8004E10D", "I"},    {"0x8004E10E", "I"},
    {"0xC004D301", "I"},         {"0xC004D302", "S"},    {"0xC004D303", "S"},    {"0xC004D307", ""},
    {"0xC004D309", "I"},         {"0xC004D314", "L"},    {"0x8004D102", "J"},    {"0xC004D401", ""},
    {"0xC004D402", ""},          {"0xC004D501", ""},     {"0xC004B100", "B"},    {"0xC004C001", "B"},
    {"0xC004C003", "B"},         {"0xC004C008", "B"},    {"0xC004C020", "B"},    {"0xC004C021", "B"},
    {"0xC004C017", "B"},         {"0x8004FE21", ""},     {"0x80070005", "K"},    {"0x8007000D", "I"},
    {"0x8007007B", "AC"},        {"0x80070057", "A"},    {"0x80070426", "KR"},   {"0x80070490", "B"},
    {"0x800705B4", "CER"},       {"0x800706BA", "DEFR"}, {"0x8007139F", "DEFR"}, {"0xC0020017", "DEFR"},
    {"0x8007232A", "CR"},        {"0x8007232B", "C"},    {"0x8007251D", "C"},    {"0x80092328", "C"},
    {"0x80072EE2", ""},          {"0x80072EE7", ""},     {"0x80004005", "HR"},   {"0x803F7001", "B"},
    {"0x87E10BC6", "BR"},        {"0x4004F040", ""},
};

#endif
