"""Exports cases in FOCUS' columns and has others' tools say what is wrong with them. Run it by `.ci/focus`.

- focus-validator knows the rules of 1.2, and exits with 0 when they fail: its report is read, and the rules that failed
  have to be those of `focus-allowed.txt`.
- The lint of focus-data-toolkit knows 1.4; it must find nothing.
- DuckDB reads every file by the types in its metadata; what it adds up is what the metadata says, to the last digit.
- Files that are broken on purpose have to be found, or the checks check nothing.
"""

import csv
import json
import os
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree

import duckdb
import focus_validator

ROOT = Path(__file__).resolve().parent.parent
ALLOWED = ROOT / ".ci" / "focus-allowed.txt"

# The versions that are written. The validator takes 1.3 too, which has every column of 1.2 and, as a test of ours says,
# the same in it: one case with a commitment and one without are enough for 1.2 itself.
OLDEST, DEFAULT, LINTED = "1.2", "1.3", "1.4"
VERSIONS = [OLDEST, DEFAULT, LINTED]

# Rules in the model that comes with the validator; a report of fewer is no whole report.
RULES = 578

# What is declared of the files, so that rules apply. Not declared, since no plan has them: zones, capacity reservations,
# virtual currencies, several types of accounts.
CRITERIA = [
    "ACCOUNT_NAMING_SUPPORTED",
    "BILLING_BASED_ON_PROVISIONED_RESOURCES_SUPPORTED",
    "MULTIPLE_PRICING_CATEGORIES_SUPPORTED",
    "NEGOTIATED_PRICING_SUPPORTED",
    "PRICING_BILLING_CURRENCY_DIFFERENCES_SUPPORTED",
    "PUBLIC_PRICE_LIST_SUPPORTED",
    "REGION_SUPPORTED",
    "RESOURCE_TYPE_ASSIGNMENT_SUPPORTED",
    "SUB_ACCOUNT_SUPPORTED",
    "TAGGING_SUPPORTED",
    "UNIT_PRICING_SUPPORTED",
    "USAGE_MEASUREMENT_SUPPORTED",
]
# Declared only of files with one: rules on types fail for a column that is empty on every row.
OF_COMMITMENTS = ["COMMITMENT_DISCOUNT_SUPPORTED"]

# The most digits before and after the point that DuckDB has; more of them than any cost has.
DUCKDB_TYPES = {"STRING": "VARCHAR", "DECIMAL": "DECIMAL(38,20)", "DATETIME": "TIMESTAMP WITH TIME ZONE"}
# What a file and its metadata may differ by in a sum: digits that neither has.
LAST_DIGIT = Decimal("1e-15")

# Every row has a date, and not every example begins on a day.
FIRST_DAY = "start = 2027-01-01\n"


class Wrong(Exception):
    """What is wrong with a file."""


def main(highwater: str, folder: str, names: list[str]) -> int:
    started = time.monotonic()
    tool = Path(highwater).resolve()
    work = Path(folder).resolve() / "files"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    folders = [ROOT / "examples", ROOT / "tests" / "fixtures" / "focus"]
    scenarios = [path for where in folders for path in sorted(where.glob("*.toml"))]
    both = {next((path for path in scenarios if path.parent == where), None) for where in folders}
    if names:
        scenarios = [path for path in scenarios if path.stem in names]
        unknown = set(names) - {path.stem for path in scenarios}
        if unknown:
            print(f"error: there is no case {', '.join(sorted(unknown))}", file=sys.stderr)
            return 2
    allowed = read_allowed()

    print(f"==> focus: {len(scenarios)} cases, each in FOCUS {', '.join(VERSIONS)}", flush=True)
    bad = 0
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        jobs = [
            (path.stem, pool.submit(check, tool, path, work / f"{path.parent.name}-{path.stem}", allowed, path in both)) for path in scenarios
        ]
        jobs.append(("broken on purpose", pool.submit(broken, tool, scenarios[0], work / "broken", allowed)))
        for name, job in jobs:
            try:
                print(f"    {name}: {job.result()}", flush=True)
            except Wrong as wrong:
                bad += 1
                print(f"error: {name}: {wrong}", file=sys.stderr, flush=True)
    seconds = f"{time.monotonic() - started:.0f} s"
    if bad:
        print(f"error: {bad} of {len(jobs)} failed, in {seconds}; the files are in {work}", file=sys.stderr)
        return 1
    print(f"    focus: all {len(jobs)} are well, in {seconds}; rules that fail by their own fault:")
    for rule, (when, why) in allowed.items():
        print(f"      {rule} ({when}): {why}")
    return 0


