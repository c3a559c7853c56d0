"""What looks secret is found, by file and line; what only looks like it is not. No real secret stands here: each is
put together where it is used, so that scanners of other people's find none in this file."""

import io
import random
import string
import zipfile

import pytest

from workbook.submissions.secret import KINDS, find_secrets

RANDOM = random.Random(7)


def some(count: int, letters: str = string.ascii_letters + string.digits) -> str:
    return "".join(RANDOM.choices(letters, k=count))


BASE32 = string.ascii_uppercase + "234567"
BASE64 = string.ascii_letters + string.digits + "+/"
BEGIN = "-----BEGIN " + "{}PRIVATE KEY-----"
SECRETS = {
    "an AWS access key": [f'KEY = "AKIA{some(16, BASE32)}"', f"ASIA{some(16, BASE32)}"],
    "an AWS secret access key": [
        f'aws_secret_access_key = "{some(40, BASE64)}"',
        f"boto3.client('s3', aws_secret_access_key='{some(40, BASE64)}')",
        f'os.environ["AWS_SECRET_ACCESS_KEY"] = "{some(40, BASE64)}"',
        f'{{"AWS_SECRET_ACCESS_KEY": "{some(40, BASE64)}"}}',
        f'os.environ.setdefault("AWS_SECRET_ACCESS_KEY", "{some(40, BASE64)}")',
    ],
    "an AWS session token": [f'AWS_SESSION_TOKEN="{some(300, BASE64)}=="'],
    "a private key": [
        f"{BEGIN.format('RSA ')}\n{some(64, BASE64)}\n",
        f"{BEGIN.format('')}\r\n{some(64, BASE64)}",
        f'key = "{BEGIN.format("EC ")}\\n{some(64, BASE64)}\\n"',
        f"{BEGIN.format('RSA ')}\nProc-Type: 4,ENCRYPTED\n",
        f'key = ("{BEGIN.format("OPENSSH ")}\\n"\n       "{some(64, BASE64)}\\n")',
    ],
    "a GitHub token": [f"ghp_{some(36)}", f"github_pat_{some(22)}_{some(59)}"],
    "a GitLab token": [f"glpat-{some(20)}"],
    "a Slack token": [f"xoxb-{some(12, string.digits)}-{some(12, string.digits)}-{some(24)}"],
    "a Google API key": [f"AIza{some(35)}"],
    "a Stripe key": [f"sk_live_{some(24)}"],
    "a PyPI token": [f"pypi-AgEIcHlwaS5vcmc{some(60)}"],
}

HARMLESS = [
    'KEY = "AKIAIOSFODNN7EXAMPLE"',
    "aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    'os.environ["AWS_SECRET_ACCESS_KEY"]',
    "aws_secret_access_key=os.environ.get('A_VERY_LONG_NAME_OF_A_VARIABLE_INDEED')",
    'if line.startswith("' + BEGIN.format("") + '"):',
    "-----BEGIN " + "PUBLIC KEY-----\n" + some(64, BASE64),
    "-----BEGIN " + "CERTIFICATE-----\n" + some(64, BASE64),
    f'sha256 = "{some(64, "0123456789abcdef")}"',
    f"commit {some(40, '0123456789abcdef')}",
    "arn:aws:iam::123456789012:role/harbour-collector",
    f"MAKIA{some(16, BASE32)}",
    'password = "correct horse battery staple"',
    "sk_test_" + some(24),
]


def test_every_kind_is_tried() -> None:
    assert SECRETS.keys() == KINDS.keys()


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in SECRETS.items() for text in texts])
def test_a_secret_is_found_on_its_line(kind: str, text: str) -> None:
    found = list(find_secrets("policy.json", f"one\ntwo\n  {text}\nfour\n".encode()))
    assert [(secret.place, secret.kind) for secret in found] == [("policy.json, line 3", kind)]


@pytest.mark.parametrize("text", HARMLESS)
def test_what_is_no_secret_is_left_alone(text: str) -> None:
    assert list(find_secrets("lambda_function.py", f"{text}\n".encode())) == []


def pack(**files: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name.replace("__", "."), text)
    return stream.getvalue()


def test_a_zip_is_looked_into() -> None:
    data = pack(lambda_function__py=SECRETS["an AWS access key"][0], __env="A=b", readme__txt="nothing")
    places = [secret.place for secret in find_secrets("lambda_deploy.zip", data)]
    assert places == ["lambda_function.py, line 1 in lambda_deploy.zip", ".env in lambda_deploy.zip"]


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"no zip: "])
def test_a_zip_that_is_none_is_read_as_it_is(data: bytes) -> None:
    [found] = find_secrets("lambda_deploy.zip", data + SECRETS["a GitHub token"][0].encode())
    assert found.kind == "a GitHub token"
