//! Nothing of a record above the ceiling is shown, whatever asks: a neighbour on its line, another record, a difference.

use super::*;

const OPEN: &str = r#"[[rel_to_change]]
id = "A-1"
title = "An open one"
marking = "U"
basis = "sample"
covert_action = "no"
"#;

/// Each holds a record above the ceiling, its words hidden in it, and a mistake that somebody wants to see.
const FILES: [(&str, &str); 4] = [
    (
        "doubled.toml",
        r#"rel_to_change = [{ id = "A-1", marking = "S//NF", title = "LANTERN", basis = "sample", covert_action = "no" }]
"#,
    ),
    (
        "one-line.toml",
        r#"rel_to_change = [{ title = "LANTERN", id = "C-1", marking = "S//NF" }, { id = "C-2", marking = "U", zork = 1 }]
"#,
    ),
    (
        "beside.toml",
        r#"[[rel_to_change]]
title = "LANTERN"
id = "D-1"
marking = "S//NF"
facts = { mark = "S//NF", text = "LANTERN" }
[[rel_to_change]]
titel = "open"
id = "D-2"
marking = "U"
basis = "sample"
covert_action = "no"
"#,
    ),
    (
        "no-record.toml",
        r#"rel_to_chagne = [{ id = "E-1", marking = "S//NF", title = "LANTERN" }]
"#,
    ),
];

fn place() -> Place {
    let place = Place::new();
    place.file("relto.toml", "[classification]\nceiling = \"UNCLASSIFIED\"\n");
    place.file("records/open.toml", OPEN);
    for (name, text) in FILES {
        place.file(&format!("records/{name}"), text);
    }
    place
}

#[test]
fn no_format_shows_what_stands_above_the_ceiling() {
    let place = place();
    for format in formats::FORMATS {
        let run = place.relto(&["check", "--format", format]).ends(1);
        assert!(!format!("{run}").contains("LANTERN"), "{run}");
    }
    // What is wrong beside it is said all the same.
    let run = place.relto(&["check"]).ends(1);
    for said in [
        "`A-1` is used twice",
        "no key `zork`",
        "no key `titel`",
        "without `title`",
    ] {
        assert!(run.out.contains(said), "{said}: {run}");
    }
}

#[test]
fn no_difference_shows_what_stands_above_the_ceiling() {
    let place = place();
    for command in [&["check", "--fix", "--diff"][..], &["fmt", "--diff"]] {
        let run = place.relto(command).ends(1);
        assert!(!format!("{run}").contains("LANTERN"), "{run}");
        assert!(
            run.err.contains("records/beside.toml would change; how is not shown: "),
            "{run}"
        );
    }
}

#[test]
#[expect(clippy::disallowed_methods, reason = "tests write and read their material")]
fn the_layout_of_what_is_no_utf_8_is_left_alone() {
    let place = Place::new();
    let bytes = b"[[rel_to_change]]\ntitle = \"Caf\xe9\"\nid = \"N-1\"\n";
    fs::create_dir(place.path().join("records")).unwrap();
    let path = place.path().join("records/n.toml");
    fs::write(&path, bytes).unwrap();
    for command in [&["fmt"][..], &["fmt", "--check"], &["fmt", "--diff"]] {
        let run = place.relto(command).ends(1);
        assert!(run.err.starts_with("records/n.toml is no TOML"), "{run}");
        assert_eq!(fs::read(&path).unwrap(), bytes);
    }
}
