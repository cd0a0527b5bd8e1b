//! The command line end to end: what goes where, exit codes, and every refusal.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use relto::base::source::Sources;
use relto::cli::answers::Answers;
use relto::marking::level::Level;
use relto::record::field::{Need, fields_of};
use relto::record::kind::Kind;
use relto::record::load::load;
use tempfile::TempDir;

mod authoring;
mod cache;
mod explain;
mod fit;
mod formats;
mod imports;
mod organizations;
mod pages;
mod stdin;
mod tables;
mod withheld;
mod wording;

/// A folder of its own and the program in it, with an empty environment.
struct Place {
    folder: TempDir,
}

/// What a run came to.
struct Run {
    code: i32,
    out: String,
    err: String,
}

impl Run {
    #[track_caller]
    fn ends(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{self}");
        self
    }

    /// Could not run: exit 2, nothing on standard output.
    #[track_caller]
    fn refused(self) -> String {
        let run = self.ends(2);
        assert_eq!(run.out, "");
        run.err
    }
}

impl std::fmt::Display for Run {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}------- stderr\n{}------- exit {}", self.out, self.err, self.code)
    }
}

impl Place {
    fn new() -> Self {
        Self {
            folder: TempDir::new().expect("a folder"),
        }
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    #[expect(clippy::disallowed_methods, reason = "tests write their material")]
    fn file(&self, name: &str, text: &str) -> &Self {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
        self
    }

    #[expect(clippy::disallowed_methods, reason = "tests read what was written")]
    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path().join(name)).expect("the file is there")
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_relto"));
        command
            .args(args)
            .current_dir(self.path())
            .env_clear()
            .env("COLUMNS", "100");
        command
    }

    fn relto(&self, args: &[&str]) -> Run {
        let output = self.command(args).stdin(Stdio::null()).output().expect("relto runs");
        let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
        Run {
            code: output.status.code().expect("an exit code"),
            out: text(output.stdout),
            err: text(output.stderr),
        }
    }
}

