// Built-in rules. The first is the industry's harmless test string, in hex so that
// this file is not itself reported by a scanner.
//
// The tag `malware` is for what no honest document ever is or holds. The tag `suspicious` is for
// what an honest one may hold: it is a reason to hold a document for a person, never a verdict.

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

rule mac_program : malware
{
    meta:
        description = "A macOS program sent as a document"
    condition:
        uint32(0) == 0xFEEDFACE or uint32(0) == 0xFEEDFACF
}

rule program_inside : malware
{
    meta:
        description = "A whole Windows program inside another file: an object, an attachment, an end"
    strings:
        $stub = "This program cannot be run in DOS mode"
    condition:
        uint16(0) != 0x5A4D and #stub < 1000 and for any i in (1..#stub) : (
            @stub[i] >= 0x4E
            and uint16(@stub[i] - 0x4E) == 0x5A4D
            and uint32(@stub[i] - 0x12) < 0x1000
            and uint32(@stub[i] - 0x4E + uint32(@stub[i] - 0x12)) == 0x00004550
        )
}

rule program_inside_rtf : malware
{
    meta:
        description = "A Windows program in an object of an RTF document, in hexadecimal"
    strings:
        $head = /4d\s{0,4}5a\s{0,4}9\s{0,4}0\s{0,4}00\s{0,4}03\s{0,4}00\s{0,4}00\s{0,4}00\s{0,4}04\s{0,4}00\s{0,4}00\s{0,4}00\s{0,4}ff\s{0,4}ff/ nocase
    condition:
        uint32(0) == 0x74725C7B and $head
}

rule shortcut : malware
{
    meta:
        description = "A Windows shortcut sent as a document: it runs what it points to"
    condition:
        uint32(0) == 0x0000004C and uint32(4) == 0x00021401 and uint32be(12) == 0xC0000000
}

rule html_application : malware
{
    meta:
        description = "An HTML application (HTA): a page that runs as a program"
    strings:
        $tag = "<hta:application" nocase
    condition:
        $tag in (0..65536) and not uint32be(0) == 0x25504446
}

rule installer : malware
{
    meta:
        description = "A Windows installer package (MSI) sent as a document"
    strings:
        $class = { 84 10 0C 00 00 00 00 00 C0 00 00 00 00 00 00 46 }
    condition:
        uint32be(0) == 0xD0CF11E0 and $class
}

rule onenote_with_script : malware
{
    meta:
        description = "A OneNote section that carries a script or a program"
    strings:
        $file = { E7 16 E3 BD 65 26 11 45 A4 C4 8D 4D 0B 7A 9E AC }
        $a = "WScript.Shell" nocase ascii wide
        $b = "powershell" nocase ascii wide
        $c = "<hta:" nocase
        $d = "<script" nocase
        $e = "@echo off" nocase
        $f = "This program cannot be run in DOS mode"
    condition:
        uint32be(0) == 0xE4525C7B and uint32be(4) == 0x8CD8A74D and $file and 1 of ($a, $b, $c, $d, $e, $f)
}

rule onenote_section : suspicious
{
    meta:
        description = "A OneNote section: no safe copy can be made, and it may carry any file"
    condition:
        uint32be(0) == 0xE4525C7B and uint32be(4) == 0x8CD8A74D
}

rule shortcut_inside : suspicious
{
    meta:
        description = "A Windows shortcut inside another file"
    strings:
        $head = { 4C 00 00 00 01 14 02 00 00 00 00 00 C0 00 00 00 00 00 00 46 }
    condition:
        $head and @head[1] > 0
}

rule disk_image : suspicious
{
    meta:
        description = "A disk image (ISO, VHD, VHDX, DMG): its content escapes the mark of the web"
    condition:
        (uint32be(0x8001) == 0x43443030 and uint8(0x8005) == 0x31)
        or (uint32be(0) == 0x636F6E65 and uint32be(4) == 0x63746978)
        or (uint32be(0) == 0x76686478 and uint32be(4) == 0x66696C65)
        or (filesize > 512 and uint32be(filesize - 512) == 0x636F6E65)
        or (filesize > 512 and uint32be(filesize - 512) == 0x6B6F6C79)
}

rule script_runs_program : suspicious
{
    meta:
        description = "Words of a script that starts programs"
    strings:
        $shell = "WScript.Shell" nocase ascii wide
        $application = "Shell.Application" nocase ascii wide
        $create = "CreateObject" nocase ascii wide
        $active = "ActiveXObject" nocase ascii wide
    condition:
        ($shell or $application) and ($create or $active)
}

rule powershell_command : suspicious
{
    meta:
        description = "A hidden, encoded or downloading PowerShell command"
    strings:
        $name = /powershell(\.exe)?["']?\s/ nocase ascii wide
        $encoded = /-e(nc|ncodedcommand|c)?\s+[A-Za-z0-9+\/=]{40}/ nocase ascii wide
        $hidden = /-w(in|indowstyle)?\s+(hidden|1)\b/ nocase ascii wide
        $download = /(DownloadString|DownloadFile|Invoke-WebRequest|FromBase64String)/ nocase ascii wide
    condition:
        $name and 1 of ($encoded, $hidden, $download)
}

rule macro_runs_by_itself : suspicious
{
    meta:
        description = "Words of a macro that runs when the document is opened and starts a program"
    strings:
        $auto = /\b(auto_?open|auto_?exec|document_open|workbook_open)\b/ nocase ascii wide
        $run = /\b(shell|wscript\.shell|shellexecute|urldownloadtofile|createobject)\b/ nocase ascii wide
    condition:
        uint32be(0) == 0xD0CF11E0 and $auto and $run
}

rule equation_object_in_rtf : suspicious
{
    meta:
        description = "An object of the retired equation editor in RTF (CVE-2017-11882)"
    strings:
        $name = "4571756174696f6e2e33" nocase
        $class = "02ce020000000000c000000000000046" nocase
    condition:
        uint32(0) == 0x74725C7B and 1 of ($name, $class)
}

rule handler_of_diagnostics : suspicious
{
    meta:
        description = "A link that starts Windows' diagnostics or search (CVE-2022-30190)"
    strings:
        $diagnostics = /ms-msdt:\/?(id|-id)/ nocase ascii wide
        $search = "search-ms:query" nocase ascii wide
    condition:
        1 of ($diagnostics, $search)
}

rule help_file : suspicious
{
    meta:
        description = "A compiled help file (CHM): it runs scripts"
    condition:
        uint32be(0) == 0x49545346
}

rule java_program : suspicious
{
    meta:
        description = "A Java class or archive"
    strings:
        $manifest = "META-INF/MANIFEST.MF"
    condition:
        uint32be(0) == 0xCAFEBABE or (uint32be(0) == 0x504B0304 and $manifest in (0..4096))
}

rule batch_file : suspicious
{
    meta:
        description = "A batch file by its first line"
    strings:
        $echo = "@echo off" nocase
    condition:
        $echo in (0..64)
}
