//! Which characters can be printed: the table of the engine is that of the shipped fonts, and a font folder adds to it.

use std::fmt::Write as _;
use std::path::Path;

use relto::base::code::Code;
use relto::run::notices::{Wish, notice};
use relto::run::{Request, check};
use relto::workspace::glyphs;

const TABLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/policy/vocabulary/glyphs.csv");

/// The code points of the shipped fonts as ranges, a line each.
fn of_the_fonts() -> String {
    let mut points: Vec<u32> = Vec::new();
    for font in typst_assets::fonts() {
        let face = ttf_parser::Face::parse(font, 0).unwrap();
        for table in face.tables().cmap.unwrap().subtables {
            if table.is_unicode() {
                table.codepoints(|point| {
                    let shown = char::from_u32(point).and_then(|c| face.glyph_index(c));
                    points.extend(shown.filter(|glyph| glyph.0 != 0).map(|_| point));
                });
            }
        }
    }
    points.sort_unstable();
    points.dedup();
    let mut out = String::from("first,last\n");
    for range in points.chunk_by(|a, b| a + 1 == *b) {
        let _ = writeln!(out, "{:04X},{:04X}", range[0], range[range.len() - 1]);
    }
    out
}

#[test]
fn the_table_is_that_of_the_shipped_fonts() {
    let fonts = of_the_fonts();
    if std::env::var_os("RELTO_UPDATE").is_some() {
        std::fs::write(TABLE, &fonts).unwrap();
    }
    assert!(
        std::fs::read_to_string(TABLE).unwrap() == fonts,
        "the fonts have changed: RELTO_UPDATE=1 cargo test the_table_is_that_of_the_shipped_fonts"
    );
}

/// Debian's fonts for what the shipped ones lack: `fonts-noto-core`, and the smallest package with Chinese characters.
const BENGALI: &str = "/usr/share/fonts/truetype/noto/NotoSansBengali-Regular.ttf";
const CHINESE: &str = "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc";

fn record(name: &str) -> String {
    format!(
        r#"[[liaison_contact]]
id = "LC-1"
title = "A call with an example service"
marking = "U"
basis = "official"
covert_action = "no"
mode = "call"
commenced = 2025-03-11
official = {{ title = "Director", name = "Pat Example", rank = "head" }}
counterpart = {{ country = "CHN", service = "Example Service", title = "Director", name = "{name}", rank = "head" }}
facts = "The directors of both services spoke by telephone about detained citizens."
"#
    )
}

fn workspace(name: &str, fonts: &[&str]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("records")).unwrap();
    std::fs::create_dir(folder.path().join("fonts")).unwrap();
    std::fs::write(folder.path().join("relto.toml"), "").unwrap();
    std::fs::write(folder.path().join("records/lc.toml"), record(name)).unwrap();
    for font in fonts {
        let name = Path::new(font).file_name().unwrap();
        std::fs::copy(font, folder.path().join("fonts").join(name)).unwrap();
    }
    folder
}

fn request(folder: &Path) -> Request {
    Request {
        workspace: Some(folder.to_owned()),
        as_of: chrono::NaiveDate::from_ymd_opt(2025, 4, 1),
        ..Request::default()
    }
}

#[test]
fn a_character_without_a_font_is_found_when_records_are_checked() {
    let folder = workspace("王小明", &[]);
    let checked = check(&request(folder.path()), &|_| chrono::NaiveDate::default()).unwrap();
    let [problem] = checked.diagnostics.as_slice() else {
        panic!("one problem: {:?}", checked.diagnostics)
    };
    assert_eq!(problem.code, Code::MissingGlyph);
    assert_eq!(
        problem.message,
        "no font has the characters `王` (U+738B), `小` (U+5C0F), `明` (U+660E) in `counterpart.name`"
    );
    let place = problem.place.as_ref().unwrap();
    assert_eq!(&checked.sources.get(place.source).text()[place.span()], "王");
    assert!(problem.help[0].contains("`fonts/` folder"));
    assert!(
        checked.obligations.is_empty(),
        "a record with an error owes nothing yet"
    );
}

#[test]
fn a_font_folder_supplies_it() {
    let mut looked_at = 0;
    for (name, font) in [("王小明", CHINESE), ("রহিম", BENGALI)] {
        if !Path::new(font).exists() {
            continue;
        }
        let folder = workspace(name, &[font]);
        let mut checked = check(&request(folder.path()), &|_| chrono::NaiveDate::default()).unwrap();
        assert!(
            !checked.diagnostics.iter().any(|found| found.code == Code::MissingGlyph),
            "{name}: {:?}",
            checked.diagnostics
        );
        let out = folder.path().join("out");
        let noticed = notice(&mut checked, &out, &Wish::default(), &mut |_, _| {}).unwrap();
        assert!(noticed.diagnostics.is_empty(), "{name}: {:?}", noticed.diagnostics);
        assert_eq!(noticed.files.len(), 2, "{name}");
        looked_at += 1;
    }
    if looked_at == 0 {
        let _ = std::io::Write::write_all(
            &mut std::io::stderr(),
            b"SKIPPED: neither fonts-noto-core nor fonts-wqy-microhei is installed\n",
        );
    }
}

#[test]
fn what_check_lets_through_the_press_can_print() {
    for c in ['Ł', 'ễ', 'Ж', 'ψ', 'ש', 'م', '€', '…', '№'] {
        assert!(glyphs::shipped(c), "{c}");
    }
}
