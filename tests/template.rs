//! `relto template` from the command line: list, fields, check, eject, status, upgrade, diff.

use std::fs;

use serde_json::Value;

use crate::shop::Shop;

#[test]
fn lists_letters_and_parts_and_whose_they_are() {
    let shop = Shop::new();
    shop.change("/parts/closing.typ", "Sincerely,", "Respectfully,");
    let (code, out, _) = shop.relto(&["template", "list", "--format", "json"]);
    assert_eq!(code, 0);
    let listed: Value = serde_json::from_str(&out).unwrap();
    let of = |name: &str| {
        let all = listed["templates"].as_array().unwrap();
        all.iter().find(|one| one["name"] == name).unwrap().clone()
    };
    assert_eq!(of("closing")["whose"], "workspace");
    assert_eq!(of("rel-to-change")["whose"], "relto");
    assert_eq!(of("rel-to-change")["what"], "letter");
    assert!(of("letterhead")["purpose"].as_str().unwrap().starts_with("Letterhead"));
}

#[test]
fn a_sample_is_a_workspace_to_list_and_check_and_none_to_write_to() {
    let shop = Shop::new();
    let (code, out, err) = shop.relto(&["template", "list", "--sample", "exercise"]);
    assert!(code == 0 && out.contains("letterhead"), "{out}{err}");
    let (code, out, err) = shop.relto(&["template", "eject", "closing", "--sample"]);
    assert!(
        code == 2 && out.is_empty() && err.contains("there is no workspace here"),
        "{out}{err}"
    );
}

#[test]
fn lists_every_field_with_the_rules_that_demand_it() {
    let shop = Shop::new();
    let (code, out, err) = shop.relto(&["template", "fields", "rel-to-change", "--format", "json"]);
    assert_eq!(code, 0, "{err}");
    let fields: Value = serde_json::from_str(&out).unwrap();
    let demanded = fields["required"].as_array().unwrap();
    let facts = demanded.iter().find(|one| one["field"] == "facts").unwrap();
    assert_eq!(facts["write"], "#section(\"facts\")");
    assert!(
        facts["rules"]
            .as_array()
            .unwrap()
            .iter()
            .any(|rule| rule == "REL-ADV-ADD")
    );
    let variables = fields["variables"].as_array().unwrap();
    let title = variables.iter().find(|one| one["path"] == "notice.title").unwrap();
    assert_eq!(title["type"], "text");
    assert!(title["example"].as_str().unwrap().len() > 5);
    let (code, _, err) = shop.relto(&["template", "fields", "rel-to-chnage"]);
    assert_eq!(code, 2);
    assert!(err.contains("did you mean `rel-to-change`?"), "{err}");
}