def read_allowed() -> dict[str, tuple[str, str]]:
    """Rules that may fail, with when and why."""
    found = {}
    for line in ALLOWED.read_text(encoding="utf-8").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        rule, when, why = line.split(maxsplit=2)
        if when not in ("every", "commitment"):
            raise SystemExit(f"{ALLOWED.name}: `{rule}` is of `every` file or of a `commitment`, not of `{when}`")
        found[rule] = (when, why)
    return found


def check(tool: Path, scenario: Path, folder: Path, allowed: dict, oldest: bool) -> str:
    """Exports one scenario in every version and checks it; says what was done."""
    files = export(tool, scenario, folder)
    rows = [add_up(file) for file in files.values()]
    for version in [OLDEST, DEFAULT] if oldest else [DEFAULT]:
        passed, failed = validator(files[version], allowed)
    lint(files[LINTED])
    return f"{rows[0]} rows; {passed} rules pass, {failed} fail as they may; the lint finds nothing; sums agree"


def export(tool: Path, scenario: Path, folder: Path) -> dict[str, Path]:
    """Every version of a scenario, all platforms in one file."""
    folder.mkdir()
    text = scenario.read_text(encoding="utf-8")
    head, horizon, rest = text.partition("[horizon]\n")
    if "\nstart" not in "\n" + rest.partition("\n[")[0]:
        text = head + horizon + FIRST_DAY + rest
    dated = folder / scenario.name
    dated.write_text(text, encoding="utf-8")
    files = {}
    for version in VERSIONS:
        files[version] = folder / f"{version}.csv"
        flags = ["--format", "focus", "--focus-version", version, "--all-platforms"]
        run([tool, "export", dated, *flags, "-o", files[version]], folder)
    return files


def run(command: list, folder: Path) -> str:
    """What a command prints; it has to succeed."""
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if done.returncode != 0:
        said = (done.stdout + done.stderr).strip()
        raise Wrong(f"`{Path(command[0]).name}` exits with {done.returncode}:\n{said}")
    return done.stdout


def beside(file: Path) -> dict:
    """The metadata of a file."""
    return json.loads(file.with_suffix(".metadata.json").read_text(encoding="utf-8"))


def table(file: Path) -> str:
    """A file as DuckDB reads it, with nothing guessed but what the metadata says."""
    types = {column["ColumnName"]: DUCKDB_TYPES[column["DataType"]] for column in beside(file)["ColumnDefinition"]}
    columns = ", ".join(f"'{name}': '{kind}'" for name, kind in types.items())
    return f"read_csv('{file}', columns = {{{columns}}}, header = true, auto_detect = false, delim = ',', quote = '\"')"


def query(text: str) -> list[tuple]:
    """Rows of an answer, from a database of its own."""
    with duckdb.connect() as database:
        try:
            return database.sql(text).fetchall()
        except duckdb.Error as error:
            raise Wrong(f"DuckDB says: {error}") from error


def has_commitment(file: Path) -> bool:
    return query(f"SELECT count(CommitmentDiscountId) FROM {table(file)}")[0][0] > 0


def add_up(file: Path) -> int:
    """Compares the sums of a file with its metadata; says how many rows it has."""
    plans = {plan["x_PlanId"]: plan for plan in beside(file)["x_Plans"] if "x_CannotBePlanned" not in plan}
    # Fees are left out where what they pay for is counted at its own price.
    consumed = "FILTER (WHERE ChargeCategory = 'Usage')"
    sums = f"sum(ListCost) {consumed}, sum(ContractedCost) {consumed}, sum(BilledCost), sum(EffectiveCost)"
    found = query(f"SELECT x_PlanId, count(*), {sums} FROM {table(file)} GROUP BY x_PlanId")
    if {row[0] for row in found} != set(plans):
        raise Wrong(f"{file.name} has the plans {sorted(row[0] for row in found)}, and its metadata has others")
    for name, _, *amounts in found:
        plan = plans[name]
        told = [plan[cost] for cost in ("ListCost", "ContractedCost", "BilledCost", "EffectiveCost")]
        same(file, f"four costs of {name}", amounts, told)
        whole = amounts[3] + Decimal(plan["x_LabourLeftOut"])
        same(file, f"EffectiveCost and labour of {name}", [whole], [plan["x_PlanTotal"]])
    add_up_terms(file, [one for plan in plans.values() for one in plan["x_Commitments"]])
    return sum(row[1] for row in found)


