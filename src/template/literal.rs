//! Data as Typst literals. A string stays a string: nothing in it is ever read as markup or code.

use std::fmt::Write as _;

use serde_json::Value;

/// Writes a value as a Typst expression.
pub fn literal(value: &Value) -> String {
    let mut out = String::new();
    write(&mut out, value);
    out
}

fn write(out: &mut String, value: &Value) {
    match value {
        Value::Null => out.push_str("none"),
        Value::Bool(yes) => out.push_str(if *yes { "true" } else { "false" }),
        Value::Number(number) => {
            let _ = write!(out, "{number}");
        }
        Value::String(text) => string(out, text),
        Value::Array(items) => {
            out.push('(');
            for item in items {
                write(out, item);
                out.push_str(", ");
            }
            out.push(')');
        }
        Value::Object(entries) if entries.is_empty() => out.push_str("(:)"),
        Value::Object(entries) => {
            out.push('(');
            for (key, item) in entries {
                string(out, key);
                out.push_str(": ");
                write(out, item);
                out.push_str(", ");
            }
            out.push(')');
        }
    }
}

fn string(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            c if c.is_control() => {
                let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_stay_strings() {
        let value =
            serde_json::json!({ "a": "x\" + read(\"/etc/passwd\") + \"\\\n\u{7}", "b": [1], "c": null, "d": {} });
        assert_eq!(
            literal(&value),
            r#"("a": "x\" + read(\"/etc/passwd\") + \"\\\n\u{7}", "b": (1, ), "c": none, "d": (:), )"#
        );
    }
}