#[test]
fn a_copy_is_tracked_from_ejection_to_upgrade() {
    let shop = Shop::new();
    let (code, _, err) = shop.relto(&["template", "eject", "closing"]);
    assert_eq!(code, 0, "{err}");
    let read = |name: &str| fs::read_to_string(shop.path().join("templates").join(name)).unwrap();
    let text = read("parts/closing.typ");
    assert!(text.starts_with("// based on relto 0.1.0, sha256 "), "{text}");
    assert!(read("relto.typ").contains("#import \"/parts/closing.typ\" as closing-part"));
    assert!(read("relto.typ").contains("#import \"/.relto/parts/tables.typ\" as tables-part"));
    let (code, _, err) = shop.relto(&["template", "eject", "closing"]);
    assert_eq!(code, 2, "never over a file that is there");
    assert!(err.contains("is there already"), "{err}");
    let (_, out, _) = shop.relto(&["template", "status"]);
    assert!(out.contains("unchanged"), "{out}");

    // As if it had been copied from an older relto, and changed since.
    let shipped = relto::template::lookup::file("/parts/closing.typ").unwrap();
    let older = shipped.replace("prepared", "ready");
    let changed = relto::template::eject::copy("0.0.9", &older).replace("Sincerely", "Respectfully");
    shop.write("templates/parts/closing.typ", &changed);
    shop.write("templates/.relto/parts/closing.typ", &older);
    let (_, out, _) = shop.relto(&["template", "status"]);
    assert!(out.contains("changed, outdated"), "{out}");
    let (code, out, err) = shop.relto(&["template", "upgrade"]);
    assert_eq!(code, 0, "{err}");
    assert!(
        out.contains("\n-") && out.contains("ready") && out.contains("\n+") && out.contains("prepared"),
        "{out}"
    );
    let text = read("parts/closing.typ");
    assert!(text.contains("Respectfully") && text.contains("prepared"), "{text}");
    let backups: Vec<String> = fs::read_dir(shop.path().join("templates/parts"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .filter(|name| name.contains(".backup-"))
        .collect();
    assert_eq!(backups.len(), 1);
    assert_eq!(read(&format!("parts/{}", backups[0])), changed);
    let (_, out, _) = shop.relto(&["template", "status"]);
    assert!(out.contains("changed") && !out.contains("outdated"), "{out}");

    // Both changed the same line: nothing is written unless asked.
    let both = relto::template::eject::copy("0.0.9", &older).replace("ready", "willing");
    shop.write("templates/parts/closing.typ", &both);
    shop.write("templates/.relto/parts/closing.typ", &older);
    let (code, out, _) = shop.relto(&["template", "upgrade"]);
    assert_eq!(code, 1);
    assert!(
        out.contains("<<<<<<<") && out.contains("willing") && out.contains("prepared"),
        "{out}"
    );
    assert_eq!(read("parts/closing.typ"), both);
    let (code, _, _) = shop.relto(&["template", "upgrade", "--replace"]);
    assert_eq!(code, 0);
    assert!(read("parts/closing.typ").ends_with(shipped));
}

#[test]
fn check_finds_what_a_letter_writer_slips_on() {
    let shop = Shop::new();
    shop.change(
        "/letters/liaison-contact.typ",
        "#letterhead()\n",
        "#letterhead()\n#para(\"U\")[It cost \\$5 million; see item #3 of the list.]\n#para(\"U\")[As of March 11, 2025, \
         #notice.agency.nam writes to the Select Committee on Intelligence.]\n",
    );
    let (code, out, err) = shop.relto(&["template", "check", "--format", "short"]);
    assert_eq!(code, 1, "{err}");
    for expected in [
        "templates/letters/liaison-contact.typ:6:43: warning[letter-advice]",
        "templates/letters/liaison-contact.typ:7:18: warning[letter-advice]",
        "templates/letters/liaison-contact.typ:7:49: error[letter-invalid]",
        "a committee that is typed",
    ] {
        assert!(out.contains(expected), "{expected}\n{out}");
    }
    assert_eq!(
        out.matches("does not contain key").count(),
        1,
        "once, not once a sample: {out}"
    );
    let (_, out, _) = shop.relto(&["template", "check", "--format", "json"]);
    let found: Value = serde_json::from_str(&out).unwrap();
    let slip = found["diagnostics"].as_array().unwrap();
    let slip = slip.iter().find(|one| one["code"] == "letter-invalid").unwrap();
    let help = slip["help"].to_string();
    assert!(
        help.contains("did you mean `name`?") && help.contains("`relto template fields liaison-contact`"),
        "{help}"
    );
    let (code, _, err) = shop.relto(&["template", "check", "liason-contact"]);
    assert_eq!(code, 2);
    assert!(err.contains("did you mean `liaison-contact`?"), "{err}");
}

#[test]
fn a_slip_is_explained_at_its_place() {
    let shop = Shop::new();
    for (line, place, message, help) in [
        (
            "#marked-table(\"U\", [Our table], columns: (1fr, 1fr), rows: (([a], [b]),))",
            "5:2",
            "error[letter-invalid]: a table without a header row",
            "name every column: `header: ([What], [When])`",
        ),
        (
            "#marked-table(\"U\", [Our table], columns: (1fr, 1fr), header: (\"\", []), rows: (([a], [b]),))",
            "5:2",
            "error[letter-invalid]: a table without a header row",
            "name every column",
        ),
        (
            "#marked-table(\"U\", [Our table], columns: 1, header: (\"A\"), rows: (([a],),))",
            "5:2",
            "error[letter-invalid]: `header` is not a list",
            "write `header: ([What],)`",
        ),
        (
            "#marked-table(\"U\", [Our table], columns: (1fr, 1fr), [a], [b])",
            "5:54",
            "error[letter-invalid]: unexpected argument",
            "the cells stand in `header` and `rows`",
        ),
        (
            "Access is SECRET//NOFORN here.",
            "5:17",
            "error[letter-invalid]: a comment after text",
            "where a text shall show two slashes, write `#\"//\"`",
        ),
        (
            "#para(\"U\")[5 * 6]",
            "5:14",
            "error[letter-invalid]: unclosed `*`",
            "write `\\*` for the sign itself",
        ),
        (
            "#para(\"U\")[5 _ 6]",
            "5:14",
            "error[letter-invalid]: unclosed `_`",
            "write `\\_` for the sign itself",
        ),
        (
            "#para(\"U\")[It cost $5.]",
            "5:20",
            "error[letter-invalid]: unclosed `$`",
            "write `\\$` for the sign itself",
        ),
        (
            "#image(\"seal.png\")",
            "5:2",
            "error[letter-invalid]: unknown variable: image",
            "letters show no pictures and read no files",
        ),
        (
            "#while true {}",
            "5:8",
            "error[letter-invalid]: condition is always true",
            "the loop never ends",
        ),
        (
            "#notice.foozle",
            "5:9",
            "error[letter-invalid]: dictionary does not contain key \"foozle\"",
            "`relto template fields liaison-contact` lists every field",
        ),
        (
            "#notice.agency.at(\"nam\")",
            "5:2",
            "error[letter-invalid]: dictionary does not contain key \"nam\"",
            "did you mean `name`?",
        ),
    ] {
        shop.change(
            "/letters/liaison-contact.typ",
            "#letterhead()\n",
            &format!("{line}\n#letterhead()\n"),
        );
        let (code, out, err) = shop.relto(&["template", "check"]);
        assert_eq!(code, 1, "{line}: {out}{err}");
        for expected in [
            &format!("templates/letters/liaison-contact.typ:{place}\n"),
            message,
            help,
        ] {
            assert!(out.contains(expected), "{line}: {expected}\n{out}");
        }
        assert_eq!(out.matches("error[").count(), 1, "{out}");
        assert!(!out.contains("warning[") && !out.contains("helpers.typ"), "{out}");
    }
    // What the help says to write is what prints.
    let line = "#para(\"U\")[5 \\* 6 \\_ 7 for \\$5, see a#\"//\"b.]\n#marked-table(\"U\", [Ours], columns: (1fr, 1fr), \
                header: ([What], [When]), rows: (([a], [b]), ([c], [d])))\n#letterhead()\n";
    shop.change("/letters/liaison-contact.typ", "#letterhead()\n", line);
    let (code, out, _) = shop.relto(&["template", "check"]);
    assert_eq!((code, out.as_str()), (0, ""));
}

#[test]
fn diff_shows_what_a_change_changes_on_the_pages() {
    let shop = Shop::new();
    let shipped = relto::template::lookup::file("/letters/rel-to-change.typ").unwrap();
    shop.write("old/rel-to-change.typ", shipped);
    shop.write(
        "new/rel-to-change.typ",
        &shipped.replacen("#closing()", "#para(\"U\")[One line more.]\n#closing()", 1),
    );
    let (code, out, err) = shop.relto(&["template", "diff", "old/rel-to-change.typ", "new/rel-to-change.typ"]);
    assert_eq!(code, 1, "{err}");
    assert!(
        out.contains("rel-to-change, sample short") && out.contains("One line more.\n"),
        "{out}"
    );
    let (code, out, _) = shop.relto(&["template", "diff", "rel-to-change", "old/rel-to-change.typ"]);
    assert_eq!((code, out.as_str()), (0, ""));
    let (code, _, err) = shop.relto(&["template", "diff", "closing", "old/rel-to-change.typ"]);
    assert_eq!(code, 2);
    assert!(err.contains("are not the same letter or part"), "{err}");
}
