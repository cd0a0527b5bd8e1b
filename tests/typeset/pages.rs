//! What comes out: files, pages, bytes.

use relto::typeset::pressed::Options;

use super::{pressed, sample};

#[test]
fn every_addressee_gets_a_file() {
    let files = pressed(&[sample::public(), sample::secret()]);
    let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
    assert_eq!(
        names,
        [
            "LC-2025-001--SSCI.pdf",
            "RC-2025-001--SSCI.pdf",
            "RC-2025-001--HPSCI.pdf"
        ]
    );
    for file in &files {
        assert!(file.bytes.starts_with(b"%PDF-1.7"), "{}", file.name);
        assert_eq!(file.pages, 2, "{}", file.name);
    }
    let elements = &files[1].elements;
    assert_eq!(elements.get("facts"), Some(&1));
    assert_eq!(elements.get("added"), Some(&1));
    assert!(elements.contains_key("effective") && elements.contains_key("purpose"));
}

#[test]
fn forty_countries_wrap_in_the_banner() {
    // The checks hold the whole banner against both edges of every page.
    let files = pressed(&[sample::forty_countries()]);
    assert_eq!(files.len(), 2);
}

#[test]
fn every_level_has_a_banner_that_reads() {
    for (level, mark) in [("TOP SECRET", "TS//NF"), ("SECRET", "S//NF"), ("CONFIDENTIAL", "C//NF")] {
        let mut notice = sample::secret();
        notice.banner.text = format!("{level}//NOFORN");
        notice.banner.level = level.to_owned();
        notice.marks.push(mark.to_owned());
        assert_eq!(pressed(&[notice]).len(), 2, "{level}");
    }
}

#[test]
fn the_same_notice_gives_the_same_bytes_in_every_thread() {
    let reference = pressed(&[sample::secret()]);
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..2)
            .map(|_| scope.spawn(|| pressed(&[sample::public(), sample::secret()])))
            .collect();
        for thread in threads {
            let files = thread.join().expect("no panic");
            assert_eq!(files[1].bytes, reference[0].bytes);
            assert_eq!(files[2].bytes, reference[1].bytes);
        }
    });
}

#[test]
fn a_long_record_goes_on_over_pages() {
    let mut notice = sample::secret();
    let text = "The partner asked for the series again and again. ".repeat(20);
    for _ in 0..12 {
        notice.sections[0]
            .portions
            .push(relto::notice::model::Portion::new("S//NF", text.trim()));
    }
    let row = notice.particulars[0].clone();
    notice.particulars.extend(std::iter::repeat_n(row, 80));
    let files = pressed(&[notice]);
    assert!(files[0].pages >= 5, "{}", files[0].pages);
}

#[test]
fn foreign_names_print() {
    let mut notice = sample::public();
    for name in [
        "Łukasz Żółć",
        "Nguyễn Thị Ánh",
        "Александр",
        "Γιώργος",
        "אברהם לוי",
        "محمد",
    ] {
        notice.particulars[2].value = name.to_owned();
        notice
            .required
            .push(sample::required("official", "Decided by", &[name]));
        assert_eq!(pressed(&[notice.clone()]).len(), 1, "{name}");
        notice.required.pop();
    }
}

#[test]
fn a_character_without_a_glyph_is_named() {
    let mut notice = sample::public();
    notice.particulars[2].value = "漢".to_owned();
    let (files, shown) = super::with_letter(notice, relto::template::lookup::file("/letters/plain.typ").unwrap());
    assert!(files.is_empty());
    assert!(
        shown.contains("missing-glyph: no font has the character `漢` (U+6F22)"),
        "{shown}"
    );
}

#[test]
fn data_stays_data() {
    let mut notice = sample::public();
    let nasty = "*bold* #read(\"/etc/passwd\") $x$ <l> @r // no comment \" \\ `raw` = heading";
    notice.sections[0].portions[0].text = nasty.to_owned();
    notice.required[0].expect = vec![nasty.to_owned()];
    assert_eq!(pressed(&[notice]).len(), 1);
}

#[test]
fn with_the_data_attached() {
    let mut sources = relto::base::source::Sources::default();
    let options = Options {
        attach: true,
        ..Options::default()
    };
    let (files, diagnostics) =
        relto::typeset::press::press(&[sample::public()], &[], &options, &mut sources, &mut |_, _| {});
    assert!(diagnostics.is_empty(), "{}", super::shown(&diagnostics, &sources));
    assert!(files[0].bytes.windows(10).any(|window| window == b"relto.json"));
}

#[test]
fn a_cell_goes_on_over_a_page() {
    let mut notice = sample::secret();
    let text = "A long particular that goes on. ".repeat(200);
    notice.particulars[2].value = text.trim().to_owned();
    notice
        .required
        .push(sample::required("official", "Decided by", &[text.trim()]));
    let files = pressed(&[notice]);
    assert!(files[0].pages >= 3, "{}", files[0].pages);
}
