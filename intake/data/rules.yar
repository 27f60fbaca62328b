// Built-in rules. The first is the industry's harmless test string, in hex so that
// this file is not itself reported by a scanner.

rule eicar_test_file : malware
{
    meta:
        description = "EICAR test string (eicar.org), whole or inside other bytes"
    strings:
        $text = { 58 35 4F 21 50 25 40 41 50 5B 34 5C 50 5A 58 35 34 28 50 5E 29 37 43 43 29 37 7D 24 45 49 43 41 52 2D 53 54 41 4E 44 41 52 44 2D 41 4E 54 49 56 49 52 55 53 2D 54 45 53 54 2D 46 49 4C 45 21 24 48 2B 48 2A }
    condition:
        $text
}

rule windows_program : malware
{
    meta:
        description = "A Windows program sent as a document"
    strings:
        $pe = { 50 45 00 00 }
    condition:
        uint16(0) == 0x5A4D and for any i in (1..#pe) : (@pe[i] == uint32(0x3C))
}

rule linux_program : malware
{
    meta:
        description = "An ELF program sent as a document"
    condition:
        uint32(0) == 0x464C457F
}
