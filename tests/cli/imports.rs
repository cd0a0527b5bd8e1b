//! What an import refuses: every problem of the table and of its mapping in one pass, each with what to write.

use super::*;

const MAP: &str = r#"kind = "liaison_contact"
date_format = "%m/%d/%Y"

[constants]
marking = "U"
basis = "official"
covert_action = "no"
"#;

/// An import of one file with a mapping that ends with exit 1; nothing is written.
#[track_caller]
fn problems(file: &str, text: &str, map: &str) -> String {
    let place = Place::new();
    place.file(file, text).file("map.toml", map);
    let run = place
        .relto(&["import", file, "--map", "map.toml", "-o", "out.toml"])
        .ends(1);
    assert!(!place.path().join("out.toml").exists(), "{run}");
    run.out + &run.err
}

#[test]
fn quotation_marks_are_read_to_the_letter() {
    let table = concat!(
        "id,title,commenced\n",
        "LC-1,5\" gun,03/11/2025\n",
        "LC-2,\"two\" x,03/11/2025\n",
        "LC-3,\"two\nlines\",03/11/2025\n",
        "LC-4, \"a, b\",03/11/2025\n",
        "LC-5,\"ab\"c\",13/13/2025\n",
        "LC-6,\"\"\"whole\"\"\",13/13/2025\n",
        "LC-7,\"open,03/11/2025\n",
        "LC-8,\"x\",03/11/2025\n",
    );
    insta::assert_snapshot!(problems("a.csv", table, MAP), @r#"
    a.csv: error: row 2 (line 2), column 2: a quotation mark stands inside a cell that has none around it; write the cell as `"5"" gun"`
    a.csv: error: row 3 (line 3), column 2: ` x` stands behind the closing quotation mark; write a quotation mark inside a cell twice, as in `"""two"" x"`
    a.csv: error: row 5 (line 6), column 2: a blank stands before the quotation mark that opens the cell; leave the blank out
    a.csv: error: row 6 (line 7), column 2: `c"` stands behind the closing quotation mark; write a quotation mark inside a cell twice, as in `"ab""c"`
    a.csv: error: row 7, column 3 (`commenced`): `13/13/2025` is no date of the form `%m/%d/%Y`
    a.csv: error: row 8 (line 9), column 2: the quotation mark that is opened here is closed in line 10, and `x"` stands behind it; close it where the cell ends, and write a quotation mark inside a cell twice. The rows after it were not read
    6 errors in 7 rows: nothing was written
    "#);
    let table = "id,title,commenced\nLC-1,x,13/13/2025\n\nLC-2,\"open,03/11/2025\nLC-3,x,03/11/2025\n";
    insta::assert_snapshot!(problems("a.csv", table, MAP), @"
    a.csv: error: row 2, column 3 (`commenced`): `13/13/2025` is no date of the form `%m/%d/%Y`
    a.csv: error: row 4 (line 4), column 2: a quotation mark is opened here and never closed; close it where the cell ends. The rows after it were not read
    2 errors in 2 rows: nothing was written
    ");
    insta::assert_snapshot!(problems("a.csv", "id,\"title\nLC-1,x\n", MAP), @"
    a.csv: error: row 1 (line 1), column 2: a quotation mark is opened here and never closed; close it where the cell ends. The rows after it were not read
    1 error in 0 rows: nothing was written
    ");
}

#[test]
fn every_row_has_a_cell_for_every_heading() {
    let table = "id,title,commenced\nLC-1,a, b,03/11/2025\nLC-2\n\nLC-3,x,11.3.2025\n";
    insta::assert_snapshot!(problems("a.csv", table, MAP), @"
    a.csv: error: row 2: 4 cells under 3 headings; put a cell with a comma in it in quotation marks
    a.csv: error: row 3: 1 cell under 3 headings; write an empty cell as nothing between two commas
    a.csv: error: row 5, column 3 (`commenced`): `11.3.2025` is no date of the form `%m/%d/%Y`
    3 errors in 3 rows: nothing was written
    ");
}

#[test]
fn a_table_without_a_row_is_an_error() {
    for (file, text) in [
        ("a.csv", ""),
        ("a.csv", "\u{feff}\n"),
        ("a.csv", "id,title\n"),
        ("a.json", "[]"),
    ] {
        let said = problems(file, text, MAP);
        assert!(said.contains("is a record\n1 error in 0 rows"), "{said}");
    }
}

#[test]
fn a_year_has_four_digits_unless_the_form_says_two() {
    let table = "id,title,commenced\nLC-1,x,03/11/25\n";
    insta::assert_snapshot!(problems("a.csv", table, MAP), @"
    a.csv: error: row 2, column 3 (`commenced`): `03/11/25` is a date of the year 25 by the form `%m/%d/%Y`; write the year with four digits, or take `%y`, which reads years of two digits
    1 error in 1 row: nothing was written
    ");
    let place = Place::new();
    place.file("a.csv", table).file("map.toml", &MAP.replace("%Y", "%y"));
    let run = place.relto(&["import", "a.csv", "--map", "map.toml"]).ends(0);
    assert!(run.out.contains("commenced = 2025-03-11\n"), "{run}");
}

#[test]
fn a_mapping_that_cannot_hold_is_said_once() {
    let map = concat!(
        "kind = \"liaison_contact\"\ndate_format = \"%m/%Q\"\nseparator = \"\"\n",
        "[columns]\nid = \"idd\"\n",
        "[constants]\nmarking = \"X\"\nbais = \"official\"\ncovert_action = \"no\"\n",
        "counterpart = '{ country = \"RUS\" }'\n"
    );
    let table = "id,title,commenced,counterpart.country\nLC-1,x,03/11/2025,CHN\nLC-2,x,03/11/2025,CHN\n";
    insta::assert_snapshot!(problems("a.csv", table, map), @r#"
    a.csv: error: `separator` of the mapping is empty; write what stands between the parts of a list, as in ","
    a.csv: error: `date_format` of the mapping, `%m/%Q`, cannot be read; write year, month and day as in `%m/%d/%Y` for 03/11/2025, or `%d %B %Y` for 11 March 2025
    a.csv: error: `[constants]`: a `liaison_contact` record has no field `bais`: did you mean `basis`?
    a.csv: error: `[constants]`, `marking`: `X` is not a classification; begin with TS, S, C or U
    a.csv: error: `[columns]`: `id` is to fill `idd`, which is no field of a `liaison_contact` record: did you mean `id`?
    a.csv: error: `[constants]` and column 4: `counterpart` and `counterpart.country` give one field; give the whole field or its parts
    6 errors in 2 rows: nothing was written
    "#);
    let map = MAP.replace("%m/%d/%Y", "%m/%Y");
    let said = problems("a.csv", "id,title,commenced\nLC-1,x,03/2025\n", &map);
    assert!(said.contains("`%m/%Y`, does not give a whole day"), "{said}");
}

#[test]
fn json_is_taken_by_its_types() {
    let list = r#"[
        { "id": "EX-1", "id": "EX-2", "counterpart": { "country": "RUS" }, "counterpart.country": "CHN" },
        { "id": "EX-3", "title": 5, "established_channel": "true", "defense_articles_value_usd": "5",
          "basis": ["official"], "subjects": [["cyber"]], "commenced": true },
        { "id": "EX-4", "established_channel": "maybe", "defense_articles_value_usd": 2.5, "legality": 1 },
        7 ]"#;
    let map = "kind = \"exchange\"\n[values.legality]\n\"1\" = \"unlawfull\"\n";
    insta::assert_snapshot!(problems("a.json", list, map), @r#"
    a.json: error: row 1: the key `id` stands in it twice; leave one of them out
    a.json: error: row 1: `counterpart.country` is given twice, as a key with a dot in it and as a key inside another; leave one of them out
    a.json: error: row 2, column 3 (`title`): `5` is a number, and the field takes a text: put it in quotation marks, `"5"`
    a.json: error: row 2, column 4 (`established_channel`): `"true"` is a text, and the field is true or false: write `true` without quotation marks
    a.json: error: row 2, column 5 (`defense_articles_value_usd`): `"5"` is a text, and the field is a whole number: write `5` without quotation marks
    a.json: error: row 2, column 6 (`basis`): this is a list, and the field holds one value: write it without `[` and `]`
    a.json: error: row 2, column 7 (`subjects`): a list or a table stands in this list: write texts, numbers, true or false
    a.json: error: row 2, column 8 (`commenced`): `true` is no text, and the field takes one: put it in quotation marks, `"true"`
    a.json: error: row 3, column 4 (`established_channel`): `maybe` is neither true nor false; `[values]` says what it means
    a.json: error: row 3, column 5 (`defense_articles_value_usd`): `2.5` is no whole number; write digits alone, as in `250000`
    a.json: error: row 3, column 9 (`legality`): `legality` cannot be `unlawfull`; write one of `lawful`, `unlawful` and `undetermined`
    a.json: error: row 4: this is no object; write it as in `{ "id": "EX-1" }`
    12 errors in 4 rows: nothing was written
    "#);
}

#[test]
fn json_that_is_no_list_cannot_be_run() {
    let place = Place::new();
    for (text, why) in [
        ("{\"id\": \"EX-1\"}", "does not begin with `[`"),
        ("[{},]", "trailing comma"),
    ] {
        let err = place
            .file("a.json", text)
            .relto(&["import", "a.json", "--kind", "exchange"])
            .refused();
        assert!(err.contains(why) && err.contains("write it as in `[{"), "{err}");
    }
}

#[test]
fn values_hold_for_numbers_and_booleans_too() {
    let place = Place::new();
    place
        .file(
            "A.JSON",
            r#"[{ "id": "EX-1", "title": "x", "legality": 1, "covert_action": false, "established_channel": 0,
                 "commenced": "2025-03-11" }]"#,
        )
        .file(
            "map.toml",
            concat!(
                "kind = \"exchange\"\n[constants]\nmarking = \"U\"\nbasis = \"sample\"\n[values.legality]\n1 = \"lawful\"\n",
                "[values.covert_action]\nfalse = \"no\"\n[values.established_channel]\n0 = \"False\"\n"
            ),
        );
    let run = place.relto(&["import", "A.JSON", "--map", "map.toml"]).ends(0);
    insta::assert_snapshot!(run.out, @r#"
    [[exchange]]
    id = "EX-1"
    title = "x"
    marking = "U"
    basis = "sample"
    covert_action = "no"
    commenced = 2025-03-11
    established_channel = false
    legality = "lawful"
    "#);
}

#[test]
fn spreadsheets_write_true_in_capitals() {
    let map = "kind = \"exchange\"\n[constants]\nmarking = \"U\"\nbasis = \"sample\"\ncovert_action = \"no\"\n";
    let table = "id,title,established_channel,defense_articles_value_usd\nEX-1,x,TRUE,250000\nEX-2,x,False,\n";
    let place = Place::new();
    place.file("A.CSV", table).file("map.toml", map);
    let run = place.relto(&["import", "A.CSV", "--map", "map.toml"]).ends(0);
    assert!(
        run.out.contains("established_channel = true\n") && run.out.contains("established_channel = false\n"),
        "{run}"
    );
    let said = problems("a.csv", &table.replace("TRUE,250000", "yes,\"250,000\""), map);
    insta::assert_snapshot!(said, @"
    a.csv: error: row 2, column 3 (`established_channel`): `yes` is neither true nor false; `[values]` says what it means
    a.csv: error: row 2, column 4 (`defense_articles_value_usd`): `250,000` is no whole number; write digits alone, as in `250000`
    2 errors in 2 rows: nothing was written
    ");
}

#[test]
fn the_kind_and_the_place_are_said_once() {
    let place = Place::new();
    place.file("a.csv", "id\n").file("map.toml", MAP);
    let args = ["import", "a.csv", "--map", "map.toml"];
    let err = place.relto(&[&args[..], &["--kind", "exchange"]].concat()).refused();
    insta::assert_snapshot!(err, @r#"
    error: the mapping file is for `liaison_contact` records, and `--kind` says `exchange`
    hint: leave `--kind` out, or write `kind = "exchange"` in the mapping file
    "#);
    // Written as one or the other, it is the same kind.
    place
        .relto(&[&args[..], &["--kind", "liaison-contact"]].concat())
        .ends(1);
    for args in [&[&args[..], &["-o", "-"]].concat()[..], &["new", "exchange", "-o", "-"]] {
        let err = place.relto(args).refused();
        assert_eq!(
            err,
            "error: `-o -` names no file\nhint: leave `-o` out: then it goes to standard output\n"
        );
    }
}
