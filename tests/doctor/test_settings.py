import pytest

from workbook.doctor import Status, settings

CANARY = "canary-0f3a"


@pytest.mark.parametrize(
    ("variables", "status"),
    [
        ({}, Status.OK),
        ({"HTTP_PROXY": ""}, Status.OK),
        ({"HTTP_PROXY": CANARY}, Status.WARNING),
        ({"https_proxy": CANARY, "no_proxy": "example.org"}, Status.WARNING),
        ({"ALL_PROXY": CANARY, "NO_PROXY": "localhost, 127.0.0.1"}, Status.OK),
        ({"HTTPS_PROXY": CANARY, "no_proxy": "127.0.0.0/8"}, Status.OK),
        ({"HTTPS_PROXY": CANARY, "no_proxy": "*"}, Status.OK),
    ],
)
def test_proxies(make_place, variables, status) -> None:
    finding = settings.check_proxies(make_place(variables=variables))
    assert finding.status is status
    assert CANARY not in str(finding), "a proxy's address may hold a password"


def test_no_credentials(make_place) -> None:
    assert settings.check_credentials(make_place()).message == "none of yours are here, and none are needed"


def test_settings_that_are_no_credentials_are_named_without_alarm(make_place) -> None:
    finding = settings.check_credentials(make_place(variables={"AWS_PAGER": CANARY, "AWS_REGION": CANARY}))
    assert finding.status is Status.OK
    assert "AWS_PAGER, AWS_REGION" in finding.message
    assert CANARY not in str(finding)


def test_credentials_are_named_and_their_values_never_shown(make_place, tmp_path) -> None:
    (tmp_path / "home" / ".aws").mkdir(parents=True)
    (tmp_path / "home" / ".aws" / "credentials").write_text(f"[default]\naws_secret_access_key = {CANARY}\n")
    names = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE")
    place = make_place(variables=dict.fromkeys(names, CANARY))
    finding = settings.check_credentials(place)
    assert finding.status is Status.WARNING
    assert all(name in finding.message for name in (*names, "~/.aws/credentials"))
    assert "never see them" in finding.message
    assert "lab run" in finding.cure
    assert CANARY not in str(finding)
    assert CANARY not in repr(place)
