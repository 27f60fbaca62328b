"""Who stands for a region, on the pages where somebody must know whom to call."""

from intake.core.services import Services
from intake.senders.register import add_sender
from tests.portal import samples
from tests.portal.conftest import SignIn
from tests.portal.correspondence.links import case_reference


def test_officers_and_administration_see_who_stands_for_a_region_or_that_nobody_does(
    services: Services, signed_in: SignIn
) -> None:
    seeded = samples.seed(services)
    case = case_reference(services, seeded.submission_id)
    officer, admin = signed_in("INTAKE"), signed_in("ADMIN")
    pages = (f"/submissions/{seeded.reference}", f"/cases/{case}")
    vacant = [officer.get(path).text for path in pages] + [admin.get("/admin/senders").text]

    add_sender(services, "t", "main@region.example", "VAST", name="<b>Main", phone="+46 8 12 34")
    add_sender(
        services, "t", "dep@region.example", "VAST", name="Dep", deputy_for="main@region.example"
    )
    staffed = [officer.get(path).text for path in pages]

    for page in vacant:
        assert "Vacant: nobody is active here." in page
        assert "020-39 00 00" in page
    for page in staffed:
        assert "Vacant" not in page
        assert "&lt;b&gt;Main" in page
        assert '<bdi>Dep</bdi> <span class="also">deputy</span>' in page
        assert "+46 8 12 34" in page
    assert admin.get("/admin/senders").text.count("Vacant") == 6
