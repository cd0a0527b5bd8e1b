//! Help with writing: schemas, new records, layout, mending, completions and manual pages.

use std::collections::BTreeMap;
use std::io::Write as _;

use proptest::prelude::*;
use relto::record::format::format;

use super::*;

/// Every record file, pack and settings file of the repository, by its name.
fn samples(folder: &str) -> BTreeMap<String, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    relto::base::source::files_under(&root, "toml", &|_, _| false)
        .expect("the folder")
        .into_iter()
        .map(|path| (path.display().to_string(), fs::read_to_string(&path).expect("a file")))
        .collect()
}

#[test]
fn layout_never_changes_what_a_file_says_and_is_stable() {
    let mut files = samples("templates/workspaces");
    files.extend(samples("tests/cases"));
    assert!(files.len() > 30);
    for (name, text) in files {
        let once = format(&text).unwrap_or_else(|| panic!("{name} is laid out"));
        let table = |text: &str| toml::from_str::<toml::Table>(text).expect("TOML");
        assert_eq!(table(&once), table(&text), "{name}");
        assert_eq!(format(&once).as_deref(), Some(once.as_str()), "{name}");
        let comments = |text: &str| text.lines().filter(|line| line.trim().starts_with('#')).count();
        assert_eq!(comments(&once), comments(&text), "{name}");
    }
}

/// Lines of a record in any order, with any blanks and comments between them.
fn scattered() -> impl Strategy<Value = String> {
    let line = prop::sample::select(vec![
        "id=\"E-1\"",
        "title   = \"a # no comment\" # a comment",
        "  marking = 'U'",
        "facts = \"\"\"\ntwo\n# lines\"\"\"",
        "counterpart = {service=\"SVR\",country = \"RUS\" }",
        "finding.id = \"F-1\"",
        "finding.access_limited=false",
        "elements_involved = [\"CIA\",\n# why\n \"DOD\"]",
        "subjects=[ \"cyber\" ,\"political\",]",
        "commenced = 2025-03-11",
        "unknown = [[1, 2], [3]]",
        "waivers = [{ rule = \"R-1\", by = \"P\", ground = \"a very long ground that goes on and on and on\", expires = 2026-01-01 }]",
        "# a comment of its own",
        "",
    ]);
    let record = prop::collection::vec(line, 0..12).prop_map(|lines| {
        let mut seen = Vec::new();
        let mut text = String::from("[[exchange]] # header\n");
        for line in lines {
            let key = line.split('=').next().unwrap_or_default().trim();
            if key.is_empty() || key.starts_with('#') || !seen.contains(&key) {
                seen.push(key);
                text.push_str(line);
                text.push('\n');
            }
        }
        text
    });
    prop::collection::vec(record, 1..4).prop_map(|records| records.join("\n\n\n"))
}

proptest! {
    #[test]
    fn any_record_keeps_its_meaning_and_its_comments(text in scattered()) {
        let before: toml::Table = toml::from_str(&text).unwrap();
        let once = format(&text).unwrap();
        prop_assert_eq!(&toml::from_str::<toml::Table>(&once).unwrap(), &before);
        prop_assert_eq!(format(&once), Some(once.clone()));
        let comments = |text: &str| text.matches("# ").count();
        prop_assert_eq!(comments(&once), comments(&text), "{}", once);
    }

    #[test]
    fn any_text_at_all_is_refused_or_keeps_its_meaning(text in "(\\[\\[[a-z_]{1,8}\\]\\]|[a-z\\.]{1,4} ?= ?(\"[^\"]{0,5}\"|[0-9]|\\[1,\\]|\\{ ?a = 1 ?\\})|# ?[a-z]{0,3}|\\r|[ \t])(\n(\\[\\[[a-z_]{1,8}\\]\\]|[a-z\\.]{1,4} ?= ?(\"[^\"]{0,5}\"|[0-9]|\\[1,\\]|\\{ ?a = 1 ?\\})|# ?[a-z]{0,3}|\\r|[ \t])){0,8}") {
        if let Some(once) = format(&text) {
            prop_assert_eq!(toml::from_str::<toml::Table>(&once).unwrap(), toml::from_str::<toml::Table>(&text).unwrap());
            prop_assert_eq!(format(&once), Some(once.clone()), "{}", once);
        }
    }
}

