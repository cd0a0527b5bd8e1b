//! Letters that try to get round the frame: each refused with file and line, and no PDF.

use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use relto::base::source::Sources;
use relto::typeset::press::press;
use relto::typeset::pressed::{Letter, Options, Pressed, Workers};

use super::{sample, shown, with_letter};

/// The shipped plain letter.
fn plain() -> &'static str {
    relto::template::lookup::file("/letters/plain.typ").expect("it is shipped")
}

/// The shipped letter with a line put in after the import, which is line 3.
fn letter_with(line: &str) -> String {
    plain().replacen(
        "#import \"/relto.typ\": *\n",
        &format!("#import \"/relto.typ\": *\n{line}\n"),
        1,
    )
}

#[track_caller]
fn refused(letter: &str, expected: &str) {
    let (files, shown) = with_letter(sample::secret(), letter);
    assert!(files.is_empty(), "a PDF came out");
    assert!(shown.contains(expected), "{shown}");
}

#[test]
fn no_page_settings() {
    refused(
        &letter_with("#set page(header: none)"),
        "templates/letters/mine.typ:4:6: letter-invalid: a letter may not use `page`",
    );
}

#[test]
fn no_black_box_over_the_banner() {
    refused(
        &letter_with("#place(top + left, dx: -1in, dy: -1.2in, rect(width: 8.5in, height: 1in, fill: black))"),
        "templates/letters/mine.typ:4:42: banner-check: page 1: the letter reaches into the banner at the top",
    );
}

#[test]
fn no_white_text() {
    refused(
        &letter_with("#set text(fill: white)"),
        "letter-invalid: page 1: text that cannot be read: its contrast is 1.0",
    );
    refused(
        &letter_with("#text(fill: white)[(U) seen by no one]"),
        "templates/letters/mine.typ:4:20: ",
    );
}

#[test]
fn no_hidden_contents() {
    let shipped = plain();
    let expected =
        "element-missing: the letter does not show Concise statement of the facts (`facts`), which REL-ADV-ADD demands";
    refused(&shipped.replace("#section(\"facts\")\n", ""), expected);
    refused(
        &shipped.replace(
            "#section(\"facts\")\n",
            "#box(width: 0pt, height: 0pt, clip: true, section(\"facts\"))\n",
        ),
        expected,
    );
    refused(
        &shipped.replace("#section(\"facts\")\n", "#hide(section(\"facts\"))\n"),
        "a letter may not use `hide`",
    );
    refused(
        &shipped.replace("#section(\"facts\")\n", "#scale(1%, section(\"facts\"))\n"),
        expected,
    );
    refused(
        &shipped.replace("#section(\"facts\")\n", "#place(dx: 20in, section(\"facts\"))\n"),
        expected,
    );
    let covered = "#section(\"facts\")\n#place(dy: -2in, rect(width: 100%, height: 2in, fill: yellow))\n";
    refused(&shipped.replace("#section(\"facts\")\n", covered), expected);
    refused(
        &letter_with("#show \"Five Eyes\": [nobody]"),
        "templates/letters/mine.typ:4:2: letter-invalid: a letter may change how things look, not what they say",
    );
}

