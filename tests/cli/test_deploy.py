"""`lab deploy` and `lab verify` as a student types them, against the local cloud by its address alone."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from workbook.cloud import Cloud
from workbook.cloud.permissions import Policy
from workbook.course.labs import Lab
from workbook.deploy import schedule

SECRET = "a-secret-that-nobody-sees"
KEY = "wJalrXUtnFEMI-not-a-real-one"
FUNCTION = f"""
name = "harbour-collector"
schedule = {{expression = "rate(1 hour)"}}
[function.environment]
BUCKET_NAME = "workbook-readings"
API_KEY = "{SECRET}"
[cloud]
buckets = ["workbook-readings"]
"""
SUITE = '''
import pytest


@pytest.mark.task(1, points=4)
def test_stores(function, bucket):
    """stores a reading"""
    assert function.invoke({}).error is None
'''
STARTER = """
import os
import boto3


def lambda_handler(event, context):
    boto3.client("s3").put_object(Bucket=os.environ["BUCKET_NAME"], Key="readings/a.json", Body=b"{}")
"""
ALL = ("bucket", "role", "log group", "function", "rule", "permission")

Call = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def user() -> Policy:
    """What the user may do who comes by the function's door."""
    return Policy(_deny("iam:CreateRole"))


@pytest.fixture(scope="module")
def shared_cloud(user: Policy) -> Iterator[Cloud]:
    services = ("s3", "iam", "lambda", "events", "scheduler", "logs", "sts")
    with Cloud(services=services, policy=user, validate_schedule=schedule.check) as opened:
        opened.gate.open()
        yield opened


@pytest.fixture
def cloud(shared_cloud: Cloud) -> Cloud:
    shared_cloud.reset()
    return shared_cloud


