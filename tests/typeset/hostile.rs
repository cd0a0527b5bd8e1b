//! Letters that try to get round the frame: each refused with file and line, and no PDF.

use super::{sample, with_letter};

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
    refused(&letter_with("#show \"Five Eyes\": [nobody]"), expected);
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