#[test]
fn no_other_words_in_a_narrative() {
    let changed = "letter-invalid: the letter changes the words of the record in `significance_text`";
    // No rule demands it: a letter may leave it out.
    let mut notice = sample::secret();
    notice.required.retain(|required| required.name != "significance_text");
    let section = notice
        .sections
        .iter()
        .find(|section| section.field == "significance_text");
    let portion = section.expect("the sample has it").portions[0].clone();
    let (mark, text) = (portion.mark.as_str(), portion.text.as_str());
    for words in [
        format!("para(\"{mark}\")[Nothing of note.]"),
        format!("para(\"{mark}\", \"{}\")", &text[..text.len() - 5]),
        format!("{{ para(\"{mark}\", \"{text}\"); para(\"U\")[Or so they say.] }}"),
        // Another mark than the record's.
        format!("para(\"{}\", \"{text}\")", if mark == "U" { "S//NF" } else { "U" }),
    ] {
        let letter = letter_with(&format!("#element(\"significance_text\", {words})"));
        let (files, said) = with_letter(notice.clone(), &letter);
        assert!(files.is_empty() && said.contains(changed), "{words}: {said}");
        assert!(said.starts_with("templates/letters/mine.typ:4:"), "{said}");
    }
    // Printed as it is, once more or not at all.
    for letter in [
        letter_with(&format!(
            "#element(\"significance_text\", para(\"{mark}\", strong(\"{text}\")))"
        )),
        plain().replace("#section(\"significance_text\")\n", ""),
    ] {
        let (files, said) = with_letter(notice.clone(), &letter);
        assert!(!files.is_empty(), "{said}");
    }
}

#[test]
fn complaints_stand_in_the_drafters_own_file() {
    for (line, place, expected) in [
        (
            "#para(\"C//NF\")[They met.]",
            "4:16",
            "banner-check: a portion is marked (C//NF)",
        ),
        (
            "#para(\"SECRET\", notice.title)",
            "4:7",
            "banner-check: a portion is marked (SECRET)",
        ),
        (
            "#place(top + center, dy: -0.9in, para(\"U\")[Hey])",
            "4:44",
            "banner-check: page 1: the letter reaches into the banner at the top",
        ),
        (
            "#text(fill: white, section(\"facts\"))",
            "4:28",
            "letter-invalid: page 1: text that cannot be read: its contrast is 1.0",
        ),
    ] {
        let (files, said) = with_letter(sample::secret(), &letter_with(line));
        assert!(files.is_empty(), "{line}");
        let wanted = format!("templates/letters/mine.typ:{place}: {expected}");
        assert!(said.contains(&wanted), "{wanted}\n{said}");
        assert!(
            said.lines().all(|one| one.starts_with("templates/letters/mine.typ:")),
            "{said}"
        );
    }
    // What lies over the text is to be moved, not the text.
    let over = "#section(\"facts\")\n#place(dy: -2in, rect(width: 100%, height: 2in, fill: yellow))\n";
    let (_, said) = with_letter(sample::secret(), &plain().replace("#section(\"facts\")\n", over));
    let wanted =
        "templates/letters/mine.typ:16:18: letter-invalid: page 1: text that cannot be read: something is painted over";
    assert!(said.contains(wanted), "{said}");
}

#[test]
fn no_unmarked_text() {
    refused(
        &letter_with("He met them in Ankara."),
        "templates/letters/mine.typ:4:1: portion-unmarked: text without a portion mark",
    );
    refused(&letter_with("#footnote[He met them.]"), "portion-unmarked");
    refused(
        &letter_with("#para(\"S\")[He met them.]"),
        "banner-check: a portion is marked (S)",
    );
    refused(
        &letter_with("#portion(\"U\")[One.\n\nTwo.]"),
        "portion-unmarked: a second paragraph",
    );
    refused(
        &letter_with("(S//NF) He met them."),
        "templates/letters/mine.typ:4:3: letter-invalid: a comment after text",
    );
}

#[test]
fn no_forged_brackets() {
    let forged = "#let m = portion(\"U\")[x].children.first().func()\n#m((relto: \"unmarked\", name: \"\", edge: \"start\"))secret";
    refused(&letter_with(forged), "portion-unmarked");
    refused(
        &letter_with("#letterhead-part.unmarked[secret]"),
        "a letter may not use `unmarked`",
    );
}