#[test]
fn fmt_shows_checks_and_writes() {
    let place = Place::new();
    let loose = "[[exchange]]\ntitle = \"T\"\n# its id\nid=\"EX-1\"\n";
    place
        .file("relto.toml", "")
        .file("records/a.toml", loose)
        .file("records/b.toml", "broken = \n");
    let run = place.relto(&["fmt", "--diff"]).ends(1);
    insta::assert_snapshot!(run.to_string(), @r#"
    --- a/records/a.toml
    +++ b/records/a.toml
    @@ -1,4 +1,4 @@
     [[exchange]]
    +# its id
    +id = "EX-1"
     title = "T"
    -# its id
    -id="EX-1"
    ------- stderr
    records/b.toml is no TOML that can be laid out: `relto check` says why
    would change 1 of 2 files
    ------- exit 1
    "#);
    assert_eq!(place.read("records/a.toml"), loose);
    assert_eq!(place.relto(&["fmt", "--check"]).ends(1).out, "records/a.toml\n");
    place.file("records/b.toml", "");
    place.relto(&["fmt"]).ends(0);
    assert_eq!(
        place.read("records/a.toml"),
        "[[exchange]]\n# its id\nid = \"EX-1\"\ntitle = \"T\"\n"
    );
    place.relto(&["fmt", "records/a.toml", "--check"]).ends(0);
}

#[test]
fn fmt_reads_standard_input() {
    let place = Place::new();
    let mut child = place
        .command(&["fmt", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(b"[[exchange]]\nid='E-1'\n")
        .unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8(output.stdout).unwrap(), "[[exchange]]\nid = 'E-1'\n");
}

#[test]
fn fix_mends_what_is_clear_and_leaves_the_rest() {
    let place = Place::new();
    let text = RECORD
        .replace("mode = ", "mdoe = ")
        .replace("contact_purpose = \"exchange\"", "contact_purpose = \"exchnage\"")
        .replace("service = \"SVR\"", "service = \"S\u{200b}VR\"")
        .replace("\"RUS\"", "\"R\u{405}U\"")
        .replace("covert_action = \"no\"", "covert_action = \"on\"");
    place.file("relto.toml", "").file("records/a.toml", &text);
    let run = place
        .relto(&["check", "--fix", "--diff", "--as-of", "2025-03-12"])
        .ends(1);
    insta::assert_snapshot!(run.to_string(), @r#"
    --- a/records/a.toml
    +++ b/records/a.toml
    @@ -8,6 +8,6 @@
     element = "CIA"
     commenced = 2025-03-11
    -mdoe = "call"
    -contact_purpose = "exchnage"
    +mode = "call"
    +contact_purpose = "exchange"
     official = { title = "Director", rank = "head" }
    -counterpart = { country = "RЅU", service = "S\u{200b}VR", title = "Director", rank = "head" }
    +counterpart = { country = "RSU", service = "SVR", title = "Director", rank = "head" }
    ------- stderr
    would mend 4 places in 1 file
    ------- exit 1
    "#);
    assert_eq!(place.read("records/a.toml"), text);
    let run = place
        .relto(&["check", "--fix", "--format", "short", "--as-of", "2025-03-12"])
        .ends(1);
    insta::assert_snapshot!(run.out, @r"
    records/a.toml:6:17: error[unknown-value]: `covert_action` cannot be `on`
    records/a.toml:13:27: error[unknown-country-code]: `RSU` is no country or organization code
    ");
    assert!(run.err.starts_with("mended 4 places in 1 file\n"), "{run}");
}

#[test]
fn fix_orders_release_lists_and_never_adds_a_country() {
    let place = Place::new();
    let change = |from: &str, to: &str| {
        format!(
            "[[rel_to_change]]\nid = \"RC-1\"\ntitle = \"T\"\nmarking = \"U\"\nbasis = \"sample\"\ncovert_action = \"no\"\n\
             from = \"{from}\"\nto = \"{to}\"\n"
        )
    };
    place.file("relto.toml", "").file(
        "records/a.toml",
        &change("SECRET//REL TO GBR, USA, AUS", "SECRET//REL TO AUS, GBR"),
    );
    let run = place.relto(&["check", "--fix", "--format", "short"]).ends(1);
    let after = place.read("records/a.toml");
    assert!(
        after.contains("from = \"SECRET//REL TO USA, AUS, GBR\"\nto = \"SECRET//REL TO AUS, GBR\"\n"),
        "{run}\n{after}"
    );
}

#[test]
fn nothing_above_the_ceiling_is_mended_or_shown() {
    let place = Place::new();
    let text = RECORD
        .replace("marking = \"U\"", "marking = \"S//NF\"")
        .replace("mode", "mdoe");
    place.file("relto.toml", "").file("records/a.toml", &text);
    let run = place.relto(&["check", "--fix", "--diff"]).ends(1);
    assert!(run.out.is_empty(), "{run}");
    for format in ["sarif", "narrated", "github", "tap", "junit", "gitlab", "json-lines"] {
        let run = place.relto(&["check", "--format", format]).ends(1);
        assert!(!run.out.contains("S//NF") && !run.out.contains("mdoe"), "{run}");
    }
}

#[test]
fn new_takes_values_and_refuses_what_does_not_fit() {
    let place = Place::new();
    let run = place
        .relto(&[
            "new",
            "exchange",
            "--set",
            "id=EX-1",
            "--set",
            "title=A \"quoted\" title",
            "--set",
            "marking=U",
            "--set",
            "basis=sample",
            "--set",
            "covert_action=no",
            "--set",
            "commenced=2025-03-11",
            "--set",
            "counterpart.country=JPN",
            "--set",
            "counterpart.category=state",
            "--set",
            "subjects=cyber, political",
        ])
        .ends(0);
    let mut sources = Sources::default();
    let source = sources.add("new.toml", run.out.as_str());
    let (loaded, found) = load(source, &sources, Level::Unclassified);
    assert!(found.is_empty() && loaded.records.len() == 1, "{found:?}");
    for line in [
        "title = 'A \"quoted\" title'",
        "commenced = 2025-03-11",
        "counterpart = { category = \"state\", country = \"JPN\" }",
        "subjects = [\"cyber\", \"political\"]",
        "#place = ",
    ] {
        assert!(run.out.contains(line) || line.starts_with('#'), "{line}: {run}");
    }
    assert_eq!(
        format(&run.out).as_deref(),
        Some(run.out.as_str()),
        "new writes the canonical layout"
    );
    let err = place
        .relto(&["new", "exchange", "--set", "commenced=11.3.2025"])
        .refused();
    assert!(err.contains("is no date"), "{err}");
    let err = place
        .relto(&["new", "exchange", "--set", "counterpart.contry=JPN"])
        .refused();
    assert!(err.contains("did you mean `country`?"), "{err}");
}

#[test]
fn new_drops_nothing_that_was_given() {
    let place = Place::new();
    let refused = |values: &[&str]| {
        let mut args = vec!["new", "exchange"];
        args.extend(values.iter().flat_map(|value| ["--set", value]));
        place.relto(&args).refused()
    };
    insta::assert_snapshot!(refused(&["id=A-1", "id=A-2"]), @"
    error: `--set id` is there twice
    hint: give the field one value
    ");
    insta::assert_snapshot!(refused(&["counterpart.country=RUS", "counterpart={country=\"CHN\"}"]), @"
    error: `--set counterpart.country` and `--set counterpart` give one field
    hint: give the whole field or its parts, not both
    ");
    insta::assert_snapshot!(refused(&["counterpart={country=\"CHN\"}", "counterpart.country=RUS"]), @"
    error: `--set counterpart` and `--set counterpart.country` give one field
    hint: give the whole field or its parts, not both
    ");
    insta::assert_snapshot!(refused(&["established_channel=yes"]), @"
    error: `--set established_channel`: `yes` is neither true nor false
    hint: as in true
    ");
    insta::assert_snapshot!(refused(&["defense_articles_value_usd=a few"]), @"
    error: `--set defense_articles_value_usd`: `a few` is no whole number
    hint: as in 250000
    ");
    insta::assert_snapshot!(refused(&["counterpart={country=CHN}"]), @r#"
    error: `--set counterpart`: string values must be quoted, expected literal string; write it as TOML
    hint: as in { category = "state", country = "RUS", service = "SVR", rank = "head" }
    "#);
    let run = place
        .relto(&["new", "exchange", "--set", "established_channel=TRUE"])
        .ends(0);
    assert!(run.out.contains("\nestablished_channel = true\n"), "{run}");
}

#[test]
fn what_was_set_is_not_asked_again() {
    let place = Place::new();
    let mut child = place
        .command(&[
            "new",
            "agreement",
            "--ask",
            "--set",
            "id=AG-1",
            "--set",
            "title=An understanding",
        ])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let answers = "U\nsample\nno\n\nUSA, JPN\nother\nconcluded\n\n2025-03-11\n\n";
    child.stdin.take().unwrap().write_all(answers.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let (out, err) = (
        String::from_utf8(output.stdout).unwrap(),
        String::from_utf8(output.stderr).unwrap(),
    );
    assert!(output.status.success(), "{err}");
    assert!(
        !err.contains("\nid: ") && !err.contains("title: ") && err.contains("marking: "),
        "{err}"
    );
    assert!(
        out.contains("id = \"AG-1\"\n") && out.contains("parties = [\"USA\", \"JPN\"]\n"),
        "{out}"
    );
}

#[test]
fn new_asks_and_checks_each_answer_at_once() {
    let place = Place::new();
    place
        .file("relto.toml", "")
        .file("schema/records.json", "{}")
        .file("records/.keep", "");
    let mut child = place
        .command(&["new", "agreement", "--ask", "-o", "records/ag.toml"])
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let answers = "ag 1\nAG-1\nAn understanding\nU\nsample\nno\n\nUSA, JPN\nother\nconcluded\n\n2025-03-11\n\n";
    child.stdin.take().unwrap().write_all(answers.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let err = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{err}");
    assert!(err.contains("`ag 1` cannot be an id"), "{err}");
    let text = place.read("records/ag.toml");
    assert!(text.starts_with("#:schema ../schema/records.json\n"), "{text}");
    assert!(text.contains("parties = [\"USA\", \"JPN\"]"), "{text}\n{err}");
    place.relto(&["check", "--as-of", "2025-03-12"]).ends(0);
    // Answers that end too early write nothing.
    let mut child = place
        .command(&["new", "agreement", "--ask", "-o", "records/no.toml"])
        .stdin(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(b"AG-2\n").unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(2));
    assert!(!place.path().join("records/no.toml").exists());
}

#[test]
fn schemas_are_json_and_name_every_field() {
    let place = Place::new();
    for which in ["records", "policy", "config"] {
        let run = place.relto(&["schema", which]).ends(0);
        let schema: serde_json::Value = serde_json::from_str(&run.out).unwrap();
        assert_eq!(schema["$schema"], "http://json-schema.org/draft-07/schema#");
        if which == "records" {
            for kind in Kind::ALL {
                let properties = &schema["properties"][kind.name()]["items"]["properties"];
                for field in fields_of(*kind) {
                    let there = properties.get(field.name);
                    assert_eq!(there.is_some(), field.need != Need::Derived, "{kind}.{}", field.name);
                    let described = there.is_none_or(|there| there["description"].is_string());
                    assert!(described, "{kind}.{}", field.name);
                }
            }
        }
    }
}

#[test]
fn the_settings_that_init_writes_show_every_key() {
    let run = Place::new().relto(&["schema", "config"]).ends(0);
    let schema: serde_json::Value = serde_json::from_str(&run.out).expect("JSON");
    let written = include_str!("../../templates/workspace/relto.toml");
    let tables = schema["properties"].as_object().expect("tables");
    for (table, shape) in tables {
        // Severities and recipients are keyed by what they are about.
        if ["severity", "recipients"].contains(&table.as_str()) {
            continue;
        }
        let shape = match shape["$ref"].as_str().and_then(|name| name.rsplit('/').next()) {
            Some(name) => &schema["$defs"][name],
            None => shape,
        };
        let (_, after) = written.split_once(&format!("[{table}]\n")).expect("the table");
        let own = after.split("\n[").next().expect("its lines");
        for key in shape["properties"].as_object().expect("keys").keys() {
            let shown = |line: &str| line.trim_start_matches('#').starts_with(&format!("{key} = "));
            assert!(own.lines().any(shown), "`{key}` of [{table}]");
        }
    }
    // Every line that is commented out is sound when it is not.
    let place = Place::new();
    let switched_on: Vec<&str> = written
        .lines()
        .map(|line| match line.strip_prefix('#') {
            Some(rest)
                if !rest.starts_with(' ')
                    && !["organizations", "closures", "session"]
                        .iter()
                        .any(|file| rest.starts_with(file)) =>
            {
                rest
            }
            _ => line,
        })
        .collect();
    place.file("relto.toml", &switched_on.join("\n"));
    let record = include_str!("../../templates/workspaces/public/records/c01-ratcliffe-naryshkin.toml");
    place.file("records/c01.toml", &record.replace("related = ", "# related = "));
    place.relto(&["check"]).ends(0);
}

#[test]
fn completions_and_manual_pages_know_every_command() {
    let place = Place::new();
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let run = place.relto(&["completions", shell]).ends(0);
        for command in ["check", "baseline", "import", "schema"] {
            assert!(run.out.contains(command), "{shell} {command}");
        }
        assert!(!run.out.contains("__typeset"), "{shell}");
    }
    let run = place.relto(&["man"]).ends(0);
    assert!(run.out.contains(".TH relto 1"), "{run}");
    place.relto(&["man", "-o", "man"]).ends(0);
    assert!(place.read("man/relto-check.1").contains("SARIF"));
    assert!(!place.path().join("man/relto-__typeset.1").exists());
    assert!(
        place
            .read("man/relto-policy-list.1")
            .contains(".TH relto-policy-list 1")
    );
}
