//! Letters of a workspace in worker processes: the same bytes, limits on time and memory, and nothing else lost.

use std::path::PathBuf;
use std::time::Duration;

use relto::base::source::Sources;
use relto::notice::model::Notice;
use relto::template::set::{Template, Templates};
use relto::typeset::press::press;
use relto::typeset::pressed::{Options, Pressed, Workers};

use super::{sample, shown};

fn own(path: &str, text: &str) -> Template {
    Template {
        path: path.to_owned(),
        name: format!("templates{path}"),
        text: text.to_owned(),
    }
}

fn workers() -> Workers {
    Workers {
        program: Some(PathBuf::from(env!("CARGO_BIN_EXE_relto"))),
        count: 2,
        deadline: Duration::from_secs(20),
        memory: 1024,
    }
}

fn with(notices: &[Notice], own: Vec<Template>, workers: Workers) -> (Vec<Pressed>, String) {
    let options = Options {
        templates: Templates::new(own),
        workers,
        ..Options::default()
    };
    let mut sources = Sources::default();
    let (pressed, diagnostics) = press(notices, &[], &options, &mut sources, &mut |_, _| {});
    (pressed, shown(&diagnostics, &sources))
}

fn plain() -> &'static str {
    relto::template::lookup::file("/letters/plain.typ").unwrap()
}

fn with_line(line: &str) -> String {
    plain().replacen(
        "#import \"/relto.typ\": *\n",
        &format!("#import \"/relto.typ\": *\n{line}\n"),
        1,
    )
}

/// The notice to set with the plain letter, and one with a shipped letter.
fn two() -> Vec<Notice> {
    let mut other = sample::public();
    other.records = vec!["RC-9".to_owned()];
    let mut plain = sample::secret();
    "plain".clone_into(&mut plain.letter);
    vec![plain, other]
}

#[test]
fn a_worker_gives_the_same_bytes_as_this_process() {
    let notices = two();
    let letter = || {
        vec![own(
            "/letters/plain.typ",
            &with_line("#para(\"U\")[The office adds this.]"),
        )]
    };
    let (here, said) = with(&notices, letter(), Workers::default());
    assert_eq!(said, "");
    let (there, said) = with(&notices, letter(), workers());
    assert_eq!(said, "");
    assert!(here == there, "the same templates, the same bytes");
    let (shipped, _) = with(&notices, Vec::new(), Workers::default());
    assert!(shipped[0].bytes != there[0].bytes && shipped[0].template != there[0].template);
    assert!(shipped[0].input != there[0].input);
}

#[test]
fn a_part_takes_the_place_of_reltos_own() {
    let closing = relto::template::lookup::file("/parts/closing.typ").unwrap();
    let own_closing = own("/parts/closing.typ", &closing.replace("Sincerely,", "Respectfully,"));
    let (pressed, said) = with(&two(), vec![own_closing], workers());
    assert_eq!(said, "");
    let (shipped, _) = with(&two(), Vec::new(), Workers::default());
    assert!(
        pressed
            .iter()
            .zip(&shipped)
            .all(|(own, shipped)| own.bytes != shipped.bytes)
    );
    let own_closing = own(
        "/parts/closing.typ",
        &closing.replace("Sincerely,", "The source is a bishop,"),
    );
    let (pressed, said) = with(&two(), vec![own_closing], workers());
    assert_eq!(pressed, []);
    assert!(
        said.contains("portion-unmarked: text without a portion mark: `The source is a bishop,`"),
        "{said}"
    );
}

/// Letters that do not end or eat memory, the seconds they get, and what is said of them.
const BOMBS: &[(&str, u64, &str)] = &[
    (
        "#{ let n = 0; for i in range(1000000) { for j in range(1000000) { n += 1 } } }",
        2,
        "the letter was stopped: it was not done after 2 seconds",
    ),
    (
        "#{ let a = \"x\"; for i in range(40) { a = a + a }; a }",
        60,
        "the letter was stopped: it needs more than 512 MiB of memory",
    ),
    (
        "#{ let a = (1,); for i in range(40) { a = a + a } }",
        60,
        "the letter was stopped: it needs more than 512 MiB of memory",
    ),
    ("#(\"para \" * 2000000000)", 60, "the letter was stopped"),
];

#[test]
fn bombs_cost_their_letter_and_nothing_else() {
    for (bomb, seconds, expected) in BOMBS {
        let few = Workers {
            deadline: Duration::from_secs(*seconds),
            memory: 512,
            ..workers()
        };
        let (pressed, said) = with(&two(), vec![own("/letters/plain.typ", &with_line(bomb))], few);
        assert!(
            said.contains(&format!("templates/letters/plain.typ:1:1: letter-stopped: {expected}")),
            "{bomb}: {said}"
        );
        assert!(!pressed.is_empty(), "{bomb}: the shipped letter was set all the same");
        assert!(pressed.iter().all(|one| one.notice == 1), "{bomb}");
    }
}

/// A worker that has to wait for the processor, as on a busy machine, is not stopped.
#[cfg(target_os = "linux")]
#[test]
fn waiting_does_not_count() {
    use std::os::unix::fs::PermissionsExt as _;
    let place = tempfile::tempdir().unwrap();
    let slow = place.path().join("slow");
    let script = format!("#!/bin/sh\nsleep 3\nexec '{}' \"$@\"\n", env!("CARGO_BIN_EXE_relto"));
    std::fs::write(&slow, script).unwrap();
    std::fs::set_permissions(&slow, std::fs::Permissions::from_mode(0o755)).unwrap();
    let waits = Workers {
        program: Some(slow),
        deadline: Duration::from_secs(2),
        ..workers()
    };
    let (pressed, said) = with(&two()[..1], vec![own("/letters/plain.typ", plain())], waits);
    assert_eq!(said, "");
    assert_eq!(pressed.len(), two()[0].addressees.len());
}

#[test]
fn loops_that_typst_sees_are_errors_of_the_letter() {
    for (line, expected) in [
        ("#while true { }", "templates/letters/plain.typ:4:"),
        ("#let f(x) = f(x + 1)\n#f(1)", "maximum function call depth exceeded"),
        ("#{ let x = 1; while x > 0 { x += 1 } }", "infinite"),
    ] {
        let (pressed, said) = with(
            &two()[..1],
            vec![own("/letters/plain.typ", &with_line(line))],
            workers(),
        );
        assert_eq!(pressed, []);
        assert!(said.contains(expected), "{line}: {said}");
    }
}

#[test]
fn a_worker_that_cannot_be_started_is_said() {
    let gone = Workers {
        program: Some(PathBuf::from("/no/such/relto")),
        ..workers()
    };
    let (pressed, said) = with(&two(), vec![own("/letters/plain.typ", plain())], gone);
    assert_eq!(pressed, []);
    assert!(
        said.contains("cannot start `/no/such/relto` as a worker process"),
        "{said}"
    );
}

#[test]
fn many_copies_go_over_all_workers_in_any_order_and_come_out_the_same() {
    let notices: Vec<Notice> = (0..30)
        .map(|number| {
            let mut notice = sample::public();
            notice.records = vec![format!("RC-{number:02}")];
            notice
        })
        .collect();
    let (one, _) = with(&notices, Vec::new(), Workers { count: 1, ..workers() });
    let (three, said) = with(&notices, Vec::new(), Workers { count: 3, ..workers() });
    assert_eq!(said, "");
    assert_eq!(
        one.len(),
        notices.iter().map(|notice| notice.addressees.len()).sum::<usize>()
    );
    assert!(one == three, "the number of workers changes nothing");
}