#[test]
fn no_way_out_of_the_letter() {
    for (line, expected) in [
        ("#import \"@preview/cetz:0.3.0\": canvas", "imports only `/relto.typ`"),
        ("#include \"/etc/passwd\"", "imports only `/relto.typ`"),
        ("#read(\"/etc/passwd\")", "unknown variable: read"),
        ("#std.read(\"/etc/passwd\")", "a letter may not use `std`"),
        ("#image(\"/seal.png\")", "unknown variable: image"),
        ("#eval(\"1\")", "unknown variable: eval"),
        ("#pagebreak()", "a letter may not use `pagebreak`"),
        ("#set document(title: \"x\")", "a letter may not use `document`"),
        ("#text(font: \"No Such Font\")[(U) x]", "unknown font family"),
        ("#notice.no-such-field", "no-such-field"),
    ] {
        refused(&letter_with(line), expected);
        refused(&letter_with(line), "templates/letters/mine.typ:4:");
    }
}

/// Hostile letters: what they try, the line put into a letter, and why there is no PDF. An empty reason: there is a PDF,
/// and the banner is on every page of it.
const HOSTILE: &[(&str, &str, &str)] = &[
    (
        "white text over the banner",
        "#place(top + left, dx: -1in, dy: -1.2in, text(fill: white, size: 30pt)[SECRET NOFORN SECRET NOFORN])",
        "banner-check",
    ),
    (
        "a black box over the banner",
        "#place(top + left, dx: -1in, dy: -1.2in, rect(width: 8.5in, height: 1in, fill: black))",
        "banner-check",
    ),
    (
        "a white box over the banner",
        "#place(top + left, dx: -1in, dy: -1.2in, rect(width: 8.5in, height: 1in, fill: white))",
        "banner-check",
    ),
    (
        "a box in the banner's colour",
        "#place(top + left, dx: -1in, dy: -1.2in, rect(width: 8.5in, height: 1in, fill: rgb(\"#c8102e\")))",
        "banner-check",
    ),
    (
        "a banner of its own, lower",
        "#place(top + center, dy: -1in, text(size: 11pt, weight: \"bold\")[UNCLASSIFIED])",
        "banner-check",
    ),
    (
        "no foreground",
        "#set page(foreground: none)",
        "a letter may not use `page`",
    ),
    (
        "page settings in a function",
        "#let f(x) = page(x)",
        "a letter may not use `page`",
    ),
    (
        "another paper",
        "#page(paper: \"a3\")[(U) x]",
        "a letter may not use `page`",
    ),
    (
        "another title",
        "#set document(title: \"x\")",
        "a letter may not use `document`",
    ),
    ("a page of its own", "#pagebreak()", "a letter may not use `pagebreak`"),
    (
        "a package",
        "#import \"@preview/cetz:0.3.0\": canvas",
        "imports only `/relto.typ`",
    ),
    (
        "the frame itself",
        "#import \"/frame.typ\": *",
        "imports only `/relto.typ`",
    ),
    (
        "a file of the machine",
        "#read(\"/etc/passwd\")",
        "unknown variable: read",
    ),
    ("a plugin", "#plugin(\"/x.wasm\")", "unknown variable: plugin"),
    ("code in data", "#eval(\"[x]\")", "unknown variable: eval"),
    (
        "code in data, by way of std",
        "#std.eval(\"[x]\")",
        "a letter may not use `std`",
    ),
    ("the program", "#sys.version", "a letter may not use `sys`"),
    (
        "a mark that is a comment",
        "(S//NF) He met them.",
        "a comment after text",
    ),
    (
        "text off the page",
        "#move(dx: 20in, para(\"U\")[Nobody sees this.])\n#place(dx: 20in, section(\"facts\"))",
        "it lies outside the page",
    ),
    (
        "tiny text",
        "#text(size: 0.1pt, para(\"U\")[Nobody reads this.])",
        "cannot be read",
    ),
    (
        "white text",
        "#text(fill: white, para(\"U\")[Nobody reads this.])",
        "cannot be read",
    ),
    ("text that is not there", "#show text: none", "not what they say"),
    ("no headings", "#show heading: none", "not what they say"),
    ("words replaced", "#show \"Five Eyes\": [nobody]", "not what they say"),
    (
        "the banner's words taken away",
        "#show \"SECRET\": none",
        "not what they say",
    ),
    (
        "headings of no size",
        "#show heading: set text(size: 0pt)",
        "cannot be read",
    ),
    ("headings in colour", "#show heading: set text(fill: navy)", ""),
    (
        "forged brackets",
        "#metadata((relto: \"frame\", name: \"\", edge: \"start\"))",
        "a letter may not use `metadata`",
    ),
    ("other numbers", "#counter(heading).update(78)", ""),
    (
        "another font for everything",
        "#set text(font: \"DejaVu Sans Mono\")",
        "",
    ),
    (
        "pages without end",
        "#for i in range(3000) { colbreak() }",
        "letter-stopped",
    ),
    ("a loop that never ends", "#while true { }", "letter-invalid"),
    (
        "a function that calls itself",
        "#let f(x) = f(x + 1)\n#f(1)",
        "maximum function call depth",
    ),
    (
        "a loop that ends next year",
        "#{ let n = 0; for i in range(1000000) { for j in range(1000000) { n += 1 } } }",
        "letter-stopped",
    ),
    (
        "a list that doubles",
        "#{ let a = (1,); for i in range(40) { a = a + a } }",
        "letter-stopped",
    ),
    (
        "boxes in boxes",
        "#let f(n) = if n == 0 [(U) x] else { box(f(n - 1)) }\n#f(75)",
        "letter-invalid",
    ),
];