@pytest.fixture
def call(tmp_path: Path, cloud: Cloud) -> Call:
    """Runs `lab ARGUMENTS` with dummy credentials and the local cloud's address; a variable None unsets it."""

    def run(*arguments: str, stdin: str = "", **variables: str | None) -> subprocess.CompletedProcess[str]:
        own = {key: value for key, value in os.environ.items() if not key.startswith(("AWS_", "WORKBOOK_"))}
        given: dict[str, str | None] = {
            **own,
            "AWS_ENDPOINT_URL": cloud.bench_endpoint,
            "AWS_ACCESS_KEY_ID": "AKIADUMMY00000000000",
            "AWS_SECRET_ACCESS_KEY": KEY,
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_CONFIG_FILE": str(tmp_path / "none"),
            "AWS_SHARED_CREDENTIALS_FILE": str(tmp_path / "none"),
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_MAX_ATTEMPTS": "1",
            **variables,
        }
        done = subprocess.run(
            [sys.executable, "-m", "workbook", *arguments],
            cwd=tmp_path / "course",
            env={key: value for key, value in given.items() if value is not None},
            input=stdin,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
        for output in (done.stdout, done.stderr):
            assert SECRET not in output
            assert KEY not in output
            assert "Traceback" not in output
        return done

    return run


@pytest.fixture(autouse=True)
def lab(make_lab: Callable[..., Lab]) -> Lab:
    return make_lab(SUITE, starter=STARTER, top="budget = 200", function=FUNCTION, name="09_capstone")


def _deny(*actions: str) -> dict[str, object]:
    allow = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    return {
        "Version": "2012-10-17",
        "Statement": [allow, {"Effect": "Deny", "Action": list(actions), "Resource": "*"}],
    }


def test_deployed_verified_deployed_again_and_removed(call, cloud) -> None:
    first = call("deploy", "9", "--yes")
    assert first.returncode == 0
    for kind in ALL:
        assert f"+ create    {kind}" in first.stdout
        assert f"created  {kind}" in first.stdout
    assert "variables API_KEY, BUCKET_NAME" in first.stdout
    assert "Cost of Lambda at most: $" in first.stdout
    assert "(a local cloud)" in first.stdout
    found = call("verify")
    assert found.returncode == 0
    assert "8 in order, 0 not, 1 could not be checked" in found.stdout
    assert "s3:PutObject" in found.stdout
    again = call("deploy", "9")
    assert again.returncode == 0
    assert "Nothing to do: everything is there" in again.stdout
    assert again.stdout.count("= keep") == len(ALL)
    removed = call("deploy", "9", "--remove", "--yes")
    assert removed.returncode == 0
    assert removed.stdout.count("removed  ") == len(ALL)
    assert cloud.client("lambda").list_functions()["Functions"] == []
    assert cloud.client("s3").list_buckets()["Buckets"] == []
    after = call("deploy", "9", "--remove", "--yes")
    assert (after.returncode, "Nothing to do." in after.stdout) == (0, True)


def test_with_nobody_to_ask_nothing_is_done(call, cloud) -> None:
    done = call("deploy", "9", stdin="y\n")
    assert done.returncode == 2
    assert "--yes" in done.stderr
    assert "+ create    function" in done.stdout
    assert cloud.client("lambda").list_functions()["Functions"] == []


@pytest.mark.skipif(sys.platform == "win32", reason="a terminal is made with a POSIX call")
@pytest.mark.parametrize(("answer", "code", "functions"), [("n", 1, 0), ("y", 0, 1)])
def test_at_a_terminal_it_asks(call, cloud, tmp_path, answer, code, functions) -> None:
    import pty

    leader, follower = pty.openpty()
    os.write(leader, f"{answer}\n".encode())
    environment = {
        "AWS_ENDPOINT_URL": cloud.bench_endpoint, "AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x",
        "AWS_DEFAULT_REGION": "us-east-1", "AWS_CONFIG_FILE": "/dev/null", "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-m", "workbook", "deploy", "9"],
        cwd=tmp_path / "course", env={**os.environ, **environment}, stdin=follower, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    os.close(leader)
    os.close(follower)
    assert "Do it?" in done.stdout
    assert done.returncode == code
    assert len(cloud.client("lambda").list_functions()["Functions"]) == functions


def test_a_variable_may_be_given_and_its_bucket_follows(call, cloud) -> None:
    given = ("--env", "BUCKET_NAME=my-readings", "--env", "STATION", "--env", "API_KEY=")
    done = call("deploy", "9", "--yes", *given, STATION="north-quay")
    assert done.returncode == 0
    assert "north-quay" not in done.stdout
    found = cloud.client("lambda").get_function_configuration(FunctionName="harbour-collector")
    assert found["Environment"]["Variables"] == {"BUCKET_NAME": "my-readings", "STATION": "north-quay"}
    assert [bucket["Name"] for bucket in cloud.client("s3").list_buckets()["Buckets"]] == ["my-readings"]
    report = call("verify", "9")
    assert report.returncode == 1
    assert "not set, or blank: API_KEY" in report.stdout
    assert "s3:PutObject" in report.stdout
    assert call("deploy", "9", "--remove", "--yes").returncode == 0
    assert cloud.client("s3").list_buckets()["Buckets"] == []


def test_a_bucket_with_objects_stays_and_is_told(call, cloud) -> None:
    call("deploy", "9", "--yes")
    cloud.client("s3").put_object(Bucket="workbook-readings", Key="readings/a.json", Body=b"{}")
    done = call("deploy", "9", "--remove", "--yes")
    assert done.returncode == 1
    assert "holds objects" in done.stdout
    assert cloud.client("s3").list_objects_v2(Bucket="workbook-readings")["KeyCount"] == 1
    cloud.client("s3").delete_object(Bucket="workbook-readings", Key="readings/a.json")
    assert call("deploy", "9", "--remove", "--yes").returncode == 0
    assert cloud.client("s3").list_buckets()["Buckets"] == []


def test_what_the_workbook_did_not_make_is_not_touched(call, cloud) -> None:
    cloud.client("events").put_rule(Name="harbour-collector-schedule", ScheduleExpression="rate(3 hours)")
    done = call("deploy", "9", "--yes")
    assert done.returncode == 1
    assert "! conflict  rule" in done.stdout
    assert "Nothing was done." in done.stderr
    assert cloud.client("lambda").list_functions()["Functions"] == []
    assert call("deploy", "9", "--remove", "--yes").returncode == 0
    assert (
        cloud.client("events").describe_rule(Name="harbour-collector-schedule")["ScheduleExpression"] == "rate(3 hours)"
    )


def test_a_class_account_that_forbids_roles_is_told_of_role(call, cloud) -> None:
    done = call("deploy", "9", "--yes", AWS_ENDPOINT_URL=cloud.function_endpoint)
    assert done.returncode == 3
    assert "Stopped at the role harbour-collector-role: 1 of 6 steps are done" in done.stderr
    assert "needs the permission iam:CreateRole" in done.stderr
    assert "--role ARN" in done.stderr
    role = cloud.client("iam").create_role(RoleName="LabRole", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    again = call("deploy", "9", "--yes", "--role", role, AWS_ENDPOINT_URL=cloud.function_endpoint)
    assert again.returncode == 0
    assert "role  " not in again.stdout


def _refuse(httpserver, code: str, status: int = 403) -> str:
    error = f"<Error><Type>Sender</Type><Code>{code}</Code><Message>x-amz-security-token:{SECRET}</Message></Error>"
    httpserver.expect_request("/").respond_with_data(f"<ErrorResponse>{error}</ErrorResponse>", status=status)
    return str(httpserver.url_for("/"))


@pytest.mark.parametrize("verb", ["deploy", "verify"])
@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ({"AWS_ACCESS_KEY_ID": None, "AWS_SECRET_ACCESS_KEY": None}, "No AWS credentials are here"),
        ({"AWS_DEFAULT_REGION": None}, "No AWS region is set"),
        ({"AWS_PROFILE": "prod"}, "prod"),
        ({"AWS_SECRET_ACCESS_KEY": None}, "AWS"),
        ({"AWS_ENDPOINT_URL": "http://127.0.0.1:9"}, "does not answer"),
        ({"AWS_ENDPOINT_URL": "nonsense"}, "not usable"),
    ],
)
def test_without_a_usable_account_it_says_so(call, verb, variables, words) -> None:
    done = call(verb, "9", **variables)
    assert done.returncode == 3
    assert words in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize(
    ("code", "status", "words"),
    [
        ("ExpiredToken", 403, "have expired"),
        ("InvalidClientTokenId", 403, "does not take these credentials"),
        ("SignatureDoesNotMatch", 403, "does not take these credentials"),
        ("Throttling", 400, "slow down"),
    ],
)
def test_what_aws_says_of_the_credentials_is_a_clear_line(call, httpserver, code, status, words) -> None:
    done = call("verify", "9", AWS_ENDPOINT_URL=_refuse(httpserver, code, status))
    assert done.returncode == 3
    assert words in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_code_that_cannot_be_packed_or_a_wrong_variable_is_refused(call, lab) -> None:
    assert call("deploy", "9", "--env", "AWS_REGION=x").returncode == 1
    (lab.folder / "lambda_function.py").write_text("def other(): pass\n")
    done = call("deploy", "9")
    assert done.returncode == 1
    assert "defines no lambda_handler" in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("deploy", "9", "--remove", "--solution"),
        ("deploy", "9", "--code", "absent"),
        ("deploy", "9", "--env", "=x"),
        ("deploy", "9", "--env", "NOT_IN_THE_SHELL"),
        ("deploy", "9", "--solution", "--code", "."),
        ("verify", "9", "--solution", "--code", "."),
    ],
)
def test_wrong_usage_is_told(call, arguments) -> None:
    assert call(*arguments).returncode == 2


