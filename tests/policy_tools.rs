//! What people ask of rules: near misses, differences, what-if, lints, stale checks — end to end, over a small workspace.

use std::fs;
use std::process::Command;

use relto::evaluate::pack_test;
use tempfile::TempDir;

use crate::policy_coverage::case;

const PACK: &str = r#"[pack]
id = "mine"
title = "Rules of this agency"
version = "1"

[sets]
adversary = ["RUS", "CHN"]

[[rule]]
id = "M-HEAD"
title = "A head of service meets an adversary's"
status = "model"
authority = ["model"]
checked_on = 2024-01-20
applies_to = ["liaison_contact"]
effect = "notify"
when.counterpart.country.any_of = "@adversary"
when.official.rank.any_of = ["head", "deputy"]
unless.contact_purpose.is = "deconfliction"

[[rule.duty]]
notify = ["SSCI", "HPSCI"]
due = "7 days after ended"

[[rule.test]]
name = "a head meets a Russian"
expect = { fires = true }
[[rule.test.liaison_contact]]
id = "T-1"
commenced = 2025-03-11
official = { title = "Director", rank = "head" }
counterpart = { country = "RUS" }

[[rule]]
id = "M-RUS-HEAD"
title = "A head of service meets a Russian one"
status = "model"
authority = ["model"]
checked_on = 2025-12-20
applies_to = ["liaison_contact"]
effect = "notify"
when.counterpart.country.is = "RUS"
when.official.rank.is = "head"
unless.contact_purpose.any_of = ["deconfliction", "strategic_warning"]

[[rule.duty]]
notify = ["SSCI"]
due = "7 days after ended"

[[rule.test]]
name = "a head meets a Russian"
expect = { fires = true }
[[rule.test.liaison_contact]]
id = "T-1"
commenced = 2025-03-11
official = { title = "Director", rank = "head" }
counterpart = { country = "RUS" }

[[rule]]
id = "M-CALL"
title = "Any call"
status = "model"
authority = ["model"]
checked_on = 2025-12-20
applies_to = ["liaison_contact"]
effect = "notify"
enabled = false
read_first = "nothing"
when.mode.is = "call"

[[rule.duty]]
notify = ["SSCI"]
due = "promptly after ended"
"#;

const RECORDS: &str = r#"[[liaison_contact]]
id = "LC-1"
title = "A call"
marking = "U"
basis = "official"
covert_action = "no"
commenced = 2025-03-11
mode = "call"
official = { title = "Director", rank = "head" }
counterpart = { country = "RUS", service = "SVR" }
notified = [{ recipient = "SSCI", on = 2025-03-20, how = "letter" }, { recipient = "HPSCI", on = 2025-03-20, how = "letter" }]

[[liaison_contact]]
id = "LC-2"
title = "A visit"
marking = "U"
basis = "official"
covert_action = "no"
commenced = 2025-05-02
mode = "meeting"
official = { title = "Officer", rank = "senior" }
counterpart = { country = "CHN", service = "MSS" }

[[liaison_contact]]
id = "LC-3"
title = "A line kept open"
marking = "U"
basis = "official"
covert_action = "no"
commenced = 2025-06-02
mode = "call"
official = { title = "Director", rank = "head" }
counterpart = { country = "CHN", service = "MSS" }
contact_purpose = "deconfliction"
"#;

struct Desk(TempDir);

impl Desk {
    fn new() -> Desk {
        let desk = Desk(TempDir::new().unwrap());
        desk.file("relto.toml", "[policy]\npacks = [\"./policy\"]\n")
            .file("policy/mine.toml", PACK)
            .file("records/a.toml", RECORDS);
        desk
    }

    #[expect(clippy::disallowed_methods, reason = "tests write their material")]
    fn file(&self, name: &str, text: &str) -> &Self {
        let path = self.0.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
        self
    }

    /// Runs relto as of the day of the sample and gives the exit code and what was printed.
    fn relto(&self, args: &[&str]) -> (i32, String, String) {
        let run = Command::new(env!("CARGO_BIN_EXE_relto"))
            .args(args)
            .args(["--as-of", "2026-01-15"])
            .current_dir(self.0.path())
            .env_clear()
            .env("COLUMNS", "100")
            .output()
            .unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (run.status.code().unwrap(), text(run.stdout), text(run.stderr))
    }

    #[track_caller]
    fn shows(&self, args: &[&str]) -> String {
        let (code, out, err) = self.relto(args);
        assert_eq!(code, 0, "{out}{err}");
        let lines: Vec<&str> = out.lines().map(str::trim_end).collect();
        format!("{}\n-- {}", lines.join("\n").trim_end(), err.trim_end())
    }
}

/// Whether the first rule of a pack fires for a record, written as TOML.
fn fires(pack: &str, rule: &str, record: &str) -> bool {
    let test = record.replace("[[", "[[rule.test.");
    let block = format!("[[rule.test]]\nname = \"witness\"\nas_of = 2026-01-15\nexpect = {{ fires = true }}\n{test}\n");
    let start = pack.find(&format!("id = \"{rule}\"")).unwrap();
    let end = pack[start..].find("[[rule]]").map_or(pack.len(), |at| start + at);
    let whole = format!("{}\n{block}\n{}", &pack[..end], &pack[end..]);
    let mut case = case(&[("mine", &whole)]);
    let (results, _) = pack_test::run(&mut case);
    let result = results.iter().find(|result| result.name == "witness").unwrap();
    result.differences.is_empty()
}

#[test]
fn a_near_miss_says_what_would_have_to_turn() {
    let desk = Desk::new();
    insta::assert_snapshot!("near_miss", desk.shows(&["explain", "M-HEAD", "--record", "LC-2"]));
    insta::assert_snapshot!("excepted", desk.shows(&["explain", "M-HEAD", "--record", "LC-3"]));
    let text = desk.shows(&["explain", "M-HEAD"]);
    let records = text.split_once("records as of").unwrap().1;
    insta::assert_snapshot!("over_records", records);
}

