//! Reads Rust well enough to say what a file names: words and signs with their lines, without comments,
//! and whether only tests see them. Deliberately absent: macros (a path inside one is a path) and types.

/// One word or sign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    /// The word, `::`, a text in its quotes, or one other character.
    pub(crate) text: String,
    /// Where, from 1.
    pub(crate) line: usize,
    /// Whether only tests see it.
    pub(crate) test: bool,
}

/// The tokens of a file.
pub(crate) fn tokens(source: &str) -> Vec<Token> {
    let mut tokens = scan(source);
    mark_tests(&mut tokens);
    tokens
}

fn scan(source: &str) -> Vec<Token> {
    let chars: Vec<char> = source.chars().collect();
    let mut tokens = Vec::new();
    let (mut at, mut line) = (0, 1);
    let next = |i: usize| chars.get(i).copied().unwrap_or('\0');
    while at < chars.len() {
        let from = at;
        match chars[at] {
            '/' if next(at + 1) == '/' => at = find(&chars, at, |i| chars[i] == '\n'),
            '/' if next(at + 1) == '*' => {
                at = find(&chars, at + 2, |i| chars[i] == '*' && next(i + 1) == '/') + 2
            }
            '"' => {
                at = quoted(&chars, at);
                let text = chars[from..at.min(chars.len())].iter().collect();
                tokens.push(Token {
                    text,
                    line,
                    test: false,
                });
            }
            'r' | 'b' if raw(&chars, at).is_some() => at = raw(&chars, at).expect("just asked"),
            // a character, not a lifetime
            '\'' if next(at + 1) == '\\' => at = find(&chars, at + 3, |i| chars[i] == '\'') + 1,
            '\'' if next(at + 2) == '\'' => at += 3,
            c if c.is_alphanumeric() || c == '_' => {
                at = find(&chars, at, |i| {
                    !(chars[i].is_alphanumeric() || chars[i] == '_')
                });
                tokens.push(Token {
                    text: chars[from..at].iter().collect(),
                    line,
                    test: false,
                });
            }
            ':' if next(at + 1) == ':' => {
                tokens.push(Token {
                    text: "::".into(),
                    line,
                    test: false,
                });
                at += 2;
            }
            c => {
                if !c.is_whitespace() {
                    tokens.push(Token {
                        text: c.into(),
                        line,
                        test: false,
                    });
                }
                at += 1;
            }
        }
        at = at.min(chars.len());
        line += chars[from..at].iter().filter(|c| **c == '\n').count();
    }
    tokens
}

fn find(chars: &[char], from: usize, is: impl Fn(usize) -> bool) -> usize {
    (from..chars.len()).find(|i| is(*i)).unwrap_or(chars.len())
}

fn quoted(chars: &[char], from: usize) -> usize {
    let mut at = from + 1;
    while at < chars.len() && chars[at] != '"' {
        at += if chars[at] == '\\' { 2 } else { 1 };
    }
    at + 1
}

/// The end of `r"…"`, `r#"…"#`, `br"…"`, `b"…"`, if one begins here.
fn raw(chars: &[char], from: usize) -> Option<usize> {
    let before = from.checked_sub(1).map(|i| chars[i]);
    if before.is_some_and(|c| c.is_alphanumeric() || c == '_') {
        return None;
    }
    let mut at = from;
    while matches!(chars.get(at), Some('b' | 'r')) && at - from < 2 {
        at += 1;
    }
    let is_raw = chars[from..at].contains(&'r');
    let hashes = chars[at..].iter().take_while(|c| **c == '#').count();
    at += hashes;
    match (chars.get(at), is_raw) {
        (Some('"'), false) if hashes == 0 => Some(quoted(chars, at)),
        (Some('"'), true) => {
            let closes = |i: usize| {
                chars[i] == '"'
                    && chars[i + 1..]
                        .iter()
                        .take(hashes)
                        .filter(|c| **c == '#')
                        .count()
                        == hashes
            };
            Some(find(chars, at + 1, closes) + 1 + hashes)
        }
        _ => None,
    }
}

