//! The examples of the codes that are found when a notice is set: each wrong one gives its code and nothing else, no
//! right one does.

use std::collections::BTreeSet;

use relto::cli::pages::{Example, pages};
use relto::template::lookup;

use crate::shop::Shop;

const LETTER: &str = "/letters/liaison-contact.typ";

/// The codes in what a command printed.
fn printed(out: &str) -> BTreeSet<String> {
    let heads = out.lines().filter_map(|line| {
        let rest = line.strip_prefix("error[").or_else(|| line.strip_prefix("warning["))?;
        rest.split_once(']')
    });
    heads.map(|(code, _)| code.to_owned()).collect()
}

fn codes(code: &str, example: &Example) -> BTreeSet<String> {
    let shop = Shop::new();
    let text = example.text;
    match example.form {
        "letter line" => shop.change(LETTER, "#closing()", &format!("{text}#closing()")),
        "letter" => shop.write(
            &format!("templates{LETTER}"),
            &format!("#import \"/relto.typ\": *\n\n{text}"),
        ),
        "template" => {
            let name = text.trim();
            let path = name.strip_prefix("templates").expect("a file of the templates");
            shop.write(name, lookup::file(path).unwrap_or("// Nothing.\n"));
        }
        "settings" => {
            shop.write("relto.toml", text);
            shop.write(
                "records/lc-1.toml",
                &shop.read("records/lc-1.toml").replace("\"U\"", "\"S//NF\""),
            );
        }
        form => {
            assert_eq!(form, "record liaison_contact");
            shop.write(
                "relto.toml",
                "[classification]\nceiling = \"SECRET\"\nauthority = { classified_by = \"A. Sample, Director\", \
                 derived_from = \"Example Guide 1-1, dated 20260101\", declassify_on = \"20510115\" }\n",
            );
            let keys: Vec<&str> = text.lines().filter_map(|line| line.split(" = ").next()).collect();
            let record = shop.read("records/lc-1.toml");
            let others = record
                .lines()
                .filter(|line| !keys.iter().any(|key| line.starts_with(key)));
            let record = format!("{}\n{text}", others.collect::<Vec<_>>().join("\n"));
            shop.write("records/lc-1.toml", &record);
        }
    }
    let (_, out, err) = match code {
        "letter-advice" => shop.relto(&["template", "check"]),
        // A record for which nothing can be drafted has no notice to ask for by name.
        "marking-undecided" | "missing-authority" => shop.notice(&[]),
        _ => shop.notice(&["--only", "LC-1"]),
    };
    let found = printed(&out);
    assert!(
        !found.is_empty() || err.contains("wrote ") || code == "letter-advice",
        "{code}: {out}{err}"
    );
    found
}

#[test]
fn examples_of_letters_give_their_code_alone() {
    for page in pages() {
        let (Some(wrong), Some(right)) = (page.wrong, page.right) else {
            panic!("{} has two examples", page.code)
        };
        let set = wrong.form.starts_with("letter") || wrong.form == "template";
        if set || ["marking-undecided", "missing-authority"].contains(&page.code) {
            assert_eq!(
                codes(page.code, &wrong),
                BTreeSet::from([page.code.to_owned()]),
                "wrong {}",
                page.code
            );
            assert_eq!(codes(page.code, &right), BTreeSet::new(), "right {}", page.code);
        }
    }
}