#[test]
fn the_banner_is_on_every_page_or_there_is_no_pdf() {
    let mut table = Vec::new();
    let mut wrong = Vec::new();
    for (attempt, line, expected) in HOSTILE {
        let options = Options {
            letter: Some(Letter {
                name: "templates/letters/mine.typ".to_owned(),
                text: letter_with(line),
            }),
            workers: Workers {
                program: Some(PathBuf::from(env!("CARGO_BIN_EXE_relto"))),
                count: 1,
                deadline: Duration::from_secs(8),
                memory: 640,
            },
            ..Options::default()
        };
        let mut sources = Sources::default();
        let mut notice = sample::secret();
        notice.addressees.truncate(1);
        let (files, diagnostics) = press(&[notice], &[], &options, &mut sources, &mut |_, _| {});
        let said = shown(&diagnostics, &sources);
        let outcome = match files.as_slice() {
            [] if !expected.is_empty() && said.contains(expected) => said.lines().next().unwrap_or_default().to_owned(),
            [pdf] if expected.is_empty() && said.is_empty() => format!("PDF, banner on {} pages", banners(pdf)),
            _ => {
                wrong.push(format!(
                    "{attempt}: {} files; expected `{expected}`; {said}",
                    files.len()
                ));
                continue;
            }
        };
        table.push(format!("{attempt:36} {outcome}\n"));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    if std::env::var_os("RELTO_SHOW").is_some() {
        let _ = std::io::Write::write_all(&mut std::io::stderr(), table.concat().as_bytes());
    }
}

/// Counts the pages that begin and end with the banner, as another program reads them; panics where one does not.
fn banners(pdf: &Pressed) -> usize {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.pdf");
    std::fs::write(&path, &pdf.bytes).unwrap();
    let Ok(output) = Command::new("pdftotext").args(["-layout"]).arg(&path).arg("-").output() else {
        return pdf.pages;
    };
    let text = String::from_utf8(output.stdout).unwrap();
    let pages: Vec<&str> = text.trim_end_matches('\u{c}').split('\u{c}').collect();
    assert_eq!(pages.len(), pdf.pages);
    for page in &pages {
        let lines: Vec<&str> = page.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        assert_eq!(
            (lines[0], lines[lines.len() - 1]),
            ("SECRET//NOFORN", "SECRET//NOFORN"),
            "{page}"
        );
    }
    pages.len()
}