const RECORD: &str = "\
[[liaison_contact]]
id = \"LC-1\"
title = \"A call between heads of service\"
marking = \"U\"
basis = \"sample\"
covert_action = \"no\"
legality = \"lawful\"
element = \"CIA\"
commenced = 2025-03-11
mode = \"call\"
contact_purpose = \"exchange\"
official = { title = \"Director\", rank = \"head\" }
counterpart = { country = \"RUS\", service = \"SVR\", title = \"Director\", rank = \"head\" }
";

#[test]
fn the_help_of_every_command_is_held() {
    let pages: Vec<String> = relto::cli::help()
        .into_iter()
        .map(|(name, text)| format!("$ {name} --help\n{}\n", text.trim_end()))
        .collect();
    insta::assert_snapshot!("help", pages.join("\n"));
}

#[test]
fn help_goes_to_standard_output_and_usage_errors_to_standard_error() {
    let place = Place::new();
    let run = place.relto(&["check", "--help"]).ends(0);
    assert!(run.out.starts_with("Check records against the rules\n"), "{run}");
    assert!(run.err.is_empty());
    let err = place.relto(&["chekc"]).refused();
    assert!(err.contains("'check'"), "{err}");
    let err = place.relto(&["check", "--as-of", "yesterday"]).refused();
    assert!(err.contains("write a day such as 2026-01-15"), "{err}");
    let err = place.relto(&["docket", "--sample", "--due-within", "soon"]).refused();
    assert!(err.contains("14d"), "{err}");
}

#[test]
fn no_argument_reaches_the_terminal_raw() {
    let place = Place::new();
    for args in [
        ["check", "\u{1b}[31mred"],
        ["explain", "\u{1b}]0;x\u{7}"],
        ["new", "\u{202e}kind"],
        ["fields", "a\u{9b}b"],
        ["\u{1b}[2J", "x"],
        ["check", "--\u{1b}[2J"],
        ["init", "relto.toml/\u{1b}[2J"],
    ] {
        let run = place.file("relto.toml", "").relto(&args);
        assert_eq!(run.code, 2, "{run}");
        let hidden = |c: char| c != '\n' && relto::report::visible::is_hidden(c);
        assert!(!run.err.contains(hidden), "{:?}", run.err);
    }
}

#[test]
fn nothing_to_check_says_how_to_begin() {
    let place = Place::new();
    let err = place.relto(&["check"]).refused();
    assert!(err.starts_with("error: nothing to check"), "{err}");
    assert!(err.contains("hint: ") && err.contains("relto init"), "{err}");
    let err = place.relto(&["check", "absent.toml"]).refused();
    assert!(err.contains("absent.toml"), "{err}");
}

#[test]
fn the_sample_takes_no_path_and_no_workspace() {
    let place = Place::new();
    for args in [
        &["check", "--sample", "records"][..],
        &["check", "records", "--sample"],
        &["notice", "--sample", "exercise", "records"],
        &["docket", "--sample=exercise", "--workspace", "."],
        &["explain", "--sample", "--workspace", ".", "REL-ANY"],
    ] {
        let err = place.relto(args).refused();
        assert!(err.starts_with("error: "), "{err}");
    }
}

#[test]
fn a_flag_that_names_no_code_is_refused() {
    let place = Place::new();
    place.file("records/a.toml", RECORD);
    let err = place.relto(&["check", "--deny", "obligation-overdu"]).refused();
    insta::assert_snapshot!(err, @r"
    error: `--deny obligation-overdu` names no diagnostic code
    hint: did you mean `obligation-overdue`?
    ");
}

#[test]
fn a_malformed_settings_file_ends_the_run() {
    let place = Place::new();
    place
        .file("records/a.toml", RECORD)
        .file("relto.toml", "[agency]\nnmae = \"X\"\n");
    let err = place.relto(&["check", "--format", "json"]).refused();
    assert!(err.contains("relto.toml:2:1") && err.contains("`name`"), "{err}");
}

#[test]
fn check_reports_at_the_place_and_sums_up_on_standard_error() {
    let place = Place::new();
    place.file("records/a.toml", RECORD);
    let run = place.relto(&["check", "--as-of", "2025-03-12"]).ends(0);
    assert!(run.err.starts_with("checked 1 record against "), "{run}");
    let quiet = place.relto(&["check", "-q", "--as-of", "2025-03-12"]).ends(0);
    assert_eq!(quiet.err, "");

    place.file("records/a.toml", &RECORD.replace("mode =", "mdoe ="));
    let run = place.relto(&["check", "--format", "short"]).ends(1);
    assert!(
        run.out.starts_with("records/a.toml:10:1: error[unknown-key]: "),
        "{run}"
    );
    let run = place.relto(&["check"]).ends(1);
    assert!(run.out.contains(" --> records/a.toml:10:1\n"), "{run}");
    assert!(
        run.out.contains("= help: a key with a similar name exists: `mode`"),
        "{run}"
    );
}

#[test]
fn an_overdue_notice_is_a_warning_unless_denied() {
    let place = Place::new();
    place.file("records/a.toml", RECORD);
    let run = place.relto(&["check", "--as-of", "2025-06-01"]).ends(0);
    assert!(run.out.contains("warning[obligation-overdue]"), "{run}");
    assert!(run.out.contains("::: built-in/rel-to.toml:"), "{run}");
    let run = place
        .relto(&["check", "--as-of", "2025-06-01", "--deny", "obligation-overdue"])
        .ends(1);
    assert!(run.out.contains("error[obligation-overdue]"), "{run}");
    let run = place
        .relto(&["check", "--as-of", "2025-06-01", "--allow", "obligation-overdue"])
        .ends(0);
    assert!(!run.out.contains("obligation-overdue"), "{run}");
}

#[test]
fn json_is_one_document_on_standard_output() {
    let place = Place::new();
    place.file("records/a.toml", RECORD);
    let run = place
        .relto(&["check", "--format", "json", "--as-of", "2025-03-20"])
        .ends(0);
    let value: serde_json::Value = serde_json::from_str(&run.out).expect("one JSON document");
    assert_eq!(value["schema"], 1);
    assert_eq!(value["as_of"], "2025-03-20");
    assert_eq!(value["summary"]["records"], 1);
    let owed = value["obligations"].as_array().expect("a list");
    let contact = owed
        .iter()
        .find(|owed| owed["rule"] == "CONTACT-ADV-PRINCIPAL")
        .expect("the rule fires");
    assert_eq!(contact["due"]["at"], "2025-03-18");
    assert_eq!(contact["state"], "overdue");
    let keys: Vec<&str> = contact
        .as_object()
        .expect("an object")
        .keys()
        .map(String::as_str)
        .collect();
    assert_eq!(
        &keys[..12],
        [
            "record",
            "rule",
            "pack",
            "status",
            "effect",
            "due",
            "recipients",
            "state",
            "authority",
            "duty",
            "period",
            "because"
        ]
    );
    let due: Vec<&str> = contact["due"]
        .as_object()
        .expect("an object")
        .keys()
        .map(String::as_str)
        .collect();
    assert_eq!(
        due,
        [
            "kind",
            "at",
            "submit_by",
            "expression",
            "word",
            "reason",
            "earliest",
            "next",
            "period"
        ]
    );
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let place = Place::new();
    let text: String = (0..400)
        .map(|n| RECORD.replace("LC-1", &format!("LC-{n}")).replace("mode =", "mdoe ="))
        .collect();
    place.file("records/a.toml", &text);
    let mut child = place
        .command(&["check"])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("relto runs");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(1));
    assert!(!String::from_utf8_lossy(&output.stderr).contains("panicked"));
}

#[test]
fn colours_only_when_asked_or_on_a_terminal() {
    let place = Place::new();
    place.file("records/a.toml", &RECORD.replace("mode =", "mdoe ="));
    assert!(!place.relto(&["check"]).ends(1).out.contains('\u{1b}'));
    assert!(
        place
            .relto(&["check", "--color", "always"])
            .ends(1)
            .out
            .contains('\u{1b}')
    );
    assert!(
        !place
            .relto(&["check", "--color", "never"])
            .ends(1)
            .out
            .contains('\u{1b}')
    );
}

#[test]
fn the_docket_lists_filters_and_refuses() {
    let place = Place::new();
    place.file("records/a.toml", RECORD);
    let run = place.relto(&["docket", "--as-of", "2025-03-20"]).ends(0);
    insta::assert_snapshot!(run, @r"
    DUE         SUBMIT-BY   STATE    RECORD  RULE                   RECIPIENTS   TITLE
    2025-03-18  2025-03-18  overdue  LC-1    CONTACT-ADV-PRINCIPAL  SSCI, HPSCI  The head or deputy head
                                                                                 of an agency is in
                                                                                 contact with an…
    ------- stderr
    as of 2025-03-20: 1 notice owed, 1 overdue
    ------- exit 0
    ");
    let run = place
        .relto(&["docket", "--as-of", "2025-03-12", "--due-within", "3d"])
        .ends(0);
    assert_eq!(
        (run.out.as_str(), run.err.as_str()),
        ("", "as of 2025-03-12: no notice owed, 0 overdue\n")
    );
    let run = place
        .relto(&[
            "docket",
            "--as-of",
            "2025-03-12",
            "--due-within",
            "1w",
            "--format",
            "csv",
        ])
        .ends(0);
    assert!(
        run.out
            .lines()
            .nth(1)
            .is_some_and(|line| line.starts_with("2025-03-18,2025-03-18,open,LC-1,")),
        "{run}"
    );
    let err = place.relto(&["docket", "--recipient", "SSIC"]).refused();
    assert!(err.contains("did you mean `SSCI`?"), "{err}");
}

#[test]
fn policies_are_listed_and_tested() {
    let place = Place::new();
    let run = place.relto(&["policy", "list"]).ends(0);
    assert!(run.out.lines().all(|line| line.chars().count() <= 100), "{run}");
    let run = place.relto(&["policy", "list", "--format", "json"]).ends(0);
    let value: serde_json::Value = serde_json::from_str(&run.out).expect("one JSON document");
    assert!(value["rules"].as_array().is_some_and(|rules| rules.len() > 10), "{run}");
    let run = place.relto(&["policy", "test", "-v", "REL-ADV-ADD"]).ends(0);
    assert!(run.out.contains("✓ REL-ADV-ADD: "), "{run}");
    let err = place.relto(&["policy", "test", "REL-ADV-AD"]).refused();
    assert!(err.contains("did you mean `REL-ADV-ADD`?"), "{err}");
}

#[test]
fn fields_are_listed() {
    let place = Place::new();
    let run = place.relto(&["fields", "liaison_contact"]).ends(0);
    assert!(run.out.contains("counterpart.service"), "{run}");
    let run = place.relto(&["fields", "--format", "json"]).ends(0);
    let value: serde_json::Value = serde_json::from_str(&run.out).expect("one JSON document");
    assert_eq!(value["kinds"].as_array().map(Vec::len), Some(Kind::ALL.len()));
    let err = place.relto(&["fields", "liason_contact"]).refused();
    assert!(err.contains("did you mean `liaison_contact`?"), "{err}");
}

/// Fills in what `relto new` prints: the required fields with their examples and, with `all`, every other field too.
fn filled(kind: Kind, all: bool) -> String {
    let mut text = relto::cli::new::record(kind, &Answers::default());
    for field in fields_of(kind).filter(|field| field.need != Need::Derived) {
        let name = field.name;
        text = text.replace(&format!("\n{name} = \"\""), &format!("\n{name} = {}", field.example));
        if all {
            text = text.replace(&format!("\n#{name} = "), &format!("\n{name} = "));
        }
    }
    text
}

#[test]
fn what_new_prints_decodes_once_filled_in() {
    for kind in Kind::ALL {
        let decode = |text: String| {
            let mut sources = Sources::default();
            let source = sources.add("new.toml", text);
            let (loaded, found) = load(source, &sources, Level::TopSecret);
            (loaded.records.len(), found)
        };
        assert_eq!(decode(filled(*kind, false)), (1, Vec::new()), "{kind}");
        let (records, found) = decode(filled(*kind, true));
        assert!(found.is_empty(), "{kind}: {found:#?}");
        assert_eq!(records, 1, "{kind}");
        let (_, found) = decode(relto::cli::new::record(*kind, &Answers::default()));
        assert!(!found.is_empty(), "an empty {kind} is no record");
    }
}

#[test]
fn new_writes_a_file_once() {
    let place = Place::new();
    let run = place.relto(&["new", "rel-to-change", "-o", "rc.toml"]).ends(0);
    assert_eq!(run.out, "");
    assert!(place.read("rc.toml").contains("[[rel_to_change]]"));
    let err = place.relto(&["new", "rel_to_change", "-o", "rc.toml"]).refused();
    assert!(err.contains("is there already"), "{err}");
    let err = place.relto(&["new", "rel_to_chnage"]).refused();
    assert!(err.contains("did you mean `rel_to_change`?"), "{err}");
}

#[test]
fn init_writes_a_workspace_that_checks() {
    let place = Place::new();
    let run = place.relto(&["init", "w"]).ends(0);
    assert_eq!(run.out, "");
    for name in ["w/records", "w/policy", "w/templates", "w/relto.toml", "w/README.md"] {
        assert!(place.path().join(name).exists(), "{name}");
    }
    let err = place.relto(&["init", "w"]).refused();
    assert!(err.contains("is a workspace already"), "{err}");
    place.file("w/records/a.toml", RECORD);
    let run = place
        .relto(&[
            "check",
            "--workspace",
            "w",
            "--format",
            "short",
            "--as-of",
            "2025-03-12",
        ])
        .ends(0);
    assert!(!run.out.contains("w/records"), "{run}");
}

#[test]
fn every_default_in_the_settings_file_is_taken() {
    let place = Place::new();
    let run = place.relto(&["init"]).ends(0);
    assert!(run.err.contains("next: relto new"), "{run}");
    let taken_up = |line: &str| {
        let default = line.strip_prefix('#').filter(|rest| !rest.starts_with([' ', ':']));
        default.unwrap_or(line).to_owned()
    };
    let settings: Vec<String> = place.read("relto.toml").lines().map(taken_up).collect();
    let settings = settings.join("\n");
    place
        .file("relto.toml", &settings)
        .file("records/a.toml", RECORD)
        .file("closures.toml", "")
        .file(
            "session.toml",
            "from = 2025-01-03\nuntil = 2025-01-31\nsource = \"an example\"\n[house]\ndays = []\n",
        )
        .file("organizations.toml", "");
    place.relto(&["check", "--as-of", "2025-03-12"]).ends(0);
}

#[test]
fn init_copies_a_sample_that_checks_as_the_embedded_one() {
    let place = Place::new();
    for which in ["public", "exercise"] {
        place.relto(&["init", which, "--sample", which]).ends(0);
        let embedded = place.relto(&["check", "--sample", which, "--format", "json"]);
        let copied = place.relto(&[
            "check",
            "--workspace",
            which,
            "--format",
            "json",
            "--as-of",
            "2026-01-15",
        ]);
        assert_eq!(embedded.code, copied.code, "{copied}");
        assert_eq!(embedded.out.replace("\"sample/", "\""), copied.out, "{which}");
    }
    place.relto(&["init", "--sample", "demo"]).ends(0);
    assert!(place.path().join("demo/relto.toml").exists());
}

#[test]
fn notice_refuses_errors_and_writes_nothing() {
    let place = Place::new();
    place.file("records/a.toml", &RECORD.replace("mode =", "mdoe ="));
    let run = place.relto(&["notice", "-o", "out"]).ends(1);
    assert!(run.err.contains("nothing was written"), "{run}");
    assert!(!place.path().join("out").exists());
}

#[test]
fn marking_and_deadline_stand_on_the_same_command_line() {
    let place = Place::new();
    let run = place
        .relto(&["deadline", "7 days after 2025-03-11", "--format", "json"])
        .ends(0);
    let value: serde_json::Value = serde_json::from_str(&run.out).expect("one JSON document");
    assert_eq!(value["at"], "2025-03-18");
    place.relto(&["deadline", "seven days"]).refused();
    let run = place
        .relto(&["marking", "parse", "SECRET//NOFORN", "--format", "json"])
        .ends(0);
    assert!(run.out.contains("\"valid\":true"), "{run}");
    place.relto(&["marking", "parse", "SECRET//NOFRON"]).ends(1);
}

#[test]
fn a_step_that_is_told_to_nobody_is_late_as_a_step() {
    let place = Place::new();
    let record = "[[disclosure]]\nid = \"D-1\"\ntitle = \"A page\"\nmarking = \"U\"\nbasis = \"sample\"\ncovert_action = \"no\"\n\
                  legality = \"unlawful\"\nelement = \"ODNI\"\ncommenced = 2025-01-01\naware = 2025-01-01\nauthorized = \"no\"\n\
                  audience = \"public\"\nsignificant = true\nactual = true\nprior_level = \"S\"\n";
    place.file("records/d.toml", record).file("relto.toml", "");
    let run = place.relto(&["check", "--as-of", "2025-02-01"]).ends(0);
    let said = "\"damage assessment begun\" under NSA-3235A-DA was due on 2025-01-08";
    assert!(run.out.contains(said), "{run}");
    assert!(
        run.out.contains("once done, give its date as `assessment_initiated`"),
        "{run}"
    );
}
