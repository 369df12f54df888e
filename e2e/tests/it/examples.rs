//! Every example of every `--help` works in the folder in which the demo was run.

use crate::clearway::Desk;

/// The commands, each as it is typed before `--help`.
pub(crate) const COMMANDS: [&[&str]; 72] = [
    &[],
    &["demo"],
    &["check"],
    &["import"],
    &["returns"],
    &["withdraw"],
    &["templates"],
    &["mappings"],
    &["definitions"],
    &["definitions", "list"],
    &["definitions", "show"],
    &["definitions", "diff"],
    &["definitions", "export"],
    &["definitions", "queries"],
    &["definitions", "answer"],
    &["count"],
    &["estimate"],
    &["quality"],
    &["receive"],
    &["remind"],
    &["agency"],
    &["keys"],
    &["encode"],
    &["link"],
    &["submit"],
    &["records"],
    &["export"],
    &["match"],
    &["simulate"],
    &["release"],
    &["release", "tables"],
    &["release", "noisy"],
    &["release", "microdata"],
    &["release", "aggregates"],
    &["release", "audit"],
    &["release", "attack"],
    &["release", "plan"],
    &["release", "ledger"],
    &["release", "ledger", "init"],
    &["release", "ledger", "show"],
    &["release", "ledger", "verify"],
    &["report"],
    &["explain"],
    &["server"],
    &["backup"],
    &["restore"],
    &["user"],
    &["user", "join"],
    &["user", "agencies"],
    &["user", "leave"],
    &["user", "invite"],
    &["user", "accept"],
    &["user", "code"],
    &["user", "list"],
    &["user", "roles"],
    &["user", "off"],
    &["user", "on"],
    &["user", "invite-again"],
    &["user", "compartments"],
    &["user", "identity-provider"],
    &["user", "identity-provider", "set"],
    &["user", "identity-provider", "list"],
    &["user", "identity-provider", "remove"],
    &["user", "joining"],
    &["user", "gone"],
    &["user", "come-back"],
    &["user", "leavings"],
    &["audit"],
    &["audit", "show"],
    &["audit", "verify"],
    &["audit", "checkpoint"],
    &["audit", "destroy"],
];

fn help(desk: &Desk, command: &[&str]) -> String {
    let ran = desk.run(&[command, &["--help"]].concat());
    assert_eq!(ran.code, Some(0), "{}\n{}", ran.line, ran.err);
    ran.out
}

/// The examples with which a help text ends.
fn examples(help: &str) -> Vec<String> {
    let Some((_, end)) = help.split_once("\nExamples:\n") else { return Vec::new() };
    // A long example goes on in the next line after a backslash, as a shell reads it.
    let end = end.replace("\\\n", " ");
    let lines = end.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
    lines.filter(|line| !line.is_empty()).collect()
}

#[test]
fn the_list_of_commands_is_whole() {
    let desk = Desk::new();
    for parent in
        [&[][..], &["definitions"], &["release"], &["release", "ledger"], &["audit"], &["user"]]
    {
        let text = help(&desk, parent);
        let list = text.split("Commands:\n").nth(1).expect("a list of commands");
        let list = list.split("\n\n").next().unwrap_or_default();
        let names = list.lines().filter(|line| line.starts_with("  ") && !line.starts_with("   "));
        for name in names.filter_map(|line| line.split_whitespace().next()) {
            let command = [parent, &[name]].concat();
            assert!(name == "help" || COMMANDS.contains(&command.as_slice()), "{command:?}");
        }
    }
}

#[test]
fn every_help_starts_with_its_purpose_fits_100_columns_and_ends_with_two_examples() {
    let desk = Desk::new();
    let mut wrong = Vec::new();
    for command in COMMANDS {
        let ran = desk.run(&[command, &["--help"]].concat());
        if ran.code != Some(0) {
            wrong.push(format!("{command:?} --help exits {:?}: {}", ran.code, ran.err));
            continue;
        }
        if ran.out.trim_start().starts_with("Usage") {
            wrong.push(format!("{command:?} --help does not start with what it is for"));
        }
        let examples = examples(&ran.out);
        if examples.len() < 2 || !examples.iter().all(|line| line.starts_with("clearway ")) {
            wrong.push(format!("{command:?} --help ends with the examples {examples:?}"));
        }
        if let Some(line) = ran.out.lines().find(|line| line.chars().count() > 100) {
            // A line to be copied is not broken.
            if !examples.iter().any(|example| example == line.trim()) {
                wrong.push(format!("{command:?} --help has a line over 100 columns: {line}"));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn every_example_runs_where_the_demo_was_run() {
    let mut wrong = Vec::new();
    let desk = Desk::new();
    for command in COMMANDS {
        // The examples of one help text follow each other, in a folder that only the demo made.
        let lines = examples(&desk.run(&[command, &["--help"]].concat()).out);
        if lines.is_empty() {
            continue;
        }
        let desk = Desk::after_demo();
        for line in lines {
            let ran = desk.shell(&line);
            if ran.code != Some(0) {
                let said = format!("{}{}", ran.out, ran.err);
                let said = said.lines().take(3).collect::<Vec<_>>().join(" | ");
                wrong.push(format!("{line}\n    exits {:?}: {said}", ran.code));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}