def add_up_terms(file: Path, commitments: list[dict]) -> None:
    """Over its whole term, what is invoiced for a commitment is what its hours bear."""
    billed = "sum(BilledCost) FILTER (WHERE ChargeCategory = 'Purchase')"
    effective = "sum(EffectiveCost) FILTER (WHERE ChargeCategory = 'Usage')"
    key = "CommitmentDiscountId"
    text = f"SELECT {key}, {billed}, {effective} FROM {table(file)} WHERE {key} IS NOT NULL GROUP BY {key}"
    found = {name: amounts for name, *amounts in query(text)}
    if set(found) != {one[key] for one in commitments}:
        raise Wrong(f"{file.name} has the commitments {sorted(found)}, and its metadata has others")
    for one in commitments:
        amounts = found[one[key]]
        same(file, f"fees and hours of {one[key]}", amounts, [one["BilledCost"], one["EffectiveCost"]])
        beyond = [Decimal(one["x_BilledCostBeyond"]), Decimal(one["x_EffectiveCostBeyond"])]
        whole = [amount + later for amount, later in zip(amounts, beyond)]
        same(file, f"fees and hours of the whole term of {one[key]}", whole, [one["x_TermCost"]] * 2)


def same(file: Path, what: str, summed: list[Decimal], told: list) -> None:
    for left, right in zip(summed, told, strict=True):
        if abs(left - Decimal(right)) > LAST_DIGIT:
            raise Wrong(f"{file.name}: {what} add up to {left}; its metadata says {right}")


def validator(file: Path, allowed: dict) -> tuple[int, int]:
    """Has the public validator look at a file: what fails has to be what may. Says how many rules pass, and how many fail."""
    committed = has_commitment(file)
    expected = {rule for rule, (when, _) in allowed.items() if when == "every" or committed}
    failed, passed = validate(file, CRITERIA + (OF_COMMITMENTS if committed else []))
    more = "".join(f"\n  {rule} fails: {failed[rule]}" for rule in sorted(failed.keys() - expected))
    less = "".join(f"\n  {rule} passes, and {ALLOWED.name} has it" for rule in sorted(expected - failed.keys()))
    if more or less:
        raise Wrong(f"{file.name} and focus-validator:{more}{less}")
    return passed, len(failed)


def validate(file: Path, criteria: list[str]) -> tuple[dict[str, str], int]:
    """Rules that fail, with what they say, and how many pass."""
    folder = file.with_suffix(".validator")
    folder.mkdir()
    # It opens its list of currencies by a path from where it runs.
    (folder / "focus_validator").symlink_to(Path(focus_validator.__file__).parent)
    command = [Path(sys.executable).with_name("focus-validator"), "--data-file", file, "--validate-version", "1.2"]
    # Without it, it would look for newer rules.
    command += ["--block-download", "--applicability-criteria", ",".join(criteria)]
    run([*command, "--output-type", "unittest", "--output-destination", "report.xml"], folder)
    cases = list(ElementTree.parse(folder / "report.xml").iter("testcase"))
    if len(cases) != RULES:
        raise Wrong(f"the report on {file.name} is of {len(cases)} rules; the rule model has {RULES}")
    failed, passed = {}, 0
    for case in cases:
        faults = [*case.findall("failure"), *case.findall("error")]
        if faults:
            failed[case.get("name").split(" :: ")[0]] = faults[0].get("message") or ""
        passed += not faults and case.find("skipped") is None
    return failed, passed


def lint(file: Path) -> None:
    """The lint of FOCUS 1.4 has to find nothing."""
    command = [Path(sys.executable).with_name("focus-toolkit"), "validate", file, "--dataset", "cost-and-usage"]
    run(command, file.parent)


def broken(tool: Path, scenario: Path, folder: Path, allowed: dict) -> str:
    """Breaks one cell each in ways that each check has to find."""
    files = export(tool, scenario, folder)

    def validated(file: Path) -> None:
        validator(file, allowed)

    found = []
    for version, find, column, value in [
        (DEFAULT, validated, "BillingCurrency", "XXL"),
        (LINTED, lint, "ChargeCategory", "Forecast"),
        (DEFAULT, add_up, "EffectiveCost", "0.01"),
    ]:
        file = files[version]
        copy = file.with_name(f"{find.__name__}.csv")
        with file.open(encoding="utf-8", newline="") as lines:
            head, first, *rest = csv.reader(lines)
        first[head.index(column)] = value
        with copy.open("w", encoding="utf-8", newline="") as lines:
            csv.writer(lines).writerows([head, first, *rest])
        shutil.copy(file.with_suffix(".metadata.json"), copy.with_suffix(".metadata.json"))
        try:
            find(copy)
        except Wrong:
            found.append(find.__name__)
        else:
            raise Wrong(f"{column} is `{value}` in {copy.name}, and nothing is found")
    return f"found by {', '.join(found)}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], sys.argv[3:]))
