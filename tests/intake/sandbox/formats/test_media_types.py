"""Hold that what a computer installs or runs is named so, by its name or its bytes."""

import pytest

from intake.sandbox.formats.inspect_format import Inspector, load_inspector
from intake.sandbox.formats.media_types import PACKAGE_NAMES
from tests.intake.sandbox import samples
from tests.samples.files import office

TEXT = "text/plain"


@pytest.fixture(scope="module")
def inspector() -> Inspector:
    return load_inspector()


@pytest.mark.parametrize(
    ("content", "name"),
    [
        *(
            (office.package({"a.txt": "Hej"}), f"a.{extension}")
            for extension in sorted(PACKAGE_NAMES)
        ),
        (office.package({"a.txt": "Hej"}), "a.GADGET . "),
        (office.package({"AppxManifest.xml": "<a/>", "[Content_Types].xml": "<a/>"}), "a.zip"),
        (office.package({"AppxMetadata/AppxBundleManifest.xml": "<a/>"}), ""),
        (office.package({"META-INF/mozilla.rsa": "", "manifest.json": "{}"}), "a.zip"),
        (office.package({"META-INF/MANIFEST.MF": ""}), "a.zip"),
        (b"Cr24\3\0\0\0\0\0\0\0" + office.package({"manifest.json": "{}"}), ""),
        (b"MSCF" + bytes(60), "a.themepack"),
        (samples.pdf(), "a.msix"),
    ],
)
def test_package_that_installs_is_named_so(inspector: Inspector, content: bytes, name: str) -> None:
    found = inspector.inspect(content, "application/octet-stream", name)

    assert (found.state, found.reason) == ("held", "program_package")


@pytest.mark.parametrize("name", ["kontor.ovpn", "profil.mobileconfig"])
def test_settings_that_a_program_runs_are_a_script(inspector: Inspector, name: str) -> None:
    found = inspector.inspect(b"client\nscript-security 2\nup calc.exe\n", TEXT, name)

    assert (found.state, found.reason) == ("held", "script_file")
