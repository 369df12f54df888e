//! Clearway from outside: the binary as it is run, its files as they are read, its pages in a
//! browser.
//!
//! `CLEARWAY_BIN` names the binary; without it the tests build it. Every test has a folder of its
//! own and leaves nothing behind.

mod accessible;
mod at_work;
mod audit;
mod backup;
mod browser;
mod clearway;
mod commands;
mod corrections;
mod dependencies;
mod disk_faults;
mod estimate;
mod examples;
mod faults;
mod figures;
mod formats;
mod hidden_values;
mod hundred_returns;
mod kill;
mod kill_submission;
mod link_files;
mod made_agency;
mod match_people;
mod passkeys;
mod people_path;
mod planted_drafts;
mod planted_strings;
mod postgres;
mod quarter;
mod real_input;
mod receive;
mod records_in;
mod release;
mod site;
mod submit;
mod templates;
mod webdriver;
