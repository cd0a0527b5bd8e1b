//! Every letter that relto ships, over every sample of it and every embedded record: verified pages, a last page worth
//! its paper, conformance of what comes out.

use std::collections::BTreeMap;
use std::path::PathBuf;

use relto::base::source::Sources;
use relto::notice::model::Notice;
use relto::run::samples::{embedded, samples};
use relto::template::lookup;
use relto::template::set::Templates;
use relto::typeset::press::press;
use relto::typeset::pressed::{Options, Pressed, Want, Workers};

use super::shown;

/// Presses notices in worker processes; panics on any diagnostic.
fn pressed(notices: &[Notice], attach: bool, want: Want) -> Vec<Pressed> {
    let options = Options {
        attach,
        want,
        workers: Workers {
            program: Some(PathBuf::from(env!("CARGO_BIN_EXE_relto"))),
            ..Workers::default()
        },
        ..Options::default()
    };
    let mut sources = Sources::default();
    let (pressed, diagnostics) = press(notices, &[], &options, &mut sources, &mut |_, _| {});
    assert!(diagnostics.is_empty(), "{}", shown(&diagnostics, &sources));
    pressed
}

/// Every sample of every shipped letter, for the one reader it has; the record's name says which it is.
fn of_every_letter() -> Vec<Notice> {
    let templates = Templates::default();
    let mut all = Vec::new();
    for (letter, path) in lookup::letters() {
        let found = samples(&templates, Some(path)).unwrap();
        assert!(found.len() >= 5, "{letter} has samples");
        for sample in found {
            let mut notice = sample.notice;
            assert_eq!(templates.letter_path(&notice.letter), path);
            let reader = notice.addressees.swap_remove(sample.addressee);
            notice.addressees = vec![reader];
            // Nothing prints this: it names the file.
            notice.records = vec![format!("{letter}-{}", sample.id)];
            all.push(notice);
        }
    }
    all
}

#[test]
fn every_letter_is_set_on_every_sample() {
    let all = of_every_letter();
    let folder = std::env::var_os("RELTO_PDFS").map(PathBuf::from);
    // The data attached changes no page: one sample a letter shows it, but for a validator outside.
    let short = |notice: &&Notice| folder.is_some() || notice.records[0].ends_with("-short");
    let some: Vec<Notice> = all.iter().filter(short).cloned().collect();
    for (name, attach, notices) in [("a-2a", false, all), ("a-3a", true, some)] {
        let files = pressed(&notices, attach, Want::Pdf);
        assert_eq!(files.len(), notices.len());
        for file in &files {
            assert!(file.bytes.starts_with(b"%PDF-1.7"), "{}", file.name);
            let embeds = file.bytes.windows(10).any(|window| window == b"relto.json");
            assert_eq!(embeds, attach, "{}", file.name);
            if let Some(folder) = &folder {
                std::fs::create_dir_all(folder.join(name)).unwrap();
                std::fs::write(folder.join(name).join(&file.name), &file.bytes).unwrap();
            }
        }
    }
}

#[test]
fn no_last_page_holds_the_closing_alone() {
    let all = embedded().unwrap();
    let kinds: BTreeMap<&str, usize> = all.iter().fold(BTreeMap::new(), |mut kinds, notice| {
        *kinds.entry(notice.letter.as_str()).or_default() += 1;
        kinds
    });
    for letter in ["correction", "memo", "transmittal", "what-if", "periodic-report"] {
        assert!(kinds.contains_key(letter), "{kinds:?}");
    }
    for one in pressed(all, false, Want::Text) {
        let Some(last) = one.sheets.last().filter(|_| one.pages > 1) else {
            continue;
        };
        let before = last.split("Sincerely,").next().unwrap_or_default();
        // Banner and training line, the offer of a briefing, and at least four lines that it closes.
        assert!(before.lines().count() >= 8, "{}: the last page is\n{last}", one.name);
    }
}

#[test]
fn a_letter_that_overflows_a_little_is_set_smaller() {
    let all = embedded().unwrap();
    let of = |record: &str| {
        let mut notice = all.iter().find(|notice| notice.records == [record]).unwrap().clone();
        notice.addressees.truncate(1);
        notice
    };
    let pages = |notice: Notice| pressed(&[notice], false, Want::Text)[0].pages;
    assert_eq!(pages(of("C01")), 2);
    // Twice the text is no overflow: it keeps its size and its pages.
    let mut long = of("C01");
    let text = long.sections[0].portions.clone();
    long.sections[0]
        .portions
        .extend(std::iter::repeat_n(text, 12).flatten());
    assert_eq!(pages(long), 3);
}
