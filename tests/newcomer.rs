//! A newcomer changes the closing of a letter, sees it in the preview, breaks it, and repairs it with only what relto says.

use std::fs;

use crate::preview::process::Preview;
use crate::shop::Shop;

#[test]
fn a_closing_is_changed_broken_and_repaired() {
    let shop = Shop::new();
    let closing = shop.path().join("templates/parts/closing.typ");
    let change = |from: &str, to: &str| {
        let text = fs::read_to_string(&closing).unwrap();
        assert!(text.contains(from), "{text}");
        fs::write(&closing, text.replacen(from, to, 1)).unwrap();
    };
    let (code, _, err) = shop.relto(&["template", "eject", "closng"]);
    assert_eq!(code, 2);
    assert!(err.contains("did you mean `closing`?"), "{err}");
    let (code, _, err) = shop.relto(&["template", "eject", "closing"]);
    assert_eq!(code, 0);
    assert!(err.contains("look at it with `relto template preview`"), "{err}");
    let mut preview = Preview::open(&shop, "liaison-contact");
    assert_eq!(preview.after_a_save(), (2, false, Vec::new()));

    // Changed, and seen.
    change("Sincerely,", "Respectfully,");
    assert_eq!(preview.after_a_save(), (2, false, Vec::new()));
    assert!(
        preview
            .get("page?letter=liaison-contact&sample=short&page=2")
            .contains("<svg")
    );

    // Broken: the last good pages stay, and one bracket is one problem, at its line.
    change("[Respectfully,]", "[Respectfully,");
    let (pages, kept, problems) = preview.after_a_save();
    assert_eq!((pages, kept, problems.len()), (2, true, 1), "{problems:#?}");
    for expected in [
        "unclosed delimiter",
        "templates/parts/closing.typ:",
        "unmarked[Respectfully,",
        "every `[`, `(`, `{` and `\"` needs its partner",
    ] {
        assert!(problems[0].contains(expected), "{expected}: {}", problems[0]);
    }
    let (code, _, err) = shop.notice(&[]);
    assert_eq!(code, 1);
    assert!(err.ends_with("nothing was written\n"), "{err}");

    // Repaired, and too much taken out: the part is named, and where relto's own stands.
    change("[Respectfully,", "[Respectfully,]");
    change("      notice.agency.signatory.title\n", "");
    let (_, kept, problems) = preview.after_a_save();
    assert!(kept && problems.len() == 1, "{problems:#?}");
    for expected in [
        "does not show who signs (`signature`)",
        "templates/parts/closing.typ:",
        "compare yours with `templates/.relto/parts/closing.typ`",
    ] {
        assert!(problems[0].contains(expected), "{expected}: {}", problems[0]);
    }
    let original = fs::read_to_string(shop.path().join("templates/.relto/parts/closing.typ")).unwrap();
    assert!(original.contains("notice.agency.signatory.title\n"));
    change(
        "      linebreak()\n    }))",
        "      linebreak()\n      notice.agency.signatory.title\n    }))",
    );
    assert_eq!(preview.after_a_save(), (2, false, Vec::new()));
    drop(preview);
    let (code, _, err) = shop.notice(&[]);
    assert_eq!(code, 0, "{err}");
    let (_, out, _) = shop.relto(&["template", "status"]);
    assert!(out.contains("templates/parts/closing.typ  changed"), "{out}");
}