/// Marks what stands under `#[cfg(test)]`.
fn mark_tests(tokens: &mut [Token]) {
    let mut at = 0;
    while at < tokens.len() {
        let Some(end) = attribute(tokens, at) else {
            at += 1;
            continue;
        };
        let words: Vec<&str> = tokens[at..end].iter().map(|t| t.text.as_str()).collect();
        let for_tests = words.starts_with(&["#", "[", "cfg"])
            && words.contains(&"test")
            && !words.contains(&"not");
        if !for_tests {
            at = end;
            continue;
        }
        let mut item = end;
        while let Some(next) = attribute(tokens, item) {
            item = next;
        }
        let end = item_end(tokens, item);
        tokens[at..end].iter_mut().for_each(|t| t.test = true);
        at = end;
    }
}

/// The end of the attribute that begins here.
pub(crate) fn attribute(tokens: &[Token], at: usize) -> Option<usize> {
    let is = |i: usize, text: &str| tokens.get(i).is_some_and(|t| t.text == text);
    let open = if is(at + 1, "!") { at + 2 } else { at + 1 };
    (is(at, "#") && is(open, "[")).then(|| closing(tokens, open, "[", "]"))
}

/// Behind the sign that closes what `open` opens.
pub(crate) fn closing(tokens: &[Token], open: usize, begin: &str, end: &str) -> usize {
    let mut depth = 0;
    for (i, token) in tokens.iter().enumerate().skip(open) {
        if token.text == begin {
            depth += 1;
        } else if token.text == end {
            depth -= 1;
            if depth == 0 {
                return i + 1;
            }
        }
    }
    tokens.len()
}

/// The end of an item: its `;`, or the brace that closes it.
fn item_end(tokens: &[Token], from: usize) -> usize {
    for i in from..tokens.len() {
        match tokens[i].text.as_str() {
            ";" => return i + 1,
            "{" => {
                let end = closing(tokens, i, "{", "}");
                let grouped = tokens.get(end).is_some_and(|t| t.text == ";");
                return end + usize::from(grouped);
            }
            _ => {}
        }
    }
    tokens.len()
}

/// The modules of other files that only tests see: `#[cfg(test)] mod x;` is `x`, and under
/// `#[path = "y.rs"]` it is `y.rs`.
pub(crate) fn test_modules(tokens: &[Token]) -> Vec<String> {
    let mut found = Vec::new();
    let mut path = None;
    for (i, token) in tokens.iter().enumerate().filter(|(_, t)| t.test) {
        let text = |i: usize| tokens.get(i).map_or("", |t| t.text.as_str());
        if token.text == "path" && text(i + 1) == "=" {
            path = Some(text(i + 2).trim_matches('"').to_owned());
        } else if token.text == "mod" {
            let named = path.take().unwrap_or_else(|| text(i + 1).to_owned());
            found.extend((text(i + 2) == ";").then_some(named));
        }
    }
    found
}

/// Every path a file names, groups taken apart: the place of its last token, and its segments.
pub(crate) fn paths(tokens: &[Token]) -> Vec<(usize, Vec<String>)> {
    let mut found = Vec::new();
    let is = |i: usize, text: &str| tokens.get(i).is_some_and(|t| t.text == text);
    let word = |i: usize| {
        tokens
            .get(i)
            .is_some_and(|t| t.text.starts_with(|c: char| c.is_alphabetic() || c == '_'))
    };
    for at in 0..tokens.len() {
        let begins = word(at) && (at == 0 || !is(at - 1, "::") && !is(at - 1, "."));
        let used = at > 0 && is(at - 1, "use");
        if begins && (is(at + 1, "::") || used) {
            spread(tokens, at, Vec::new(), &mut found);
        }
    }
    found
}

fn spread(
    tokens: &[Token],
    at: usize,
    mut path: Vec<String>,
    found: &mut Vec<(usize, Vec<String>)>,
) {
    let is = |i: usize, text: &str| tokens.get(i).is_some_and(|t| t.text == text);
    if is(at, "{") {
        let end = closing(tokens, at, "{", "}");
        let mut i = at + 1;
        let mut depth = 0;
        let mut fresh = true;
        while i + 1 < end {
            match tokens[i].text.as_str() {
                "{" => depth += 1,
                "}" => depth -= 1,
                "," if depth == 0 => fresh = true,
                _ if depth == 0 && fresh => {
                    spread(tokens, i, path.clone(), found);
                    fresh = false;
                }
                _ => {}
            }
            i += 1;
        }
        return;
    }
    path.push(tokens[at].text.clone());
    if is(at + 1, "::") && tokens.get(at + 2).is_some_and(|t| t.text != "<") {
        return spread(tokens, at + 2, path, found);
    }
    found.push((at, path));
}