#[test]
fn what_rules_would_have_required() {
    let desk = Desk::new();
    insta::assert_snapshot!(
        "what_if",
        desk.shows(&["policy", "what-if", "mine", "--since", "2025-01-01"])
    );
    let (_, out, _) = desk.relto(&[
        "policy",
        "what-if",
        "M-HEAD",
        "--since",
        "2025-04-01",
        "--format",
        "json",
    ]);
    let value: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(value["records"], 2);
    assert_eq!(value["rules"][0]["records"], 0, "{out}");
    let (code, _, err) = desk.relto(&["policy", "what-if", "M-HEED", "--since", "2025-01-01"]);
    assert_eq!(code, 2);
    assert!(err.contains("did you mean `M-HEAD`?"), "{err}");
}

/// A rule in force since a day demands nothing of what came before it.
#[test]
fn since_a_day_means_since_that_day() {
    let desk = Desk::new();
    for (since, expected) in [("2025-03-11", 1), ("2025-03-12", 0)] {
        let (_, out, _) = desk.relto(&["policy", "what-if", "M-HEAD", "--since", since, "--format", "json"]);
        let value: serde_json::Value = serde_json::from_str(&out).unwrap();
        assert_eq!(value["rules"][0]["tally"]["late"], expected, "{since}: {out}");
    }
}

#[test]
fn two_versions_of_a_pack_are_compared_in_words_and_by_records() {
    let desk = Desk::new();
    let newer = PACK
        .replace("adversary = [\"RUS\", \"CHN\"]", "adversary = [\"CHN\", \"IRN\"]")
        .replacen("due = \"7 days after ended\"", "due = \"5 days after ended\"", 1)
        .replace(
            "notify = [\"SSCI\"]\ndue = \"7",
            "notify = [\"SSCI\", \"HPSCI\"]\ndue = \"7",
        )
        .replace("id = \"M-CALL\"", "id = \"M-CALLS\"");
    desk.file("newer.toml", &newer);
    insta::assert_snapshot!(
        "diff",
        desk.shows(&["policy", "diff", "policy/mine.toml", "newer.toml"])
    );
    let (_, out, _) = desk.relto(&["policy", "diff", "policy/mine.toml", "newer.toml", "--format", "json"]);
    let value: serde_json::Value = serde_json::from_str(&out).unwrap();
    let change = value["rules"]
        .as_array()
        .unwrap()
        .iter()
        .find(|change| change["rule"] == "M-HEAD")
        .unwrap();
    // A witness is no claim: each version is asked again.
    for (key, before, after) in [("fires_only_before", true, false), ("fires_only_after", false, true)] {
        let record = change[key].as_str().unwrap();
        assert_eq!(
            (fires(PACK, "M-HEAD", record), fires(&newer, "M-HEAD", record)),
            (before, after),
            "{record}"
        );
    }
    let same = desk.shows(&["policy", "diff", "policy/mine.toml", "policy/mine.toml"]);
    assert!(
        same.contains("-- 0 rules differ; 0 obligations differ over 3 records"),
        "{same}"
    );
}

#[test]
fn rules_that_add_nothing_are_named_and_overlaps_are_proved() {
    let desk = Desk::new();
    insta::assert_snapshot!(
        "lint",
        desk.shows(&["policy", "lint", "--witnesses", "--allow", "rule-stale"])
    );
    let (_, out, _) = desk.relto(&["policy", "lint", "--format", "json"]);
    let value: serde_json::Value = serde_json::from_str(&out).unwrap();
    for pair in value["pairs"].as_array().unwrap() {
        let Some(record) = pair["witness"].as_str() else {
            continue;
        };
        for name in ["rule", "other"] {
            assert!(fires(PACK, pair[name].as_str().unwrap(), record), "{pair}");
        }
    }
}

#[test]
fn a_rule_nobody_has_checked_for_a_year_is_named() {
    let desk = Desk::new();
    let (_, out, err) = desk.relto(&["policy", "list"]);
    assert!(
        out.contains("note[rule-stale]: M-HEAD was last checked 23 months ago"),
        "{out}"
    );
    assert!(!out.contains("M-RUS-HEAD was last checked"), "{out}");
    assert_eq!(err, "3 rules in 1 pack, 2 switched on, 1 rule stale\n");
    desk.file(
        "relto.toml",
        "[policy]\npacks = [\"./policy\"]\nstale_after_months = 24\n",
    );
    assert!(!desk.relto(&["policy", "list"]).1.contains("rule-stale"));
    desk.file(
        "relto.toml",
        "[policy]\npacks = [\"./policy\"]\n[severity]\nrule-stale = \"error\"\n",
    );
    assert_eq!(desk.relto(&["policy", "test"]).0, 1);
    desk.file(
        "relto.toml",
        "[policy]\npacks = [\"./policy\"]\nstale_after_months = 0\n",
    );
    assert_eq!(desk.relto(&["policy", "list"]).0, 2);
}

#[test]
fn too_little_coverage_is_refused_where_a_floor_is_set() {
    let desk = Desk::new();
    let (code, out, err) = desk.relto(&["policy", "test", "--coverage-at-least", "100"]);
    assert_eq!(code, 1, "{out}{err}");
    assert!(err.contains("refused: the coverage is below 100 %"), "{err}");
    assert!(
        out.contains("no test of M-HEAD shows `counterpart.country any_of @adversary` (when) deciding by not holding"),
        "{out}"
    );
    assert_eq!(desk.relto(&["policy", "test", "--coverage-at-least", "10"]).0, 0);
}