def test_a_crossed_item_makes_the_exit_code_1(call, cloud) -> None:
    call("deploy", "9", "--yes", "--solution")
    cloud.client("events").disable_rule(Name="harbour-collector-schedule")
    done = call("verify", "harbour-collector", "--solution")
    assert done.returncode == 1
    assert "disabled" in done.stdout
    assert "1 not" in done.stdout


def test_a_function_of_another_name_is_held_against_the_lab_of_its_tag(call, cloud, make_lab) -> None:
    make_lab(SUITE, starter=STARTER, name="01_greeting")
    role = cloud.client("iam").create_role(RoleName="r", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    cloud.client("lambda").create_function(
        FunctionName="my-own", Role=role, Handler="a.b", Runtime="python3.13",
        Code={"ZipFile": b"PK\x05\x06" + bytes(18)},
        Tags={"workbook": "09_capstone"},
    )  # fmt: skip
    done = call("verify", "my-own")
    assert done.returncode == 1
    assert "my-own in us-east-1, held against 09" in done.stdout
    assert "not set, or blank: BUCKET_NAME, API_KEY" in done.stdout
    absent = call("verify", "nothing")
    assert absent.returncode == 1
    assert "there is no function nothing" in absent.stdout
    assert "Running the suite" not in absent.stderr


@pytest.mark.parametrize("verb", ["deploy", "verify"])
def test_help_is_light_and_within_80_columns(tmp_path, verb) -> None:
    program = (
        f"import sys\nsys.argv = ['lab', {verb!r}, '--help']\nfrom workbook.cli import main\n"
        "try:\n    main()\nfinally:\n    print([n for n in ('boto3', 'botocore', 'moto', 'rich') if n in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path / "course", capture_output=True, text=True, check=True
    )
    assert done.stdout.strip().endswith("[]")
    assert max(map(len, done.stdout.splitlines())) <= 80
