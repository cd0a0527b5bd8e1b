//! The formats of `relto check` from the command line.

use super::*;

pub(super) const FORMATS: &[&str] = &[
    "human",
    "narrated",
    "short",
    "json",
    "json-lines",
    "sarif",
    "junit",
    "github",
    "gitlab",
    "tap",
];

#[test]
fn the_order_of_the_files_does_not_matter() {
    let place = Place::new();
    place
        .file("b.toml", &RECORD.replace("LC-1", "LC-2").replace("mode", "mdoe"))
        .file("a.toml", RECORD);
    for format in FORMATS {
        let run = |paths: [&str; 2]| {
            let mut args = vec!["check", "--as-of", "2025-04-01", "--format", format];
            args.extend(paths);
            place.relto(&args).ends(1).out
        };
        let text = run(["a.toml", "b.toml"]);
        assert_eq!(text, run(["b.toml", "a.toml"]), "{format}");
        assert!(text.contains("mdoe"), "{format}: {text}");
    }
}

#[test]
fn code_hosts_get_paths_from_the_root_of_the_repository() {
    let place = Place::new();
    place
        .file(".git/HEAD", "ref: refs/heads/main\n")
        .file("liaison/relto.toml", "")
        .file("liaison/records/a.toml", &RECORD.replace("mode", "mdoe"));
    let run = place.relto(&["check", "liaison", "--as-of", "2025-03-12", "--format", "github"]);
    insta::assert_snapshot!(run.ends(1).out, @r"
    ::error file=liaison/records/a.toml,line=10,endLine=10,col=1,endColumn=5,title=unknown-key::a `liaison_contact` record has no key `mdoe`: unknown key%0Ahelp: a key with a similar name exists: `mode`
    ");
    let run = place.relto(&["check", "liaison", "--format", "short"]).ends(1);
    assert!(run.out.starts_with("records/a.toml:10:1: "), "{run}");
    let run = place.relto(&["check", "liaison", "--format", "sarif"]).ends(1);
    assert!(run.out.contains("\"uri\": \"liaison/records/a.toml\""), "{run}");
}

#[test]
fn a_waiver_is_a_suppression_with_its_ground() {
    let place = Place::new();
    let run = place
        .relto(&["check", "--sample", "exercise", "--format", "sarif"])
        .ends(0);
    assert!(run.out.contains("\"justification\": "), "{run}");
    let run = place
        .relto(&["check", "--sample", "exercise", "--format", "tap"])
        .ends(0);
    assert!(run.out.contains(" # SKIP waived: "), "{run}");
}

#[test]
fn the_summary_says_what_was_not_judged() {
    let place = Place::new();
    let broken = RECORD.replace("LC-1", "LC-2") + "mdoe = 7\n";
    place
        .file("relto.toml", "")
        .file("records/a.toml", RECORD)
        .file("records/b.toml", &broken);
    let check = ["check", "--format", "short", "--as-of", "2025-03-12"];
    let said = |code: i32| {
        let run = place.relto(&check).ends(code);
        run.err.trim_end().rsplit(": ").next().unwrap_or_default().to_owned()
    };
    assert_eq!(said(1), "1 error; 1 record not judged; for the rest 1 notice owed");
    // A file that is no TOML holds nobody knows how many.
    place.file("records/c.toml", "[[liaison_contact\n");
    assert_eq!(
        said(1),
        "2 errors; 1 record not judged, 1 file not read in full; for the rest 1 notice owed"
    );
    place.file("records/a.toml", &broken.replace("LC-2", "LC-1"));
    assert_eq!(said(1), "3 errors; 2 records not judged, 1 file not read in full");
    // Nor does a kind that there is not hold records.
    place.file("records/c.toml", "[[liason_contact]]\nid = \"LC-3\"\n");
    assert_eq!(said(1), "3 errors; 2 records not judged, 1 file not read in full");
}

#[test]
fn who_was_told_is_owed_nothing_more() {
    let place = Place::new();
    let told = "notified = [{ recipient = \"SSCI\", on = 2025-03-14, how = \"letter\" }]\n";
    place.file("records/a.toml", &(RECORD.to_owned() + told));
    let run = |args: &[&str]| place.relto(&[args, &["--as-of", "2025-04-30"]].concat()).ends(0).out;
    let short = run(&["check", "--format", "short"]);
    assert!(
        short.contains("the notice to HPSCI under CONTACT-ADV-PRINCIPAL was due"),
        "{short}"
    );
    assert!(!short.contains("SSCI"), "{short}");
    let docket = run(&["docket", "--format", "csv"]);
    assert!(
        docket
            .lines()
            .any(|line| line.contains("SSCI; HPSCI") && line.ends_with(",SSCI")),
        "{docket}"
    );
    assert!(!run(&["docket", "--recipient", "SSCI"]).contains("LC-1"));
    assert!(run(&["docket", "--recipient", "HPSCI"]).contains("LC-1"));
    let json = run(&["check", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    let owed = &json["obligations"][0];
    assert_eq!(owed["recipients"], serde_json::json!(["SSCI", "HPSCI"]));
    assert_eq!(owed["told"], serde_json::json!(["SSCI"]));
}
