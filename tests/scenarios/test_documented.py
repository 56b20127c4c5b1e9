"""The example of the document on case files is a case file that passes, and the document knows every key."""

import re
from io import StringIO
from pathlib import Path

from gateway.cases import PASSED, run
from tests.support.house import ROOT

DOCUMENT = ROOT / "docs" / "cases.md"
KEYS = """
purposes categories recipients attributes register law notices cases key parent us_operations gpc_objects since moved
sensitivity art9 us_sensitive raw_sensor bystander life_event emotion id group third_party region category kind origin
rungs channels safety exposed intrusion derived_from masks recipient purpose operation basis retention_days jurisdiction
regime category_class age_band recipient_region max_age_days min_assurance guardian art9_ground in_force_from source
effective_from version catalogue_version cells material name request expect subject devices records jurisdictions
standing levels notices_served linked attested shared at from until scope cap notice explicit names assurance given_by
given_on answers_signal party channel device session operations audience occupancy visibility place place_jurisdiction
controller_region signals token fidelity reasons next_action evidence valid_until
"""


def test_the_documented_example_passes(tmp_path: Path) -> None:
    example = re.search(r"^```yaml\n(.*?)^```", DOCUMENT.read_text(), re.MULTILINE | re.DOTALL)
    assert example is not None
    file = tmp_path / "example.yaml"
    file.write_text(example[1])
    out, err = StringIO(), StringIO()

    code = run([file], as_json=False, out=out, err=err)

    assert (code, err.getvalue()) == (PASSED, ""), out.getvalue()


def test_every_key_of_a_case_file_is_documented() -> None:
    words = set(re.findall(r"\w+", DOCUMENT.read_text()))
    assert [key for key in KEYS.split() if key not in words] == []
